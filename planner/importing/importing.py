"""Import of a table: what it holds, what its columns seem to mean, what is wrong with it.

Nothing is repaired silently and nothing is stored but the mapping, beside the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner.door.names import own_name
from planner.importing.checks import check_table
from planner.importing.declared import declared_by
from planner.importing.guess.guessed import GuessedMapping, propose_mapping
from planner.past.history import check_columns, remembered
from planner.past.mapping import Question, TableMapping, read_mapping
from planner.past.mapping_text import mapping_text
from planner.tables.reading import read_declaration, read_table
from planner.tables.stack import stacked
from planner.tables.table import RAGGED, Finding, Table


@dataclass(frozen=True)
class Import:
    """A table, what was guessed of it, the mapping in force, and every finding."""

    table: Table
    proposal: GuessedMapping
    mapping: TableMapping
    is_guessed: bool
    """Whether nobody has looked at the mapping yet."""
    findings: tuple[Finding, ...]
    place: Path
    """The file of the table; its mapping is kept beside it."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is still to be answered; a mapping that people wrote has answered."""
        return self.proposal.questions if self.is_guessed else ()

    @property
    def text(self) -> str:
        """The guessed mapping as a file."""
        return mapping_text(self.proposal.content, self.proposal.questions)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # 1e300 beside 1 is no fault
def import_table(
    sources: Sequence[Path],
    mapping: Path | None = None,
    sheet: str | None = None,
    corrected: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Import:
    """Read one table, or several that are arms or rounds of one campaign, and check everything. A
    file of BayBE or BoFire among them says what the columns of the others are.

    The mapping is the one given, else the one remembered beside the table, else a guess;
    ``corrected`` are roles of columns that a person gave, ``name`` what a guess is called.
    HistoryError where there is no table or a mapping does not fit.
    """
    table, place = _read(sources, sheet)
    proposal = propose_mapping(table, name or _name(place), corrected)
    written = mapping or remembered(place)
    rules = read_mapping(written) if written and written.exists() else proposal.mapping
    check_columns(table, rules)
    read = (_settled(finding, rules) for finding in table.findings)
    findings = (*read, *check_table(table, rules, proposal.guess))
    return Import(table, proposal, rules, rules is proposal.mapping, findings, place)


def _read(sources: Sequence[Path], sheet: str | None) -> tuple[Table, Path]:
    """The table in the files, and the first file of it."""
    told = {path: read_declaration(path) for path in sources} if len(sources) > 1 else {}
    files = [path for path in sources if told.get(path) is None] or list(sources)
    tables = [read_table(path, sheet=sheet) for path in files]
    table = tables[0] if len(tables) == 1 else stacked(tables)
    for path, found in told.items():
        if found is not None:
            declaration, notes = found
            table = declared_by(declaration, table, path.name)
            read = Finding("declared", f"{path.name} says what its columns are", "note")
            table = replace(table, findings=(*table.findings, read, *notes))
    return table, files[0]


def _settled(finding: Finding, rules: TableMapping) -> Finding:
    """What was found about cells and rows is no error any more where the mapping says what they
    are."""
    settled = rules.ragged_rows if finding.code == RAGGED else finding.column in rules.cells
    return replace(finding, level="note") if settled else finding


def _name(source: Path) -> str:
    """What a campaign is called after its table, or after the folder where the table's name says
    nothing."""
    plain = source.stem.lower() in ("data", "raw", "table", "results", "candidates")
    return own_name(source.resolve().parent.name if plain else source.stem)
