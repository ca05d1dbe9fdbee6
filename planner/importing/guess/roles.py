"""Which part each column plays. A guess with a reason, from names, formats and the numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.importing.guess import names as words
from planner.importing.guess.profile import ColumnProfile, profiles
from planner.importing.guess.relations import Composition, Relation, compositions, derived
from planner.importing.guess.signs import (
    age,
    close,
    few_counts,
    has_age,
    host_of,
    is_dates,
    outcome_score,
    rises,
    without_circles,
)
from planner.tables.table import Table

ROLES = ("parameter", "outcome", "sd", "n", "replicate", "order", "batch", "arm", "status",
         "context", "derived", "ignore")  # fmt: skip
SPARSE = 0.5
"""Share of missing cells beyond which a measured column is no goal but context."""
NEARLY = 0.85
"""Share of the rows of which the number is one above that before, in a count with slips."""
PARTS_MEASURED = {"yield", "conversion"}


@dataclass(frozen=True)
class Role:
    """The part of one column."""

    column: str
    role: str
    why: str
    of: str = ""
    """For ``sd``, ``n`` and ``replicate``: the outcome."""


class Guess:
    """Roles on their way: each step gives a role to columns that have none yet."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.columns = profiles(table)
        self.roles: dict[str, Role] = {}
        self.compositions: list[Composition] = compositions(self.columns)
        self.relations: list[Relation] = []
        for step in (
            self._by_format, self._status, self._arm, self._constant, self._order, self._batch,
            self._composition, self._spread, self._replicates, self._derived, self._context,
            self._texts, self._numbers, self._ages, self._at_least_one_outcome,
        ):  # fmt: skip
            step()

    @property
    def open(self) -> list[ColumnProfile]:
        """Columns without a role, in the order of the table."""
        return [p for name, p in self.columns.items() if name not in self.roles]

    def named(self, *roles: str) -> list[str]:
        """Columns with one of these roles, in the order of the table."""
        return [n for n in self.columns if n in self.roles and self.roles[n].role in roles]

    def groups(self) -> list[str]:
        """The arm of each row."""
        arms = self.named("arm")
        return list(self.columns[arms[0]].cells) if arms else [""] * len(self.table.rows)

    def correct(self, column: str, role: str) -> None:
        """A person says what a column is; a spread goes with the outcome that is most alike."""
        p, hosts = self.columns[column], [self.columns[n] for n in self.named("outcome")]
        marks = words.SPREAD if role == "sd" else words.COUNT
        host = host_of(p, [h for h in hosts if h.name != column], marks)
        of = host.name if host is not None and role in ("sd", "n", "replicate") else ""
        self.give(column, role, "as a person says", of)

    def give(self, column: str, role: str, why: str, of: str = "") -> None:
        """Decide on a column."""
        self.roles[column] = Role(column, role, why, of)

    def _first(self, role: str, why: str, fits: Callable[[ColumnProfile], bool]) -> None:
        """The first open column that fits; of such roles there is one."""
        if not self.named(role):
            for p in self.open:
                if fits(p):
                    self.give(p.name, role, why)
                    return

    def _by_format(self) -> None:
        for name, hint in self.table.hints.items():
            if hint.startswith("standard error of "):
                self.give(name, "sd", "the file's format says so", hint.removeprefix(
                    "standard error of "))  # fmt: skip
            else:
                self.give(name, hint.partition(":")[0], "the file's format says so")

        for p in self.open:
            if p.name == "FitNr" and "BatchNr" in self.columns:
                self.give(p.name, "ignore", "BayBE counts its fits")

    def _status(self) -> None:
        def fits(p: ColumnProfile) -> bool:
            values = {c.lower() for c in p.filled}
            return not p.is_numeric and (
                (p.named.has(words.STATUS) and len(values) <= 8)
                or (bool(values) and values <= words.STATUS_VALUES)
            )

        self._first("status", "words such as completed or failed", fits)

    def _arm(self) -> None:
        def fits(p: ColumnProfile) -> bool:
            values = {w for c in p.filled for w in re.split(r"[^a-z]+", c.lower()) if w}
            few = not p.is_numeric and 2 <= len(p.levels) <= 8 and not p.missing
            known = values & words.ARM_VALUES
            return few and (
                (p.named.has(words.ARM) and bool(known)) or len(known) >= max(2, len(p.levels) - 1)
            )

        self._first("arm", "tells campaigns in one table apart", fits)

    def _constant(self) -> None:
        for p in self.open:
            if len(p.levels) < 2:
                value = f"always {p.levels[0]}" if p.levels else "empty"
                self.give(p.name, "ignore", value)

    def _order(self) -> None:
        groups = self.groups()

        def counting(p: ColumnProfile) -> bool:
            return p.named.has(words.ORDER) and (
                p.counts_up() or p.counts_up(groups) or rises(p)
            ) and not p.named.has(words.BATCH - words.ORDER)  # fmt: skip

        self._first("order", "counts the rows", counting)
        self._first("order", "dates or times that rise", is_dates)
        self._first("order", "counts the rows", lambda p: p.place == 0 and p.counts_up())
        for p in self.open:
            names_rows = p.named.has(words.ORDER) and not p.named.has(words.OUTCOME - words.ORDER)
            if names_rows and p.is_unique and (p.is_whole or not p.is_numeric):
                self.give(p.name, "ignore", "a name of each row")
            elif names_rows and p.is_whole and self._nearly_counts(p):
                self.give(p.name, "ignore", "a number of each row, some of them twice")
            elif (
                names_rows
                and not p.is_numeric
                and len(p.levels) >= words.SAMPLES
                and not (p.named.has(words.PARAMETER - words.ORDER))
            ):
                self.give(p.name, "ignore", "names samples")
            elif p.named.has(words.TIME) and not p.is_numeric:
                self.give(p.name, "context", "a date")

    def _nearly_counts(self, p: ColumnProfile) -> bool:
        """Whether a column that is called nothing but a count goes up by one almost everywhere."""
        counts = words.ORDER - words.BATCH - words.PARAMETER
        called = not p.named.unit and all(word in counts for word in p.named.words)
        return called and float(np.mean(np.diff(p.numbers) == 1)) >= NEARLY

    def _batch(self) -> None:
        def fits(p: ColumnProfile) -> bool:
            levels = len(p.levels)
            return p.is_whole and p.named.has(words.BATCH) and 1 < levels < len(p.filled)

        self._first("batch", "a number that many rows share", fits)

    def _composition(self) -> None:
        for group in self.compositions:
            measured = any(self.columns[n].named.has(PARTS_MEASURED) for n in group.columns)
            if not measured and not set(group.columns) & set(self.roles):
                for name in group.columns:
                    self.give(name, "parameter", f"a part of {group.total:g}")

    def _spread(self) -> None:
        """Standard deviations with what they belong to, and counts of measurements."""
        spreads = [p for p in self.open if p.is_numeric and p.named.has(words.SPREAD)]
        hosts = [p for p in self.open if p.is_numeric and p not in spreads]
        for p in spreads:
            if host := host_of(p, hosts, words.SPREAD):
                self.give(p.name, "sd", f"spread of {host.name}", host.name)
                if host.name not in self.roles:
                    self.give(host.name, "outcome", "has a standard deviation")
        outcomes = [self.columns[n] for n in self.named("outcome")]
        for p in self.open:
            counts = p.is_whole and p.named.has(words.COUNT) and len(p.levels) <= few_counts(p)
            if counts and outcomes and float(np.nanmin(p.numbers)) >= 0:
                host = host_of(p, outcomes, words.COUNT) or outcomes[-1]
                self.give(p.name, "n", f"measurements behind {host.name}", host.name)

    def _replicates(self) -> None:
        """``Strength1`` to ``Strength3`` beside their mean; a column that counts repeats."""
        outcomes = [self.columns[n] for n in self.named("outcome")]
        for p in self.open:
            base = tuple(w for w in p.named.words if not w.isdigit())
            if p.is_numeric and p.named.words[-1:] and p.named.words[-1].isdigit():
                host = next((o for o in outcomes if set(base) & set(o.named.words)), None)
                if host is not None and close(p, host):
                    self.give(p.name, "replicate", f"one measurement of {host.name}", host.name)
            elif p.is_whole and p.named.has(words.REPLICATE):
                self.give(p.name, "replicate", "counts repeats")

    def _derived(self) -> None:
        numeric = [p for p in self.open if p.is_numeric]
        sources = [p.name for p in self.columns.values()
                   if p.is_numeric and self._may_be_source(p)]  # fmt: skip
        self.relations = derived(self.columns, [p.name for p in numeric], sources)
        for relation in without_circles(self.relations, self.columns):
            p = self.columns[relation.column]
            if not p.named.has(words.OUTCOME):
                self.give(p.name, "derived", f"= {relation.formula}")

    def _may_be_source(self, p: ColumnProfile) -> bool:
        role = self.roles.get(p.name)
        return role is None or role.role in ("parameter", "outcome")

    def _context(self) -> None:
        for p in self.open:
            if p.named.has(words.CONTEXT):
                self.give(p.name, "context", "recorded, not set")
            elif p.named.has(words.PROGRESS):
                self.give(p.name, "context", "progress, computed from the results so far")

    def _texts(self) -> None:
        for p in self.open:
            if p.is_numeric:
                continue
            if len(p.levels) > max(2, 0.5 * len(p.filled)) and len(p.levels) > words.FEW_TEXTS:
                self.give(p.name, "ignore", "a text of its own in nearly every row")
            else:
                self.give(p.name, "parameter", f"one of {len(p.levels)} kinds")

    def _numbers(self) -> None:
        """Parameters and outcomes among what is left: by name, levels and place."""
        left = [p for p in self.open]
        settled = [p.place for p in map(self.columns.get, self.named("outcome")) if p]
        for p in left:
            is_last = p.place == max((q.place for q in left), default=-1) or bool(
                settled and p.place > min(settled)
            )
            score, why = outcome_score(p, is_last, len(self.table.columns))
            if score < 2:
                self.give(p.name, "parameter", why or "a number that was set")
            elif p.missing > SPARSE:
                self.give(
                    p.name, "context", f"measured, but missing in {p.missing:.0%} of the rows"
                )
            else:
                self.give(p.name, "outcome", why)

    def _ages(self) -> None:
        """Of one quantity at several ages, the last is the goal."""
        families: dict[tuple[str, ...], list[ColumnProfile]] = {}
        for name in self.named("outcome"):
            p = self.columns[name]
            if any(re.fullmatch(r"\d+", w) for w in p.named.words) and has_age(name):
                base = tuple(w for w in p.named.words if not re.fullmatch(r"\d+|[dhm]", w))
                families.setdefault(base, []).append(p)
        for family in families.values():
            for p in sorted(family, key=age)[:-1] if len(family) > 1 else []:
                self.give(p.name, "context", "an earlier age of the same quantity")
                for spread in [n for n in self.named("sd") if self.roles[n].of == p.name]:
                    self.give(spread, "ignore", f"spread of {p.name}")

    def _at_least_one_outcome(self) -> None:
        numeric = [n for n in self.named("parameter") if self.columns[n].is_numeric]
        if not self.named("outcome") and len(numeric) > 1:
            self.give(numeric[-1], "outcome", "the last column of numbers")
