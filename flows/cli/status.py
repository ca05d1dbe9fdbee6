"""status: how campaigns stand."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.table import Table

from flows.cli.common import DataFolder, JsonOut, complaints, line, record, say, show, write_json
from planner.campaign.campaign import Campaign
from planner.desk import trouble_of
from planner.record.notice import INSTEAD
from planner.record.record import Record
from planner.record.summary import describe
from planner.store import Store, Unreadable


def status(
    name: Annotated[str | None, typer.Argument(help="Name of a campaign; else all.")] = None,
    data: DataFolder = None,
    json: JsonOut = None,
) -> None:
    """Show how campaigns stand. One that cannot be loaded is named; the others are shown."""
    with complaints():
        store = record(data)
        found = [_standing(store, name)] if name else _all_standings(store)
    if json is not None:
        described = [standing.content() for standing in found]
        write_json(described[0] if name else described, json)
        return
    for standing in found:
        standing.show()


@dataclass(frozen=True)
class _Standing:
    """How a campaign stands."""

    summary: dict[str, Any]
    table: Table

    def content(self) -> dict[str, Any]:
        """As plain data."""
        return self.summary

    def show(self) -> None:
        """As a table and a few lines."""
        summary = self.summary
        show(self.table)
        spent = f"{summary['budget']['spent']} of {summary['budget']['trials']} trials spent"
        say(f"{summary['status']}; {spent}")
        for name, top in summary["best"].items():
            say(f"best {name}: {top['value']:.6g} {top['unit']} (trial {top['trial']})")
        if trouble := summary["model_trouble"]:
            say(("the model does not plan", "yellow"), f": {trouble.rstrip('.')}; {INSTEAD}")
        for task in summary["waiting_for_people"]:
            say(f"waits for people: {task}")


@dataclass(frozen=True)
class _Unloaded:
    """A campaign that cannot be loaded."""

    name: str
    why: str

    def content(self) -> dict[str, Any]:
        """As plain data."""
        return {"campaign": self.name, "status": "unreadable", "problem": self.why}

    def show(self) -> None:
        """What is wrong, and what can be done."""
        say(("damaged", "red"), f": {self.why}; the others go on. To show it no more: ",
            f"kyoso remove {self.name!r} --as NAME (its record stays)")  # fmt: skip


def _standing(store: Store, name: str) -> _Standing:
    now = store.look(name)
    summary = {
        **describe(now.campaign, now.record),
        "status": now.status.value,
        "model_trouble": trouble_of(store, now) or None,
    }
    return _Standing(summary, _table(now.campaign, now.record))


def _all_standings(store: Store) -> list[_Standing | _Unloaded]:
    found: list[_Standing | _Unloaded] = []
    for name in store.campaigns.names():
        try:
            found.append(_standing(store, name))
        except Unreadable as error:
            found.append(_Unloaded(name, str(error)))
        except LookupError as error:  # a name that the campaign does not know, or a trial not
            why = f"campaign {name!r} cannot be shown: its record does not fit it ({error})"
            found.append(_Unloaded(name, why))
    return found


def _table(campaign: Campaign, seen: Record) -> Table:
    table = Table(title=f"{campaign.name}{' (synthetic)' if campaign.synthetic else ''}")
    for heading in ("trial", "state", "made by", "point", "results"):
        table.add_column(heading)
    units = {n: campaign.unit(n) for n in (*campaign.parameters, *campaign.outcomes)}
    for trial in seen.trials:
        results = {r.outcome: r.value for r in seen.results_of.get(trial.number, [])}
        point = {n: trial.point[n] for n in campaign.free}
        found = line(results, units) or trial.message
        table.add_row(
            str(trial.number), trial.state.value, trial.generator, line(point, units), found
        )
    return table
