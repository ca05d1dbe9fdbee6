"""Hypothesis strategies for the values of the core: campaigns, and points of a campaign."""

from typing import Any

from hypothesis import strategies as st

from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
from planner.space.design import first_design

NAMES = [
    "T",
    "Time",
    "yield",
    "x1",
    "x10",
    "J-c",
    "焼結温度",
    "log",
    "p (bar)",
    "lambda",
    "hold time",
]
numbers = st.floats(-1000, 1000).map(lambda x: float(f"{x:.6g}"))
widths = st.floats(0.01, 1000).map(lambda x: float(f"{x:.6g}"))


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, Any]:
    low, width = draw(numbers), draw(widths)
    if draw(st.booleans()):
        return {
            "kind": "range",
            "low": abs(low) + 0.1,
            "high": abs(low) + 0.1 + width,
            "scale": "log",
        }
    step = {"step": width / draw(st.integers(1, 40))} if draw(st.booleans()) else {}
    return {"kind": "range", "low": low, "high": low + width, **step}


@st.composite
def integers(draw: st.DrawFn) -> dict[str, Any]:
    low = draw(st.integers(-50, 50))
    return {"kind": "integer", "low": low, "high": low + draw(st.integers(1, 100))}


orders = st.lists(numbers, min_size=2, max_size=6, unique=True).map(
    lambda values: {"kind": "ordered", "values": sorted(values)}
)
choices = st.lists(
    st.sampled_from(["SPS", "HIP", "on", "no", 1, 2.5]), min_size=2, unique=True
).map(lambda values: {"kind": "choice", "values": values})
fixed = st.sampled_from([{"kind": "fixed", "value": "Ar"}, {"kind": "fixed", "value": 3.5}])
parameters = st.one_of(ranges(), integers(), orders, choices, fixed)


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """A valid campaign with one to five parameters of any kind and one or two objectives."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    content: dict[str, Any] = {
        "name": "any",
        "parameters": {"free": draw(ranges())} | {name: draw(parameters) for name in names},
        "outcomes": {"quality": {"goal": draw(st.sampled_from(["maximize", "minimize"]))}},
        "stages": [{"name": "only", "executor": "virtual", "gives": ["quality"]}],
        "planner": {"seed": draw(st.integers(0, 1000))},
    }
    return parse_campaign(content)


@st.composite
def campaigns_with_point(draw: st.DrawFn) -> tuple[Campaign, Point]:
    """A campaign and one of its points."""
    campaign = draw(campaigns())
    return campaign, first_design(campaign, [], 1, draw(st.integers(0, 10_000)))[0]
