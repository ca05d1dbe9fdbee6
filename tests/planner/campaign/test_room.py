"""Whether constraints leave room: the quick answer never differs from the linear programme's."""

from hypothesis import given
from hypothesis import strategies as st

from planner.campaign import room
from planner.campaign.expression import Constraint, parse_constraint
from planner.campaign.parameter import Range

FREE = {name: Range(low=low, high=high) for name, low, high in (("a", 0, 1), ("b", -5, 20))}
factors = st.integers(-4, 4).filter(bool)
constraints = st.builds(
    lambda a, b, relation, bound: parse_constraint(f"{a}*a + {b}*b {relation} {bound}", FREE),
    factors, factors, st.sampled_from(("<=", ">=", "==")), st.integers(-120, 120),
)  # fmt: skip


@given(st.lists(constraints, max_size=4))
def test_a_corner_that_is_allowed_is_room(found: list[Constraint]) -> None:
    if room._corner_satisfies(FREE, found):
        assert room._programme_has_a_point(FREE, found)
