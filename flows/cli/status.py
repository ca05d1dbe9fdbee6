"""status: how campaigns stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import typer
from rich.table import Table

from flows.cli.common import (
    DataFolder,
    JsonOut,
    complaints,
    line,
    record,
    say,
    settings,
    show,
    write_json,
)
from planner.campaign.campaign import Campaign
from planner.campaign.values import Frozen
from planner.desk import idle_because, paused_because, trouble_of
from planner.loop.trouble import read_file_troubles, read_troubles
from planner.record.basis import Basis
from planner.record.notice import INSTEAD
from planner.record.record import Record
from planner.record.status import CampaignStatus
from planner.record.summary import Summary, describe
from planner.record.trial import TrialState
from planner.store import Store, Unreadable


def status(
    name: Annotated[str | None, typer.Argument(help="Name of a campaign; else all.")] = None,
    data: DataFolder = None,
    json: JsonOut = None,
) -> None:
    """Show how campaigns stand. One that cannot be loaded is named; the others are shown."""
    with complaints():
        store = record(data)
        troubles = read_troubles(settings(data).data)
        found = [_standing(store, name, troubles)] if name else _all_standings(store, troubles)
    if json is not None:
        described = [standing.answer for standing in found]
        write_json(described[0] if name else described, json)
        return
    for standing in found:
        standing.show()
    for file, why in ({} if name else read_file_troubles(settings(data).data)).items():
        say(("cannot be used", "red"), f": the file {file} in the folder of campaigns: {why}")


class Standing(Summary):
    """How a campaign stands, and whether it is worked on."""

    status: CampaignStatus
    paused_because: str | None
    """Why the loop paused it by itself."""
    trouble: str | None
    """What stood in the way at its last turn on the server."""
    model_trouble: str | None
    """Why the model does not plan at present."""
    nothing_proposed: str | None
    """Why there is nothing to propose at present."""


class UnreadableCampaign(Frozen):
    """A campaign that cannot be loaded."""

    campaign: str
    status: Literal["unreadable"]
    problem: str


@dataclass(frozen=True)
class _Shown:
    """A campaign that can be loaded."""

    answer: Standing
    table: Table

    def show(self) -> None:
        """As a table and a few lines."""
        now = self.answer
        show(self.table)
        say(f"{now.status}; {now.budget.shown}")
        for name, top in now.best.items():
            say(f"best {name}: {top.value:.6g} {top.unit} (trial {top.trial})")
        if now.paused_because:
            say(("paused", "yellow"), f": {now.paused_because}")
        if now.trouble:
            say(("at its last turn", "yellow"), f": {now.trouble}")
        if trouble := now.model_trouble:
            say(("the model does not plan", "yellow"), f": {trouble.rstrip('.')}; {INSTEAD}")
        if now.nothing_proposed:
            say(("nothing is proposed", "yellow"), f": {now.nothing_proposed}")
        for task in now.waiting_for_people:
            say(f"waits for people: {task}")


@dataclass(frozen=True)
class _Unloaded:
    """A campaign that cannot be loaded."""

    answer: UnreadableCampaign

    def show(self) -> None:
        """What is wrong, and what can be done."""
        name, why = self.answer.campaign, self.answer.problem
        say(("damaged", "red"), f": {why}; the others go on. To show it no more: ",
            f"kyoso remove {name!r} --as NAME (its record stays)")  # fmt: skip


def _standing(store: Store, name: str, troubles: Mapping[str, str]) -> _Shown:
    now = store.look(name)
    answer = Standing(
        **dict(describe(now.campaign, now.record)),
        status=now.status,
        paused_because=paused_because(store, now) or None,
        trouble=None if now.status.is_at_rest else troubles.get(name),
        model_trouble=trouble_of(store, now) or None,
        nothing_proposed=idle_because(store, now) or None,
    )
    return _Shown(answer, _table(now.campaign, now.record))


def _all_standings(store: Store, troubles: Mapping[str, str]) -> list[_Shown | _Unloaded]:
    found: list[_Shown | _Unloaded] = []
    for name in store.campaigns.names():
        try:
            found.append(_standing(store, name, troubles))
        except Unreadable as error:
            found.append(_unloaded(name, str(error)))
    return found


def _unloaded(name: str, why: str) -> _Unloaded:
    return _Unloaded(UnreadableCampaign(campaign=name, status="unreadable", problem=why))


def _table(campaign: Campaign, seen: Record) -> Table:
    table = Table(title=f"{campaign.name}{' (synthetic)' if campaign.synthetic else ''}")
    for heading in ("trial", "state", "made by", "point", "results"):
        table.add_column(heading)
    units = {n: campaign.unit(n) for n in (*campaign.parameters, *campaign.outcomes)}
    basis = Basis(campaign, seen)
    for trial in seen.trials:
        results = {r.outcome: r.value for r in seen.results_of.get(trial.number, [])}
        point = {n: trial.point[n] for n in campaign.free}
        found = line(results, units) or trial.message
        if trial.state is TrialState.PROPOSED:
            found = basis.shown(trial)
        if why := seen.left_out.get(trial.number):
            found = f"{found} (nothing is learned from it: {why})"
        table.add_row(
            str(trial.number), trial.state.value, trial.generator, line(point, units), found
        )
    return table
