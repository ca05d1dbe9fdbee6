"""Which part each column plays: the roles there are, and those given so far."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile, profiles
from planner.importing.guess.relations import Relation
from planner.importing.guess.signs import (
    host_of,
)
from planner.importing.guess.sums import Composition, compositions
from planner.tables.table import Table

ROLES = ("parameter", "outcome", "sd", "n", "replicate", "order", "batch", "arm", "status",
         "context", "derived", "ignore")  # fmt: skip


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

    def first(self, role: str, why: str, fits: Callable[[ColumnProfile], bool]) -> None:
        """The open column that fits, by name the first; of such roles there is one."""
        fitting = [p.name for p in self.open if fits(p)] if not self.named(role) else []
        if fitting:
            best = min(fitting, key=lambda n: (self._rank(n), len(n), n))
            self.give(best, role, why)

    def _rank(self, name: str) -> int:
        """How far a column is from being called a run or a batch, and not a sample or an index."""
        found = self.columns[name].named.words
        return min((words.FIRST.index(w) for w in found if w in words.FIRST), default=99)
