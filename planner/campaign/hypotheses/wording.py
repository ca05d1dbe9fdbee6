"""Settings and limits in the sentences that claims are."""

from collections.abc import Mapping

from planner.campaign.values import Value, shown


def listed(values: Mapping[str, Value]) -> str:
    """``T = 650, route = SPS``."""
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items())


def limited(values: tuple[Value, ...]) -> str:
    """``600 to 700`` of two numbers; of a choice, ``is SPS or HIP``."""
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values) and (
        len(values) == 2
    ):
        return f"{shown(values[0])} to {shown(values[1])}"
    return "is " + " or ".join(map(shown, values))
