"""Which part each column plays. A guess with a reason, from names, formats and the numbers."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile, profiles
from planner.importing.guess.relations import Relation, derived
from planner.importing.guess.set_or_measured import Weighed, weigh
from planner.importing.guess.signs import (
    age,
    close,
    few_counts,
    has_age,
    host_of,
    is_dates,
    is_goal,
    rises,
    says,
    without_circles,
)
from planner.importing.guess.sums import Composition, compositions
from planner.tables.table import Table, is_missing

ROLES = ("parameter", "outcome", "sd", "n", "replicate", "order", "batch", "arm", "status",
         "context", "derived", "ignore")  # fmt: skip
SPARSE = 0.4
"""Share of the rows with results beyond which a measured column that lacks there is no goal."""
NEARLY = 0.85
"""Share of the rows of which the number is one above that before, in a count with slips."""
KINDS = 4
"""Kinds, and rows of each in the mean, from which a number that goes with them describes them."""


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
        self.doubtful: dict[str, str] = {}
        """By column that may have been set or measured, what is taken for now."""
        for step in (
            self._by_format, self._status, self._arm, self._constant, self._order, self._batch,
            self._composition, self._spread, self._described,
            self._replicates, self._context, self._derived,
            self._texts, self._numbers, self._late_spread, self._ages,
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
        """The open column that fits, by name the first; of such roles there is one."""
        fitting = [p.name for p in self.open if fits(p)] if not self.named(role) else []
        if fitting:
            best = min(fitting, key=lambda n: (self._rank(n), len(n), n))
            self.give(best, role, why)

    def _rank(self, name: str) -> int:
        """How far a column is from being called a run or a batch, and not a sample or an index."""
        found = self.columns[name].named.words
        return min((words.FIRST.index(w) for w in found if w in words.FIRST), default=99)

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
            if all(map(is_missing, p.cells)) and says(p) > 0:
                self.give(p.name, "outcome", "a result that nobody has measured yet")
            elif len(p.levels) < 2:
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
        self._first("order", "counts the rows", self._only_counts)
        for p in self.open:
            names_rows = p.named.has(words.ORDER) and not p.named.has(words.OUTCOME - words.ORDER)
            alone = not p.named.unit and set(p.named.words) <= words.ORDER | words.FILLING
            called = alone or set(p.named.words[-1:]) & {"index", "idx", "id", "no", "nr", "number"}
            if names_rows and p.is_unique and (not p.is_numeric or (p.is_whole and called)):
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

    def _only_counts(self, p: ColumnProfile) -> bool:
        """Whether a column goes up from 0 or 1 with the rows, and has the name of no amount."""
        starts = p.counts_up() and p.numbers[0] in (0, 1)
        return bool(starts) and not p.named.unit and not says(p)

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
            measured = sum(self._is_result(n) for n in group.columns)
            if 2 * measured < len(group.columns) and not set(group.columns) & set(self.roles):
                for name in group.columns:
                    self.give(name, "parameter", f"a part of {group.total:g}")

    def _is_result(self, name: str) -> bool:
        return says(self.columns[name]) > 0

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
                host = host_of(p, outcomes, words.COUNT) or min(outcomes, key=lambda h: h.name)
                self.give(p.name, "n", f"measurements behind {host.name}", host.name)

    def _replicates(self) -> None:
        """``Strength1`` to ``Strength3`` beside their mean; a column that counts repeats."""
        families: dict[tuple[str, ...], list[ColumnProfile]] = {}
        for p in self.open:
            base = tuple(w for w in p.named.words if not w.isdigit())
            if p.is_numeric and len(base) < len(p.named.words):
                families.setdefault(base, []).append(p)
            elif p.is_whole and p.named.has(words.REPLICATE):
                self.give(p.name, "replicate", "counts repeats")
        for base, family in sorted(families.items()):
            if len(family) > 1 and (host := self._mean_of(base, family)):
                self.give(host.name, "outcome", "the mean of its repeats")
                for p in family:
                    self.give(p.name, "replicate", f"one measurement of {host.name}", host.name)

    def _mean_of(self, base: tuple[str, ...], family: list[ColumnProfile]) -> ColumnProfile | None:
        """The column that is the mean of repeats, or about as large and called so."""
        values = np.array([p.numbers for p in family])
        mean = np.full(values.shape[1], np.nan)
        told = np.isfinite(values).any(axis=0)
        mean[told] = np.nanmean(values[:, told], axis=0)
        slack = 1.05 * max(p.rounding for p in family)
        for p in sorted(self._measurable(), key=lambda p: p.name):
            if p in family:
                continue
            off = np.abs(p.numbers - mean)
            known = np.isfinite(off)
            called = set(base) & set(p.named.words) or p.named.has(words.MEAN)
            fine = slack + p.rounding < 0.1 * float(np.std(mean[known]) if known.any() else 0)
            if known.sum() >= 4 and fine and (off[known] <= slack + p.rounding).mean() >= 0.9:
                return p
            if called and all(close(q, p) for q in family):
                return p
        return None

    def _measurable(self) -> list[ColumnProfile]:
        return [p for n, p in self.columns.items() if p.is_numeric and (
            n not in self.roles or self.roles[n].role == "outcome")]  # fmt: skip

    def _described(self) -> None:
        """Numbers that have one value for each of several kinds describe the kind."""
        texts = [p for p in self.open if not p.is_numeric and len(p.levels) >= KINDS]
        for p in [p for p in self.open if p.is_numeric and len(p.levels) >= KINDS]:
            for kinds in sorted(texts, key=lambda t: (-len(t.levels), t.name)):
                pairs = set(zip(kinds.cells, p.numbers.tolist(), strict=True))
                if len(pairs) == len(kinds.levels) <= len(p.cells) / KINDS and not p.missing:
                    self.give(p.name, "derived", f"one value for each {kinds.name}")
                    break

    def _derived(self) -> None:
        numeric = [p for p in self.open if p.is_numeric]
        sources = [p.name for p in self.columns.values()
                   if p.is_numeric and self._may_be_source(p)]  # fmt: skip
        found = derived(self.columns, [p.name for p in numeric], sources)
        self.relations = without_circles(found, self.columns)
        for relation in self.relations:
            if not self._stays_a_result(relation):
                self.give(relation.column, "derived", f"= {relation.formula}")

    def _stays_a_result(self, relation: Relation) -> bool:
        """A yield is a goal also where it is computed, and a result that is a multiple of another
        quantity is one itself."""
        p = self.columns[relation.column]
        other = self.columns[relation.sources[0]]
        multiple = len(relation.sources) == 1 and set(p.named.words) != set(other.named.words)
        computed = is_goal(p) or (multiple and "-" not in relation.formula)
        return says(p) > 0 and computed

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
            if p.named.has(words.JUDGED):
                self.give(p.name, "context", "a result in words")
            elif len(p.levels) > max(2, 0.5 * len(p.filled)) and len(p.levels) > words.FEW_TEXTS:
                self.give(p.name, "ignore", "a text of its own in nearly every row")
            else:
                self.give(p.name, "parameter", f"one of {len(p.levels)} kinds")

    def _numbers(self) -> None:
        """Parameters and outcomes among what is left: what was set, and what was measured."""
        settings = [self.columns[n] for n in self.named("parameter")]
        outcomes = [self.columns[n] for n in self.named("outcome")]
        left = self.open
        weighed = weigh(left, settings, outcomes)
        measured = {n for n, w in weighed.items() if w.score > 0}
        measured |= self._one_at_least(measured, weighed, bool(settings), bool(outcomes))
        for p in left:
            w = weighed[p.name]
            role = "outcome" if p.name in measured else "parameter"
            self.give(p.name, role, w.why or "a number that was set")
            if w.is_doubtful or (role == "outcome") != (w.score > 0):
                self.doubtful[p.name] = "measured" if role == "outcome" else "set"
        self._sparse([self.columns[n] for n in self.named("outcome")])

    def _one_at_least(
        self, measured: set[str], weighed: dict[str, Weighed], settings: bool, outcomes: bool
    ) -> set[str]:
        """Where nothing was measured, the column for which most speaks; a person is asked."""
        if measured or outcomes or len(weighed) + settings < 2:
            return set()
        return {max(sorted(weighed), key=lambda n: weighed[n].score)}

    def _sparse(self, measured: list[ColumnProfile]) -> None:
        """What lacks in most of the rows that have any result is no goal; of candidates that wait
        to be measured nothing lacks that is there for another."""
        gappy = [p for p in measured if p.missing]
        if not gappy:
            return
        any_result = np.any([np.isfinite(p.numbers) for p in gappy], axis=0)
        for p in gappy:
            lacks = 1 - np.isfinite(p.numbers).sum() / max(any_result.sum(), 1)
            if SPARSE < lacks < 1:
                self._set_aside(p, f"measured, but missing in {p.missing:.0%} of the rows")

    def _set_aside(self, p: ColumnProfile, why: str) -> None:
        """A result that is no goal, and its spread."""
        self.doubtful.pop(p.name, None)
        self.give(p.name, "context", why)
        for spread in [n for n in self.named("sd") if self.roles[n].of == p.name]:
            self.give(spread, "ignore", f"spread of {p.name}")

    def _late_spread(self) -> None:
        """Spreads whose result was not known before."""
        outcomes = [self.columns[n] for n in self.named("outcome")]
        for p in [self.columns[n] for n in self.named("parameter", "outcome")]:
            others = [o for o in outcomes if o is not p]
            if p.is_numeric and p.named.has(words.SPREAD) and others:
                host = host_of(p, others, words.SPREAD)
                role, of = ("sd", host.name) if host else ("ignore", "")
                self.give(p.name, role, f"spread of {of}" if of else "the spread of a result", of)
            elif p.is_whole and set(p.named.words[:-1] or p.named.words[1:]) & words.COUNT and (
                others and len(p.levels) <= few_counts(p)
            ):  # fmt: skip
                host = host_of(p, others, words.COUNT) or min(others, key=lambda h: h.name)
                self.give(p.name, "n", f"measurements behind {host.name}", host.name)

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
                self._set_aside(p, "an earlier age of the same quantity")
