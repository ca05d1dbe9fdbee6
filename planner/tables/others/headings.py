"""Two lines of headings of one table, as pandas writes columns of two levels: ``params`` above
``rate``."""

import re
from dataclasses import replace

from planner.tables.table import Table

_GROUPED = {"number", "state", "params"}


def with_joined_headings(table: Table) -> Table:
    """The table of ``Study.trials_dataframe(multi_index=True)`` with names as without; any other as
    it is."""
    if not set(table.columns) >= _GROUPED or not table.rows:
        return table
    under = dict(zip(table.columns, table.rows[0][1], strict=True))
    if under["number"] or not under["params"]:
        return table
    names = tuple(
        f"{re.sub(r' \(\d+\)$', '', top)}_{name}" if name else top for top, name in under.items()
    )
    findings = tuple(f for f in table.findings if f.code != "doubled-name")
    return replace(table, columns=names, rows=table.rows[1:], findings=findings)
