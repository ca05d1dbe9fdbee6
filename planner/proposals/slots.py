"""Which of the next trials hypotheses have a say in, among what these are chosen, and how they are
told. Pure: nothing here plans; ``proposer`` does, slot by slot."""

from collections.abc import Collection, Sequence

from planner.beliefs.merging import Guide, draw
from planner.campaign.values import Point
from planner.proposals.explain import moved
from planner.record.record import Record
from planner.record.trial import Proposal
from planner.space.design import first_design
from planner.space.encoding import without

DRAWN_FROM = 512
"""Points of a continuous space from which the first design is seeded."""


def claimed(guide: Guide, record: Record, n: int, *, opening: bool = False) -> list[int]:
    """Which of the next ``n`` trials hypotheses have a say in, counted from 0."""
    numbers = range(record.next_number, record.next_number + n)
    return [i for i, number in enumerate(numbers) if guide.takes(number, opening)]


def with_others(record: Record, plain: Sequence[Proposal], slots: Collection[int]) -> Record:
    """The record with the proposals outside the slots as planned: those within reckon with them."""
    return record.with_planned([p.point for i, p in enumerate(plain) if i not in slots])


def choice_of(
    guide: Guide, ahead: Record, candidates: Sequence[Point] | None
) -> Sequence[Point] | None:
    """Among what a slot is chosen: what is left of a finite space, else explicit conditions that
    claims name; None where the whole space is searched."""
    if candidates is None:
        return guide.untried(ahead.excluded) or None
    return without(guide.campaign, candidates, ahead.excluded)


def explained(guide: Guide, found: Proposal) -> Proposal:
    """A guided proposal whose reason begins with what moved it."""
    text = f"{moved(guide.campaign, found.guidance)}; {found.reason}"
    return found.model_copy(update={"reason": text})


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
    made = list(plain)
    for i in claimed(guide, record, len(plain), opening=True):
        number = record.next_number + i
        heard = guide.at(number, opening=True)
        taken = [*record.excluded, *(p.point for j, p in enumerate(made) if j != i)]
        if left := _believable(heard, taken, seed, candidates):
            made[i] = _seed(heard, plain[i], draw(heard, left, seed, number))
    return made


def _believable(
    guide: Guide, taken: Sequence[Point], seed: int, candidates: Sequence[Point] | None
) -> list[Point]:
    """From what a seed is drawn: explicit conditions, else the finite space, else a sample."""
    left = guide.untried(taken)
    if candidates is not None:
        allowed = without(guide.campaign, candidates, taken)
        left = [p for p in left if p in allowed] or allowed
    return left or first_design(guide.campaign, taken, DRAWN_FROM, seed + 1)


def _seed(guide: Guide, plain: Proposal, point: Point) -> Proposal:
    """A point that claims chose in place of one of the first design."""
    told = guide.told(point, plain.point)
    reason = f"first design, where hypotheses have a say: {moved(guide.campaign, told)}"
    change = {"point": point, "guidance": told, "reason": reason, "generator": "hypotheses"}
    return plain.model_copy(update=change)
