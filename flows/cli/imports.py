"""import: a table of past experiments, looked over; or an exported campaign, brought back."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from flows.cli.common import Complaint, DataFolder, JsonOut, complaints, say, show, write_json
from flows.cli.transfers import bring_back
from planner.door.whole import whole
from planner.importing.answers import answered, with_roles
from planner.importing.guess.guessed import GuessedMapping
from planner.importing.importing import Import, import_table
from planner.importing.overview import overview
from planner.past.history import remembered
from planner.past.mapping import Question
from planner.tables.plain import write_plain

COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


def import_command(
    tables: Annotated[
        list[Path],
        typer.Argument(
            help="A table (CSV, TSV, Excel, JSON, files of Ax, Optuna and others; several: arms of "
            "one campaign, or a table with the campaign of BayBE or BoFire that says what it "
            "holds), a folder with mapping.yaml, or a campaign that 'kyoso export' wrote.",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="What the columns mean; written there if it is not there.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the report there, as HTML or as text (.txt, .md).")
    ] = None,
    ask: Annotated[
        bool | None, typer.Option("--ask/--no-ask", help="Ask at once; default: at a terminal.")
    ] = None,
    table: Annotated[
        Path | None, typer.Option(help="Write the table as it was read, as plain CSV.")
    ] = None,
    json: JsonOut = None,
    data: DataFolder = None,
) -> None:
    """Look over a table of past experiments: roles of its columns, and what is wrong with it.

    Nothing is repaired; only the mapping is stored, a file to correct. Then: kyoso replay.
    """
    with complaints():
        if len(tables) == 1 and _is_export(tables[0]):
            bring_back(tables[0], data)
            return
        tables, mapping = _of_folder(tables, mapping)
        found = import_table(tables, mapping, sheet)
        if found.is_guessed:
            kept = _keep(found, found.place, mapping, sys.stdin.isatty() if ask is None else ask)
        else:
            kept = ""
        if table is not None:
            write_plain(found.table, table)
        if report is not None:
            from planner.importing.report import import_report  # only where it is wanted

            report.write_text(import_report(found, html=report.suffix == ".html"), encoding="utf-8")
        write_json(overview(found), json)
    if str(json) != "-":
        _show(found)
        say(kept or "The mapping is as people wrote it.")


def _is_export(file: Path) -> bool:
    """Whether a file is a campaign that 'kyoso export' wrote, or wants to be one."""
    if file.suffix.lower() in (".zip", ".yaml", ".yml"):  # a campaign file: it says what is wrong
        return True
    from planner.store.transfer import is_export

    return is_export(file)


def _of_folder(tables: list[Path], mapping: Path | None) -> tuple[list[Path], Path | None]:
    """A folder brings its mapping, which names its table."""
    if len(tables) == 1 and tables[0].is_dir():
        from planner.past.history import table_of
        from planner.past.mapping import read_mapping

        mapping = mapping or tables[0] / "mapping.yaml"
        return [table_of(tables[0], read_mapping(mapping))], mapping
    return tables, mapping


def _keep(found: Import, source: Path, mapping: Path | None, ask: bool) -> str:
    """Write the guessed mapping, with the answers of a person at the keyboard; what to do next."""
    text = answered(found.proposal, _answers(found.proposal) if ask else {})
    place = mapping or remembered(source)
    try:
        with whole(place.resolve()) as file:  # half a mapping would pass for one that people wrote
            file.write(text.encode())
    except OSError as error:
        if mapping is not None:
            raise Complaint(f"--mapping: {mapping} cannot be written: {error.strerror}") from error
        return f"{place.parent} cannot be written; keep the mapping with --mapping FILE"
    more = f" --mapping {place}" if mapping is not None else ""
    return f"wrote {place}; correct it, then: kyoso replay {source}{more}"


def _answers(proposal: GuessedMapping) -> dict[str, str]:
    """What a person at the keyboard says: first what was set and measured, for goals follow."""
    roles = {q.field: _ask(q) for q in proposal.questions if q.field.startswith("role.")}
    rest = with_roles(proposal, roles).questions
    return roles | {q.field: _ask(q) for q in rest if not q.field.startswith("role.")}


def _ask(question: Question) -> str:
    allowed = question.allowed
    options = f" [{' | '.join((*allowed, *(['another value'] * question.free)))}]"
    while True:
        answer = str(typer.prompt(question.text + options * bool(allowed), default=question.guess))
        if not allowed or question.free or answer in (*allowed, question.guess):
            return answer
        say(f"{answer!r} is none of {', '.join(allowed)}")


def _show(found: Import) -> None:
    grid = Table(title=f"{found.table.source}: {len(found.table.rows)} rows, {found.table.format}")
    for heading in ("column", "role", "unit", "why"):
        grid.add_column(heading)
    guess = found.proposal.guess
    for name in found.table.columns:
        role = guess.roles[name]
        grid.add_row(name, role.role, guess.columns[name].unit, role.why)
    show(grid)
    for finding in found.findings:
        say((f"{finding.level}: ", COLOURS[finding.level]), str(finding))
    for question in found.questions:
        options = f" [{' | '.join(question.allowed)}]" if question.allowed else ""
        say(("to answer: ", "cyan"), f"{question.field}: {question.text}{options} "
            f"(for now: {question.guess})")  # fmt: skip
