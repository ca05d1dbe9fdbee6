"""Settings that are copies of an outcome."""

from collections.abc import Iterator

from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.past.leaks import Leak, near_one
from planner.tables.table import Finding


def check_leaks(view: ColumnsByRole) -> Iterator[Finding]:
    """Each setting that is a number beside each outcome."""
    for p in view.parameters:
        if not p.is_numeric or view.is_choice(p):
            continue
        for outcome in view.outcomes:
            if rank := near_one(p.numbers, outcome.numbers):
                leak = Leak(p.name, outcome.name, rank, len(p.cells))
                yield view.finding("leak", leak.words, column=p.name)
