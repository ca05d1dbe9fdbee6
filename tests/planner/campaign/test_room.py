"""Whether constraints leave room: the quick answer never differs from the programme's."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.campaign import room
from planner.campaign.expression import Constraint, parse_constraint
from planner.campaign.parameter import Choice, Free, Integer, Ordered, Range
from planner.campaign.programme import Programme
from planner.campaign.room import leaves_room
from planner.campaign.rules import read_any

FREE = {name: Range(low=low, high=high) for name, low, high in (("a", 0, 1), ("b", -5, 20))}
factors = st.integers(-4, 4).filter(bool)
constraints = st.builds(
    lambda a, b, relation, bound: parse_constraint(f"{a}*a + {b}*b {relation} {bound}", FREE),
    factors, factors, st.sampled_from(("<=", ">=", "==")), st.integers(-120, 120),
)  # fmt: skip


@given(st.lists(constraints, max_size=4))
def test_a_corner_that_is_allowed_is_room(found: list[Constraint]) -> None:
    if room._corner_satisfies(FREE, found):
        assert not Programme(FREE, found).is_empty


WHOLE = {name: Integer(low=0, high=10) for name in "ab"}


@pytest.mark.parametrize(
    ("free", "rules", "room_left"),
    [
        (WHOLE, ["2*a + 2*b == 7"], False),  # no whole numbers do
        (WHOLE, ["2*a + 2*b == 8"], True),
        (WHOLE, ["a + b >= 15", "at most 1 of a, b"], False),
        (WHOLE, ["a + b >= 15", "at least 2 of a, b"], True),
        (WHOLE, ["at least 2 of a, b", "a + b <= 1"], False),
        ({"a": Range(low=2, high=3, allow_zero=True)}, ["a <= 1"], True),
        ({"a": Range(low=2, high=3, allow_zero=True)}, ["a <= 1", "at least 1 of a"], False),
        ({"a": Ordered(values=(1, 2, 5))}, ["2*a <= 9", "a >= 3"], False),
        ({"a": Choice(values=(1, 2, 5)), "b": Range(low=0, high=1)}, ["a + b >= 5.5"], True),
        ({"a": Choice(values=(1, 2, 5)), "b": Range(low=0, high=1)}, ["a + b >= 6.5"], False),
    ],
)
def test_steps_levels_gaps_and_counts_are_reckoned_with(
    free: Mapping[str, Free], rules: Sequence[str], room_left: bool
) -> None:
    assert leaves_room(free, [read_any(text, free) for text in rules]) is room_left
