"""approve, edit, veto, take-back, inject: what people decide on trials."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.common import Complaint, DataFolder, Who, assignments, complaints, record, say
from planner import desk
from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice as ParameterChoice
from planner.campaign.values import Point
from planner.desk import Seen
from planner.door.bounds import TABLE
from planner.door.files import read_text
from planner.door.refused import about
from planner.record.decision import VetoCode
from planner.record.trial import TrialState
from planner.store import Store

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]
Numbers = Annotated[list[int], typer.Argument(help="Numbers of trials.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
Version = Annotated[
    int | None,
    typer.Option(min=1, help="The version of the trial you have seen: another one is refused."),
]


def approve(
    name: Name,
    trials: Numbers,
    who: Who,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="Edit first: name=value, with unit or not.")
    ] = None,
    reason: Reason = "",
    version: Version = None,
    data: DataFolder = None,
) -> None:
    """Approve proposed trials, as they are or with values changed by --set."""
    with complaints():
        store = record(data)
        chosen = _chosen(store, name, trials, version)
        if changes := assignments(change or []):
            desk.edit(store, _edits(store, chosen, changes), who, reason, approve=True)
        else:
            desk.approve(store, chosen, who, reason)
    for seen in chosen:
        say(f"trial {seen.number} is approved")


def edit(
    name: Name,
    trial: Annotated[int, typer.Argument(help="Number of the trial.", show_default=False)],
    values: Annotated[
        list[str], typer.Argument(help="name=value of what is to change.", show_default=False)
    ],
    who: Who,
    approve: Annotated[bool, typer.Option("--approve", help="And approve it at once.")] = False,
    reason: Reason = "",
    version: Version = None,
    data: DataFolder = None,
) -> None:
    """Change values of a proposal; it goes on waiting for approval."""
    with complaints():
        store = record(data)
        chosen = _chosen(store, name, [trial], version)
        desk.edit(store, _edits(store, chosen, assignments(values)), who, reason, approve)
    say(f"trial {trial} is changed{' and approved' * approve}")


def veto(
    name: Name,
    trials: Numbers,
    who: Who,
    reason: Reason,
    code: Annotated[
        VetoCode, typer.Option("--code", help="What kind of reason it is, and so what it teaches.")
    ] = VetoCode.OTHER,
    within: Annotated[
        list[str] | None,
        typer.Option(help="Veto a region: NAME=LOW:HIGH, or NAME=VALUE,VALUE of a choice."),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Veto a region: an inequality, such as 'T + 2*x >= 90'."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="The last day on which it holds: YYYY-MM-DD.")
    ] = None,
    try_only: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would remove; change nothing.")
    ] = False,
    version: Version = None,
    data: DataFolder = None,
) -> None:
    """Veto proposed or approved trials, and with --within or --where a whole region.

    Their points are never proposed again (not-in-stock: until the day). A region that is unsafe or
    impossible is forbidden for everyone; already-known counts as tried; else it is a soft belief.
    """
    with complaints():
        store = record(data)
        scope = region(store.campaigns.get(name), within or [], where or [])
        chosen = _chosen(store, name, trials, version)
        last = _day(until) if until else None
        choices = desk.vetoes(store, chosen, reason, code, scope, last)
        if scope is not None:
            say(f"in this region: {desk.dry_run(store, name, scope, code)}")
        numbers = [choice.number for choice in choices]
        if not try_only:
            vetoed = desk.veto(store, chosen, who, reason, code, scope, last)
            numbers = [trial.number for trial in vetoed]
    for number in numbers:
        say(f"trial {number} {'would be' if try_only else 'is'} vetoed")


def take_back(
    name: Name,
    trial: Annotated[int, typer.Argument(help="Number of the trial.", show_default=False)],
    who: Who,
    reason: Reason,
    version: Version = None,
    data: DataFolder = None,
) -> None:
    """Take back what was decided or said last of a trial.

    Of an approval that nobody acted on: it waits for a decision again. Of a veto: its point and its
    region are free again. Of a failure: it runs again, and its results can be entered.
    """
    with complaints():
        store = record(data)
        (seen,) = _chosen(store, name, [trial], version)
        changed = desk.take_back(store, seen, who, reason)
    for now in changed:
        free = ", its point is free again" * (now.state is TrialState.VETOED)
        say(f"trial {now.number}: taken back; it is {now.state.value}{free}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Complaint(f"--until: {text!r} is no day (YYYY-MM-DD): {error}") from error


def region(campaign: Campaign, within: list[str], where: list[str]) -> dict[str, Any] | None:
    """A region from the command line; None where none was given. ValueError for a bad form."""
    limits: dict[str, list[str]] = {}
    for name, text in assignments(within).items():
        is_choice = isinstance(campaign.parameters.get(name), ParameterChoice)
        limits[name] = [part.strip() for part in text.split("," if is_choice else ":")]
    return {"within": limits, "where": where} if limits or where else None


def inject(
    name: Name,
    who: Who,
    values: Annotated[
        list[str] | None,
        typer.Argument(help="name=value for every free parameter.", show_default=False),
    ] = None,
    reason: Reason = "",
    table: Annotated[
        Path | None,
        typer.Option(help="Several: a CSV or TSV file with a column for every free parameter."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Add conditions of your own; they wait for approval like any other."""
    if bool(values) == bool(table):
        raise Complaint("give name=value for every free parameter, or --table FILE")
    with complaints():
        store = record(data)
        if table is not None:
            wanted = _of_table(store, name, table, reason)
        else:
            wanted = [({**assignments(values or [])}, reason)]
        added = desk.inject(store, name, wanted, who)
    for trial in added:
        say(f"trial {trial.number} is proposed")


def _of_table(store: Store, name: str, file: Path, reason: str) -> list[tuple[Point, str]]:
    """The conditions in a file; ValueError names every line that needs mending."""
    with about(str(file)):
        text = read_text(file, TABLE)
    rows = desk.read_conditions(store.campaigns.get(name), store.snapshot(name), text)
    if bad := [f"line {row.line}: {row.problem}" for row in rows if row.problem]:
        raise ValueError("\n".join(["refused, nothing was added:", *bad]))
    return [(row.point or {}, row.reason or reason) for row in rows]


def _chosen(store: Store, name: str, numbers: list[int], version: int | None) -> list[Seen]:
    """The trials as they stand; all are looked up before the first is touched."""
    if version is not None and len(numbers) > 1:
        raise Complaint("--version goes with one trial")
    trials = [store.trials.get(name, number) for number in dict.fromkeys(numbers)]
    return [Seen(name, trial.number, version or trial.version) for trial in trials]


def _edits(store: Store, chosen: list[Seen], changes: dict[str, str]) -> dict[Seen, Point]:
    """Of each trial the values it would have."""
    free = store.campaigns.get(chosen[0].campaign).free
    points = {seen: store.trial(seen.campaign, seen.number).point for seen in chosen}
    return {s: {**{n: point[n] for n in free}, **changes} for s, point in points.items()}
