"""A turn as a Prefect flow. Imports Prefect, which takes seconds.

It runs in the process that calls it: Prefect's own runner would start a process for each run, and
each of these would import Ax. The turn itself is one step, for it is short and may be repeated.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from prefect import context, flow
from prefect.states import Completed, Failed

from planner.door.words import in_a_line
from planner.loop.turn import Turn, describe

KEY = "PREFECT_API_AUTH_STRING"
"""Where Prefect's client looks for the key of its server."""


def take_key(key: str) -> None:
    """Make the key known to Prefect. It stands in the environment for this moment only: what
    computes beside us has no need of it."""
    os.environ[KEY] = key
    try:
        context.refresh_global_settings_context()
    finally:
        del os.environ[KEY]


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
        return Failed(message=in_a_line(error))
    return Completed(message=describe(made.result()))
