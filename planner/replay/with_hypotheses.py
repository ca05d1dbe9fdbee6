"""Replay with hypotheses: how many experiments they would have saved, and what their reverse would
have cost. Planners walk as in ``walk``, and stop once the goal is reached."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import ConfigDict, Field

from planner.beliefs.credence import weigh
from planner.beliefs.merging import RULE, MergingRule, guide_of
from planner.beliefs.opposite import opposite
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.hypothesis import Hypothesis
from planner.campaign.values import Frozen
from planner.past.pool import Floats, Pool
from planner.proposals.proposer import propose
from planner.proposals.slots import seeded
from planner.record.trial import Proposal
from planner.replay.parallel import finished, progress_bar
from planner.replay.planned import START, Noise
from planner.replay.values import Interval
from planner.replay.walk_record import record_of

GOAL = 0.9
"""Share of the attainable gain: from the mean of the pool to its best."""
DRAWS = 4000
"""Of the seeds, for an interval."""


class PlannedClaimWalk(NamedTuple):
    """One run to be done, in this process or another."""

    pool: Pool
    claims: tuple[Hypothesis, ...]
    seed: int
    budget: int
    goal: float
    """The merit to reach; a run ends there."""
    rule: MergingRule = RULE
    start: int = START
    noise: Noise = "mean"
    """What is seen of a condition: the mean of its replicates, or one of them by lot."""
    least: int = 0
    """Experiments that are made even where the goal is reached before."""
    look: int = 0
    """Results after which credences are looked at; 0: at the end."""


class ClaimWalk(NamedTuple):
    """What came of it."""

    experiments: int
    """To the goal; the budget where it was not reached."""
    reached: bool
    credence: tuple[float, ...]
    """Of each claim at the end, or after the first ``look`` results."""
    order: tuple[int, ...]
    """Conditions as they were tried."""


class ClaimRatio(Frozen):
    """Median experiments with claims over those without."""

    ratio_to_without: float
    ratio_95: Interval | None
    """From resampled seeds (percentile bootstrap); None where all runs end alike, of which no
    resampling can tell what another seed would do."""


class ClaimArm(Frozen):
    """Walks with the same claims, a seed each."""

    experiments: tuple[int, ...]
    """To the goal, of each walk; the budget where it was not reached."""
    median: float
    quartiles: Interval
    not_reached: int
    ratio_to_without: float
    ratio_95: Interval | None
    credence_at_the_end: dict[str, float]
    """Median over the walks, by title."""


class ClaimsReport(Frozen):
    """Experiments to the goal with the claims, without them, and with each reversed."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    mode: Literal["hypotheses"]
    name: str
    conditions: int
    goal: str
    budget: int
    seeds: int
    noise: Noise
    claims: tuple[str, ...]
    """In words."""
    without: ClaimArm
    with_claims: ClaimArm = Field(validation_alias="with", serialization_alias="with")
    reversed: ClaimArm

    @property
    def arms(self) -> dict[str, ClaimArm]:
        """By what was claimed in them."""
        return {"without": self.without, "with": self.with_claims, "reversed": self.reversed}


def goal_of(pool: Pool, share: float = GOAL) -> float:
    """The merit that is this share of the way from the mean of a pool to its best."""
    merit = pool.merits[:, 0]
    return float(merit.mean() + share * (merit.max() - merit.mean()))


def walk_claims(task: PlannedClaimWalk) -> ClaimWalk:
    """A walk through a pool with hypotheses: the same random start for all, but for what claims
    seed."""
    order: list[int] = []
    campaign, merits = _asked(task), task.pool.merits[:, 0]
    if task.noise == "draw":
        task = task._replace(pool=task.pool.drawn(task.seed))
    shuffled = np.random.default_rng(task.seed).permutation(task.pool.size).tolist()
    reached = 0
    while len(order) < task.budget and not (reached and len(order) >= task.least):
        order.append(_next(task, campaign, order, shuffled))
        if not reached and merits[order[-1]] >= task.goal:
            reached = len(order)
    looked = record_of(task.pool, order[: task.look or None])
    credence = tuple(w.credence for w in weigh(campaign, looked, task.pool.points))
    return ClaimWalk(reached or task.budget, reached > 0, credence, tuple(order))


def walk_all(
    tasks: Sequence[PlannedClaimWalk], workers: int = 1, progress: bool = False
) -> list[ClaimWalk]:
    """The runs in the order of the tasks; the same whatever the number of processes."""
    found: dict[int, ClaimWalk] = {}
    with progress_bar(progress) as bar:
        line = bar.add_task("replay", total=len(tasks))
        for i, run in finished(walk_claims, [*enumerate(tasks)], workers):
            found[i] = run
            bar.advance(line)
    return [found[i] for i in range(len(tasks))]


