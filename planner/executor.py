"""The protocol that executors implement, and its answers.

A furnace run by a person and a simulation are the same to the loop.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel, ValidationError

from planner.campaign.stage import Stage
from planner.campaign.values import Point
from planner.door.files import Inside
from planner.door.words import in_words, plainly

GROUP = "kyoso.executors"
LEARNED = "learned/"
"""What the files of model versions begin with in an order."""


@dataclass(frozen=True)
class Measurement:
    """A value that an executor reports for one outcome."""

    outcome: str
    value: float
    unit: str
    standard_error: float | None = None
    method: str = ""
    source: str = ""


@dataclass(frozen=True)
class WorkOrder:
    """All an executor needs to know of a job. ``job`` is its idempotency key: the same for every
    attempt."""

    job: str
    campaign: str
    trial: int
    stage: str
    point: Point
    units: dict[str, str]
    """Unit of every parameter of ``point`` and every outcome in ``gives`` that has one."""
    gives: tuple[str, ...]
    inputs: dict[str, Measurement] = field(default_factory=dict)
    """Results of earlier stages of the same trial."""
    seed: int = 0
    files: dict[str, str] = field(default_factory=dict)
    """Files of earlier stages of the same trial, ``stage/name``, and where each is kept; and those
    of model versions in use, ``learned/LEARNER/NAME``."""


@dataclass(frozen=True)
class Running:
    """Not finished. What has been measured so far may come along."""

    progress: float | None = None
    """0 to 1, where it is known."""
    measurements: tuple[Measurement, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Finished:
    """Done; outcomes that are missing may still come later by ``kyoso record``."""

    measurements: tuple[Measurement, ...]
    as_run: Point | None = None
    """Parameters that were really different from the plan."""
    artifacts: Mapping[str, Path | Inside] = field(default_factory=dict)
    """Files to keep, by the name they are shown under; ``Inside`` a folder to which strangers have
    access, so that no link leads out of it."""


@dataclass(frozen=True)
class Failed:
    """The sample failed (cracked, melted, did not react): that is data."""

    why: str
    as_run: Point | None = None
    measurements: tuple[Measurement, ...] = ()
    artifacts: Mapping[str, Path | Inside] = field(default_factory=dict)
    """Files to keep: a picture of the crack is worth as much as any other."""


@dataclass(frozen=True)
class Abandoned:
    """A technical fault: nothing was learned about the point."""

    why: str


@dataclass(frozen=True)
class Lost:
    """The executor does not know the job (it was never submitted, or died with its process):
    submit again."""


type Answer = Running | Finished | Failed | Abandoned | Lost


class Executor(Protocol):
    """What carries out jobs. It keeps nothing that a restart would lose without answering
    ``Lost``."""

    human: bool
    """Whether people answer: then there is no lease, and results come by ``kyoso record``."""

    def submit(self, order: WorkOrder) -> None:
        """Start the job and return at once. The same job submitted twice has one effect."""

    def poll(self, job: str) -> Answer:
        """How the job stands. Never waits; the answer to a finished job stays the same."""

    def cancel(self, job: str) -> None:
        """Stop the job if it still runs; unknown jobs are no error."""


@runtime_checkable
class ChecksOrders(Protocol):
    """An executor that can tell beforehand whether it could carry out such an order."""

    def check(self, order: WorkOrder) -> None:
        """ValueError says why not. It begins nothing and leaves nothing behind."""


def installed() -> list[str]:
    """Names of all executors that can be used."""
    return sorted(entry.name for entry in entry_points(group=GROUP))


@cache
def is_human(name: str) -> bool:
    """Whether people answer for the executor of that name; False for one that is not installed."""
    found = entry_points(group=GROUP, name=name)
    return any(bool(entry.load().human) for entry in found)


def build_executor(stage: Stage, folder: Path) -> Executor:
    """The executor of a stage. ``folder`` is where it may keep files.

    LookupError names what is installed; ValueError says what is wrong with the stage's options.
    """
    found = entry_points(group=GROUP, name=stage.executor)
    if not found:
        raise LookupError(
            f"stages.{stage.name}.executor: no executor named {stage.executor!r}; "
            f"installed: {', '.join(installed()) or 'none'}"
        )
    make: Any = next(iter(found)).load()
    try:
        _check_options(make, stage)
        executor: Executor = make(folder=folder, **stage.options)
    except (TypeError, ValueError) as error:
        raise ValueError(f"stages.{stage.name}.options: {plainly(error)}") from error
    return executor


def read_options[O: BaseModel](kind: type[O], given: Mapping[str, Any]) -> O:
    """The options of a stage as a model. ValueError tells every fault, and which options there
    are."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise ValueError(in_words(error, kind.model_fields)) from error


def _check_options(make: Callable[..., object], stage: Stage) -> None:
    """ValueError where an executor does not take an option, or needs another. One that takes any
    (``**options``) looks at them itself."""
    taken = {n: p for n, p in inspect.signature(make).parameters.items() if n != "folder"}
    if any(p.kind is p.VAR_KEYWORD for p in taken.values()):
        return
    if unknown := sorted(stage.options.keys() - taken.keys()):
        known = ", ".join(taken) or "no options"
        raise ValueError(f"{unknown[0]}: {stage.executor} takes {known}")
    needed = [n for n, p in taken.items() if p.default is p.empty and n not in stage.options]
    if needed:
        raise ValueError(f"{needed[0]}: {stage.executor} needs this option")
