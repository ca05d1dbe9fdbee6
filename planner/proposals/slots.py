"""Which of the next trials hypotheses have a say in, and what they make of them. Pure."""

from collections.abc import Callable, Sequence

from planner.beliefs.merging import Guide, draw
from planner.campaign.values import Point
from planner.proposals.explain import moved
from planner.record.record import Record
from planner.record.trial import Proposal
from planner.space.design import first_design
from planner.space.encoding import without

DRAWN_FROM = 512
"""Points of a continuous space from which the first design is seeded."""

type Plan = Callable[[Record, int, Sequence[Point] | None, Sequence[Point]], list[Proposal]]
"""Proposals under a guide: for a record, how many, a pool, and the points without the guide."""


def seeded(
    guide: Guide,
    record: Record,
    plain: Sequence[Proposal],
    seed: int,
    candidates: Sequence[Point] | None,
) -> list[Proposal]:
    """The first design ``plain``, with points drawn from what is believed in the claims' slots.

    Explicit conditions come first.
    """
    campaign, made = guide.campaign, list(plain)
    for i, number in enumerate(range(record.next_number, record.next_number + len(plain))):
        if not guide.takes(number, opening=True):
            continue
        taken = [*record.excluded, *(p.point for j, p in enumerate(made) if j != i)]
        left = guide.untried(taken)
        if candidates is not None:
            allowed = without(campaign, candidates, taken)
            left = [p for p in left if p in allowed] or allowed
        left = left or first_design(campaign, taken, DRAWN_FROM, seed + 1)
        if left:
            point = draw(guide, left, seed, number)
            told = guide.told(point, plain[i].point, {})
            reason = f"first design, where hypotheses have a say: {moved(campaign, told)}"
            change = {"point": point, "guidance": told, "reason": reason, "generator": "hypotheses"}
            made[i] = plain[i].model_copy(update=change)
    return made


def guided(
    guide: Guide,
    record: Record,
    plain: Sequence[Proposal],
    plan: Plan,
    candidates: Sequence[Point] | None,
) -> list[Proposal]:
    """The proposals ``plain`` of the model alone, planned anew in the claims' slots."""
    numbers = range(record.next_number, record.next_number + len(plain))
    slots = [i for i, number in enumerate(numbers) if guide.takes(number)]
    if not slots:
        return list(plain)
    ahead = record.with_planned([p.point for i, p in enumerate(plain) if i not in slots])
    made = list(plain)
    for i in slots:  # one after the other: each reckons with those before it
        pool = candidates and without(guide.campaign, candidates, ahead.excluded)
        if pool is None:
            pool = guide.untried(ahead.excluded) or None
        (found,) = plan(ahead, 1, pool, [plain[i].point])
        text = f"{moved(guide.campaign, found.guidance)}; {found.reason}"
        made[i] = found.model_copy(update={"reason": text})
        ahead = ahead.with_planned([found.point])
    return made
