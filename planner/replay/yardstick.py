"""What a pool holds, to score any order of its conditions against."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.statistics import scores
from planner.past.pool import Pool

type Floats = NDArray[np.float64]
type Curves = dict[str, Floats]


@dataclass(frozen=True)
class Yardstick:
    """What a pool holds, to score any order of its conditions against."""

    pool: Pool

    @cached_property
    def top(self) -> NDArray[np.bool_]:
        """The top set, shape (N,)."""
        return scores.top_set(self.pool.merits)

    @cached_property
    def reference(self) -> Floats:
        """Merits of the reference point: thresholds where all have one, else a percentile."""
        goals = list(self.pool.campaign.objectives.values())
        if not self.has_thresholds:
            return scores.reference_point(self.pool.merits)
        return np.array([g.merit(g.threshold) for g in goals if g.threshold is not None])

    @property
    def has_thresholds(self) -> bool:
        """Whether every objective has a threshold."""
        return all(g.threshold is not None for g in self.pool.campaign.objectives.values())

    @cached_property
    def volume(self) -> float:
        """Hypervolume of the whole pool; 1 where it is nothing, so that shares stay finite."""
        return scores.hypervolume(self.pool.merits, self.reference) or 1.0

    def curves(self, order: Sequence[int]) -> Curves:
        """Scores after each experiment; ``best:NAME`` holds merits of an objective."""
        merits = self.pool.merits
        volumes = scores.hypervolume_curve(order, merits, self.reference) / self.volume
        best = {f"best:{n}": scores.best_so_far(order, m) for n, m in self._columns()}
        return {"share": scores.share_of_top(order, self.top), "hypervolume": volumes, **best}

    def random_curves(self, budget: int) -> Curves:
        """The same as expected in random order."""
        volumes = scores.random_hypervolume(self.pool.merits, self.reference, budget) / self.volume
        best = {f"best:{n}": scores.random_best(m, budget) for n, m in self._columns()}
        return {
            "share": scores.random_share(self.pool.size, budget), "hypervolume": volumes, **best
        }  # fmt: skip

    def shown(self, name: str, merits: Floats) -> list[float]:
        """Merits as people read them: the outcome, or for a target the distance to it."""
        maximize = self.pool.campaign.objectives[name].goal == "maximize"
        return [float(merit if maximize else 0.0 - merit) for merit in merits]

    def _columns(self) -> list[tuple[str, Floats]]:
        return list(zip(self.pool.campaign.objectives, self.pool.merits.T, strict=True))
