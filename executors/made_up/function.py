"""BoTorch's test functions as a computation: problems with a known answer, for benchmarks."""

import random
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from executors.computation import pool
from planner.campaign.parameter import is_number
from planner.executor import Finished, Measurement, WorkOrder, read_options


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    name: str = Field(pattern=r"^[A-Z]\w*$")
    """A class of ``botorch.test_functions``: ``BraninCurrin``, ``Hartmann``."""
    dim: int | None = Field(default=None, ge=1, le=1000)
    """Number of parameters, where the function leaves a choice."""
    negate: bool = False
    """Turn the objectives round."""
    noise: float = Field(default=0.0, ge=0)
    """Standard deviation of normal noise, drawn by the order's seed; reported as standard error."""


class SyntheticFunction(pool.Computation):
    """Parameters are the numbers of the point, in its order; they lie in the function's own bounds.

    Outcomes are named in the order of the stage's ``gives``: first the objectives, then the slacks
    of the constraints (at least 0 where they hold). An unknown function or a wrong number of
    parameters abandons the job with what BoTorch says.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        super().__init__(folder, partial(evaluate, told), told)


def evaluate(options: Options, order: WorkOrder) -> Finished:
    """The values of the test function at the point, with noise."""
    x = [float(value) for value in order.point.values() if is_number(value)]
    values = _values(options, x)
    if len(values) < len(order.gives):
        raise ValueError(f"{options.name} has {len(values)} outcomes, not {len(order.gives)}")
    chance = random.Random(f"{order.seed}\n{order.job}")
    return Finished(
        tuple(
            Measurement(
                name, value + options.noise * chance.gauss(), order.units.get(name, ""),
                options.noise, options.name, "botorch",
            )
            for name, value in zip(order.gives, values, strict=False)
        )
    )  # fmt: skip


def _values(options: Options, x: list[float]) -> list[float]:
    """Objectives, then slacks of constraints, without noise."""
    import torch
    from botorch import test_functions

    if not hasattr(test_functions, options.name):
        raise ValueError(f"BoTorch has no test function {options.name!r}")
    size = {} if options.dim is None else {"dim": options.dim}
    function = getattr(test_functions, options.name)(negate=options.negate, **size)
    if len(x) != function.dim:
        raise ValueError(f"{options.name} has {function.dim} parameters, not {len(x)}")
    point = torch.tensor([x], dtype=torch.double)
    values: list[float] = function(point, noise=False).flatten().tolist()
    if hasattr(function, "evaluate_slack"):
        values += function.evaluate_slack(point, noise=False).flatten().tolist()
    return values
