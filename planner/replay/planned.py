"""A planner's walk through a pool: how it is to go, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from planner.past.pool import Pool

START = 5
"""Random conditions at the start, the same for every planner with the same seed."""

type Noise = Literal["mean", "draw"]


@dataclass(frozen=True)
class Setup:
    """How a walk goes, the same for every planner."""

    budget: int
    start: int = START
    sizes: tuple[int, ...] = (1,)
    """Conditions chosen at once, batch after batch; the last number holds for all that follow."""
    pending: int = 0
    """Experiments whose results are not known yet when the next batch is chosen."""
    noise: Noise = "mean"
    """What a planner sees of a condition: the mean of its replicates, or one of them by lot."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Changes to the campaign that the planners are told, such as hypotheses."""


@dataclass(frozen=True)
class PlannedWalk:
    """One run to be done, in this process or another."""

    pool: Pool
    planner: str
    seed: int
    setup: Setup


@dataclass(frozen=True)
class Walk:
    """One planner's walk through the pool with one seed."""

    planner: str
    seed: int
    order: tuple[int, ...]
    generators: tuple[str, ...] = ()
    """What chose each condition after the start."""
    seconds: float = 0.0
    """For one proposal, on the mean, the first (which loads libraries) left aside."""
    forecasts: Mapping[str, Sequence[tuple[float, float, float]]] = field(default_factory=dict)
    """By outcome, predicted mean and standard deviation of each choice, and what was seen."""
