"""What a trend says of a function over the conditions that are possible: contrasts that are above 0
where it holds; and how probable that is. Pure."""

import numpy as np

from planner.campaign.cube import Cube
from planner.campaign.hypotheses.evidence import Course
from planner.space.encoding import Floats

LEARNED = 3
"""Numbers that a model learns from the results before they say anything of a trend: a mean, how
strongly the outcome varies, and its noise."""
SURE = 1e-4
"""No trend is taken to be surer than this."""
SEED, DRAWS = 5, 4096


def within(course: Course, cube: Cube) -> Floats:
    """The points of a cube (m, d), squeezed along the parameter into the range that is claimed: all
    of it leaves them where they are."""
    (low, high), rows = course.span(cube), np.array(cube.rows)
    column = list(cube.free).index(course.parameter)
    rows[:, column] = low + (high - low) * rows[:, column]
    return rows


def contrasts(course: Course, cube: Cube) -> Floats:
    """Weights (F, m) of the values of a function ``within`` the range, each row adding up to 0: the
    claim holds if every weighted sum is above 0.

    A rise is the slope of the straight line (least squares) through the values; a peak are two, the
    slopes of a parabola at a quarter of the range and back from three quarters: its top lies
    between. No rows where the points take too few settings for such a curve.
    """
    u = np.asarray(cube.unit(course.parameter))
    straight = course.sign in ("rises", "falls")
    powers = np.vander(u, 2 if straight else 3, increasing=True)
    if np.linalg.matrix_rank(powers) < powers.shape[1]:
        return np.zeros((0, len(u)))
    _, slope, *bend = np.linalg.pinv(powers)
    found = np.array([slope] if straight else [slope + bend[0] / 2, -(slope + 1.5 * bend[0])])
    return found if course.sign in ("rises", "peaks") else -found


def probability(mean: Floats, covariance: Floats, freedom: float = np.inf) -> float:
    """That all of F contrasts are above 0, by Student's t of mean (F,) and scale ``covariance``
    (F, F), with ``freedom`` degrees of freedom; the normal law where that is infinite."""
    if len(mean) == 1:
        from scipy.stats import t  # half a second of import

        found = t.cdf(mean[0] / np.sqrt(max(covariance[0, 0], 1e-18)), freedom)
    else:
        rng = np.random.default_rng(SEED)
        support = covariance + 1e-9 * np.trace(covariance) * np.eye(len(mean))
        spread = rng.multivariate_normal(np.zeros(len(mean)), support, DRAWS, method="cholesky")
        if np.isfinite(freedom):
            spread /= np.sqrt(rng.chisquare(freedom, (DRAWS, 1)) / freedom)
        found = (mean + spread > 0).all(axis=1).mean()
    return float(np.clip(found, SURE, 1 - SURE))
