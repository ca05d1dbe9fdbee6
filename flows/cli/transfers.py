"""export, and what brings it back: a campaign as one file, to keep or to move."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import DataFolder, complaints, record, say
from planner.store.transfer import check_export, export_campaign, import_campaign


def export(
    name: Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)],
    out: Annotated[Path, typer.Option(help="File to write (.zip).", show_default=False)],
    data: DataFolder = None,
) -> None:
    """Write a campaign with all its history and files into one zip (with a table of trials)."""
    with complaints():
        export_campaign(record(data), name, out)
    say(f"wrote {out}")


def bring_back(file: Path, data: Path | None) -> None:
    """Bring an exported campaign into this record, equal to the last bit."""
    note = check_export(file)
    name = import_campaign(record(data, must_exist=False), file)
    say(f"{name} is here")
    if note:
        say(("note: ", "yellow"), note)
