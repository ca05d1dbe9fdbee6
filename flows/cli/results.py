"""record, correct: results that people enter."""

from typing import Annotated

import typer

from flows.cli.common import Complaint, DataFolder, Who, assignments, complaints, record, say
from planner.campaign.units import split_quantity
from planner.desk.results import correct_result, missing_outcomes, record_failure, record_results
from planner.executor import Measurement
from planner.loop.laboratory import utc_now
from planner.store import Store

Name = Annotated[str, typer.Argument(help="Name of a campaign.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("record")(record_command)
    app.command("correct")(correct)


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
    data: DataFolder = None,
) -> None:
    """Record results of a trial, also in parts, late, or at a point that was not planned."""
    with complaints():
        store = record(data)
        if (failed or abandoned) and (values or as_run):
            raise Complaint("values do not go with --failed or --abandoned; record them first")
        if failed or abandoned:
            job = record_failure(store, name, trial, stage, failed, abandoned, who, utc_now())
            say(f"{job.id} is {job.state.value}")
            return
        given = assignments(values or [])
        measured = [_measurement(n, v, method, source) for n, v in given.items()]
        changed = assignments(as_run or [])
        stored = record_results(
            store, name, trial, stage, measured, changed, who, utc_now(), partial
        )
    for result in stored:
        say(f"result {result.number}: {result.outcome} = {result.value:.6g} {result.unit}")
    if not stored:
        say("nothing new: these results are recorded already")
    elif not partial:
        _say_what_is_missing(store, name, trial, stored[0].stage)


def correct(
    name: Name,
    result: Annotated[int, typer.Argument(help="Number of the result.", show_default=False)],
    value: Annotated[str, typer.Argument(help="'0.83 +- 0.02 T'", show_default=False)],
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the correction.")],
    as_run: Annotated[
        list[str] | None, typer.Option("--as-run", help="parameter=value as it really was.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Supersede a wrong result; the old one stays in the record."""
    with complaints():
        measured = _measurement("", value, "", "")
        if not reason.strip():
            raise Complaint("--reason: a correction needs a reason")
        changed = assignments(as_run or [])
        new = correct_result(record(data), name, result, measured, who, utc_now(), reason, changed)
    say(f"result {new.number} supersedes {result}: {new.value:.6g} {new.unit}")


def _say_what_is_missing(store: Store, name: str, trial: int, stage: str) -> None:
    with complaints():
        missing = missing_outcomes(store, name, trial, stage)
    if missing:
        say(
            f"{stage} of trial {trial} is closed without {', '.join(missing)}; "
            "'kyoso record' takes late results too"
        )


def _measurement(outcome: str, text: str, method: str, source: str) -> Measurement:
    """``"0.83 +- 0.02 T"`` as a measurement."""
    first, _, second = text.replace("±", "+-").partition("+-")
    if not second:
        value, unit = split_quantity(first)
        return Measurement(outcome, value, unit, None, method, source)
    (value, early), (error, unit) = split_quantity(first), split_quantity(second)
    if early and early != unit:
        raise ValueError(f"{text!r} has two units")
    return Measurement(outcome, value, unit, error, method, source)
