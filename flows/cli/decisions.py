"""approve, veto, inject: what people decide on trials."""

from datetime import date
from typing import Annotated, Any

import typer

from flows.cli.common import Complaint, DataFolder, Who, assignments, complaints, record, say
from planner.campaign.campaign import Campaign
from planner.campaign.parameter import Choice as ParameterChoice
from planner.desk.today import campaign_today
from planner.loop.laboratory import utc_now
from planner.record.decision import Verdict, VetoCode
from planner.record.trial import Origin, Proposal, Trial
from planner.store import Choice, Store

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]
Numbers = Annotated[list[int], typer.Argument(help="Numbers of trials.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
Version = Annotated[
    int | None,
    typer.Option(min=1, help="The version of the trial you have seen: another one is refused."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("approve")(approve)
    app.command("veto")(veto)
    app.command("inject")(inject)


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
        changes = assignments(change or [])
        choices: list[Choice] = []
        today = campaign_today(store, name, utc_now().date())
        for trial in _chosen(store, name, trials, version):
            seen = trial.version
            if changes:
                point = _changed(today, trial, changes)
                choices.append(Choice(trial.number, seen, Verdict.EDITED, reason, point))
                seen += 1
            choices.append(Choice(trial.number, seen, Verdict.APPROVED, reason))
        store.trials.decide_all(name, choices, author=who, at=utc_now())
    for number in dict.fromkeys(trials):
        say(f"trial {number} is approved")


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
    from planner.beliefs.vetoes import choices_of, dry_run  # scipy, only here

    with complaints():
        store = record(data)
        seen = store.snapshot(name)
        campaign = store.campaigns.get(name)
        scope = region(campaign, within or [], where or [])
        chosen = [(t.number, t.version) for t in _chosen(store, name, trials, version)]
        last = _day(until) if until else None
        choices = choices_of(campaign, seen, chosen, reason, code, scope, last)
        if scope is not None:
            say(f"in this region: {dry_run(campaign, seen, scope).shown}")
        if not try_only:
            store.trials.decide_all(name, choices, author=who, at=utc_now())
    for choice in choices:
        say(f"trial {choice.number} {'would be' if try_only else 'is'} vetoed")


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
    values: Annotated[
        list[str], typer.Argument(help="name=value for every free parameter.", show_default=False)
    ],
    who: Who,
    reason: Reason = "",
    data: DataFolder = None,
) -> None:
    """Add a condition of your own; it waits for approval like any other."""
    with complaints():
        store = record(data)
        campaign_version = store.campaigns.version(name)
        campaign = campaign_today(store, name, utc_now().date())
        point = campaign.complete(assignments(values))
        added = store.trials.add(
            name,
            [Proposal(point=point, generator="researcher", reason=reason)],
            origin=Origin.RESEARCHER,
            author=who,
            at=utc_now(),
            campaign_version=campaign_version,
        )
    say(f"trial {added[0].number} is proposed")


def _chosen(store: Store, name: str, numbers: list[int], version: int | None) -> list[Trial]:
    """The trials as they stand; all are looked up before the first is touched."""
    if version is not None and len(numbers) > 1:
        raise Complaint("--version goes with one trial")
    trials = [store.trials.get(name, number) for number in dict.fromkeys(numbers)]
    if version is None:
        return trials
    return [trial.model_copy(update={"version": version}) for trial in trials]


def _changed(campaign: Campaign, trial: Trial, changes: dict[str, str]) -> dict:  # type: ignore[type-arg]
    free = {name: trial.point[name] for name in campaign.free}
    return campaign.complete({**free, **changes})
