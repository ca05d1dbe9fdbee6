"""What people decide on trials: approve, edit, veto, inject.

Each action checks first and stores in one go. ValueError says what is wrong with what came,
Conflict who was faster; either way nothing was changed.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple

from planner.campaign.campaign import Campaign
from planner.desk.people import action
from planner.desk.today import campaign_today
from planner.loop.laboratory import utc_now
from planner.record.decision import Ruling, Verdict, VetoCode
from planner.record.trial import Origin, Proposal, Trial
from planner.store import Store


class Seen(NamedTuple):
    """The trial that a person looked at when deciding."""

    campaign: str
    number: int
    version: int


@action
def approve(
    store: Store, chosen: Collection[Seen], who: str, reason: str = "", at: datetime | None = None
) -> list[Trial]:
    """Approve all that were chosen, or none where one is no longer as it was seen."""
    choices = [Ruling(s.number, s.version, Verdict.APPROVED, reason.strip()) for s in chosen]
    return store.trials.decide_all(_campaign_of(chosen), choices, author=who, at=at or utc_now())


@action
def edit(
    store: Store,
    edits: Mapping[Seen, Mapping[str, Any]],
    who: str,
    reason: str = "",
    approve: bool = False,
    at: datetime | None = None,
) -> list[Trial]:
    """Change the values of proposals (of each the values of all free parameters) and, if wanted,
    approve them in the same breath: all of them, or none."""
    name, now = _campaign_of(edits), at or utc_now()
    campaign = campaign_today(store, name, now.date())
    choices = []
    for seen, values in edits.items():
        choices += _edit(store, campaign, seen, values, reason.strip(), approve)
    done = store.trials.decide_all(name, choices, author=who, at=now)
    return list({trial.number: trial for trial in done}.values())


@action
def veto(
    store: Store,
    chosen: Collection[Seen],
    who: str,
    reason: str,
    code: VetoCode = VetoCode.OTHER,
    scope: Mapping[str, Any] | None = None,
    expires: date | None = None,
    at: datetime | None = None,
) -> list[Trial]:
    """Veto the trials that were seen, and with a region (``scope``) all that wait in it.

    ``expires`` is the last day on which it holds; what is not in stock needs one.
    """
    choices = vetoes(store, chosen, reason, code, scope, expires)
    return store.trials.decide_all(_campaign_of(chosen), choices, author=who, at=at or utc_now())


@action
def inject(
    store: Store,
    name: str,
    wanted: Sequence[tuple[Mapping[str, Any], str]],
    who: str,
    at: datetime | None = None,
) -> list[Trial]:
    """Add conditions of one's own (values of the free parameters, and a reason): all of them, or
    none. They wait for approval like any other."""
    if not wanted:
        raise ValueError("no condition came")
    version, now = store.campaigns.version(name), at or utc_now()
    campaign = campaign_today(store, name, now.date())
    proposals = [
        Proposal(point=campaign.complete(values), generator="researcher", reason=reason.strip())
        for values, reason in wanted
    ]
    return store.trials.add(
        name, proposals, origin=Origin.RESEARCHER, author=who, at=now, campaign_version=version
    )


def vetoes(
    store: Store,
    chosen: Collection[Seen],
    reason: str,
    code: VetoCode,
    scope: Mapping[str, Any] | None = None,
    expires: date | None = None,
) -> list[Ruling]:
    """The decisions that a veto would consist of. ValueError says what is wrong with it."""
    from planner.beliefs.vetoes import choices_of  # scipy, only where it is needed

    name = _campaign_of(chosen)
    seen = [(s.number, s.version) for s in chosen]
    campaign, record = store.campaigns.get(name), store.snapshot(name)
    with _as_typed():
        return choices_of(campaign, record, seen, reason, code, scope, expires)


def dry_run(store: Store, name: str, scope: Mapping[str, Any], code: VetoCode) -> str:
    """What a veto of a region would remove, in a sentence. Changes nothing."""
    from planner.beliefs.vetoes import HARD, dry_run, scope_problems

    campaign = store.campaigns.get(name)
    with _as_typed():
        if problems := scope_problems(campaign, scope, code in HARD):
            raise ValueError("; ".join(problems))
    return dry_run(campaign, store.snapshot(name), scope).shown


@contextmanager
def _as_typed() -> Iterator[None]:
    """A refused region without the fields of a file: nobody typed one."""
    try:
        yield
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        fields = r"(^|; )(within\.|within: |where\.\d+: )"
        raise ValueError(re.sub(fields, r"\1", str(error))) from error


def _campaign_of(chosen: Collection[Seen]) -> str:
    names = {seen.campaign for seen in chosen}
    if len(names) != 1:
        raise ValueError("no trial is chosen" if not names else "trials of one campaign, not more")
    return names.pop()


def _edit(
    store: Store,
    campaign: Campaign,
    seen: Seen,
    values: Mapping[str, Any],
    reason: str,
    approve: bool,
) -> list[Ruling]:
    point = campaign.complete(values)
    if point == store.trial(seen.campaign, seen.number).point:
        raise ValueError(f"trial {seen.number}: nothing was changed")
    edited = Ruling(seen.number, seen.version, Verdict.EDITED, reason, point)
    approved = Ruling(seen.number, seen.version + 1, Verdict.APPROVED, reason)
    return [edited, approved] if approve else [edited]
