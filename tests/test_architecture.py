"""The house keeps its order, and starts without the heavy libraries."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"ax", "botorch", "torch", "prefect", "streamlit"}
PLANTED = {
    "planner/campaign/units.py": "planner.record.trial",
    "planner/beliefs/trend.py": "planner.store.trials",
    "planner/loop/review.py": "sqlalchemy",
    "planner/proposals/explain.py": "ax",
    "executors/people/manual.py": "executors.magnet.stage",
    "models/process/bulk.py": "planner.campaign.units",
    "ui/views/words.py": "ui.parts.frame",
    "flows/turns/locks.py": "executors.testing",
}
"""Imports against the order: of a lower room, of SQL or Ax, of what only tests may use."""


def test_an_import_against_the_order_is_told(tmp_path: Path) -> None:
    for package in ("planner", "executors", "models", "flows", "ui"):
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, wrong in PLANTED.items():
        with (tmp_path / file).open("a", encoding="utf-8") as program:
            program.write(f"\nimport {wrong}\n")
    told = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 1
    for file, wrong in PLANTED.items():
        module = file.removesuffix(".py").replace("/", ".")
        assert f"{module} -> {wrong} (" in told.stdout


@pytest.mark.parametrize(
    "module", ["planner.campaign.campaign", "planner.store", "executors.people.manual"]
)
def test_light_modules_load_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert HEAVY.isdisjoint(loaded.split())


def test_the_picture_of_the_rooms_is_that_of_the_imports() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "scripts.architecture", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
