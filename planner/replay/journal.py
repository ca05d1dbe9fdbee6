"""Runs that are done, kept line by line: a long replay may be stopped and taken up again."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from planner.past.mapping import HistoryError
from planner.replay.planned import PlannedWalk, Walk

PACKAGES = ("kyoso", "numpy", "scipy", "scikit-learn")


class Journal:
    """A file of JSON lines: first how many runs there are to be, then each with the mark of its
    task. A run of another pool, setting or version is not taken for one of these."""

    def __init__(self, path: Path, tasks: Sequence[PlannedWalk]) -> None:
        self.path = path
        self.marks = [_mark(task) for task in tasks]
        self.found: dict[int, Walk] = {}
        places = {mark: i for i, mark in enumerate(self.marks)}
        for line in _lines(path):
            if (i := places.get(line.get("task", ""))) is not None:
                self.found[i] = _run(line["run"])
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"runs": len(tasks), "found": len(self.found)}) + "\n")

    def keep(self, i: int, run: Walk) -> None:
        """Add a run; it is on the disk when this returns."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"task": self.marks[i], "run": asdict(run)}) + "\n")


def done(path: Path) -> tuple[int, int]:
    """How many runs are done of how many, as a journal tells while a replay goes on."""
    total, count = 0, 0
    for line in _lines(path):
        if "runs" in line:
            total, count = int(line["runs"]), int(line["found"])
        else:
            count += 1
    return count, total


def _lines(path: Path) -> list[dict[str, Any]]:
    """The lines; one that a killed process left half written at the end is skipped."""
    if not path.exists():
        return []
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HistoryError(f"{path.name}: is no journal of a replay: {error}") from error
    lines = []
    for text in texts:
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            continue
    if not all(isinstance(line, dict) for line in lines) or (texts and not lines):
        raise HistoryError(f"{path.name}: is no journal of a replay")
    return lines


def _run(content: dict[str, Any]) -> Walk:

    lists = {key: tuple(content[key]) for key in ("order", "generators")}
    forecasts = {n: tuple(map(tuple, rows)) for n, rows in content["forecasts"].items()}
    return Walk(**{**content, **lists, "forecasts": forecasts})


def _mark(task: PlannedWalk) -> str:
    """What a run depends on, as a short text."""
    pool = task.pool
    measured = [r.tolist() for r in pool.replicates]
    seen = [pool.campaign.model_dump_json(), pool.points, measured, pool.stated_error.tolist()]
    content = [*seen, task.planner, task.seed, asdict(task.setup), [version(p) for p in PACKAGES]]
    return blake2b(json.dumps(content, default=str).encode(), digest_size=12).hexdigest()
