"""What vetoes teach. Derived from the decisions whenever it is read; nothing is stored twice.

=================  ===========================  ===========================================
reason             a point                      a region
=================  ===========================  ===========================================
unsafe             never again                  a hard avoid: forbidden for everyone
impossible         never again                  a hard avoid
not in stock       not before it expires        a hard avoid until it expires
already known      counts as tried              counts as tried: no candidate for the planner
not interesting    never again                  a soft avoid, weighed like any hypothesis
other              never again                  a soft avoid
=================  ===========================  ===========================================

A veto of a point says nothing about its neighbours. One that was taken back teaches nothing: its
region and its points are free again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from planner.beliefs.credence import ground, likely_best
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.fitting import on_settings
from planner.campaign.hypothesis import Avoid
from planner.campaign.hypothesis_checks import claim_problems
from planner.door.words import faults
from planner.record.decision import Decision, Ruling, Verdict, VetoCode
from planner.record.record import Record
from planner.record.trial import Trial, TrialState
from planner.space.encoding import Floats, encode, listed, without

HARD = (VetoCode.UNSAFE, VetoCode.IMPOSSIBLE, VetoCode.NOT_IN_STOCK, VetoCode.ALREADY_KNOWN)
STRENGTH = 0.5
"""Of the soft avoid that a veto leaves."""


@dataclass(frozen=True)
class DryRun:
    """What a veto of a region would remove, before it is made."""

    pending: tuple[int, ...]
    """Open trials in the region, by number."""
    candidates: int | None
    """Points of a finite space that could still be proposed and lie in it; None: it is infinite."""
    share: float
    """Share of what could still be proposed that lies in it."""
    holds_predicted_best: bool | None
    """Whether the point that the model takes for the best is in it; None without a model."""

    @property
    def shown(self) -> str:
        """In a sentence."""
        trials = "no open trial"
        if self.pending:
            several = "s" if len(self.pending) > 1 else ""
            trials = f"open trial{several} {', '.join(map(str, self.pending))}"
        word = "" if self.holds_predicted_best else "not "
        best = f"the predicted best is {word}among them"
        if self.holds_predicted_best is None:
            best = "no model says yet where the best is"
        future = "" if self.candidates is None else f"{self.candidates} points, "
        return f"in it: {trials}; {future}{self.share:.1%} of what could come; {best}"


def in_force(
    campaign: Campaign, record: Record, day: date, *, people: bool = False
) -> tuple[Campaign, Record]:
    """Campaign and record as they count on this day: hypotheses in force, what vetoes of regions
    add to them, and the points of vetoes that have expired or were taken back set free.

    ``people`` may still try what is already known; the planner does not.
    """
    standing = [d for d in record.vetoes if d.expires is None or day <= d.expires]
    taught = [
        avoid_of(d)
        for d in standing
        if d.scope and not (people and d.code is VetoCode.ALREADY_KNOWN)
    ]
    today = campaign.on(day)
    if taught:
        today = today.holding((*today.hypotheses, *_fitting(today, taught)))
    vetoed = frozenset(d.trial for d in record.decisions if d.verdict is Verdict.VETOED)
    released = vetoed - {d.trial for d in standing}
    return today, replace(record, released=released) if released else record


def taught(campaign: Campaign, record: Record) -> tuple[Campaign, Record]:
    """The campaign with all its hypotheses and those that vetoes of regions add, for the ledger."""
    avoids = [avoid_of(d) for d in record.vetoes if d.scope]
    return campaign.holding((*campaign.hypotheses, *_fitting(campaign, avoids))), record


def avoid_of(decision: Decision) -> Avoid:
    """The hypothesis that a veto of a region leaves."""
    scope = decision.scope or {}
    return Avoid(
        name=f"veto {decision.number}: {decision.code or 'other'}",
        author=decision.author,
        because=decision.reason,
        strength=STRENGTH,
        start=decision.at.date(),
        made=decision.at,
        expiry=decision.expires,
        within=scope.get("within", {}),
        where=tuple(scope.get("where", ())),
        hard=decision.code in HARD,
    )


def scope_problems(campaign: Campaign, scope: Mapping[str, Any], hard: bool) -> list[str]:
    """What is wrong with a region that somebody wants to veto; also where nothing would be left."""
    try:
        claim = Avoid(author="veto", hard=hard, name="this veto", **scope)
    except ValidationError as error:
        return faults(error)
    claim = claim.in_units(campaign.parameters)
    found = claim_problems(
        [*campaign.hypotheses, claim], campaign.parameters, campaign.outcomes,
        campaign.linear_constraints,
    )  # fmt: skip
    return [problem.split(".", 2)[-1] for problem in found]


def settled(campaign: Campaign, scope: Mapping[str, Any]) -> dict[str, Any]:
    """A region that fits, its limits as the parameters have them: in their units, and at settings
    where there are only some."""
    claim = Avoid(author="veto", **scope).in_units(campaign.parameters)
    within = {n: [*on_settings(campaign.free.get(n), v)] for n, v in claim.within.items()}
    found = {"within": within, "where": [*claim.where]}
    return {part: told for part, told in found.items() if part in scope}


def dry_run(campaign: Campaign, record: Record, scope: Mapping[str, Any]) -> DryRun:
    """What a veto of this region would remove."""
    scope = settled(campaign, scope)
    claim = Avoid(author="veto", hard=True, **scope)
    waiting = in_region(campaign, record, scope)
    points = listed(campaign)
    left = None if points is None else without(campaign, points, record.excluded)
    rows = ground(campaign) if left is None else encode(campaign, left)
    hit = _inside(campaign, claim, rows)
    best = likely_best(campaign, record, rows)
    return DryRun(
        pending=tuple(trial.number for trial in waiting),
        candidates=None if left is None else int(hit.sum()),
        share=float(hit.mean()) if len(hit) else 0.0,
        holds_predicted_best=None
        if best is None
        else bool(_inside(campaign, claim, best[None])[0]),
    )


def in_region(campaign: Campaign, record: Record, scope: Mapping[str, Any]) -> list[Trial]:
    """The proposed and approved trials that lie in a region."""
    claim = Avoid(author="veto", hard=True, **scope)
    waiting = [t for t in record.trials if t.state in (TrialState.PROPOSED, TrialState.APPROVED)]
    hit = _inside(campaign, claim, encode(campaign, [t.point for t in waiting]))
    return [trial for trial, inside in zip(waiting, hit, strict=True) if inside]


def choices_of(
    campaign: Campaign,
    record: Record,
    chosen: Sequence[tuple[int, int]],
    reason: str,
    code: VetoCode,
    scope: Mapping[str, Any] | None = None,
    expires: date | None = None,
) -> list[Ruling]:
    """The decisions that a veto consists of: of the chosen trials (number and version seen) and,
    with a region, of all that wait in it. ValueError says what is wrong with it."""
    if not reason.strip():
        raise ValueError("a veto needs a reason")
    if code is VetoCode.NOT_IN_STOCK and expires is None:
        raise ValueError("'not in stock' needs the day until which it holds")
    if scope is not None and (problems := scope_problems(campaign, scope, code in HARD)):
        raise ValueError("; ".join(problems))
    if scope is not None:
        scope = settled(campaign, scope)
    also = [] if scope is None else in_region(campaign, record, scope)
    numbers = {number for number, _ in chosen}
    seen = [*chosen, *((t.number, t.version) for t in also if t.number not in numbers)]
    return [
        Ruling(
            number, version, Verdict.VETOED, reason.strip(), code=code, expires=expires,
            scope=dict(scope) if scope is not None and i == 0 else None,
        )
        for i, (number, version) in enumerate(seen)
    ]  # fmt: skip


def _inside(campaign: Campaign, claim: Avoid, rows: Floats) -> Floats:
    cube = Cube(campaign.parameters, campaign.outcomes, rows)
    return np.broadcast_to(claim.forbids(cube), len(rows)) if len(rows) else np.zeros(0, bool)


def _fitting(campaign: Campaign, taught: Iterable[Avoid]) -> Sequence[Avoid]:
    """The avoids that still fit the campaign, which may have been revised since."""
    fitting: list[Avoid] = []
    for avoid in (claim.in_units(campaign.parameters) for claim in taught):
        claims = [*campaign.hypotheses, *fitting, avoid]
        if not claim_problems(
            claims, campaign.parameters, campaign.outcomes, campaign.linear_constraints
        ):
            fitting.append(avoid)
    return fitting
