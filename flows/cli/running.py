"""run: a whole campaign in this process."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.cli.common import (
    Complaint,
    DataFolder,
    JsonOut,
    complaints,
    console,
    record,
    say,
    settings,
    write_json,
)
from flows.server.campaign_files import read_runnable
from flows.turns.run import Stop, drive
from flows.turns.wiring import open_laboratory, swept
from planner import desk
from planner.campaign.campaign import Campaign, Review
from planner.campaign.values import Frozen
from planner.loop.laboratory import Laboratory, utc_now
from planner.loop.planning import FELL_BACK
from planner.loop.turn import Turn
from planner.record.job import Job
from planner.record.revision import differences
from planner.record.summary import Summary, describe
from planner.record.trial import Origin
from planner.settings import forget_passwords
from planner.store import Store


class KeptFile(Frozen):
    """A file that belongs to a job, and where it lies."""

    trial: int
    stage: str
    name: str
    file: str | None
    """None where it is missing on disk."""


class CampaignRun(Summary):
    """How a campaign stands after a run, its files, and why the run ended."""

    artifacts: tuple[KeptFile, ...]
    turns: int
    ended: str


class Approve(StrEnum):
    """Who decides during the run."""

    ALL = "all"
    NONE = "none"


def run(
    file: Annotated[Path, typer.Argument(help="A campaign file (YAML).", show_default=False)],
    turns: Annotated[int, typer.Option(min=1, help="Turns in which something happens.")] = 1000,
    approve: Annotated[
        Approve | None,
        typer.Option(help="all: approve every proposal; none: leave it to people; else the file."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="In place of the file's seed.")] = None,
    data: DataFolder = None,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a running job.")
    ] = 3600.0,
    json: JsonOut = None,
) -> None:
    """Run a campaign here: plan, review, run, learn, again. Run it again and it goes on."""
    with complaints():
        campaign = _seeded(read_runnable(file), seed)
        store = record(data, must_exist=False)
        _check_same(store, campaign, file)
        swept(settings(data), store)
        lab = open_laboratory(settings(data), store, campaign, _review(approve))
        forget_passwords()  # what it starts has no need of them
        desk.take_in(store, campaign, "kyoso run", utc_now())
        stop = _drive(lab, campaign, turns, patience)
        ended = CampaignRun(
            **dict(describe(campaign, store.snapshot(campaign.name))),
            artifacts=_files(store, campaign.name),
            turns=stop.turns,
            ended=stop.why,
        )
    write_json(ended, json)
    if str(json) != "-":
        _report(ended)


def _check_same(store: Store, campaign: Campaign, file: Path) -> None:
    """A file that differs from the campaign in the record must not pass for it."""
    if campaign.name not in store.campaigns.names():
        return
    stored = store.campaigns.get(campaign.name)
    if changed := differences(stored, campaign):
        in_file = {claim.title for claim in campaign.hypotheses}
        lost = "; ".join(c.title for c in stored.hypotheses if c.title not in in_file)
        warning = f". It lacks claims that are in force, and ends them: {lost}" if lost else ""
        raise Complaint(
            f"{campaign.name} is in the record with other values of {', '.join(changed)}; to put "
            f"{file} in force: kyoso revise {file} --as NAME{warning}"
        )


def _files(store: Store, name: str) -> tuple[KeptFile, ...]:
    """Every file that belongs to a job, and where it lies; nowhere, if it is missing there."""
    return tuple(
        KeptFile(trial=a.trial, stage=a.stage, name=a.name, file=_place(store, a.sha256))
        for a in store.jobs.artifacts(name)
    )


def _place(store: Store, sha256: str) -> str | None:
    return str(store.files.path(sha256)) if store.files.holds(sha256) else None


def _seeded(campaign: Campaign, seed: int | None) -> Campaign:
    if seed is None:
        return campaign
    planner = campaign.planner.model_copy(update={"seed": seed})
    return campaign.model_copy(update={"planner": planner})


def _review(approve: Approve | None) -> Review | None:
    autonomy = {Approve.ALL: "automatic", Approve.NONE: "by-hand"}
    return Review.model_validate({"autonomy": autonomy[approve]}) if approve else None


def _drive(lab: Laboratory, campaign: Campaign, turns: int, patience: float) -> Stop:
    """Turns under a progress bar of trials that have ended."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"{campaign.name}: trials", total=campaign.budget.trials)

        problems: Counter[str] = Counter()

        def watch(number: int, turn: Turn) -> None:
            trials = lab.store.snapshot(campaign.name).trials
            ended = sum(t.state.is_spent and not t.state.is_open for t in trials)
            bar.update(task, completed=ended)
            for problem in turn.problems:
                problems[problem] += 1
                if problems[problem] == 1:
                    say(("problem", "yellow"), f" in turn {number}: {problem}")

        heard: set[tuple[str, str | None]] = set()

        def hear(job: Job, why: str) -> None:
            if (job.id, news := why if why == job.message else job.holder) not in heard:
                heard.add((job.id, news))
                say(("waiting", "yellow"), f" in {job.stage} of trial {job.trial}: {why}")

        stop = drive(lab, campaign.name, turns, patience, watch, hear)
    for problem, count in problems.items():
        if count > 1:
            say(("problem", "yellow"), f" {count} times: {problem}")
    return stop


def _report(run: CampaignRun) -> None:
    states = ", ".join(f"{count} {state}" for state, count in run.states.items())
    say(f"{run.campaign}: {states or 'no trial yet'}; {run.ended}")
    for name, top in run.best.items():
        say(f"best {name}: {top.value:.6g} {top.unit} (trial {top.trial})")
    proposals = [t for t in run.trials if t.origin is Origin.PLANNER]
    fallen_back = [t for t in proposals if t.reason.startswith(FELL_BACK)]
    if fallen_back:
        say(
            f"{len(fallen_back)} of {len(proposals)} proposals were not made by the model: "
            f"last reason: {fallen_back[-1].reason}"
        )
