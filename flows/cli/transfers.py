"""export, import: a campaign as one file, to keep or to move."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import DataFolder, complaints, record, say
from planner.store.transfer import check_export, export_campaign, import_campaign


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("export")(export)
    app.command("import")(import_command)


def export(
    name: Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)],
    out: Annotated[Path, typer.Option(help="File to write (.zip).", show_default=False)],
    data: DataFolder = None,
) -> None:
    """Write a campaign with all its history and files into one zip (with a table of trials)."""
    with complaints():
        export_campaign(record(data), name, out)
    say(f"wrote {out}")


def import_command(
    file: Annotated[Path, typer.Argument(help="An exported campaign.", show_default=False)],
    data: DataFolder = None,
) -> None:
    """Bring an exported campaign into this record, equal to the last bit."""
    with complaints():
        check_export(file)
        name = import_campaign(record(data, must_exist=False), file)
    say(f"{name} is here")
