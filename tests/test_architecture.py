"""The house keeps its order, and starts without the heavy libraries."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import COMMANDS, app
from planner.campaign.file import read_campaign
from planner.loop.laboratory import utc_now
from planner.settings import Settings, open_record
from tests.commands import commands

ROOT = Path(__file__).parents[1]
HEAVY = {"ax", "botorch", "torch", "prefect", "streamlit"}
HEAVY_FOR_A_LOOK = HEAVY | {"numpy", "scipy", "pandas", "pint", "ruamel", "alembic", "matplotlib"}
OURS = {"planner", "executors", "models", "ui"}
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


def _loaded_by(*words: str) -> set[str]:
    """The modules that a command imports."""
    program = (
        "import atexit, sys\nfrom flows.cli import main\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "main()"
    )
    command = [sys.executable, "-c", program, *words]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(ended.stderr.split())


def _packages(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def test_the_list_of_commands_loads_nothing_of_ours() -> None:
    """Counted, not timed: each of a hundred modules is about a tenth of the wait."""
    loaded = _loaded_by("--help")
    assert _packages(loaded).isdisjoint(HEAVY_FOR_A_LOOK | OURS | {"pydantic", "sqlalchemy"})
    assert len(loaded) < 450


def test_the_status_of_a_small_record_loads_nothing_heavy(tmp_path: Path) -> None:
    campaign = read_campaign(ROOT / "examples" / "quickstart.yaml")
    with open_record(Settings(data=tmp_path)) as store:
        store.campaigns.add(campaign, author="Aki", at=utc_now())
    loaded = _loaded_by("status", "--data", str(tmp_path))
    assert _packages(loaded).isdisjoint(HEAVY_FOR_A_LOOK)
    assert loaded.isdisjoint({"sqlalchemy.orm", "sqlalchemy.dialects.postgresql"})
    assert len(loaded) < 600


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_list_says(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own help begins as the list of all says."""
    command = commands()[name]
    command.read_help()
    with pytest.raises(SystemExit) as ended:
        app([name, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert " ".join((command.help or "").split("\n\n")[0].split()) in shown
