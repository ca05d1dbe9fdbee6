"""Replays of past campaigns, one line for each planner: ``python benchmarks/replay.py FOLDER ...``.

A folder holds a mapping and its table; ``olympus:NAME`` is one of the Olympus data sets. A name
after ``#`` keeps one outcome: ``campaigns/direct_arylation#yield_pct``.
"""

import argparse
import json
from pathlib import Path

from rich.console import Console

from planner.campaign.values import plain_data
from planner.replay.replay import PLANNERS, remarks, run_replay, summary


def main() -> None:
    """Replay everything named on the command line; print tables, and write JSON where asked."""
    asked = _arguments()
    for source in asked.sources:
        place, _, outcome = source.partition("#")
        report = run_replay(
            place,
            planners=asked.planners,
            seeds=asked.seeds,
            budget=asked.budget,
            outcome=outcome or None,
            progress=True,
        )
        Console(width=120).print(summary(report), *remarks(report), sep="\n", markup=False)
        if asked.out:
            name = f"{report.name}{'-' + outcome if outcome else ''}.json"
            (asked.out / name).write_text(json.dumps(plain_data(report), indent=1, allow_nan=False))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--planners", nargs="+", default=["gp-ei", "random"], choices=PLANNERS)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--budget", type=int, default=45)
    parser.add_argument("--out", type=Path, help="folder for the reports as JSON")
    return parser.parse_args()


if __name__ == "__main__":  # other processes import this file
    main()
