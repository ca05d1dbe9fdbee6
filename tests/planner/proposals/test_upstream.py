"""What we change of BoTorch, override in Ax and GPyTorch, or silence, because nothing can be passed in.

Tried with the versions in TRIED. A test that fails after an update says which of it changed: where an
argument has come, it takes the place of our change.
"""

import inspect
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest
import torch
from ax.generators.torch.botorch_modular.acquisition import Acquisition
from botorch.acquisition.multi_objective import logei
from botorch.models import SingleTaskGP
from botorch.optim import initializers
from botorch.optim.optimize import INIT_OPTION_KEYS
from botorch.optim.optimize_mixed import SUPPORTED_OPTIONS, optimize_acqf_mixed_alternating
from botorch.utils.multi_objective.box_decompositions.non_dominated import NondominatedPartitioning
from botorch.utils.sampling import get_polytope_samples
from gpytorch.distributions import MultivariateNormal
from gpytorch.likelihoods import FixedNoiseGaussianLikelihood
from torch.utils import cpp_extension

from models.statistics.surrogate import PartlyKnownNoise
from planner.proposals.ax_bridge import upstream
from planner.proposals.ax_bridge.upstream import botorch_as_tried
from planner.proposals.proposer import propose
from tests.planner.proposals.test_ax_bridge import MIXED, campaign, seen

pytestmark = pytest.mark.timeout(400)

type Orders = list[dict[str, Any]]

TRIED = {
    "ax-platform": "1.3.1", "botorch": "0.18.1", "gpytorch": "1.15.2", "linear-operator": "0.6.1"
}  # fmt: skip
HERE = "; ".join(f"{name} {version(name)}, tried {tried}" for name, tried in TRIED.items())
TWO = {"y": {"goal": "maximize"}, "cost": {"goal": "minimize"}}
UNIT = {"kind": "range", "low": 0, "high": 1}
SPACES: dict[str, dict[str, Any]] = {
    "continuous": {"a": UNIT, "b": UNIT, "hours": UNIT},
    "few mixtures": {"a": UNIT, "b": UNIT, "hours": UNIT, "route": MIXED["route"]},
    "many mixtures": {"a": UNIT, "b": UNIT, "hours": MIXED["hours"], "route": MIXED["route"]},
}


def improvement() -> logei.qLogExpectedHypervolumeImprovement:
    """An acquisition function of two objectives, built as BoTorch builds it."""
    points, corner = torch.rand(4, 2, dtype=torch.double), torch.zeros(2, dtype=torch.double)
    model = SingleTaskGP(points, points)
    cells = NondominatedPartitioning(corner, Y=torch.eye(2, dtype=torch.double))
    return logei.qLogExpectedHypervolumeImprovement(model, corner, cells)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Orders:
    """What would be compiled, in a BoTorch that has tried nothing so far."""
    orders: Orders = []
    monkeypatch.setattr(cpp_extension, "load", lambda **order: orders.append(order))
    monkeypatch.setattr(logei, "_load_attempted", False)
    monkeypatch.setattr(logei, "_C", None)
    return orders


def test_botorch_would_still_compile_a_kernel_for_the_machine_at_hand(compiled: Orders) -> None:
    improvement()
    assert "-march=native" in compiled[0]["extra_cflags"], HERE


def test_no_argument_of_botorch_turns_the_kernel_off() -> None:
    known = ["self", "model", "ref_point", "partitioning", "sampler", "objective", "constraints",
             "X_pending", "eta", "fat", "tau_relu", "tau_max"]  # fmt: skip
    assert [
        *inspect.signature(logei.qLogExpectedHypervolumeImprovement.__init__).parameters
    ] == known, HERE


def test_planning_compiles_nothing_and_leaves_botorch_as_it_was(compiled: Orders) -> None:
    space = campaign(outcomes=TWO)
    usual = vars(initializers)["get_polytope_samples"]
    propose(space, seen(space, 8, lambda p: {"y": p["a"], "cost": p["b"]}), 1, seed=0)
    assert compiled == []
    assert (logei._load_attempted, vars(initializers)["get_polytope_samples"]) == (False, usual)
    improvement()
    assert len(compiled) == 1


