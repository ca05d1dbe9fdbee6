"""What may become of a parameter of a campaign that already runs: whatever leaves every stored
value its meaning. What is refused says what came, and the way out."""

import math
from collections.abc import Iterator

from planner.campaign.parameter import Choice, Derived, Fixed, Parameter, is_number
from planner.campaign.values import Value, shown
from planner.record.record import Record
from planner.record.trial import TrialState

ANOTHER = "start another campaign from a table of the trials (kyoso new --from)"
"""The way out where nothing else is one."""
_FREE = ("range", "integer", "ordered", "choice")
_MADE = (TrialState.RUNNING, TrialState.COMPLETED, TrialState.FAILED)

type _Used = list[tuple[int, bool, Value]]
"""Trial, whether it was made, and a value that it has by plan or as it was run."""


def changed_parameter(
    place: str, name: str, old: Parameter, new: Parameter, record: Record
) -> Iterator[str]:
    """Why a parameter cannot become another one; none where it can."""
    yield from _unit(place, old, new)
    if not record.trials:
        return
    used = _used(name, record)
    yield from _former(place, old, new, used)
    if old.kind != new.kind and not _may_become(old, new):
        yield (
            f"{place}.kind: {new.kind} came, but what is stored was planned as {old.kind}; keep "
            f"it, or {ANOTHER}"
        )
    elif isinstance(new, Derived):
        yield from _formula(place, old, new)
    elif isinstance(new, Fixed):
        yield from _fixed(place, old, new, used)
    else:
        yield from _unread(place, old, new, used)


def _may_become(old: Parameter, new: Parameter) -> bool:
    """Whether values of one kind can be values of another: what was fixed or derived varies from
    now on, what varied is fixed, or numbers of a list are a range."""
    if isinstance(old, Fixed | Derived):
        return new.kind in _FREE or isinstance(new, Fixed)
    return isinstance(new, Fixed) or (old.kind, new.kind) in (
        ("ordered", "range"),
        ("integer", "range"),
    )


def _used(name: str, record: Record) -> _Used:
    return [
        (trial.number, trial.state in _MADE, point[name])
        for trial in record.trials
        if trial.state is not TrialState.VETOED
        for point in (trial.point, record.as_run(trial))
        if name in point
    ]


def _unit(place: str, old: Parameter, new: Parameter) -> Iterator[str]:
    was, came = getattr(old, "unit", ""), getattr(new, "unit", "")
    if was != came:
        yield (
            f"{place}.unit: {came or 'none'} came, but what is stored is in {was or 'no unit'}; "
            "keep it: people may type values in any unit that converts"
        )


def _former(place: str, old: Parameter, new: Parameter, used: _Used) -> Iterator[str]:
    """A ``was`` by which old trials are read stays; a new one is what the first trial has."""
    if isinstance(old, Derived) or isinstance(new, Derived) or new.was == old.was:
        return
    if old.was is not None:
        came = "nothing" if new.was is None else shown(new.was)
        yield f"{place}.was: {came} came, but older trials are read with {shown(old.was)}; keep it"
    elif used and not _same(used[0][2], new.was):
        number, _, value = used[0]
        yield f"{place}.was: {shown(new.was)} came, but trial {number} has {shown(value)}"


def _formula(place: str, old: Parameter, new: Derived) -> Iterator[str]:
    if isinstance(old, Derived) and old.formula != new.formula:
        yield (
            f"{place}.formula: {new.formula} came, but the trials so far hold {old.formula}; add "
            "another derived parameter beside it"
        )


def _fixed(place: str, old: Parameter, new: Fixed, used: _Used) -> Iterator[str]:
    value = shown(new.value)
    if isinstance(old, Fixed):
        if old.value != new.value:
            yield (
                f"{place}.value: {value} came, but the trials so far were made with "
                f"{shown(old.value)}; let it vary over both (choice, ordered, range)"
            )
        return
    other = sorted({number for number, made, v in used if made and not _same(v, new.value)})
    if other:
        numbers = ", ".join(map(str, other[:5])) + (" ..." if len(other) > 5 else "")
        yield (
            f"{place}.kind: fixed at {value} came, but trial {numbers} ran with another value, "
            f"which would count as {value}; keep it {old.kind} and {_narrow(old)}, or {ANOTHER}"
        )


def _narrow(old: Parameter) -> str:
    return (
        "forbid the other values by a hard 'avoid'"
        if isinstance(old, Choice)
        else "narrow its limits: the model goes on learning from all trials"
    )


def _unread(place: str, old: Parameter, new: Parameter, used: _Used) -> Iterator[str]:
    """Stored values that the new parameter cannot have; a category that was strange before may
    stay so."""
    faults: dict[str, str] = {}
    for number, _, value in used:
        try:
            if _knows(old, value) and not isinstance(new, Derived):
                new.check(value, within=False)
        except ValueError as error:
            faults.setdefault(shown(value), f"trial {number} has it ({error})")
    if isinstance(new, Choice) and faults:
        yield (
            f"{place}.values: {', '.join(faults)} is gone, but trials were made with it; keep it "
            "in the list, where a hard 'avoid' may forbid it"
        )
    elif faults:
        value, why = next(iter(faults.items()))
        yield f"{place}: {new.kind} came, which {value} cannot be, but {why}; {ANOTHER}"


def _knows(old: Parameter, value: Value) -> bool:
    match old.kind:
        case "choice":
            return value in old.values
        case "fixed":
            return _same(value, old.value)
    return True


def _same(value: Value, other: Value | None) -> bool:
    if is_number(value) and is_number(other):
        return math.isclose(float(value), float(other or 0), rel_tol=1e-9, abs_tol=1e-12)
    return shown(value) == shown(other)
