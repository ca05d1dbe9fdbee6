from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest

from executors.made_up.function import Options, SyntheticFunction, evaluate
from executors.testing import ExecutorContract
from planner.campaign.values import Point
from planner.executor import Abandoned, WorkOrder


def order(*x: float, gives: tuple[str, ...] = ("f",), seed: int = 0) -> WorkOrder:
    point: Point = {f"x{i}": value for i, value in enumerate(x)} | {"route": "SPS"}
    return WorkOrder("a/1/s", "a", 1, "s", point, {"f": "T"}, gives, {}, seed)


class TestProblem(ExecutorContract):
    def make(self, folder: Path) -> SyntheticFunction:
        return SyntheticFunction(folder, name="Ackley", dim=1, inline=True)

    def order(self, job: str) -> WorkOrder:
        return WorkOrder(job, "a", 1, "s", {"x": 0.5}, {"f": "T"}, ("f",))


@pytest.mark.parametrize(
    ("options", "x", "optimum"),
    [
        ({"name": "Branin"}, (3.14159265, 2.275), [0.397887]),
        (
            {"name": "Hartmann", "negate": True},
            (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
            [3.32237],
        ),
        ({"name": "Rosenbrock", "dim": 3}, (1, 1, 1), [0.0]),
        ({"name": "BraninCurrin"}, (0.0, 0.0), [308.129096, 3.0]),
    ],
)
def test_published_values(
    options: dict[str, Any], x: tuple[float, ...], optimum: list[float]
) -> None:
    names = tuple(f"f{i}" for i in range(len(optimum)))
    answer = evaluate(Options(**options), order(*x, gives=names))
    assert [m.outcome for m in answer.measurements] == list(names)
    assert [m.value for m in answer.measurements] == pytest.approx(optimum, rel=1e-4, abs=1e-6)


def test_constraints_follow_the_objectives() -> None:
    answer = evaluate(Options(name="BNH"), order(5.0, 3.0, gives=("f1", "f2", "c1", "c2")))
    assert [m.value for m in answer.measurements] == pytest.approx([136, 4, 16, 37.3])


def test_noise_repeats_with_the_seed() -> None:
    options = Options(name="Branin", noise=2.0)
    draws = [evaluate(options, order(0, 0, seed=i)).measurements[0] for i in range(200)]
    assert draws[7] == evaluate(options, order(0, 0, seed=7)).measurements[0]
    assert draws[0].standard_error == 2.0
    assert fmean(m.value for m in draws) == pytest.approx(55.602, abs=0.5)
    assert stdev(m.value for m in draws) == pytest.approx(2, rel=0.2)


@pytest.mark.parametrize(
    ("name", "x", "why"),
    [
        ("Sphere", (1, 2), "no test function 'Sphere'"),
        ("Branin", (1, 2, 3), "Branin has 2 parameters, not 3"),
        ("Hartmann", (2, 2, 2, 2, 2, 2), "bounds"),
    ],
)
def test_a_wrong_problem_is_abandoned(
    tmp_path: Path, name: str, x: tuple[float, ...], why: str
) -> None:
    problem = SyntheticFunction(tmp_path, name=name, inline=True)
    problem.submit(order(*x))
    answer = problem.poll("a/1/s")
    assert isinstance(answer, Abandoned)
    assert why in answer.why


@pytest.mark.parametrize("options", [{"dim": 0}, {"workers": 0}, {"nam": "x"}, {"name": "os.path"}])
def test_wrong_options_are_named(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        SyntheticFunction(tmp_path, **{"name": "Branin", **options})
