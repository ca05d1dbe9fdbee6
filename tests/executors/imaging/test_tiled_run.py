"""Runs in tiles: a run that was killed goes on, and ends as one that was not."""

from pathlib import Path

import numpy as np
import pytest

from executors.imaging.tiled_run import LOG, run_in_tiles
from tests.executors.imaging.test_model_file import small_model

SIDE = (3, 24, 24)


class Killed(Exception):
    """In the place of a signal."""


def _stack(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (7, 50, 40)).astype(np.uint8)


@pytest.mark.parametrize("half_a_line", [False, True])
def test_a_run_that_was_killed_ends_as_one_that_was_not(tmp_path: Path, half_a_line: bool) -> None:
    model, stack = small_model(), _stack()
    whole = run_in_tiles(stack, model, tmp_path / "whole", side=SIDE)
    done: list[int] = []

    def kill(voxels: int, _: int) -> None:
        done.append(voxels)
        if len(done) == 4:
            raise Killed

    with pytest.raises(Killed):
        run_in_tiles(stack, model, tmp_path / "run", side=SIDE, progress=kill)
    if half_a_line:
        with (tmp_path / "run" / LOG).open("a", encoding="utf-8") as log:
            log.write('{"tile": 4, "su')
    before = (tmp_path / "run" / LOG).read_text(encoding="utf-8").splitlines()
    again = run_in_tiles(stack, model, tmp_path / "run", side=SIDE)
    assert (again.labels == whole.labels).all()
    assert (again.doubt == whole.doubt).all()
    assert again.means == whole.means
    assert (tmp_path / "run" / LOG).read_text(encoding="utf-8").splitlines()[:5] == before[:5]


def test_progress_begins_where_the_run_was_ended(tmp_path: Path) -> None:
    model, stack = small_model(), _stack()
    run_in_tiles(stack, model, tmp_path, side=SIDE)
    steps: list[int] = []
    run_in_tiles(stack, model, tmp_path, side=SIDE, progress=lambda done, _: steps.append(done))
    assert set(steps) == {stack.size}


@pytest.mark.parametrize("other", ["stack", "model", "name"])
def test_another_stack_or_model_begins_anew(tmp_path: Path, other: str) -> None:
    run_in_tiles(_stack(), small_model(), tmp_path, of="a", side=SIDE)
    stack = _stack(1) if other == "stack" else _stack()
    model = small_model(1) if other == "model" else small_model()
    of = "b" if other == "name" else "a"
    first: list[int] = []
    run_in_tiles(stack, model, tmp_path, of=of, side=SIDE, progress=lambda d, _: first.append(d))
    assert first[0] < stack.size


def test_shares_and_doubt_are_those_of_the_probabilities(tmp_path: Path) -> None:
    model, stack = small_model(), _stack()
    found = run_in_tiles(stack, model, tmp_path, side=SIDE)
    assert sum(found.means) == pytest.approx(1)
    assert found.labels.shape == found.doubt.shape == stack.shape
    assert found.doubt.max() <= 128
