"""Active labelling: which slice a person should label next, and whether another one is worth it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from models.arrays import Floats
from models.imaging.volume import Greys

LEVELS = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
"""Quantiles of the greys of a slice that tell its looks."""
POWERS = np.linspace(0.3, 2.0, 18)
"""How fast errors may fall with the number of labelled slices: as its power."""
USUAL_ERROR = 0.01
"""Of a score, before any history speaks."""
HISTORY = 4
"""Scores at least, for a curve through them."""


def doubt(shares: Greys) -> Floats:
    """Mean entropy of the classes in each slice, in nats, from shares (class, z, y, x)."""
    told = np.clip(shares, 1e-9, 1)
    return np.asarray(-(told * np.log(told)).sum(axis=0).mean(axis=(1, 2)), float)


def looks(grey: Greys, shares: Greys) -> Floats:
    """What a slice looks like (z, feature), each with spread 1 over the stack: quantiles of its
    greys, how rough it is, and the shares of the classes that are expected in it."""
    levels = np.quantile(grey, LEVELS, axis=(1, 2))
    rough = [np.abs(np.diff(grey, axis=axis)).mean(axis=(1, 2)) for axis in (1, 2)]
    seen = np.vstack((levels, *rough, shares.mean(axis=(2, 3)))).T.astype(float)
    spread = seen.std(axis=0)
    return np.asarray((seen - seen.mean(axis=0)) / np.where(spread > 0, spread, 1))


def next_slice(doubts: Floats, seen: Floats, labelled: Collection[int]) -> int:
    """The slice that, once labelled, leaves the least doubt far from any labelled one.

    Each slice counts as its doubt times the distance of its looks to the nearest labelled slice;
    the slice that lowers the sum over the stack most is next. So it is like many slices that are in
    doubt, and unlike those that are labelled. ValueError where none is left.
    """
    if len(labelled) == len(doubts):
        raise ValueError(f"all {len(doubts)} slices are labelled")
    known = list(labelled)
    apart = np.sqrt(((seen[:, None] - seen) ** 2).mean(axis=2))
    now = apart[:, known].min(axis=1) if known else np.full(len(seen), apart.max())
    saved = doubts @ np.maximum(now[:, None] - apart, 0)
    saved[known] = -np.inf
    return int(np.argmax(saved))


@dataclass(frozen=True)
class LabelGain:
    """By how much a score should rise with more labelled slices: a normal distribution."""

    more: int
    """Slices."""
    mean: float
    sd: float
    """Of the gain of the curve that the scores scatter about."""
    score_sd: float
    """By how much one score scatters about it."""

    def probability(self, least: float) -> float:
        """That the score rises by ``least`` or more."""
        return float(stats.norm.sf(least, self.mean, self.sd))

    def worth(self, least: float, chance: float = 0.2) -> bool:
        """Whether to go on: there is at least this chance that the score rises by ``least``."""
        return self.probability(least) >= chance


def expected_gain(labelled: ArrayLike, scores: ArrayLike, more: int = 1) -> LabelGain:
    """From the scores on held-out slices after each number of labelled slices.

    The curve is ceiling - a n^-c, with every c of ``POWERS`` as probable before, and a and
    ceiling by least squares with priors that say next to nothing; each c counts as it explains
    the scores. ValueError where there are fewer than ``HISTORY`` scores.
    """
    n, y = np.asarray(labelled, float), np.asarray(scores, float)
    if len(n) != len(y) or len(y) < HISTORY:
        raise ValueError(f"a gain needs {HISTORY} scores or more, not {len(y)}")
    fits = [_fit(n, y, c, more) for c in POWERS]
    evidence, means, variances, scatters = np.array(fits).T
    weight = np.exp(evidence - evidence.max())
    weight /= weight.sum()
    mean = float(weight @ means)
    variance = float(weight @ (variances + (means - mean) ** 2))
    return LabelGain(more, mean, variance**0.5, float(weight @ scatters) ** 0.5)


def _fit(n: Floats, y: Floats, power: float, more: int) -> tuple[float, float, float, float]:
    """Logarithm of the evidence for a power, mean and variance of the gain under it, and the
    variance of a score.

    A normal-inverse-gamma prior: ceiling 0.8 and a 0.3, each known to about 0.5, and two scores'
    worth of belief that scores err by ``USUAL_ERROR``.
    """
    x = np.column_stack((np.ones_like(n), -(n**-power)))
    prior, before = np.eye(2) * (USUAL_ERROR / 0.5) ** 2, np.array((0.8, 0.3))
    precision = x.T @ x + prior
    best = np.linalg.solve(precision, x.T @ y + prior @ before)
    shape = 1 + len(n) / 2
    square = y @ y + before @ prior @ before - best @ precision @ best
    rate = USUAL_ERROR**2 + max(square, 0.0) / 2
    evidence = -0.5 * np.linalg.slogdet(precision)[1] - shape * np.log(rate)
    step = n[-1] ** -power - (n[-1] + more) ** -power
    covariance = rate / (shape - 1) * np.linalg.inv(precision)
    variance = float(covariance[1, 1]) * step**2
    return float(evidence), float(best[1] * step), variance, rate / (shape - 1)
