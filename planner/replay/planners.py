"""Which planners a replay knows, and how each is asked. The one place to add another.

A planner is made anew for each run, from the pool as that run sees it, a seed and the campaign.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from planner.campaign.campaign import Campaign
from planner.past.pool import Chosen, Pool
from planner.replay.baselines import GpEi
from planner.replay.walk_record import record_of


@dataclass(frozen=True)
class Known:
    """What a planner knows when it is asked: conditions of the pool by their places."""

    measured: Sequence[int]
    """With results, in the order in which they were tried."""
    waiting: Sequence[int] = ()
    """Under way; their results are not known yet."""
    remaining: Sequence[int] = field(default_factory=tuple)
    """Not tried."""


class Planner(Protocol):
    """Chooses the next ``n`` conditions among those that remain."""

    def __call__(self, known: Known, n: int) -> list[Chosen]: ...


class Kyoso:
    """Our own planner, asked as the loop asks it: with a campaign, a record and a pool."""

    def __init__(self, pool: Pool, seed: int, campaign: Campaign) -> None:
        self.pool, self.seed = pool, seed
        planning = {"initial": 1, "seed": seed}  # the start is over before it is asked
        changed: dict[str, Any] = {"planner": planning, "budget": {"trials": pool.size}}
        self.campaign = Campaign.model_validate(campaign.model_dump() | changed)

    def __call__(self, known: Known, n: int) -> list[Chosen]:
        """The planner's proposals. RuntimeError where it makes none."""
        from planner.proposals.proposer import propose

        candidates = [self.pool.points[i] for i in known.remaining]
        record = record_of(self.pool, known.measured, known.waiting)
        proposals = propose(self.campaign, record, n, self.seed, candidates)
        if not proposals:
            raise RuntimeError(f"kyoso proposed nothing among {len(candidates)} conditions")
        return [
            Chosen(self.pool.position(p.point), p.generator, dict(p.prediction)) for p in proposals
        ]


class FloorPlanner:
    """The floor: a plain Gaussian process with expected improvement (``baselines``)."""

    def __init__(self, pool: Pool, seed: int, campaign: Campaign) -> None:
        self.model = GpEi(pool, seed)

    def __call__(self, known: Known, n: int) -> list[Chosen]:
        """One after the other; what is under way is believed to come as predicted."""
        chosen: list[Chosen] = []
        for _ in range(n):
            waiting = [*known.waiting, *(c.condition for c in chosen)]
            taken = set(waiting)
            left = [i for i in known.remaining if i not in taken]
            chosen.append(self.model(known.measured, left, waiting))
        return chosen


MAKERS: dict[str, Callable[[Pool, int, Campaign], Planner]] = {
    "kyoso": Kyoso,
    "gp-ei": FloorPlanner,
}
"""The planners that choose. ``random`` and ``history`` need no model: see ``replay``."""


def make(name: str, pool: Pool, seed: int, options: Mapping[str, Any] | None = None) -> Planner:
    """A planner by name; ``options`` are changes to the pool's campaign, such as hypotheses."""
    campaign = pool.campaign
    if options:
        campaign = Campaign.model_validate(campaign.model_dump() | dict(options))
    return MAKERS[name](pool, seed, campaign)
