"""What the colours of boundaries mean."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from executors.orientation.pictures import BETWEEN_PHASES, colour_by_angle


def test_a_boundary_between_phases_has_the_colour_of_no_angle() -> None:
    lines = LineCollection([[(0, 0), (1, 1)]] * 3)
    colour_by_angle(lines, np.array([12.0, 90.0, np.nan]))
    angles = lines.get_array()  # not known where it is nan
    assert angles is not None
    twelve, ninety, between = (to_hex(c) for c in lines.to_rgba(angles))
    assert between == BETWEEN_PHASES
    assert len({twelve, ninety, between}) == 3
