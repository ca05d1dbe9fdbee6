"""What to try next: first a space-filling design, then the model. Pure: the seed is an argument."""

import logging
import warnings
from collections.abc import Callable, Sequence
from hashlib import blake2b
from importlib.metadata import version

from planner.campaign import Campaign
from planner.design import first_design, nearest_in_pool
from planner.record import Record
from planner.space import listed, without
from planner.trial import Proposal, State
from planner.values import Point


class PlanningError(RuntimeError):
    """The model could not make a proposal; the message says why."""


def propose(
    campaign: Campaign, record: Record, n: int, seed: int, pool: Sequence[Point] | None = None
) -> list[Proposal]:
    """At most ``n`` proposals; fewer where a finite space or ``pool`` is exhausted.

    The same campaign, record, ``n`` and ``seed`` give the same proposals. ``pool`` limits them to
    given points; a space of few points is a pool by itself. Nothing is proposed twice, nor what was
    vetoed. PlanningError where the model fails: it never falls back to anything by itself.
    """
    candidates = pool if pool is not None else listed(campaign)
    if candidates is not None:
        candidates = without(campaign, candidates, record.excluded)
        n = min(n, len(candidates))
    if n < 1:
        return []
    if is_first_design(campaign, record):
        return design(campaign, record, n, seed, candidates)
    return _model()(campaign, record, n, draw_seed(record, n, seed), candidates)


def design(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    pool: Sequence[Point] | None = None,
    reason: str = "space-filling first design",
) -> list[Proposal]:
    """The next ``n`` points of the space-filling design, whatever has been learned."""
    if pool is None:
        points = first_design(campaign, record.excluded, n, seed)
    else:
        points = nearest_in_pool(campaign, pool, n, len(record.trials), seed)
    packages = {"scipy": version("scipy")}
    return [
        Proposal(point=p, generator="sobol", reason=reason, seed=seed, packages=packages)
        for p in points
    ]


def is_first_design(campaign: Campaign, record: Record) -> bool:
    """Whether the space-filling design is not complete, or too little of it has come back to
    learn from."""
    planned = record.spent()
    learned = min(
        sum(name in o.values for o in record.observations) for name in campaign.objectives
    )
    enough = max(2, (campaign.initial + 1) // 2)
    return campaign.planner.generator == "sobol" or planned < campaign.initial or learned < enough


def room(campaign: Campaign, record: Record) -> int:
    """How many proposals are wanted now: what is missing to a full batch, within the budget."""
    open_trials = sum(trial.state.is_open for trial in record.trials)
    return max(
        0, min(campaign.planner.batch - open_trials, campaign.budget.trials - record.spent())
    )


def draw_seed(record: Record, n: int, seed: int) -> int:
    """A seed of 31 bits that follows from the base seed and from what has been planned and
    learned."""
    last_trial = max((t.number for t in record.trials), default=0)
    last_result = max((r.number for r in record.results), default=0)
    text = f"{seed}/{last_trial}/{last_result}/{record.count(State.FAILED)}/{n}"
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) >> 1


def _model() -> Callable[..., list[Proposal]]:
    """The model's side of ``propose``: twelve seconds of import and some chatter, once."""
    logging.disable(logging.INFO)  # Ax tells of its own SQL storage, which is not used
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # linear_operator uses torch.jit.script
        from planner.ax_bridge import propose_by_model
    logging.disable(logging.NOTSET)
    return propose_by_model
