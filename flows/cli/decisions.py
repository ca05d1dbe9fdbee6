"""approve, veto, inject: what people decide on trials."""

from typing import Annotated

import typer

from flows.cli.common import Complaint, DataFolder, Who, assignments, complaints, record, say
from planner.campaign import Campaign
from planner.laboratory import utc_now
from planner.store import Choice, Store
from planner.trial import Origin, Proposal, Trial, Verdict

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
        for trial in _chosen(store, name, trials, version):
            seen = trial.version
            if changes:
                point = _changed(store.campaigns.get(name), trial, changes)
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
    version: Version = None,
    data: DataFolder = None,
) -> None:
    """Veto proposed or approved trials: their points are never proposed again."""
    with complaints():
        store = record(data)
        if not reason.strip():
            raise Complaint("--reason: a veto needs a reason")
        choices = [
            Choice(trial.number, trial.version, Verdict.VETOED, reason)
            for trial in _chosen(store, name, trials, version)
        ]
        store.trials.decide_all(name, choices, author=who, at=utc_now())
    for choice in choices:
        say(f"trial {choice.number} is vetoed")


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
        campaign = store.campaigns.get(name, campaign_version)
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
