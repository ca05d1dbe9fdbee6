"""How an outcome runs along one parameter, as slopes with an honest interval: Student's t with as
many degrees of freedom as there are results to spare.

Two are told: that of the model over all conditions that are possible, by which credence moves, and
the straight line through the results alone, which mixes in whatever else was varied.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from models.statistics.optimum import Contrast
from models.statistics.warp import Warp
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.evidence import Course
from planner.campaign.parameter import Choice, Free, Range, ends, is_number, read_number
from planner.record.record import Observation

STEP = 1e-3
"""Half of the distance, in standard deviations of an outcome, over which its scale is taken to be
straight."""


@dataclass(frozen=True)
class Slope:
    """A slope and its 95 % interval."""

    value: float
    """In the outcome's unit per unit of the parameter; per decade on a log scale."""
    standard_error: float
    half_width: float
    """Half of the 95 % interval."""
    freedom: int
    """Degrees of freedom: results minus two of the line, minus three of the model."""
    unit: str

    @property
    def rising(self) -> float:
        """Probability that it is above 0, by Student's t."""
        from scipy.stats import t  # half a second of import

        error = max(self.standard_error, 1e-9 * abs(self.value), 1e-300)
        return float(t.cdf(self.value / error, self.freedom))

    @property
    def shown(self) -> str:
        """As people write it: ``-3.6e-03 ± 1.1e-02 1/K (95 %, 1 degree of freedom)``."""
        plural = "" if self.freedom == 1 else "s"
        return (
            f"{self.value:.3g} ± {self.half_width:.3g} {self.unit} "
            f"(95 %, {self.freedom} degree{plural} of freedom)"
        )


def slope_of(campaign: Campaign, course: Course, seen: Sequence[Observation]) -> Slope | None:
    """The line through the results within the range of a course; None with fewer than three of
    them, or all at one setting."""
    parameter = campaign.free[course.parameter]
    low, high = (
        (-math.inf, math.inf)
        if course.over is None or isinstance(parameter, Choice)
        else (read_number(v, parameter.unit) for v in course.over)
    )
    rows = [
        (float(setting), o.values[course.outcome][0])
        for o in seen
        if course.outcome in o.values
        and is_number(setting := o.point[course.parameter])
        and low <= float(setting) <= high
    ]
    x, y = np.array(rows, dtype=float).reshape(-1, 2).T
    x = np.log10(x) if _is_log(parameter) else x
    spread = float(((x - x.mean()) ** 2).sum()) if len(x) > 2 else 0.0
    if spread <= 0:
        return None
    value = float((x - x.mean()) @ y) / spread
    residual = y - y.mean() - value * (x - x.mean())
    freedom = len(x) - 2
    error = math.sqrt(float(residual @ residual) / freedom / spread)
    return Slope(value, error, student(freedom) * error, freedom, _unit(campaign, course))


def slopes_by_model(
    campaign: Campaign, course: Course, cube: Cube, found: Contrast, warp: Warp, freedom: int
) -> tuple[Slope, ...]:
    """What contrasts (``trend.contrasts``) say of the outcome in its unit: of a rise or fall its
    slope; of a peak or dip the slopes at a quarter and at three quarters of the range. On a curved
    scale of the outcome they are those at the middle of the results."""
    low, high = course.span(cube)
    parameter = campaign.free[course.parameter]
    bottom, top = ends(parameter)  # type: ignore[arg-type]  # a course is along numbers
    length = (high - low) * (math.log10(top / bottom) if _is_log(parameter) else top - bottom)
    rise = (warp.back(STEP, 0.0)[0] - warp.back(-STEP, 0.0)[0]) / (2 * STEP) / length
    sign = 1 if course.sign in ("rises", "peaks") else -1
    errors = rise * np.sqrt(np.maximum(np.diag(found.after), 0.0))
    return tuple(
        Slope(
            float(sign * way * rise * mean), float(error), student(freedom) * float(error), freedom,
            _unit(campaign, course),
        )
        for way, mean, error in zip((1, -1), found.mean, errors, strict=False)
    )  # fmt: skip


def _is_log(parameter: Free) -> bool:
    return isinstance(parameter, Range) and parameter.scale == "log"


def _unit(campaign: Campaign, course: Course) -> str:
    is_log = _is_log(campaign.free[course.parameter])
    per = "decade" if is_log else campaign.unit(course.parameter)
    return f"{campaign.unit(course.outcome) or '1'} per {per or 'unit'}"


@cache
def student(freedom: int) -> float:
    """The quantile that leaves 2.5 % above it: 12.7, 4.30, 3.18 ... 1.96."""
    from scipy.stats import t  # half a second of import

    return float(t.ppf(0.975, freedom))
