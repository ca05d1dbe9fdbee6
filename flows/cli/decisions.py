"""approve, veto, inject: what people decide on trials."""

from typing import Annotated

import typer

from flows.cli.common import Complaint, DataFolder, Who, assignments, complaints, console, record
from planner.campaign import Campaign
from planner.laboratory import utc_now
from planner.store import Store
from planner.trial import Origin, Proposal, Trial, Verdict

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]
Numbers = Annotated[list[int], typer.Argument(help="Numbers of trials.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
Version = Annotated[
    int | None,
    typer.Option(help="The version of the trial you have seen: another one is refused."),
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
        for trial in _chosen(store, name, trials, version):
            if change:
                trial = _edit(store, trial, assignments(change), who, reason)
            _decide(store, trial, Verdict.APPROVED, who, reason)
            console.print(f"trial {trial.number} is approved")


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
        for trial in _chosen(store, name, trials, version):
            _decide(store, trial, Verdict.VETOED, who, reason)
            console.print(f"trial {trial.number} is vetoed")


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
        campaign = store.campaigns.get(name)
        point = campaign.complete(assignments(values))
        added = store.trials.add(
            name,
            [Proposal(point=point, generator="researcher", reason=reason)],
            origin=Origin.RESEARCHER,
            author=who,
            at=utc_now(),
            campaign_version=store.campaigns.version(name),
        )
    console.print(f"trial {added[0].number} is proposed")


def _chosen(store: Store, name: str, numbers: list[int], version: int | None) -> list[Trial]:
    """The trials as they stand; all are looked up before the first is touched."""
    if version is not None and len(numbers) > 1:
        raise Complaint("--version goes with one trial")
    trials = [store.trials.get(name, number) for number in numbers]
    return [t.model_copy(update={"version": version}) if version else t for t in trials]


def _edit(store: Store, trial: Trial, changes: dict[str, str], who: str, reason: str) -> Trial:
    point = _changed(store.campaigns.get(trial.campaign), trial, changes)
    return store.trials.decide(
        trial.campaign,
        trial.number,
        version=trial.version,
        verdict=Verdict.EDITED,
        author=who,
        at=utc_now(),
        reason=reason,
        point=point,
    )


def _changed(campaign: Campaign, trial: Trial, changes: dict[str, str]) -> dict:  # type: ignore[type-arg]
    free = {name: trial.point[name] for name in campaign.free}
    return campaign.complete({**free, **changes})


def _decide(store: Store, trial: Trial, verdict: Verdict, who: str, reason: str) -> Trial:
    return store.trials.decide(
        trial.campaign,
        trial.number,
        version=trial.version,
        verdict=verdict,
        author=who,
        at=utc_now(),
        reason=reason,
    )
