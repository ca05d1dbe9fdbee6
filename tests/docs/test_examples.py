"""The Python examples run, and give the numbers that they are there for."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_closed_loop_finds_the_best_heat_treatment(tmp_path: Path) -> None:
    example = runpy.run_path(str(EXAMPLES / "closed_loop.py"))
    strength, point = example["best_strength"](tmp_path)
    assert (point["T"], point["hold"]) == (740, 8), "of 192 points, with 20 trials"
    assert strength == pytest.approx(199.9, abs=6)


def test_the_replay_saves_most_of_the_experiments() -> None:
    example = runpy.run_path(str(EXAMPLES / "replay_a_table.py"))
    needed = example["experiments_to_the_best"]()
    assert needed["random"] == 13, "exact: the first of the best three among 60"
    assert 4 <= needed["kyoso"] <= 9
