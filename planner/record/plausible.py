"""Whether a measured value may be a slip: one rule for tables that are imported and for what people
type. It only asks: a value that is right is stored anyway, and nothing is ever repaired."""

import math
from collections.abc import Sequence
from statistics import median

from models.error import KyosoError

LEAST = 4
"""Known values from which another one may lie apart."""
FAR, FAR_BY_FACTORS, FAR_ALONE = 5.0, 3.0, 10.0
"""Ranges of the known values beyond their last one: of numbers, of their logarithms where all are
positive (a current density that spans decades is no slip), of numbers where logarithms say nothing.
"""
MANY, EVEN = 8, 0.25
"""Values, and the middle one as a part of lowest and highest together, from which logarithms are
not asked: that part is 0.5 where values are spread evenly, and small where they span decades."""
STEADY = 0.1
"""Of the middle value: a smaller range is taken for this one."""
TRIMMED = 0.1
"""Share of the known values at the far end that may be slips themselves."""
USUAL = 2
"""Known values beyond what a unit has from which they are no slips: an elongation above 100 %, a
shrinkage below 0, a difference of temperatures."""
ABSOLUTE_ZERO = {"k": 0.0, "kelvin": 0.0, "degc": -273.15, "celsius": -273.15, "°c": -273.15,
                 "℃": -273.15, "degf": -459.67, "°f": -459.67}  # fmt: skip
"""By unit in small letters. Exact, by definition."""


class Implausible(KyosoError, ValueError):
    """A value that may be a slip; people store it anyway or look again."""


def implausible(value: float, known: Sequence[float], unit: str = "") -> str:
    """Why a value may be a slip beside what is known of the same quantity; empty where it need
    not. ``known`` is without it."""
    others = sorted(float(v) for v in known if math.isfinite(v))
    if why := _beyond_unit(value, others, unit.strip("[]() ")):
        return why
    if len(others) < LEAST:
        return ""
    return _of_other_sign(value, others) or _apart(value, others)


def _beyond_unit(value: float, others: Sequence[float], unit: str) -> str:
    """Shares are 0 to 100 %, and no temperature is below absolute zero."""
    bare, is_share = _bare(unit), _is_share(_bare(unit))
    low, high = (0.0, 100.0) if is_share else (ABSOLUTE_ZERO.get(bare, -math.inf), math.inf)
    if value > high and sum(v > high for v in others) < USUAL:
        return f"{value:g} is more than 100 %"
    if value < low and sum(v < low for v in others) < USUAL:
        return (
            f"{value:g} is less than 0 %"
            if is_share
            else f"{value:g} {unit} is below absolute zero"
        )
    return ""


def _bare(unit: str) -> str:
    return unit.strip("[]() ").lower().replace(".", "").replace(" ", "")


def _of_other_sign(value: float, others: Sequence[float]) -> str:
    """A minus too many, or one that is missing, among values far from zero."""
    low, high = others[0], others[-1]
    size = high - low
    if min(abs(low), abs(high)) <= size or low * high <= 0 or value * low >= 0:
        return ""
    if not low - size <= -value <= high + size:
        return ""
    return f"{value:g} has another sign than all other values, {low:g} to {high:g}"


def _is_share(bare: str) -> bool:
    return bare in ("%", "percent") or (bare.endswith("%") and bare[:-1] in
                                        ("wt", "vol", "mol", "at", "mass", "m", "v"))  # fmt: skip


def _apart(value: float, others: Sequence[float]) -> str:
    """Compared with the others, which are sorted, but for the last ones on its side."""
    cut = int(TRIMMED * len(others))
    inner = others[: len(others) - cut] if value > median(others) else others[cut:]
    low, high = inner[0], inner[-1]
    if low <= value <= high or not (high - low or high):
        return ""
    beyond = value - high if value > high else low - value
    size = max(high - low, STEADY * abs(median(inner)))
    positive = [v for v in inner if v > 0]
    by_factors = value > 0 and len(positive) >= LEAST - 1 and not _is_even(inner)
    if by_factors and not _is_far_by_factors(value, positive):
        return ""
    if beyond <= (FAR if low > 0 < value else FAR_ALONE) * size:
        return ""
    return f"{value:g} lies far from most other values, {low:g} to {high:g}"


def _is_even(known: Sequence[float]) -> bool:
    """Whether many values lie about the middle of their range: they do not span decades."""
    return len(known) >= MANY and median(known) >= EVEN * (known[0] + known[-1])


def _is_far_by_factors(value: float, positive: Sequence[float]) -> bool:
    low, high = math.log(positive[0]), math.log(positive[-1])
    size = max(high - low, math.log1p(STEADY))
    return max(math.log(value) - high, low - math.log(value)) > FAR_BY_FACTORS * size
