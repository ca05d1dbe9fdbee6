"""The reverse of a claim: what a replay sets beside it, to see what a wrong one would have cost."""

from collections.abc import Sequence

from planner.campaign.campaign import Campaign
from planner.campaign.checks import read_constraint
from planner.campaign.hypothesis import Avoid, Candidates, Hypothesis, Near, Place, Trend
from planner.campaign.parameter import Choice, Free, from_unit, read_number, to_unit
from planner.campaign.values import Value

_SIGNS = {"rises": "falls", "falls": "rises", "peaks": "dips", "dips": "peaks"}


def opposite(campaign: Campaign, claim: Hypothesis) -> Hypothesis:
    """The same claim of the opposite: half of every range away, or of the other sign.

    Its points may break constraints, so put it into a campaign with ``holding``. A hard avoid
    stays as it is.
    """
    name = f"reverse of: {claim.title}"
    match claim:
        case Near():
            far = {n: _far(campaign.free[n], v) for n, v in claim.point.items()}
            return claim.model_copy(update={"point": far, "name": name})
        case Trend():
            return claim.model_copy(update={"sign": _SIGNS[claim.sign], "name": name})
        case Candidates():
            away = tuple(
                {n: _far(campaign.free[n], v) for n, v in point.items()} for point in claim.points
            )
            return claim.model_copy(update={"points": away, "name": name})
        case Avoid(hard=True):
            return claim
        case Place():
            within = {n: _shifted(campaign.free[n], v) for n, v in claim.within.items()}
            where = tuple(_turned(campaign, text) for text in claim.where)
            return claim.model_copy(update={"within": within, "where": where, "name": name})
    raise TypeError(f"unknown kind of claim: {claim.kind}")


def _far(parameter: Free, value: Value) -> Value:
    """The setting half a range away; of a choice, half of the list further."""
    if isinstance(parameter, Choice):
        at, count = parameter.values.index(parameter.check(value)), len(parameter.values)
        return parameter.values[(at + count // 2) % count]
    u = to_unit(parameter, read_number(value, parameter.unit))
    return from_unit(parameter, u + 0.5 if u < 0.5 else u - 0.5)


def _shifted(parameter: Free, limits: Sequence[Value]) -> tuple[Value, ...]:
    """Limits whose middle is half a range away, as far as the range goes; of a choice, the other
    values."""
    if isinstance(parameter, Choice):
        named = {parameter.check(v) for v in limits}
        return tuple(v for v in parameter.values if v not in named) or tuple(limits)
    low, high = (to_unit(parameter, read_number(v, parameter.unit)) for v in limits)
    shift = 0.5 if (low + high) / 2 < 0.5 else -0.5
    ends = min(max(low + shift, 0.0), 0.95), max(min(high + shift, 1.0), 0.05)
    return tuple(from_unit(parameter, u) for u in ends)


def _turned(campaign: Campaign, text: str) -> str:
    """The inequality that holds where this one does not."""
    constraint = read_constraint(text, campaign.parameters)
    total = " + ".join(f"{-k!r}*`{name}`" for name, k in constraint.coefficients.items())
    return f"{total} <= {-constraint.bound!r}"
