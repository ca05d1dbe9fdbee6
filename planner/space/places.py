"""Settings of one parameter as places between 0 and 1, which ``encoding.decode`` turns back."""

import numpy as np

from planner.campaign.parameter import Choice, Free, Range, ends
from planner.space.encoding import ZERO_SHARE, Floats, settings_at

ROUNDING = 1e-6
"""How far from 0, as a share of the range, a number still is 0."""


def is_continuous(parameter: Free) -> bool:
    """Whether it may have any value between its ends, or 0."""
    return parameter.kind == "range" and parameter.step is None


def places(parameter: Free, values: Floats) -> Floats:
    """Where settings lie; of steps, levels and choices (by index) in the middle of their share."""
    if not is_continuous(parameter):
        return np.asarray((_index(parameter, values) + 0.5) / parameter.count)
    assert isinstance(parameter, Range)
    low, high = parameter.low, parameter.high
    if parameter.scale == "log":
        return np.asarray(np.clip(np.log(values / low) / np.log(high / low), 0, 1))
    share = (values - low) / (high - low)
    if parameter.allow_zero:
        return np.where(values == 0, ZERO_SHARE / 2, ZERO_SHARE + (1 - ZERO_SHARE) * share)
    return np.asarray(share)


def nearest(parameter: Free, numbers: Floats) -> Floats:
    """The settings nearest to numbers; of a choice of numbers, the index."""
    if not is_continuous(parameter):
        if isinstance(parameter, Choice):
            levels = np.array(parameter.values, dtype=float)
            return np.asarray(np.abs(numbers[:, None] - levels).argmin(axis=1), dtype=float)
        return settings_at(parameter, places(parameter, numbers))
    assert isinstance(parameter, Range)
    inside = np.clip(numbers, parameter.low, parameter.high)
    low, high = ends(parameter)
    is_zero = np.abs(numbers) <= ROUNDING * (high - low)
    return np.where(is_zero & (low <= 0), 0.0, inside)


def _index(parameter: Free, values: Floats) -> Floats:
    """Which of its settings is the nearest."""
    match parameter.kind:
        case "choice":
            return values
        case "ordered":
            levels = np.array(parameter.values)
            return np.asarray(np.abs(values[:, None] - levels).argmin(axis=1), dtype=float)
        case "integer":
            return np.round(values - parameter.low)
    steps = np.round((values - parameter.low) / (parameter.step or 1))
    return np.where(values == 0, 0, steps + 1) if parameter.allow_zero else steps
