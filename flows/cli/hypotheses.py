"""hypotheses, claim, retract: what people claim, and what the record says about it."""

from typing import Annotated

import typer
from rich.table import Table

from flows.cli.common import DataFolder, JsonOut, Who, complaints, record, say, show, write_json
from planner import desk
from planner.campaign.file import parse_yaml
from planner.loop.laboratory import utc_now

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]


def hypotheses(name: Name, data: DataFolder = None, json: JsonOut = None) -> None:
    """Show each hypothesis with its credence, the evidence, and how it came about."""
    from planner.beliefs.ledger import ledger  # scipy, only here
    from planner.beliefs.vetoes import taught

    with complaints():
        store = record(data)
        found = ledger(*taught(store.campaigns.get(name), store.snapshot(name)), utc_now().date())
        write_json(found, json)
    if str(json) == "-":
        return
    if not found.hypotheses:
        say(f"{name} has no hypotheses; they stand in its file, or: kyoso claim {name} --help")
        return
    table = Table(title=f"{name}: {found.results} results")
    for heading in ("claim", "by", "stated", "credence", "evidence"):
        table.add_column(heading)
    for entry in found.hypotheses:
        table.add_row(
            entry.title,
            entry.author,
            f"{entry.strength:.0%}",
            f"{entry.credence:.0%}" if entry.active else "not in force",
            entry.evidence,
        )
    show(table)


def claim(
    name: Name,
    text: Annotated[
        str,
        typer.Argument(
            help="The claim as in a campaign file, e.g. '{kind: near, point: {T: 650}}'."
        ),
    ],
    who: Who,
    data: DataFolder = None,
) -> None:
    """Add a hypothesis to a campaign: a new version of it, for the planner's next proposal."""
    with complaints():
        store = record(data)
        added = desk.claim(store, name, parse_yaml(text), who)
    say(f"{name} now has the claim: {added.title} ({added.strength:.0%})")


def retract(
    name: Name,
    title: Annotated[str, typer.Argument(help="Its name, or its words.", show_default=False)],
    who: Who,
    data: DataFolder = None,
) -> None:
    """Take a hypothesis out of a campaign; what was planned with it stays as it was."""
    with complaints():
        store = record(data)
        desk.retract(store, name, title, who)
    say(f"{name} no longer has the claim: {title}")
