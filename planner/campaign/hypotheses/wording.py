"""Settings and limits in the sentences that claims are."""

from collections.abc import Mapping

from planner.campaign.values import Value, shown


def listed(values: Mapping[str, Value]) -> str:
    """``T = 650, route = SPS``."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items())


def limited(values: tuple[Value, ...]) -> str:
    """``600 to 700`` of two numbers; of one setting, or of a choice, ``is SPS or HIP``."""
    if is_span(values):
        return f"{shown(values[0])} to {shown(values[1])}"
    return "is " + " or ".join(dict.fromkeys(map(shown, values)))


def is_span(values: tuple[Value, ...]) -> bool:
    """Whether they are low and high of a number. Values of a choice are words, as ``read_limits``
    has them."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return len(numbers) == len(values) == 2 and values[0] != values[1]
