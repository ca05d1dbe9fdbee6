"""Seconds per proposal beside Ax's default client, and the acquisition value each of them reaches.

Two objectives, six parameters, 10, 50 and 200 trials of which half lie near the front, one and four
proposals at once; and one mixed space. Both planners see the same data and thresholds and run in
turn in this process, one thread, after a warm-up. Proposals are valued by the log of the expected
hypervolume improvement (qLogNEHVI, 512 samples) under two models, BoTorch's default and ours: each
planner looks for the best point of its own model. Whether our cheap search loses anything is seen
in the last column: our model with as thorough a search as Ax's (20 starts of 1024 samples).
"""

import argparse
import logging
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement
from botorch.fit import fit_gpytorch_mll
from botorch.models import SingleTaskGP
from botorch.models.model_list_gp_regression import ModelListGP
from botorch.models.transforms.outcome import Standardize
from botorch.sampling.normal import SobolQMCNormalSampler
from gpytorch.mlls import SumMarginalLogLikelihood

from models.statistics.surrogate import TrialGP
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.values import Point
from planner.proposals.ax_bridge import optimiser
from planner.proposals.proposer import propose
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Origin, Trial, TrialState
from planner.space.columns import Coding
from planner.space.design import first_design

NOW = datetime(2026, 1, 1, tzinfo=UTC)
type Values = list[tuple[float, float]]


def campaign(parameters: dict[str, Any], constraints: Sequence[str] = ()) -> Campaign:
    """Two objectives to become small, over these parameters."""
    outcomes = {name: {"goal": "minimize", "threshold": 1.1} for name in ("f1", "f2")}
    return parse_campaign(
        {
            "name": "speed",
            "parameters": parameters,
            "constraints": list(constraints),
            "outcomes": outcomes,
            "stages": [{"name": "only", "executor": "virtual", "gives": ["f1", "f2"]}],
            "budget": {"trials": 10_000},
        }
    )


CONTINUOUS = campaign({f"x{i}": {"kind": "range", "low": 0, "high": 1} for i in range(6)})
MIXED = campaign(
    {
        "energy": {"kind": "range", "low": 10, "high": 300, "scale": "log"},
        "heat": {"kind": "range", "low": 500, "high": 900},
        "hours": {"kind": "integer", "low": 1, "high": 48},
        "pressure": {"kind": "ordered", "values": [0.1, 25, 50, 100]},
        "route": {"kind": "choice", "values": ["PIT", "SPS", "HIP"]},
    },
    ["heat + 4*hours <= 1000"],
)


def dtlz2(point: Point) -> tuple[float, float]:
    """Deb's DTLZ2 with two objectives; the front is where all but the first are 0.5."""
    x = np.array([float(value) for value in point.values()])
    g = ((x[1:] - 0.5) ** 2).sum()
    return float((1 + g) * np.cos(x[0] * np.pi / 2)), float((1 + g) * np.sin(x[0] * np.pi / 2))


def kiln(point: Point) -> tuple[float, float]:
    """A made-up process with a trade-off between heat and hours."""
    energy, heat, hours, pressure = (
        float(point[name]) for name in ("energy", "heat", "hours", "pressure")
    )
    route = {"PIT": 0.3, "SPS": 0.0, "HIP": 0.15}[str(point["route"])]
    miss = (np.log10(energy) - 1.8) ** 2 + ((pressure - 50) / 90) ** 2 + route
    first = miss + ((heat - 700) / 250) ** 2 + ((hours - 12) / 30) ** 2
    return float(first), float(0.2 + hours / 60 + (heat - 500) / 800 + miss / 3)


def near_the_front(n: int, seed: int) -> list[Point]:
    """Half of the points anywhere, half near the front of DTLZ2."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, 6))
    x[::2, 1:] = np.clip(0.5 + 0.1 * rng.standard_normal((len(x[::2]), 5)), 0, 1)
    return [CONTINUOUS.complete({f"x{i}": float(v) for i, v in enumerate(row)}) for row in x]


def record_of(space: Campaign, points: Sequence[Point], values: Values) -> Record:
    """All points as completed trials."""
    trials, results = [], []
    for k, (point, pair) in enumerate(zip(points, values, strict=True), 1):
        trials.append(
            Trial(point=point, generator="given", campaign=space.name, number=k, author="benchmark",
                  origin=Origin.IMPORTED, state=TrialState.COMPLETED, campaign_version=1,
                  created_at=NOW)
        )  # fmt: skip
        for j, (name, value) in enumerate(zip(space.outcomes, pair, strict=True)):
            results.append(
                Result(campaign=space.name, number=2 * k + j, trial=k, stage="only", outcome=name,
                       value=value, unit="", author="benchmark", at=NOW)
            )  # fmt: skip
    return Record(tuple(trials), results=tuple(results))


def ax_client(space: Campaign, points: Sequence[Point], values: Values, seed: int) -> Client:
    """Ax's client with its default settings, the same thresholds, and all data attached."""
    client = Client(random_seed=seed)
    client.configure_experiment(
        parameters=[_ax_parameter(name, p) for name, p in space.free.items()],
        parameter_constraints=list(space.constraints),
    )
    limits = [f"{name} <= 1.1" for name in space.objectives]
    client.configure_optimization(objective="-f1, -f2", outcome_constraints=limits)
    client.configure_generation_strategy(initialize_with_center=False)
    for point, (f1, f2) in zip(points, values, strict=True):
        client.complete_trial(client.attach_trial(dict(point)), raw_data={"f1": f1, "f2": f2})
    return client


