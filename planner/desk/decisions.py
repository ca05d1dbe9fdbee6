"""What people do at the panel, as calls of the store. No widgets; the clock is asked here.

Each function checks first and stores in one go. ValueError says what is wrong with what came,
Conflict who was faster; either way nothing was changed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from planner.campaign.values import Point
from planner.desk.today import campaign_today
from planner.loop.laboratory import utc_now
from planner.record.decision import Verdict, VetoCode
from planner.record.trial import Origin, Proposal, Trial
from planner.store import Choice, Store


class Seen(NamedTuple):
    """The trial that a person looked at when deciding."""

    campaign: str
    number: int
    version: int


def decide(
    store: Store,
    seen: Seen,
    verdict: Verdict,
    who: str,
    reason: str = "",
) -> Trial:
    """Approve or veto the version that was seen. A veto needs a reason."""
    if verdict is Verdict.VETOED and not reason.strip():
        raise ValueError("a veto needs a reason")
    return store.trials.decide(
        seen.campaign,
        seen.number,
        version=seen.version,
        verdict=verdict,
        author=who,
        at=utc_now(),
        reason=reason.strip(),
    )


def veto(
    store: Store,
    seen: Seen,
    who: str,
    reason: str,
    code: VetoCode,
    scope: Mapping[str, Any] | None = None,
    expires: date | None = None,
) -> list[Trial]:
    """Veto the trial that was seen, and with a region (``scope``) all that wait in it."""
    from planner.beliefs.vetoes import choices_of  # scipy, only where it is needed

    campaign, record = store.campaigns.get(seen.campaign), store.snapshot(seen.campaign)
    chosen = [(seen.number, seen.version)]
    choices = choices_of(campaign, record, chosen, reason, code, scope, expires)
    return store.trials.decide_all(seen.campaign, choices, author=who, at=utc_now())


def dry_run(store: Store, name: str, scope: Mapping[str, Any], code: VetoCode) -> str:
    """What a veto of a region would remove, in a sentence. Changes nothing."""
    from planner.beliefs.vetoes import HARD, dry_run, scope_problems

    campaign = store.campaigns.get(name)
    if problems := scope_problems(campaign, scope, code in HARD):
        raise ValueError("; ".join(problems))
    return dry_run(campaign, store.snapshot(name), scope).shown


def approve_all(store: Store, chosen: Sequence[Seen], who: str) -> list[Trial]:
    """Approve all that were chosen, or none where one is no longer as it was seen."""
    if not chosen:
        raise ValueError("no trial is chosen")
    choices = [Choice(seen.number, seen.version, Verdict.APPROVED) for seen in chosen]
    return store.trials.decide_all(chosen[0].campaign, choices, author=who, at=utc_now())


def edit(
    store: Store, seen: Seen, values: Mapping[str, Any], who: str, reason: str, approve: bool
) -> Trial:
    """Change the values of a proposal and, if wanted, approve it in the same breath."""
    name, number, version = seen
    point = campaign_today(store, name, utc_now().date()).complete(values)
    if point == store.trials.get(name, number).point:
        raise ValueError("nothing was changed")
    choices = [Choice(number, version, Verdict.EDITED, reason.strip(), point)]
    if approve:
        choices.append(Choice(number, version + 1, Verdict.APPROVED, reason.strip()))
    return store.trials.decide_all(name, choices, author=who, at=utc_now())[-1]


def inject(store: Store, name: str, wanted: Sequence[tuple[Point, str]], who: str) -> list[Trial]:
    """Add conditions (point and reason) of one's own: all of them, or none."""
    version = store.campaigns.version(name)
    campaign = campaign_today(store, name, utc_now().date())
    proposals = []
    for point, reason in wanted:
        given = {n: point[n] for n in campaign.free}
        proposals.append(
            Proposal(point=campaign.complete(given), generator="researcher", reason=reason)
        )
    return store.trials.add(
        name,
        proposals,
        origin=Origin.RESEARCHER,
        author=who,
        at=utc_now(),
        campaign_version=version,
    )
