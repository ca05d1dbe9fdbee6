"""doctor: is everything there, and is the record sound?"""

import os
import platform
import shutil
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from flows.cli.common import Complaint, DataFolder, has_record, say, settings
from flows.notify import channels
from flows.turns.wiring import open_record
from planner.campaign.hypothesis import kinds
from planner.campaign.values import counted
from planner.executor import installed
from planner.learner import installed_learners

PACKAGES = ("ax-platform", "botorch", "torch", "sqlalchemy", "pydantic", "scipy")


def doctor(data: DataFolder = None) -> None:
    """Check Python, packages, plug-ins, C compiler and the record; exit code 1 if one is broken."""
    checks: dict[str, Callable[[], str]] = {
        "Python": platform.python_version,
        "packages": lambda: ", ".join(f"{p} {version(p)}" for p in PACKAGES),
        "executors": lambda: ", ".join(installed()) or _fail("none is installed"),
        "learners": lambda: ", ".join(learner.name for learner in installed_learners()),
        "kinds of hypotheses": lambda: ", ".join(sorted(kinds())),
        "C compiler": _compiler,
        "finite elements": _finite_elements,
        "cores": lambda: str(os.cpu_count()),
        "notices": lambda: ", ".join(channels(settings(data))) or "nobody is told of anything",
        "data folder": lambda: _record(data),
    }
    broken = [name for name, check in checks.items() if not _passes(name, check)]
    if broken:
        raise Complaint(f"not in order: {', '.join(broken)}")


def _passes(name: str, check: Callable[[], str]) -> bool:
    try:
        say(("ok", "green"), f"     {name}: {check()}")
    except PackageNotFoundError as error:
        say(("broken", "red"), f" {name}: {error.name} is not installed; run make setup")
        return False
    except Exception as error:  # whatever is wrong is what the doctor is here to tell
        say(("broken", "red"), f" {name}: {error}")
        return False
    return True


def _fail(message: str) -> str:
    raise RuntimeError(message)


def _compiler() -> str:
    found = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    return found or "none (only finite-element simulations will need one)"


def _finite_elements() -> str:
    from models.magnet.discrete import why_not

    return why_not() or f"dolfinx {version('dolfinx-solver-real')}"


def _record(data: "DataFolder") -> str:
    chosen = settings(data)
    if not has_record(chosen):
        return f"{chosen.data} holds no record yet"
    store = open_record(chosen)
    trouble = store.check()
    if trouble:
        _fail("; ".join(trouble))
    others = f"; others can read it: chmod 700 {chosen.data}" * chosen.is_open()
    return f"{chosen.data}: sound, {counted(len(store.campaigns.names()), 'campaign')}{others}"
