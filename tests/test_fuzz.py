"""A few damaged files of every kind, the same ones each time; ``make fuzz`` tries thousands."""

import pytest

from benchmarks.fuzz.__main__ import KINDS, fuzz, tried
from benchmarks.fuzz.worker import SOUND


@pytest.mark.timeout(300)
def test_damaged_files_are_read_or_refused_and_nothing_else_happens() -> None:
    tallies = fuzz(files=3 * len(KINDS), workers=1)
    assert [fault for tally in tallies.values() for fault in tally.faults] == []
    assert all(tally.accepted + tally.refused == 3 for tally in tallies.values())
    assert sum(tally.refused for tally in tallies.values()) > len(KINDS)


@pytest.mark.timeout(300)
def test_the_files_that_are_damaged_are_sound_before() -> None:
    told = tried([f"{kind}:{SOUND}" for kind in KINDS])
    assert {t["case"] for t in told if not t["accepted"]} == {"TIFF:sound"}
