"""The straight line through the results of one outcome along one parameter, with an honest
interval: Student's t with as many degrees of freedom as there are results to spare."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.evidence import Course
from planner.campaign.parameter import Choice, Range, is_number, read_number
from planner.record.record import Observation


@dataclass(frozen=True)
class Slope:
    """Least squares, whatever else was varied."""

    value: float
    """In the outcome's unit per unit of the parameter; per decade on a log scale."""
    standard_error: float
    half_width: float
    """Half of the 95 % interval."""
    freedom: int
    """Degrees of freedom: results minus two."""
    unit: str

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
    is_log = isinstance(parameter, Range) and parameter.scale == "log"
    x = np.log10(x) if is_log else x
    spread = float(((x - x.mean()) ** 2).sum()) if len(x) > 2 else 0.0
    if spread <= 0:
        return None
    value = float((x - x.mean()) @ y) / spread
    residual = y - y.mean() - value * (x - x.mean())
    freedom = len(x) - 2
    error = math.sqrt(float(residual @ residual) / freedom / spread)
    per = "decade" if is_log else campaign.unit(course.parameter)
    unit = f"{campaign.unit(course.outcome) or '1'} per {per or 'unit'}"
    return Slope(value, error, student(freedom) * error, freedom, unit)


@cache
def student(freedom: int) -> float:
    """The quantile that leaves 2.5 % above it: 12.7, 4.30, 3.18 ... 1.96."""
    from scipy.stats import t  # half a second of import

    return float(t.ppf(0.975, freedom))
