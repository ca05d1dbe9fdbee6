"""A table of past experiments as a laboratory: it answers what was once measured at a point."""

import math
import random
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Literal

from pydantic import Field

from executors.files import is_cancelled, job_folder, keep_order, kept_order, mark_cancelled
from executors.table.cells import TableRow, apart, read_table, same, span
from planner.campaign.values import Frozen, Point, shown
from planner.executor import Abandoned, Answer, Finished, Lost, Measurement, WorkOrder, read_options


class Options(Frozen):
    """Options of the stage."""

    table: Path
    """A CSV file with a header, in the units of the campaign."""
    parameters: dict[str, str] | None = None
    """Column of each parameter that tells rows apart; by default all, by their names."""
    outcomes: dict[str, str] = Field(default={})
    """Column of each outcome that is called otherwise there."""
    sd: dict[str, str] = Field(default={})
    """Column with the standard error of an outcome, for points measured once."""
    tolerance: float = Field(default=1e-6, ge=0, lt=1)
    """Relative difference up to which two numbers are the same setting."""
    replicate: Literal["mean", "draw"] = "mean"
    """For a point measured several times: the mean, or one of them drawn by the order's seed."""


class Lookup:
    """Answers with the rows that equal the point; abandons where there is none, naming the nearest.

    The standard error of a mean of n replicates is their sd / sqrt(n), of a drawn one their sd;
    of a single row it is what the ``sd`` column says, if anything. Empty cells were not measured.
    """

    human = False

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.options = read_options(Options, options)
        named = {**(self.options.parameters or {}), **self.options.outcomes}
        self.rows = read_table(
            self.options.table.expanduser(), {*named.values(), *self.options.sd.values()}
        )

    def check(self, order: WorkOrder) -> None:
        """ValueError where the table and the order do not share their columns."""
        self._columns(order)

    def submit(self, order: WorkOrder) -> None:
        """Keep the order; the table needs no time."""
        keep_order(job_folder(self.folder, order.job), order)

    def poll(self, job: str) -> Answer:
        """What the table says."""
        place = job_folder(self.folder, job)
        order = kept_order(place)
        if order is None:
            return Lost()
        return Abandoned("cancelled") if is_cancelled(place) else self.answer(order)

    def cancel(self, job: str) -> None:
        """Never answer this job again."""
        mark_cancelled(job_folder(self.folder, job))

    def answer(self, order: WorkOrder) -> Answer:
        """What the table says of a point; the same for the same order."""
        try:
            columns = self._columns(order)
        except ValueError as error:
            return Abandoned(str(error))
        wanted = {column: order.point[name] for name, column in columns.items()}
        found = [row for row in self.rows if self._equal(row, wanted)]
        if not found:
            return Abandoned(f"the table has no such row; the nearest is {self._nearest(wanted)}")
        measured = [self._measurement(name, found, order) for name in order.gives]
        if not any(measured):
            return Abandoned(f"the table has no value of {', '.join(order.gives)} there")
        return Finished(tuple(m for m in measured if m))

    def _columns(self, order: WorkOrder) -> dict[str, str]:
        """The column of each parameter that tells rows apart."""
        columns = self.options.parameters or {name: name for name in order.point}
        unknown = [n for n, c in columns.items() if n not in order.point or c not in self.rows[0]]
        if unknown or not columns:
            raise ValueError(f"the table and the point do not share {', '.join(unknown)!r}")
        return columns

    def _equal(self, row: TableRow, wanted: Point) -> bool:
        return all(same(row[c], value, self.options.tolerance) for c, value in wanted.items())

    def _nearest(self, wanted: Point) -> str:
        """The row at the least distance, each numeric column in units of its range."""
        spans = {c: span([row[c] for row in self.rows]) for c in wanted}

        def distance(row: TableRow) -> float:
            return sum(apart(row[c], value, spans[c]) ** 2 for c, value in wanted.items())

        best = min(self.rows, key=distance)
        return shown({c: best[c] for c in wanted})

    def _measurement(
        self, name: str, found: list[TableRow], order: WorkOrder
    ) -> Measurement | None:
        """One outcome from the replicates in which it was measured."""
        column = self.options.outcomes.get(name, name)
        rows = [row for row in found if isinstance(row.get(column), float)]
        values = [float(row[column]) for row in rows]
        if not values:
            return None
        error = rows[0].get(self.options.sd.get(name, ""))
        value, n = fmean(values), len(values)
        if self.options.replicate == "draw":
            value, n = random.Random(order.seed).choice(values), 1
        if len(values) > 1:
            error = stdev(values) / math.sqrt(n)
        return Measurement(
            name, value, order.units.get(name, ""),
            error if isinstance(error, float) else None,
            f"{self.options.replicate} of {len(values)}", f"table {self.options.table.name}",
        )  # fmt: skip
