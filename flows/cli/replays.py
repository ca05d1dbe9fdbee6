"""replay: a historical campaign, planned again or predicted along its true order."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.common import Complaint, JsonOut, complaints, say, show, write_json

if TYPE_CHECKING:
    from planner.replay.forecasts import Report


def replay(
    source: Annotated[
        str,
        typer.Argument(
            help="Folder with mapping.yaml, an imported table, or olympus:NAME.",
            show_default=False,
        ),
    ],
    mode: Annotated[
        str,
        typer.Option(
            help="pool: choose among what was measured. prequential: predict the true order."
        ),
    ] = "pool",
    planner: Annotated[
        str, typer.Option(help="Comma-separated: kyoso, gp-ei, random, history.")
    ] = "kyoso,random",
    seeds: Annotated[int, typer.Option(min=1, help="Repeats with different first points.")] = 20,
    budget: Annotated[int, typer.Option(min=1, help="Experiments per repeat.")] = 50,
    mapping: Annotated[Path | None, typer.Option(help="Mapping of a plain table.")] = None,
    outcome: Annotated[
        str | None, typer.Option(help="Only this outcome, where there are several.")
    ] = None,
    by_arm: Annotated[bool, typer.Option("--by-arm", help="history: each arm by itself.")] = False,
    batch: Annotated[
        str, typer.Option(help="Conditions chosen at once; history: as many as there were.")
    ] = "1",
    pending: Annotated[
        int, typer.Option(min=0, help="Experiments under way when the next are chosen.")
    ] = 0,
    noise: Annotated[
        str, typer.Option(help="mean: of all replicates. draw: one of them, by lot.")
    ] = "mean",
    hypotheses: Annotated[
        Path | None,
        typer.Option(help="YAML file of hypotheses: with them, without them, and reversed."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: cores.")] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Keep finished runs in this file, and go on from those in it."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="One page with curves and warnings, to send to others.")
    ] = None,
    png: Annotated[Path | None, typer.Option(help="The curves as a picture.")] = None,
    csv: Annotated[Path | None, typer.Option(help="The curves as a table.")] = None,
    json: JsonOut = None,
) -> None:
    """What would the planner have done? Every planner starts from the same first points."""
    for option, allowed, given in (("--mode", ("pool", "prequential"), mode),
                                   ("--noise", ("mean", "draw"), noise)):  # fmt: skip
        if given not in allowed:
            raise Complaint(f"{option}: {given!r} is none of {', '.join(allowed)}")
    if batch != "history" and not batch.isdigit():
        raise Complaint(f"--batch: {batch!r} is neither a number nor 'history'")
    for option, path in (("--html", html), ("--png", png), ("--csv", csv), ("--resume", resume)):
        if path is not None and not path.parent.is_dir():
            raise Complaint(f"{option}: there is no folder {path.parent}")
    from planner.replay.replay import run_prequential, run_replay  # pandas and scikit-learn
    from planner.replay.summary import remarks, summary

    if hypotheses is not None:
        _alone({"--mode": mode != "pool", "--by-arm": by_arm, "--batch": batch != "1",
                "--planner": planner != "kyoso,random",
                "--pending": pending > 0, "--resume": resume, "--html": html, "--png": png,
                "--csv": csv})  # fmt: skip
        _with_claims(source, hypotheses, mapping, seeds, budget, outcome, noise, workers, json)
        return
    with complaints():
        report = (
            run_prequential(source, mapping, outcome, progress=True)
            if mode == "prequential"
            else run_replay(
                source,
                mapping=mapping,
                planners=[name.strip() for name in planner.split(",")],
                seeds=seeds,
                budget=budget,
                by_arm=by_arm,
                outcome=outcome,
                progress=True,
                workers=workers,
                journal=resume,
                batch=batch if batch == "history" else int(batch),
                pending=pending,
                noise=noise,
            )
        )
        write_json(report, json)
        _write(report, html, png, csv)
    if str(json) != "-":
        show(summary(report))
        for line in remarks(report):
            say(line)
        for path in filter(None, (html, png, csv)):
            say(f"wrote {path}")


def _write(report: "Report", html: Path | None, png: Path | None, csv: Path | None) -> None:
    from planner.replay import page, pictures, rows  # plotly and matplotlib, only where wanted

    if html is not None:
        html.write_text(page.page(report), encoding="utf-8")
    if png is not None:
        png.write_bytes(pictures.png(report))
    if csv is not None:
        csv.write_text(rows.as_csv(report), encoding="utf-8")


def _alone(others: Mapping[str, object]) -> None:
    """Complain of options, by name, that would be left aside."""
    for option, given in others.items():
        if given:
            raise Complaint(f"{option} does not go with --hypotheses: those are replayed one "
                            "condition at a time, and told as a table and as JSON")  # fmt: skip


def _with_claims(
    source: str,
    file: Path,
    mapping: Path | None,
    seeds: int,
    budget: int,
    outcome: str | None,
    noise: str,
    workers: int | None,
    json: Path | None,
) -> None:
    from planner.campaign.file import read_yaml
    from planner.replay.supposed import replay_claims, summary

    with complaints():
        report = replay_claims(
            source, read_yaml(file), mapping, seeds, budget, outcome,
            noise="draw" if noise == "draw" else "mean", workers=workers, progress=True,
        )  # fmt: skip
        write_json(report, json)
    if str(json) != "-":
        show(summary(report))
