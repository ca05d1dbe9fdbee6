"""A replay in Python: how many experiments would planning have saved? SYNTHETIC results.

    python examples/replay_a_table.py

The table holds all 60 combinations of three settings, measured once each. Planners choose among
them; all start from the same three random ones. Much the same at the command line:

    kyoso replay examples/furnace.csv --planner kyoso,random --seeds 10 --budget 20
"""

from pathlib import Path

from planner.replay.replay import run_replay

TABLE = Path(__file__).with_name("furnace.csv")


def experiments_to_the_best(seeds: int = 10) -> dict[str, float | None]:
    """Median number of experiments until the best three of the table are first met."""
    report = run_replay(
        str(TABLE), planners=("kyoso", "random"), seeds=seeds, budget=20, start=3, workers=1
    )
    return {name: about.first_hit.median for name, about in report.planners.items()}


if __name__ == "__main__":
    for planner, experiments in experiments_to_the_best().items():
        print(f"{planner}: {experiments:g} experiments")
