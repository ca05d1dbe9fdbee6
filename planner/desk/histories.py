"""A new campaign out of a past one: its file, to be looked at; then the campaign with the trials
that were made. What reads tables is imported where it is used: it is heavy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.campaign.campaign import Campaign
from planner.campaign.units import convert
from planner.campaign.values import Value
from planner.executor import Measurement
from planner.past.trials import PastTrial


@dataclass(frozen=True)
class Beginning:
    """What would begin."""

    text: str
    """The campaign's file."""
    campaign: Campaign
    past: tuple[PastTrial, ...]
    notes: tuple[str, ...]
    """What a person should know before going on from these data."""


def out_of_history(
    source: str, mapping: Path | None, name: str | None = None, *, as_guessed: bool = False
) -> Beginning:
    """The campaign that goes on from a past one. ValueError where nobody has said yet what its
    goals are, with the questions; ``as_guessed`` takes them as they were guessed."""
    from planner.importing import start
    from planner.past.history import mapping_of, read_history

    place = mapping_of(source, mapping)
    if not as_guessed and place is not None:
        _check_goals(place)
    history = read_history(source, mapping)
    text = start.campaign_text(history, name)
    campaign, past = start.campaign_of(text), start.past_trials(history)
    return Beginning(text, campaign, tuple(past), tuple(start.warnings(history, campaign, past)))


def with_history(campaign: Campaign, source: str, mapping: Path | None) -> Beginning:
    """A campaign, from its file, with the trials of a past one, in its units. ValueError where
    their parameters or outcomes are not the same, or a unit cannot be turned into the other."""
    from planner.importing import start
    from planner.past.history import read_history

    history = read_history(source, mapping)
    _check_same(campaign, history.campaign)
    past = [_among(campaign, history.campaign, trial) for trial in start.past_trials(history)]
    notes = start.warnings(history, campaign, past)
    return Beginning("", campaign, tuple(past), tuple(notes))


def plan_in_words(campaign: Campaign) -> list[str]:
    """What becomes large or small, what has to be kept, and over which settings."""
    from planner.importing.start import plan_in_words

    return plan_in_words(campaign)


def _among(campaign: Campaign, old: Campaign, trial: PastTrial) -> PastTrial:
    """The trial at the campaign's own point, in its units: fixed and derived values are the
    campaign's."""
    try:
        settings = {
            name: _setting(campaign, old, name, trial.point[name]) for name in campaign.free
        }
        measured = tuple(_in_units(campaign, m) for m in trial.measurements)
        point = campaign.complete(settings, within=False)
    except ValueError as error:
        raise ValueError(f"{trial.reason}: {error}") from error
    return replace(trial, point=point, measurements=measured)


def _setting(campaign: Campaign, old: Campaign, name: str, value: Value) -> Value:
    given, wanted = old.unit(name), campaign.unit(name)
    if given == wanted or not isinstance(value, int | float):
        return value
    try:
        return convert(value, given, wanted)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _in_units(campaign: Campaign, m: Measurement) -> Measurement:
    outcome = campaign.outcomes[m.outcome]
    try:
        value, error = outcome.read(m.value, m.standard_error, m.unit)
    except ValueError as problem:
        raise ValueError(f"{m.outcome}: {problem}") from problem
    return replace(m, value=value, standard_error=error, unit=outcome.unit)


def _check_goals(mapping: Path) -> None:
    from planner.past.mapping_text import open_goals

    if questions := open_goals(mapping):
        asked = "\n".join(f"  {question}" for question in questions)
        raise ValueError(
            f"{mapping.name} leaves open what the goals are:\n{asked}\nanswer there and take the "
            "lines with ASK away, let kyoso import ask (--ask), or take them as guessed "
            "(--as-guessed; on the page the box)"
        )


def _check_same(campaign: Campaign, old: Campaign) -> None:
    pairs: Sequence[tuple[str, set[str], set[str]]] = (
        ("parameters", set(campaign.free), set(old.parameters)),
        ("outcomes", set(old.outcomes), set(campaign.outcomes)),
    )
    for what, needed, there in pairs:
        if lacking := sorted(needed - there):
            raise ValueError(f"{what}: {', '.join(lacking)} stand in the one and not in the other")
