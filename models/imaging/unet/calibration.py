"""Scores of a network as honest probabilities: one temperature, and an offset for each class.

They are fitted where the network did not learn.
How well they hold: ``models.imaging.segmentation.scores``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from models.arrays import Floats, Integers
from models.imaging.volume import Greys

VOXELS = 200_000
"""Voxels that a fit looks at, at most."""
HOLD = 1e-4
"""How firmly offsets are held at 0; it matters only for a class that hardly occurs."""


@dataclass(frozen=True)
class ScoreCalibration:
    """What scores are divided by, and what is added to each class then."""

    temperature: float
    offsets: tuple[float, ...]

    def probabilities(self, scores: Greys) -> Greys:
        """(class, ...) that sum to 1."""
        shift = np.asarray(self.offsets, np.float32).reshape(-1, *[1] * (scores.ndim - 1))
        scaled = scores * np.float32(1 / self.temperature) + shift
        return np.asarray(softmax(scaled, axis=0), np.float32)


def calibrated(scores: Greys, classes: NDArray[np.uint8], seed: int = 0) -> ScoreCalibration:
    """Fit to the scores (class, voxel) of voxels of known class, by least log loss."""
    chosen = np.random.default_rng(seed).permutation(len(classes))[:VOXELS]
    some, truth = scores[:, chosen].astype(float), classes[chosen].astype(np.intp)
    count = len(scores)
    start = np.zeros(count + 1)
    best = minimize(_loss, start, args=(some, truth), jac=True, method="L-BFGS-B",
                    bounds=[(-3, 3)] + [(-4, 4)] * count)  # fmt: skip
    offsets = best.x[1:] - best.x[1:].mean()
    return ScoreCalibration(float(np.exp(-best.x[0])), tuple(map(float, offsets)))


def _loss(x: Floats, scores: Floats, truth: Integers) -> tuple[float, Floats]:
    """Log loss and its slope in log(1 / temperature) and the offsets."""
    scale, offsets = np.exp(x[0]), x[1:]
    logs = log_softmax(scores * scale + offsets[:, None], axis=0)
    voxels = np.arange(len(truth))
    wrong = np.exp(logs)
    wrong[truth, voxels] -= 1
    slope = np.array([(wrong * scores).sum() * scale, *wrong.sum(axis=1)]) / len(truth)
    slope[1:] += 2 * HOLD * offsets
    return float(-logs[truth, voxels].mean() + HOLD * (offsets**2).sum()), slope
