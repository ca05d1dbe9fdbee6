"""What an import found, as a checked value: what ``kyoso import --json`` writes."""

from collections import Counter
from typing import Any, Literal

from planner.campaign.values import Frozen
from planner.importing.guess.roles import Guess
from planner.importing.importing import Import
from planner.past.mapping import Question
from planner.tables.table import Finding, Level


class ImportedColumn(Frozen):
    """What a column of the table seems to be."""

    name: str
    role: str
    of: str | None
    """The outcome of which it tells the spread or the number of measurements."""
    why: str
    unit: str
    missing: float
    """Share of the cells that are empty."""


class ImportFinding(Frozen):
    """Something about the table that a person should know."""

    code: str
    level: Level
    column: str | None
    rows: tuple[int, ...]
    text: str


class ImportOverview(Frozen):
    """What the table holds, what its columns seem to mean, and what is wrong with it."""

    table: str
    format: str
    rows: int
    mapping_from: Literal["guess", "file"]
    columns: tuple[ImportedColumn, ...]
    roles: dict[str, str]
    """By column."""
    guess: dict[str, Any]
    """The guessed mapping, as in its file."""
    mapping: dict[str, Any]
    """The mapping in force, as in its file."""
    questions: tuple[Question, ...]
    """What only a person knows; empty where people wrote the mapping."""
    levels: dict[Level, int]
    """How many findings there are of each."""
    findings: tuple[ImportFinding, ...]


def overview(found: Import) -> ImportOverview:
    """Everything that an import found."""
    guess, columns = found.proposal.guess, found.table.columns
    return ImportOverview(
        table=found.table.source,
        format=found.table.format,
        rows=len(found.table.rows),
        mapping_from="guess" if found.is_guessed else "file",
        columns=tuple(_column(guess, name) for name in columns),
        roles={name: guess.roles[name].role for name in columns},
        guess=found.proposal.content,
        mapping=found.mapping.model_dump(mode="json", exclude_defaults=True),
        questions=found.questions,
        levels=dict(Counter(f.level for f in found.findings)),
        findings=tuple(map(_finding, found.findings)),
    )


def _column(guess: Guess, name: str) -> ImportedColumn:
    role, column = guess.roles[name], guess.columns[name]
    return ImportedColumn(
        name=name,
        role=role.role,
        of=role.of or None,
        why=role.why,
        unit=column.unit,
        missing=round(column.missing, 4),
    )


def _finding(finding: Finding) -> ImportFinding:
    return ImportFinding(
        code=finding.code,
        level=finding.level,
        column=finding.column or None,
        rows=finding.rows,
        text=finding.text,
    )
