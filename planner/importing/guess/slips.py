"""Results of a table that may be slips, by the rule for what people type."""

import numpy as np

from planner.importing.guess.marks import floor_rule
from planner.importing.guess.profile import ColumnProfile
from planner.record.plausible import implausible

ENDS = 10
"""Values at either end that are looked at; what is no end is among the others."""


def slips(p: ColumnProfile) -> dict[int, str]:
    """By place, why a value may be a slip; a group that looks like a code of failures is none."""
    known = np.flatnonzero(np.isfinite(p.numbers))
    floor = floor_rule(p.numbers)
    coded = set(floor.places) if floor else set()
    order = known[np.argsort(p.numbers[known], kind="stable")].tolist()
    ends = dict.fromkeys([*order[:ENDS], *order[-ENDS:]])
    found = {}
    for place in sorted(set(ends) - coded):
        others = [float(p.numbers[i]) for i in order if i != place and i not in coded]
        if why := implausible(float(p.numbers[place]), others, p.unit):
            found[place] = why
    return found
