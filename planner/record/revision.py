"""What may change in a campaign that already runs. Everything stored must keep its meaning."""

from collections.abc import Iterator
from typing import Any

from planner.campaign.campaign import Campaign
from planner.record.former import ANOTHER, changed_parameter
from planner.record.record import Record
from planner.record.trial import TrialState


def revision_problems(old: Campaign, new: Campaign, record: Record) -> list[str]:
    """Why ``new`` cannot follow ``old``: the field, what came, and why not; none where it can.

    Bounds, levels, goals, thresholds, constraints, budget, batch and review may always change; so
    may what a parameter is, where every stored value is one of it (``planner.record.former``).
    """
    return [
        *_parameter_problems(old, new, record),
        *_outcome_problems(old, new, record),
        *_stage_problems(old, new, record),
    ]


def differences(old: Campaign, new: Campaign) -> list[str]:
    """The fields in which two campaigns differ: ``budget.trials``, ``parameters.T.high``."""
    return [*_differing(old.model_dump(mode="json"), new.model_dump(mode="json"), "")]


def _parameter_problems(old: Campaign, new: Campaign, record: Record) -> Iterator[str]:
    for name, parameter in old.parameters.items():
        place = f"parameters.{name}"
        if name not in new.parameters:
            yield (
                f"{place}: it is gone, but what is stored has it; keep it, as 'kind: fixed' where "
                "it is not varied any more"
            )
        else:
            yield from changed_parameter(place, name, parameter, new.parameters[name], record)
    for name, parameter in new.free.items():
        if name not in old.parameters and record.trials and parameter.was is None:
            yield (
                f"parameters.{name}: it is new and free, but the {len(record.trials)} trials so "
                f"far have no value of it; say with 'was: VALUE' what it was in them, or "
                f"{ANOTHER}"
            )


def _outcome_problems(old: Campaign, new: Campaign, record: Record) -> Iterator[str]:
    measured = {result.outcome for result in record.results}
    for name, outcome in old.outcomes.items():
        if name not in new.outcomes:
            if name in measured:
                yield (
                    f"outcomes.{name}: it is gone, but there are results of it; keep it, with "
                    "'goal: none'"
                )
        elif new.outcomes[name].unit != outcome.unit:
            yield (
                f"outcomes.{name}.unit: {new.outcomes[name].unit or 'none'} came, but what is "
                f"stored is in {outcome.unit or 'no unit'}; keep it: results may come in any unit "
                "that converts"
            )


def _stage_problems(old: Campaign, new: Campaign, record: Record) -> Iterator[str]:
    before = {stage.name: stage for stage in old.stages}
    after = {stage.name: stage for stage in new.stages}
    begun = {job.stage for job in record.jobs}
    still_open = {job.stage for job in record.jobs if job.state.is_open}
    for name, stage in before.items():
        if name not in after:
            if name in begun:
                yield f"stages.{name}: it is gone or renamed, but it has jobs; keep it"
            continue
        for field in ("executor", "gives"):
            was, came = getattr(stage, field), getattr(after[name], field)
            if name in still_open and was != came:
                yield (
                    f"stages.{name}.{field}: {_text(came)} came, but jobs of it are open with "
                    f"{_text(was)}; end them first"
                )
    running = [t.number for t in record.trials if t.state is TrialState.RUNNING]
    for name in after:
        if name not in before and running:
            trials = ", ".join(map(str, running))
            yield (
                f"stages.{name}: it is new, but trial {trials} is running; wait until it has ended"
            )


def _text(value: Any) -> str:
    return (", ".join(map(str, value)) or "nothing") if isinstance(value, tuple) else str(value)


def _differing(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(n for n in new if n not in old)]:
            inner = f"{place}.{name}" if place else str(name)
            if name in old and name in new:
                yield from _differing(old[name], new[name], inner)
            else:
                yield inner
    elif _named(old) and _named(new):
        yield from _differing(
            {item["name"]: item for item in old}, {item["name"]: item for item in new}, place
        )
    elif old != new:
        yield place


def _named(value: Any) -> bool:
    """Whether it is a list of things with names of their own, which may change their places."""
    if not isinstance(value, list) or not all(isinstance(i, dict) and i.get("name") for i in value):
        return False
    names = [item["name"] for item in value]
    return len(set(names)) == len(names)
