"""Tables of other programs, known by their columns; each is told what its columns are."""

from collections.abc import Callable
from dataclasses import replace

from planner.tables.others import ax, bofire, designs, minimisers, optuna
from planner.tables.table import Table

LAYOUTS: tuple[Callable[[Table], Table | None], ...] = (
    ax.as_summary,
    optuna.as_trials,
    bofire.as_experiments,
    minimisers.as_nevergrad,
    minimisers.as_skopt,
    minimisers.as_pymoo,
    designs.as_edbo,
    designs.as_design,
    designs.as_notebook,
    designs.as_bare_design,
)
"""Each gives the table with what its columns are, or None where it is of another program."""


def as_laid_out(table: Table) -> Table:
    """The table by the layout of the program that wrote it; as it is where none is known."""
    found = next((found for layout in LAYOUTS if (found := layout(table)) is not None), None)
    return table if found is None else _without_idle_findings(found)


def _without_idle_findings(table: Table) -> Table:
    """Without what was noticed in columns that the other program keeps for itself."""
    kept = {n for n in table.columns if table.hints.get(n) != "ignore"} | {""}
    return replace(table, findings=tuple(f for f in table.findings if f.column in kept))
