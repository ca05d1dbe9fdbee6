"""up, add: the persistent server, and campaigns that join it."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import (
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


def add(files: CampaignFiles, who: MaybeWho = None, data: DataFolder = None) -> None:
    """Add campaigns to the record; a running 'kyoso up' begins with them at once. Where no name is
    given (--as), 'kyoso add' stands beside it."""
    with complaints():
        campaigns = [read_runnable(file) for file in files]
        store = record(data, must_exist=False)
        for campaign in campaigns:
            say(_added(store, campaign, who))
    if not is_up(settings(data)):
        say("nobody works on these data now; 'kyoso up' would")


def _added(store: Store, campaign: Campaign, who: str | None) -> str:
    if who is None:
        return put_in(store, campaign, author="kyoso add", bring_back=True)
    version = desk.add(store, campaign, who)
    return f"campaign {campaign.name!r} is there, in version {version}"


def say(message: str) -> None:
    """One line, at once, whole: it may be read by a program."""
    console.print(message, soft_wrap=True, markup=False, highlight=False)
