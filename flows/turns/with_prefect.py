"""Turns with Prefect at the edge: it shows them, and it decides and keeps nothing. Where it is away
or fails, the turn is made all the same."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module

from flows.reach import answers
from flows.turns.laboratories import Advance
from planner.door.words import in_a_line
from planner.loop.turn import Turn

LOG = logging.getLogger(__name__)
SECONDS_WITHOUT = 60.0
"""For which a Prefect that failed is left alone: its client tries again for long."""


class WithPrefect:
    """``advance`` as a flow run, whenever Prefect's server at ``api`` is there."""

    def __init__(self, advance: Advance, api: str, key: str = "") -> None:
        self._advance = advance
        self._api = api
        self._key = key
        self._loader = threading.Thread(target=self._load, daemon=True)
        self._avoid_until = 0.0
        self._run_flow: Callable[[str, Callable[[], Future[Turn]]], None] | None = None

    def __call__(self, name: str) -> Turn:
        """One turn, made once."""
        made: Future[Turn] = Future()
        if (run_flow := self._ready()) is not None:
            try:
                run_flow(name, lambda: settle(made, self._advance, name))
            except Exception as error:
                LOG.warning("%s: Prefect failed (%s)", name, in_a_line(error))
                self._avoid_until = time.monotonic() + SECONDS_WITHOUT
        return made.result() if made.done() else settle(made, self._advance, name).result()

    def _ready(self) -> Callable[[str, Callable[[], Future[Turn]]], None] | None:
        """What runs the flow. Until the server answers and its client is loaded: nothing."""
        if time.monotonic() < self._avoid_until or not answers(f"{self._api}/health"):
            return None
        if self._loader.ident is None:
            self._loader.start()
        return self._run_flow

    def _load(self) -> None:
        try:
            flow = import_module("flows.turns.flow")  # takes seconds
            flow.take_key(self._key)
            self._run_flow = flow.run_flow
        except Exception:
            LOG.exception("Prefect cannot be loaded; the turns are made without it")


def settle(made: Future[Turn], advance: Advance, name: str) -> Future[Turn]:
    """Make the turn, and keep what came of it, also an error."""
    try:
        made.set_result(advance(name))
    except Exception as error:
        made.set_exception(error)
    return made
