"""hypotheses: what the record says about what people claimed."""

from typing import Annotated

import typer
from rich.table import Table

from flows.cli.common import DataFolder, JsonOut, complaints, record, say, show, write_json
from planner.laboratory import utc_now

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("hypotheses")(hypotheses)


def hypotheses(name: Name, data: DataFolder = None, json: JsonOut = None) -> None:
    """Show each hypothesis with its credence, the evidence, and how it came about."""
    from planner.ledger import ledger  # scipy, only here

    with complaints():
        store = record(data)
        campaign = store.campaigns.get(name)
        found = ledger(campaign, store.snapshot(name), utc_now().date())
        write_json(found, json)
    if str(json) == "-":
        return
    if not found["hypotheses"]:
        say(f"{name} has no hypotheses; they stand in its file, or: kyoso claim {name} --help")
        return
    table = Table(title=f"{name}: {found['results']} results")
    for heading in ("claim", "by", "stated", "credence", "evidence"):
        table.add_column(heading)
    for entry in found["hypotheses"]:
        table.add_row(
            entry["title"],
            entry["author"],
            f"{entry['strength']:.0%}",
            f"{entry['credence']:.0%}" if entry["active"] else "not in force",
            entry["evidence"],
        )
    show(table)
