"""What to try next: first a space-filling design, then the model. Pure: the seed is an argument."""

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b
from importlib.metadata import version

import numpy as np

from planner.beliefs.merging import RULE, Guide, MergingRule, guide_of
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypothesis_checks import hard, plane_of
from planner.campaign.values import Point, counted
from planner.proposals.failure import NoModelError, PlanningError
from planner.proposals.finite import choose, is_simple
from planner.proposals.slots import choice_of, claimed, explained, seeded, with_others
from planner.record.completion import completed
from planner.record.record import Record
from planner.record.trial import Proposal, TrialState
from planner.space.design import first_design, nearest_in_pool
from planner.space.encoding import listed, permitted, without

LEAST = 2
"""Results that each objective needs before the model plans."""
SAMPLED = 2000
"""Feasible points among which the model chooses where it cannot search a space."""


def propose(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    pool: Sequence[Point] | None = None,
    rule: MergingRule = RULE,
) -> list[Proposal]:
    """At most ``n`` proposals; fewer where a finite space or ``pool`` is exhausted.

    The same campaign, record, ``n`` and ``seed`` give the same proposals. ``pool`` limits them to
    given points; a space of few points is a pool by itself. Nothing is proposed twice, nor what was
    vetoed. PlanningError where the model fails: it never falls back to anything by itself. Soft
    hypotheses have a say as ``merging`` tells; without any, nothing depends on ``rule``.
    """
    record = completed(campaign, record)
    candidates = _candidates(campaign, record, pool)
    if candidates is not None:
        n = min(n, len(candidates))
    if n < 1:
        return []
    if campaign.planner.shared and n > 1:
        return _sharing(
            campaign, record, n, seed, candidates,
            lambda apart, seen, some, pool: propose(apart, seen, some, seed, pool, rule),
        )  # fmt: skip
    guide = guide_of(campaign, record, pool, rule)
    if reason := first_design_reason(campaign, record):
        plain = design(campaign, record, n, seed, reason, pool)
        if guide is None or not rule.seeding or campaign.planner.generator == "sobol":
            return plain
        return seeded(guide, record, plain, seed, candidates)
    drawn = draw_seed(record, n, seed)
    if candidates is None and _needs_sampling(campaign):
        candidates = first_design(campaign, record.excluded, SAMPLED, drawn)
    plain = _planned(campaign, record, n, drawn, candidates)
    return plain if guide is None else _guided(guide, record, plain, drawn, candidates)


def _sharing(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    candidates: Sequence[Point] | None,
    made_by: Callable[[Campaign, Record, int, Sequence[Point] | None], list[Proposal]],
) -> list[Proposal]:
    """One proposal, and the others among the points that share some of its values; ``made_by``
    makes so many of a pool."""
    apart = campaign.model_copy(
        update={"planner": campaign.planner.model_copy(update={"shared": ()})}
    )
    first = made_by(apart, record, 1, candidates)
    if not first:
        return []
    point = first[0].point
    values = {name: point[name] for name in campaign.planner.shared}
    if candidates is None:
        inside = campaign.at(values)
        drawn = draw_seed(record, n, seed)
        candidates = first_design(inside, [point], SAMPLED, drawn) if inside.free else []
    slice_ = [p for p in candidates if all(p[name] == v for name, v in values.items())]
    return first + made_by(apart, record.with_planned([point]), n - 1, slice_)


def design(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    reason: str,
    pool: Sequence[Point] | None = None,
) -> list[Proposal]:
    """The next ``n`` points of the space-filling design, whatever has been learned."""
    candidates = _candidates(campaign, record, pool)
    if campaign.planner.shared and n > 1:
        return _sharing(
            campaign, record, n, seed, candidates,
            lambda apart, seen, some, pool: design(apart, seen, some, seed, reason, pool),
        )  # fmt: skip
    if candidates is None:
        points = first_design(campaign, record.excluded, n, seed)
    else:
        points = nearest_in_pool(campaign, candidates, n, len(record.trials), seed)
    packages = {"scipy": version("scipy")}
    return [
        Proposal(point=p, generator="sobol", reason=reason, seed=seed, packages=packages)
        for p in points
    ]


