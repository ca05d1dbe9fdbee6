"""A turn as a Prefect flow. Imports Prefect, which takes seconds.

It runs in the process that calls it: Prefect's own runner would start a process for each run, and
each of these would import Ax. The turn itself is one step, for it is short and may be repeated.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from prefect import flow
from prefect.states import Completed, Failed

from planner.loop.turn import Turn, describe


def run_flow(name: str, make: Callable[[], Future[Turn]]) -> None:
    """One flow run of a campaign's turn. Not in a main thread: Prefect would take its SIGTERM."""

    @flow(name="turn", flow_run_name="{campaign}", persist_result=False)
    async def turn(campaign: str) -> Any:
        return _state(await asyncio.to_thread(make))

    async def run() -> None:
        await turn(name, return_state=True)

    asyncio.run(run())


def _state(made: Future[Turn]) -> Any:
    if error := made.exception():
        return Failed(message=f"{type(error).__name__}: {error}")
    return Completed(message=describe(made.result()))
