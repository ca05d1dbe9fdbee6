"""record, correct: results that people enter."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import (
    Complaint,
    DataFolder,
    FilesIn,
    Who,
    assignments,
    complaints,
    opened,
    record,
    say,
)
from planner import desk
from planner.record.job import JobState
from planner.record.result import Result
from planner.store import Store

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Store a value also where it may be a slip.")
]


def record_command(
    name: Name,
    trial: Annotated[int, typer.Argument(help="Number of the trial.", show_default=False)],
    who: Who,
    values: Annotated[
        list[str] | None,
        typer.Argument(help="outcome='0.83 T' or outcome='0.83 +- 0.02 T'", show_default=False),
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help="Stage the results belong to; found by the outcomes.")
    ] = None,
    as_run: Annotated[
        list[str] | None, typer.Option("--as-run", help="parameter=value as it really was.")
    ] = None,
    failed: Annotated[str, typer.Option(help="The sample failed because ... (that is data).")] = "",
    abandoned: Annotated[str, typer.Option(help="A technical fault: ... (no data).")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="More is to come.")] = False,
    method: Annotated[str, typer.Option(help="How it was measured.")] = "",
    source: Annotated[str, typer.Option(help="Instrument or notebook page.")] = "",
    files: FilesIn = None,
    anyway: Anyway = False,
    data: DataFolder = None,
) -> None:
    """Record results of a trial, also in parts, late, or at a point that was not planned."""
    with complaints():
        store = record(data)
        if failed or abandoned:
            if values or as_run or partial:
                raise Complaint("values do not go with --failed or --abandoned; record them first")
            _end_without(store, name, trial, stage, failed, abandoned, who, files)
            return
        given = assignments(values or [])
        measured = [desk.measurement(n, v, method=method, source=source) for n, v in given.items()]
        changed = assignments(as_run or [])
        with opened(files) as uploads:
            stored = desk.record(
                store, name, trial, measured, who,
                stage=stage, as_run=changed, files=uploads, partial=partial, anyway=anyway,
            )  # fmt: skip
    _say_what_is_stored(store, stored, files or [], partial)
    _say_what_is_left_out(store, name, trial)


def _end_without(
    store: Store, name: str, trial: int, stage: str | None, failed: str, abandoned: str, who: str,
    files: list[Path] | None,
) -> None:  # fmt: skip
    if failed and abandoned:
        raise Complaint("failed and abandoned are two things; say one")
    job = desk.open_job(store, name, trial, stage)
    state = JobState.FAILED if failed else JobState.ABANDONED
    with opened(files) as uploads:
        ended = desk.end_without(store, job, state, failed or abandoned, who, uploads)
    say(f"{ended.id} is {ended.state.value}")


def correct(
    name: Name,
    result: Annotated[int, typer.Argument(help="Number of the result.", show_default=False)],
    value: Annotated[str, typer.Argument(help="'0.83 +- 0.02 T'", show_default=False)],
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the correction.")],
    as_run: Annotated[
        list[str] | None, typer.Option("--as-run", help="parameter=value as it really was.")
    ] = None,
    anyway: Anyway = False,
    data: DataFolder = None,
) -> None:
    """Supersede a wrong result; the old one stays in the record."""
    with complaints():
        measured = desk.measurement("value", value)
        changed = assignments(as_run or [])
        store = record(data)
        new = desk.correct(store, name, result, measured, who, reason, changed, anyway=anyway)
    say(f"result {new.number} supersedes {result}: {new.value:.6g} {new.unit}")
    _say_what_is_left_out(store, name, new.trial)


def _say_what_is_stored(
    store: Store, stored: list[Result], files: list[Path], partial: bool
) -> None:
    for file in files:
        say(f"{file.name} is kept")
    for result in stored:
        say(f"result {result.number}: {result.outcome} = {result.value:.6g} {result.unit}")
    if not stored and not files:
        say("nothing new: these results are recorded already")
    elif stored and not partial:
        _say_what_is_missing(store, stored[0])


def _say_what_is_left_out(store: Store, name: str, trial: int) -> None:
    with complaints():
        why = store.snapshot(name).left_out.get(trial)
    if why:
        say(f"trial {trial} is kept, and nothing is learned from it: {why}")


def _say_what_is_missing(store: Store, result: Result) -> None:
    with complaints():
        missing = desk.missing_outcomes(store, result.campaign, result.trial, result.stage)
    if missing:
        say(
            f"{result.stage} of trial {result.trial} is closed without {', '.join(missing)}; "
            "'kyoso record' takes late results too"
        )
