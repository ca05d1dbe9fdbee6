"""replay: a historical campaign, planned again."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import JsonOut, complaints, show, write_json


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("replay")(replay)


def replay(
    source: Annotated[
        str,
        typer.Argument(
            help="Folder with mapping.yaml, a table, or olympus:NAME.", show_default=False
        ),
    ],
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
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: cores.")] = None,
    json: JsonOut = None,
) -> None:
    """What would the planner have done? Every planner starts from the same first points."""
    from planner.replay import run_replay, summary  # pandas and scikit-learn, only here

    with complaints():
        report = run_replay(
            source,
            mapping=mapping,
            planners=[name.strip() for name in planner.split(",")],
            seeds=seeds,
            budget=budget,
            by_arm=by_arm,
            outcome=outcome,
            progress=True,
            workers=workers,
        )
        write_json(report, json)
    if str(json) != "-":
        show(summary(report))