def compare_claims(
    name: str,
    pool: Pool,
    claims: Sequence[Hypothesis],
    seeds: int,
    budget: int,
    workers: int = 1,
    noise: Noise = "mean",
    progress: bool = False,
) -> ClaimsReport:
    """Experiments to the goal with the claims, without them, and with each reversed; ``name``: of
    the history."""
    campaign = pool.campaign
    arms = ((), tuple(claims), tuple(opposite(campaign, claim) for claim in claims))
    tasks = [
        PlannedClaimWalk(pool, arm, seed, min(budget, pool.size), goal_of(pool), noise=noise)
        for arm in arms
        for seed in range(seeds)
    ]
    runs = walk_all(tasks, workers, progress)
    plain = [run.experiments for run in runs[:seeds]]
    without, with_claims, reversed_ = (
        about(runs[i * seeds : (i + 1) * seeds], plain, arm) for i, arm in enumerate(arms)
    )
    return ClaimsReport(
        mode="hypotheses",
        name=name,
        conditions=pool.size,
        goal=f"{GOAL:.0%} of the way from the pool's mean to its best",
        budget=min(budget, pool.size),
        seeds=seeds,
        noise=noise,
        claims=tuple(claim.words for claim in claims),
        without=without,
        with_claims=with_claims,
        reversed=reversed_,
    )


def about(
    runs: Sequence[ClaimWalk], plain: Sequence[int], claims: Sequence[Hypothesis]
) -> ClaimArm:
    """Experiments, their ratio to those without claims, credences."""
    experiments = tuple(run.experiments for run in runs)
    low, middle, high = np.quantile(experiments, [0.25, 0.5, 0.75]).tolist()
    return ClaimArm(
        experiments=experiments,
        median=middle,
        quartiles=(low, high),
        not_reached=sum(not run.reached for run in runs),
        **dict(ratio(experiments, plain)),
        credence_at_the_end={
            claim.title: float(np.median([run.credence[i] for run in runs]))
            for i, claim in enumerate(claims)
        },
    )


def ratio(ours: Sequence[int], theirs: Sequence[int]) -> ClaimRatio:
    """Ratio of the medians, with a 95 % interval from resampled seeds (percentile bootstrap)."""
    median = float(np.median(ours) / np.median(theirs))
    if len({*ours}) == len({*theirs}) == 1:
        return ClaimRatio(ratio_to_without=median, ratio_95=None)
    ratios = resampled(ours, theirs, np.random.default_rng(0))
    low, high = np.quantile(ratios, [0.025, 0.975]).tolist()
    return ClaimRatio(ratio_to_without=median, ratio_95=(low, high))


def resampled(ours: Sequence[int], theirs: Sequence[int], rng: np.random.Generator) -> Floats:
    """The ratio of the medians for seeds drawn anew, in pairs, (DRAWS,)."""
    a, b = np.array(ours, dtype=float), np.array(theirs, dtype=float)
    chosen = rng.integers(len(a), size=(DRAWS, len(a)))
    return np.asarray(np.median(a[chosen], axis=1) / np.median(b[chosen], axis=1))


def _asked(task: PlannedClaimWalk) -> Campaign:
    """The pool's campaign with the claims; a reversed one need not respect the constraints."""
    planning = {"initial": task.start, "seed": task.seed}
    content = task.pool.campaign.model_dump() | {
        "planner": planning,
        "budget": {"trials": task.pool.size},
    }
    return Campaign.model_validate(content).holding(task.claims)


def _next(task: PlannedClaimWalk, campaign: Campaign, order: list[int], shuffled: list[int]) -> int:
    pool, tried = task.pool, set(order)
    record = record_of(pool, order)
    left = [pool.points[i] for i in range(pool.size) if i not in tried]
    if len(order) >= task.start:
        (proposal,) = propose(campaign, record, 1, task.seed, left, task.rule)
        return pool.position(proposal.point)
    random = next(i for i in shuffled if i not in tried)
    guide = guide_of(campaign, record, pool.points, task.rule) if task.rule.seeding else None
    if guide is None:
        return random
    plain = Proposal(point=pool.points[random], generator="random")
    (proposal,) = seeded(guide, record, [plain], task.seed, left)
    return pool.position(proposal.point)


def read_claims(campaign: Campaign, content: Any) -> tuple[Hypothesis, ...]:
    """Hypotheses from a file: a list of them, or a mapping with ``hypotheses``. ValueError (of the
    campaign) where they do not fit it."""
    listed = content.get("hypotheses") if isinstance(content, Mapping) else content
    if not isinstance(listed, list) or not listed:
        raise ValueError("a file of hypotheses is a list, or has a list under 'hypotheses'")
    return parse_campaign({**campaign.model_dump(), "hypotheses": listed}).hypotheses
