"""up, add: the persistent server, and campaigns that join it."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import (
    Complaint,
    DataFolder,
    Hosts,
    MaybeWho,
    complaints,
    console,
    record,
    settings,
    with_hosts,
)
from flows.server.campaign_files import put_in, read_runnable
from flows.server.supervisor import is_up
from flows.server.supervisor import up as run_everything
from planner import desk
from planner.campaign.campaign import Campaign
from planner.campaign.values import counted
from planner.store import Store

CampaignFiles = Annotated[
    list[Path], typer.Argument(help="Campaign files (YAML).", show_default=False)
]


def up(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Campaign files (YAML).", show_default=False)
    ] = None,
    data: DataFolder = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the panel.")] = 8501,
    host: Hosts = None,
) -> None:
    """Run the planning server: the loop, the panel and Prefect, until Ctrl-C."""
    with complaints():
        campaigns = [read_runnable(file) for file in files or []]
        run_everything(with_hosts(settings(data), host), campaigns, port, say)


def add(
    files: CampaignFiles,
    who: MaybeWho = None,
    source: Annotated[
        str | None,
        typer.Option("--from", help="Start it with the trials of this past campaign (one file)."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="With --from: mapping of a table.")] = None,
    data: DataFolder = None,
) -> None:
    """Add campaigns to the record; a running 'kyoso up' begins with them at once. Where no name is
    given (--as), 'kyoso add' stands beside it."""
    with complaints():
        campaigns = [read_runnable(file) for file in files]
        if source is not None:
            _start(campaigns, source, mapping, who, data)
            return
        store = record(data, must_exist=False)
        for campaign in campaigns:
            say(_added(store, campaign, who))
    if not is_up(settings(data)):
        say("nobody works on these data now; 'kyoso up' would")


def _start(
    campaigns: list[Campaign], source: str, mapping: Path | None, who: str | None,
    data: Path | None,
) -> None:  # fmt: skip
    """Start a campaign with the trials of a past one."""
    if len(campaigns) != 1:
        raise Complaint("--from: one campaign starts with the trials of a past one, not several")
    if who is None:
        raise Complaint("--as: a name is missing; it stands beside every imported trial")
    begin = desk.with_history(campaigns[0], source, mapping)
    desk.start_from(record(data, must_exist=False), begin.campaign, begin.past, who)
    for note in begin.notes:
        say(f"note: {note}")
    name = begin.campaign.name
    say(f"{name} is started with {counted(len(begin.past), 'trial')} of history")
    say(f"go on with: kyoso up, or kyoso run FILE   (look at it first: kyoso status {name!r})")


def _added(store: Store, campaign: Campaign, who: str | None) -> str:
    if who is None:
        return put_in(store, campaign, author="kyoso add", bring_back=True)
    version = desk.add(store, campaign, who)
    return f"campaign {campaign.name!r} is there, in version {version}"


def say(message: str) -> None:
    """One line, at once, whole: it may be read by a program."""
    console.print(message, soft_wrap=True, markup=False, highlight=False)
