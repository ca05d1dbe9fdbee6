"""Replays by BayBE's ``simulate_scenarios``, run with the Python of ``.venv-peers``: a task as JSON
in, orders and CPU seconds as JSON out. It imports nothing of this project.
"""

import json
import sys
import time
from typing import Any

import pandas as pd
from baybe import Campaign
from baybe.objectives import SingleTargetObjective
from baybe.parameters import NumericalDiscreteParameter
from baybe.searchspace import SearchSpace
from baybe.simulation import simulate_scenarios
from baybe.targets import NumericalTarget


def main(given: str, found: str) -> None:
    """One call for each seed, with its own starts."""
    with open(given, encoding="utf-8") as file:
        task = json.load(file)
    table = pd.DataFrame(task["rows"], columns=task["columns"], dtype=float)
    lookup = table.assign(**{task["outcome"]: task["values"]})
    warm = _run(task, table, lookup, task["starts"][0], 7)
    runs = []
    for start in task["starts"]:
        began = time.process_time()
        order = _run(task, table, lookup, start, task["budget"])
        runs.append({"seconds": time.process_time() - began, "order": order})
    assert len(warm) == 7, "the loop has to measure what was asked for"
    with open(found, "w", encoding="utf-8") as file:
        json.dump(runs, file)


def _run(
    task: dict[str, Any], table: pd.DataFrame, lookup: pd.DataFrame, start: list[int], budget: int
) -> list[int]:
    """Places of the rows in the order in which they were measured."""
    parameters = [NumericalDiscreteParameter(n, sorted(set(table[n]))) for n in table]
    space = SearchSpace.from_dataframe(table, parameters)
    target = NumericalTarget(task["outcome"], minimize=task["minimize"])
    campaign = Campaign(
        space, SingleTargetObjective(target), allow_recommending_already_measured=False
    )
    result = simulate_scenarios(
        {"default": campaign}, lookup, initial_data=[lookup.iloc[start]], batch_size=1,
        n_doe_iterations=budget - len(start), n_mc_iterations=1, impute_mode="error",
    )  # fmt: skip
    measured = [v for row in result[f"{task['outcome']}_Measurements"] for v in row]
    places = {value: i for i, value in enumerate(task["values"])}
    chosen = [places[value] for value in measured]
    order = [*start, *(i for i in chosen if i not in start)]
    return order[:budget]


if __name__ == "__main__":
    main(*sys.argv[1:])
