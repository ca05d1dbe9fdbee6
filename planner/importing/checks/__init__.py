"""What is odd about a table, with the numbers of its rows. Pure; repairs nothing."""

from dataclasses import replace

from planner.importing.checks.columns import check_columns_of
from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.importing.checks.leaks import check_leaks
from planner.importing.checks.outcomes import check_outcomes
from planner.importing.checks.repeats import check_repeats
from planner.importing.checks.sequence import check_sequence
from planner.importing.guess.roles import Guess
from planner.past.cells import explained
from planner.past.history import chosen_rows
from planner.past.mapping import TableMapping
from planner.tables.table import Finding, Table

__all__ = ["check_table"]


def check_table(table: Table, rules: TableMapping, guess: Guess) -> list[Finding]:
    """Every finding about the table as the mapping reads it: errors first, notes last."""
    table = explained(table, rules)
    whole = ColumnsByRole(table, rules, guess)
    part = ColumnsByRole(_chosen(table, rules), rules, guess) if rules.only else whole
    found = [
        *check_columns_of(whole),
        *check_outcomes(part),
        *check_leaks(part),
        *check_repeats(part),
        *check_sequence(part),
    ]
    return sorted(found, key=lambda finding: ("error", "warning", "note").index(finding.level))


def _chosen(table: Table, rules: TableMapping) -> Table:
    """The rows that count."""
    lines = {line for line, _ in chosen_rows(table, rules)}
    return replace(table, rows=tuple(row for row in table.rows if row[0] in lines))