def first_design_reason(campaign: Campaign, record: Record) -> str:
    """Why the next proposals come from the space-filling design; empty where the model may plan. It
    is kept with them, so it tells of the moment at which they were made."""
    if campaign.planner.generator == "sobol":
        return "space-filling design, as the campaign asks"
    if record.taken() < campaign.initial:
        return f"space-filling first design of {campaign.initial} trials"
    enough, back = max(LEAST, (campaign.initial + 1) // 2), record.observations
    if len(back) < enough:
        return f"space-filling: when it was proposed, {len(back)} of {enough} trials had come back"
    for name in campaign.objectives:
        found = sum(name in o.values for o in back)
        if found < LEAST:
            failed = sum(o.failed for o in back)
            lost = f" ({counted(failed, 'sample')} had failed)" if failed else ""
            return (
                f"space-filling: when it was proposed, {found} of {LEAST} results of {name} had "
                f"come, which a model needs{lost}"
            )
    return ""


def _guided(
    guide: Guide,
    record: Record,
    plain: Sequence[Proposal],
    seed: int,
    candidates: Sequence[Point] | None,
) -> list[Proposal]:
    """The proposals ``plain`` of the model alone, planned anew in the claims' slots."""
    slots = claimed(guide, record, len(plain))
    made, ahead = list(plain), with_others(record, plain, slots)
    for i in slots:  # one after the other: each reckons with those before it
        heard = guide.at(record.next_number + i)
        pool = choice_of(heard, ahead, candidates)
        (found,) = _planned(heard.campaign, ahead, 1, seed, pool, heard, [plain[i].point])
        made[i] = explained(heard, found)
        ahead = ahead.with_planned([found.point])
    return made


def _planned(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    pool: Sequence[Point] | None,
    guide: Guide | None = None,
    others: Sequence[Point] = (),
) -> list[Proposal]:
    """By the model: exactly where that is possible, else by Ax and BoTorch."""
    if pool is None or n > 1 or not is_simple(campaign, record):
        return _model()(campaign, record, n, seed, pool, guide, others)
    try:
        return [choose(campaign, record, seed, pool, guide, others)]
    except NoModelError as error:
        raise PlanningError(str(error)) from error


def _candidates(
    campaign: Campaign, record: Record, pool: Sequence[Point] | None
) -> list[Point] | None:
    """What is left of the pool, or of a space that is small enough to be one; else None."""
    points = permitted(campaign, pool) if pool is not None else listed(campaign)
    return None if points is None else without(campaign, points, record.excluded)


def _needs_sampling(campaign: Campaign) -> bool:
    """Whether no optimiser searches there: an equality binds settings that are not continuous, a
    rule is no half-space, or a hard claim leaves none."""
    if not campaign.is_smooth:
        return True
    cube = Cube(campaign.parameters, campaign.outcomes, np.zeros(0))
    return any(plane_of(claim, cube) is None for claim in hard(campaign.hypotheses)) or any(
        campaign.free[name].count < math.inf
        for constraint in campaign.linear_constraints
        if constraint.equality
        for name in constraint.coefficients
    )


def room(campaign: Campaign, record: Record) -> int:
    """How many proposals are wanted now."""
    return record.room(campaign)


def draw_seed(record: Record, n: int, seed: int) -> int:
    """A seed of 31 bits that follows from the base seed and from what has been planned and
    learned."""
    last_trial = max((t.number for t in record.trials), default=0)
    last_result = max((r.number for r in record.results), default=0)
    text = f"{seed}/{last_trial}/{last_result}/{record.count(TrialState.FAILED)}/{n}"
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) >> 1


def _model() -> Callable[..., list[Proposal]]:
    """The model's side of ``propose``: twelve seconds of import, once."""
    from planner.proposals.ax_bridge import propose_by_model

    return propose_by_model
