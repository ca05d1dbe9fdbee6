"""The pages that say how to add something tell the truth: their code runs, and keeps its contract."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from executors.made_up.material import PACKS
from planner.replay.planned import PlannedWalk, Setup
from planner.replay.planners import MAKERS
from planner.replay.walk import walk
from planner.tables.reading import READERS
from tests.pages import blocks, example

LEARNER = example("add-a-learner.md")
MAP_READER = example("add-a-map-reader.md")
TABLES_BEFORE = dict(READERS)
TABLES = example("add-a-table-format.md")
ADDED = {ending: READERS.pop(ending) for ending in READERS.keys() - TABLES_BEFORE.keys()}
PLANNER = example("add-a-replay-planner.md")
MODEL = example("add-a-model.md")
PACK = example("add-a-material-pack.md")

TestRepeatability = LEARNER["TestRepeatability"]
TestPts = MAP_READER["TestPts"]
TestNearest = PLANNER["TestNearest"]
test_late_it_falls_like_the_first_term = MODEL["test_late_it_falls_like_the_first_term"]
test_it_agrees_with_finite_differences = MODEL["test_it_agrees_with_finite_differences"]
test_a_thickness_of_nothing_is_refused = MODEL["test_a_thickness_of_nothing_is_refused"]


BLOCKS: Any = TABLES["TestBlocks"]


class TestBlocks(BLOCKS):
    """With the reader registered, as the page says, while its tests run."""

    @pytest.fixture(autouse=True)
    def registered(self) -> Iterator[None]:
        READERS.update(ADDED)
        yield
        for ending in ADDED:
            del READERS[ending]

    def test_the_page_registers_it(self) -> None:
        assert {".runs": ("furnace log", TABLES["grid_of_blocks"])} == ADDED


def test_the_series_of_the_slab_starts_at_one() -> None:
    lag = MODEL["centre_lag"]([0.0, 1e-4, 1.1e-4, 1e-2], thickness=2.0, diffusivity=1.0)
    assert lag == pytest.approx(1.0, abs=1e-9)


def test_an_added_planner_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from executors.testing.replay_planner import hill

    monkeypatch.setitem(MAKERS, "nearest", PLANNER["Nearest"])
    assert len(walk(PlannedWalk(hill(), "nearest", 0, Setup(budget=9))).order) == 9


def test_the_numbers_of_the_pack_are_read(tmp_path: Path) -> None:
    (text,) = blocks("add-a-material-pack.md", "yaml")
    yaml = YAML(typ="safe")
    whole = yaml.load((PACKS / "ba122.yaml").read_text(encoding="utf-8"))
    changed = yaml.load(text)
    assert changed["process"].keys() < whole["process"].keys()
    whole |= changed | {"process": whole["process"] | changed["process"]}
    with (tmp_path / "mgb2.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(whole, file)
    numbers = PACK["si_numbers"](tmp_path / "mgb2.yaml")
    assert np.array([numbers.reference_temperature, numbers.powder_size]) == pytest.approx(
        [923.15, 1e-6]
    )
