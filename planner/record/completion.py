"""A record as its campaign reads it: the one place where points that were stored under an earlier
version of a campaign are completed.

Nothing stored is changed. A parameter that came later has in old trials the value that it names
(``was``), or that at which it is fixed; one that is derived is computed; a value that reads as one
of a list is that one.

**What the model does not learn from.** A trial is kept, shown, and left out of what is learned
(``Record.left_out`` says why) where it was made with a category that the campaign does not know: an
as-run ``route: SPS2`` beside PIT and SPS, another gas than the one that is fixed. A category has no
distance to the others, so a level of its own, seen once and never to be proposed, would say nothing
of those that may be; and to count it as one of them would be false. Numbers beyond their bounds are
learned from: they have a place. Once the list of the choice is widened, the trial counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Derived, Fixed, Free, Parameter, Was, is_number
from planner.campaign.values import Point, Value, shown
from planner.record.decision import Decision
from planner.record.job import Job
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Trial


def completed(campaign: Campaign, record: Record) -> Record:
    """The record with every point as the campaign reads it; the same one where nothing differs."""
    trials = tuple(_trial(campaign, trial) for trial in record.trials)
    planned = {trial.number: trial.point for trial in record.trials}
    found = replace(
        record,
        trials=trials,
        jobs=tuple(_really(campaign, job, planned) for job in record.jobs),
        results=tuple(_really(campaign, result, planned) for result in record.results),
        decisions=tuple(_decision(campaign, decision) for decision in record.decisions),
        left_out={},
    )
    found = replace(found, left_out=dict(_left_out(campaign, found)))
    return record if found == record else found


def completed_point(campaign: Campaign, stored: Point) -> Point:
    """A point with all that the campaign knows of it; the same one where it is whole. What cannot
    be known is not there."""
    if all(n in stored and _fits(p, stored[n]) for n, p in campaign.parameters.items()):
        return stored
    point = dict(stored)
    for name, parameter in campaign.parameters.items():
        if not isinstance(parameter, Derived):
            point |= _value(name, parameter, stored)
    return _derived(campaign, point) | point


def _fits(parameter: Parameter, value: Value) -> bool:
    match parameter.kind:
        case "choice":
            return value in parameter.values
        case "range" | "integer" | "ordered":
            return is_number(value)
    return True


def _value(name: str, parameter: Free | Fixed, stored: Point) -> Point:
    """What a point has of a parameter: none where it lacks it and nobody said what it was."""
    former: Was = parameter.value if parameter.kind == "fixed" else None
    former = former if parameter.was is None else parameter.was
    given = stored.get(name, former)
    if given is None:
        return {}
    try:
        return {name: parameter.check(given, within=False)}
    except ValueError:
        return {name: given} if name in stored else {}


def _derived(campaign: Campaign, point: Point) -> Point:
    """The derived values; none where something they follow from is not known."""
    names = [n for n, p in campaign.parameters.items() if not isinstance(p, Derived)]
    if not all(name in point for name in names):
        return {}
    whole = {name: point[name] for name in names}
    campaign.add_derived(whole, {})
    return {name: value for name, value in whole.items() if name not in names}


def _trial(campaign: Campaign, trial: Trial) -> Trial:
    point, guidance = completed_point(campaign, trial.point), trial.guidance
    if "without" in guidance:
        without = completed_point(campaign, guidance["without"])
        guidance = guidance if without is guidance["without"] else {**guidance, "without": without}
    if point is trial.point and guidance is trial.guidance:
        return trial
    return trial.model_copy(update={"point": point, "guidance": guidance})


def _really[E: (Job, Result)](campaign: Campaign, entry: E, planned: Mapping[int, Point]) -> E:
    """A job or result with its as-run values as the campaign reads them, and what follows."""
    if entry.as_run is None or entry.trial not in planned:
        return entry
    stored = planned[entry.trial] | entry.as_run
    point, before = (
        completed_point(campaign, stored),
        completed_point(campaign, planned[entry.trial]),
    )
    if point is stored:
        return entry
    real = {n: v for n, v in point.items() if n in entry.as_run or v != before.get(n)}
    return entry.model_copy(update={"as_run": real})


def _decision(campaign: Campaign, decision: Decision) -> Decision:
    stored = decision.seen.get("point")
    point = completed_point(campaign, stored) if isinstance(stored, dict) else stored
    if point is stored:
        return decision
    return decision.model_copy(update={"seen": {**decision.seen, "point": point}})


def _left_out(campaign: Campaign, record: Record) -> Iterator[tuple[int, str]]:
    """Trials that the model does not learn from, and why."""
    for trial in record.trials:
        point = record.as_run(trial)
        if reason := next(
            filter(None, (_strange(n, p, point) for n, p in campaign.parameters.items())), ""
        ):
            yield trial.number, reason


def _strange(name: str, parameter: Parameter, point: Point) -> str:
    """What the campaign does not know of a category, or of a condition that was another one."""
    value = point.get(name)
    if value is None:
        return ""
    if parameter.kind == "choice" and value not in parameter.values:
        return f"{name} was {shown(value)}, none of {', '.join(map(shown, parameter.values))}"
    if parameter.kind == "fixed" and value != parameter.value:
        is_category = not is_number(value)
        if is_category or value == parameter.was:
            return f"{name} was {shown(value)}, and is fixed at {shown(parameter.value)} now"
    return ""