def test_a_kernel_that_somebody_compiled_is_not_used_while_we_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logei, "_C", "a kernel")
    with botorch_as_tried():
        assert logei._C is None
    assert logei._C == "a kernel"


def test_we_plan_with_one_thread_whatever_the_machine_has() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with botorch_as_tried():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_the_optimiser_of_mixed_spaces_still_cannot_be_told_how_to_start() -> None:
    known = {"ic_generator", "batch_initial_conditions", "n_burnin", "n_thinning"}
    told = inspect.signature(optimize_acqf_mixed_alternating).parameters
    assert known.isdisjoint({*told, *SUPPORTED_OPTIONS}), HERE


def test_botorch_still_hands_options_of_its_own_to_scipy() -> None:
    """The length of a chain too, so that ``optimize_acqf`` cannot be given it among its options."""
    strange = {"n_thinning", "tol", "maxiter_alternating", "maxiter_continuous"}
    assert strange.isdisjoint(INIT_OPTION_KEYS), HERE


@pytest.mark.parametrize("space", SPACES)
def test_a_search_under_constraints_starts_from_a_short_chain(
    space: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = []

    def noted(*limits: Any, **settings: Any) -> torch.Tensor:
        lengths.append((settings["n_burnin"], settings["n_thinning"]))
        return get_polytope_samples(*limits, **settings)

    monkeypatch.setattr(upstream, "get_polytope_samples", noted)
    asked = campaign(SPACES[space], constraints=["a + b <= 1.5"])
    propose(asked, seen(asked, 8, lambda p: {"y": p["a"] * p["b"]}), 1, seed=0)
    assert set(lengths) == {(1000, 8)}, HERE


def test_gpytorch_still_counts_a_noise_that_is_given_twice() -> None:
    """As noise at the points asked for, and what was learned on top of it."""
    zero = MultivariateNormal(torch.zeros(2), 1e-6 * torch.eye(2))
    given = torch.full((2,), 3.0)
    kinds = (FixedNoiseGaussianLikelihood, PartlyKnownNoise)
    theirs, ours = (k(noise=torch.ones(2), learn_additional_noise=True) for k in kinds)
    assert theirs(zero, noise=given).variance.min() > 3.5, HERE
    assert ours(zero, noise=given).variance.tolist() == pytest.approx([3.0, 3.0], abs=1e-4)


def test_the_private_methods_that_we_override_are_there() -> None:
    def takes(method: Callable[..., Any]) -> list[str]:
        return [*inspect.signature(method).parameters]

    built = ["self", "botorch_acqf_class", "botorch_acqf_options", "model"]
    assert takes(Acquisition._construct_botorch_acquisition) == built, HERE
    noise = ["self", "base_shape", "params", "kwargs"]
    assert takes(FixedNoiseGaussianLikelihood._shaped_noise_covar) == noise, HERE
    known = {"_objective_weights", "_objective_thresholds", "_outcome_constraints"}
    assert known <= {*inspect.get_annotations(Acquisition)}, HERE
    assert "candidate_set" in takes(Acquisition.optimize), HERE


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("botorch.optim.optimize", '"Optimization failed'),
        ("botorch.acquisition.utils", '"When all training points are infeas'),
        ("linear_operator.utils.cholesky", "NumericalWarning,"),
        ("ax.storage.sqa_store.with_db_settings_base", "Ax SQL storage initialized"),
    ],
)
def test_what_we_silence_is_still_said(module: str, text: str) -> None:
    assert text in inspect.getsource(import_module(module)), HERE


def test_the_model_is_imported_in_silence() -> None:
    program = "import warnings; before = [*warnings.filters]; import planner.proposals.ax_bridge; assert warnings.filters == before"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
