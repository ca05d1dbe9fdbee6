"""The roles of all columns, step by step: what is sure first, what needs other roles last."""

from planner.importing.guess import computed, record_keeping, settings_and_results, spreads
from planner.importing.guess.roles import Guess
from planner.tables.table import Table

STEPS = (
    record_keeping.by_format, record_keeping.status, record_keeping.arm, record_keeping.constant,
    record_keeping.order, record_keeping.batch, settings_and_results.composition,
    spreads.spread, computed.described, spreads.replicates, record_keeping.context,
    computed.computed, settings_and_results.texts, settings_and_results.numbers,
    spreads.late_spread, settings_and_results.ages,
)  # fmt: skip
"""Each gives roles to columns that have none yet, whatever their order in the table."""


def guess_roles(table: Table) -> Guess:
    """A role, with a reason, for every column."""
    guess = Guess(table)
    for step in STEPS:
        step(guess)
    return guess
