"""Planning with claims goes one way: no two files of planner call each other."""

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import planner
from planner.beliefs.merging import MergingRule
from planner.proposals.proposer import propose
from tests.planner.beliefs.test_merging import FALLS, HERE, POOL, known, space

ROOM = str(Path(planner.__file__).parent)


def calls(act: Callable[[], Any]) -> set[tuple[str, str]]:
    """Which files of planner call which while this is done, whatever lies between."""
    found: set[tuple[str, str]] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(ROOM):
            found.update(pairwise(ours(frame)))

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return {(caller, called) for caller, called in found if caller != called}


def ours(frame: FrameType) -> list[str]:
    """The file of a frame and the next file of planner above it, in the order of the call."""
    above = frame.f_back
    while above is not None and not above.f_code.co_filename.startswith(ROOM):
        above = above.f_back
    names = [f.f_code.co_filename[len(ROOM) + 1 :] for f in (above, frame) if f is not None]
    return names if frame.f_code.co_name != "<module>" else []


def test_a_plan_with_claims_calls_nobody_back() -> None:
    campaign = space(HERE, FALLS)
    found = calls(
        lambda: propose(
            campaign, known(campaign), 1, seed=4, pool=POOL, rule=MergingRule(slots=False)
        )
    )
    assert ("proposals/proposer.py", "proposals/slots.py") in found
    assert ("proposals/finite.py", "beliefs/merging.py") in found
    assert not {(a, b) for a, b in found if (b, a) in found}