def _ax_parameter(name: str, p: Any) -> RangeParameterConfig | ChoiceParameterConfig:
    if p.kind == "range":
        return RangeParameterConfig(name, (p.low, p.high), "float", scaling=p.scale)
    if p.kind == "integer":
        return RangeParameterConfig(name, (p.low, p.high), "int")
    kind: Literal["float", "str"] = "float" if p.kind == "ordered" else "str"
    return ChoiceParameterConfig(name, list(p.values), kind, is_ordered=p.kind == "ordered")


def judge(
    space: Campaign, points: Sequence[Point], values: Values, model: type
) -> Callable[..., float]:
    """Values a list of points together, in the log of the expected hypervolume improvement."""
    coding = Coding(space)
    low, high = np.array(coding.bounds).T

    def rows(some: Sequence[Point]) -> torch.Tensor:
        return torch.tensor((coding.encode(some) - low) / (high - low))

    x, y = rows(points), -torch.tensor(values, dtype=torch.double)
    parts = [model(x, y[:, i : i + 1], outcome_transform=Standardize(1)) for i in range(2)]
    joint = ModelListGP(*parts)
    fit_gpytorch_mll(SumMarginalLogLikelihood(joint.likelihood, joint))
    acquisition = qLogNoisyExpectedHypervolumeImprovement(
        joint, [-1.1, -1.1], x, sampler=SobolQMCNormalSampler(torch.Size([512]), seed=1)
    )
    return lambda some: float(acquisition(rows(some).unsqueeze(0)))


@contextmanager
def thorough() -> Iterator[None]:
    """Our planner with as thorough a search as Ax's."""
    usual = optimiser.RESTARTS, optimiser.RAW_SAMPLES
    optimiser.RESTARTS, optimiser.RAW_SAMPLES = 20, 1024
    yield
    optimiser.RESTARTS, optimiser.RAW_SAMPLES = usual


def timed(act: Callable[[], list[Point]]) -> tuple[float, list[Point]]:
    """CPU seconds and what came."""
    begun = time.process_time()
    points = act()
    return time.process_time() - begun, points


def _theirs(client: Client, space: Campaign, q: int) -> list[Point]:
    return [space.complete(p) for p in client.get_next_trials(q).values()]


def _ours(space: Campaign, record: Record, q: int, seed: int) -> list[Point]:
    return [p.point for p in propose(space, record, q, seed)]


def compare(
    title: str, space: Campaign, points: Sequence[Point], values: Values, q: int, repeats: int
) -> str:
    """One row of the table: medians over repeats."""
    judges = [judge(space, points, values, model) for model in (SingleTaskGP, TrialGP)]
    record = record_of(space, points, values)
    rows = []
    for seed in range(repeats):
        client = ax_client(space, points, values, seed)
        theirs = timed(partial(_theirs, client, space, q))
        ours = timed(partial(_ours, space, record, q, seed))
        with thorough():
            sought = _ours(space, record, q, seed)
        worth = [value(found) for value in judges for _, found in (theirs, ours)]
        rows.append((theirs[0], ours[0], *worth, judges[1](sought)))
    ax, kyoso, *worth = (statistics.median(column) for column in zip(*rows, strict=True))
    shown = " | ".join(f"{w:.3f}" for w in worth)
    return f"| {title} | {q} | {ax:.2f} | {kyoso:.2f} | {ax / kyoso:.1f} | {shown} |"


def main() -> None:
    """Print the table as it goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    heads = ["trials", "q", "Ax, s", "Kyoso, s", "ratio", "value by BoTorch's model: Ax", "Kyoso",
             "by ours: Ax", "Kyoso", "Kyoso, thorough"]  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    warm = near_the_front(10, 99)
    compare("warm-up", CONTINUOUS, warm, [dtlz2(p) for p in warm], 1, 1)
    for n in (10, 50, 200):
        points = near_the_front(n, n)
        for q in (1, 4):
            row = compare(f"{n}", CONTINUOUS, points, [dtlz2(p) for p in points], q, repeats)
            print(row, flush=True)
    points = first_design(MIXED, [], 30, seed=1)
    for q in (1, 4):
        row = compare("30, mixed", MIXED, points, [kiln(p) for p in points], q, repeats)
        print(row, flush=True)


if __name__ == "__main__":
    main()
