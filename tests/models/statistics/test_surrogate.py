from typing import Any

import numpy as np
import pytest
import torch
from botorch.fit import _fit_fallback, fit_gpytorch_mll
from botorch.models.model_list_gp_regression import ModelListGP
from botorch.models.transforms.input import Normalize
from gpytorch.kernels import MaternKernel
from gpytorch.mlls import ExactMarginalLogLikelihood
from scipy.optimize import approx_fprime

from models.arrays import Floats
from models.statistics import likelihood
from models.statistics.likelihood import MarginalLikelihood
from models.statistics.surrogate import Matern, TrialGP, WithNoise


def trials(n: int, noise: float = 0.3, d: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs (n, d) in [0, 1] and standardised outcomes (n, 1)."""
    rng = np.random.default_rng(n)
    x = rng.random((n, d))
    y = np.sin(5 * x[:, 0]) + (x[:, 1] - 0.4) ** 2 + noise * rng.standard_normal(n)
    return torch.tensor(x), torch.tensor((y - y.mean()) / (y.std() or 1))[:, None]


def exact_likelihood(model: TrialGP) -> ExactMarginalLogLikelihood:
    return ExactMarginalLogLikelihood(model.likelihood, model)


def fitted(*data: Any, **options: Any) -> TrialGP:
    model = TrialGP(*data, **options)
    fit_gpytorch_mll(exact_likelihood(model))
    return model


def log_posterior(model: TrialGP) -> float:
    """Log likelihood and log prior, as gpytorch computes them."""
    mll = exact_likelihood(model).train()
    with torch.no_grad():
        value = mll(model(*model.train_inputs), model.train_targets)
    model.eval()
    return float(value) * len(model.train_targets)


@pytest.fixture(params=["inferred", "known"])
def noise(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("categories", [[], [1, 3]])
def test_gradient_is_that_of_the_value(noise: str, categories: list[int]) -> None:
    x, y = (t.numpy() for t in trials(12))
    x[:, categories] = x[:, categories].round()
    known = np.linspace(0.05, 0.4, 12) if noise == "known" else 0.0
    density = MarginalLikelihood(x, y[:, 0], known, categories)
    rng = np.random.default_rng(0)

    def value(theta: Floats) -> float:
        return density(theta)[0]

    for _ in range(5):
        theta = density.centre + rng.standard_normal(len(density.centre))
        numeric = approx_fprime(theta, value, 1e-6)
        assert density(theta)[1] == pytest.approx(numeric, abs=1e-5)


@pytest.mark.parametrize("n", [3, 10, 40])
def test_fit_is_as_good_as_gpytorchs(noise: str, n: int) -> None:
    x, y = trials(n)
    x[:, 3] = (2 * x[:, 3]).round() / 2
    known = torch.full_like(y, 0.2) if noise == "known" else None
    ours, theirs = (TrialGP(x, y, known, categorical_features=[3]) for _ in range(2))
    fit_gpytorch_mll(exact_likelihood(ours))
    _fit_fallback(exact_likelihood(theirs))
    assert log_posterior(ours) > log_posterior(theirs) - 1e-4
    density = MarginalLikelihood(x.numpy(), y[:, 0].numpy(), 0.0 if known is None else 0.2, [3])
    assert density.maximum().value == pytest.approx(log_posterior(ours), abs=1e-6)


def test_kernel_is_matern_and_its_gradient_holds_at_distance_zero() -> None:
    x = trials(6)[0]
    ours, theirs = Matern(ard_num_dims=4), MaternKernel(nu=2.5, ard_num_dims=4)
    for kernel in (ours.double(), theirs.double()):
        kernel.lengthscale = torch.tensor([0.2, 0.5, 1, 3])
    torch.testing.assert_close(ours(x).to_dense(), theirs(x).to_dense(), atol=1e-9, rtol=0)
    assert (ours(x, diag=True) == 1).all()
    start = x[:2].clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda a: ours.forward(a, x), start)
    (slope,) = torch.autograd.grad(ours.forward(start, x[:2]).sum(), start)
    assert slope.isfinite().all()


def test_two_categories_are_one_apart_whatever_their_codes() -> None:
    kernel = Matern([1], ard_num_dims=2).double()
    codes = torch.tensor([[0.3, 0.0], [0.3, 0.5], [0.3, 1.0]], dtype=torch.double)
    k = kernel.forward(codes, codes).detach()
    assert k[0, 1] == k[0, 2]
    assert k[0, 1] < 1 == k[0, 0]


@pytest.mark.parametrize(
    "case", ["one", "two", "three", "constant", "replicates", "noisy", "outlier", "exact"]
)
def test_fit_survives(case: str) -> None:
    n = {"one": 1, "two": 2, "three": 3}.get(case, 20)
    x, y = trials(n, noise={"noisy": 50, "exact": 0}.get(case, 0.3))
    if case == "constant":
        y = torch.zeros_like(y)
    if case == "replicates":
        x, y = x[:4].repeat(5, 1), y[:4].repeat(5, 1)
    if case == "outlier":
        y[0] = 1e3
    model = fitted(x, y)
    assert all(p.isfinite().all() for p in model.parameters())
    posterior = model.posterior(x + 0.01)
    assert posterior.mean.isfinite().all()
    assert (posterior.variance >= 0).all()


def test_a_second_start_escapes_a_poor_optimum() -> None:
    gains = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.random((20, 6))
        y = np.sin(12 * x[:, 0]) + 0.02 * rng.standard_normal(20)
        density = MarginalLikelihood(x, (y - y.mean()) / y.std())
        best = density.maximum().value
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(likelihood, "ROUGH_START", likelihood.START)
            gains.append(best - density.maximum().value)
    assert min(gains) > -1e-4
    assert max(gains) > 1


def test_fit_is_deterministic_and_clear_when_nothing_works(monkeypatch: pytest.MonkeyPatch) -> None:
    data = trials(15)
    states = [fitted(*data).state_dict() for _ in range(2)]
    assert all(torch.equal(states[0][k], states[1][k]) for k in states[0])
    monkeypatch.setattr(likelihood, "dpotrf", lambda k, **_: (k, 1))
    with pytest.raises(likelihood.FitError, match="15 outcomes"):
        fitted(*data)


def test_two_outcomes_at_once_are_two_models() -> None:
    x, y = trials(20)
    both = torch.cat([y, y**2], 1)
    together = fitted(x, both)
    apart = [fitted(x, both[:, [i]]) for i in range(2)]
    for i, model in enumerate(apart):
        torch.testing.assert_close(
            together.posterior(x + 0.1).mean[:, i], model.posterior(x + 0.1).mean[:, 0]
        )


def test_inputs_are_normalised_before_the_fit() -> None:
    x, y = trials(20)
    bounds = torch.tensor([[0.0] * 4, [100.0] * 4], dtype=torch.double)
    plain, scaled = fitted(x, y), fitted(100 * x, y, input_transform=Normalize(4, bounds=bounds))
    torch.testing.assert_close(plain.posterior(x).mean, scaled.posterior(100 * x).mean)


def test_noise_is_seen_one_and_a_half_times(noise: str) -> None:
    x, y = trials(20)
    known = [torch.linspace(0.1, 0.3, 20).double()[:, None]] if noise == "known" else []
    one, two = fitted(x, y, *known), fitted(x, -y, torch.full_like(y, 0.5))
    pair = ModelListGP(one, two)
    expected = [model.likelihood.noise.mean().item() for model in (one, two)]
    assert expected[1] > 0.5
    for model, n in ((one, 1), (pair, 2)):
        added = (
            WithNoise(model).posterior(x[:, None]).variance - model.posterior(x[:, None]).variance
        )
        for i in range(n):
            assert added[..., i].detach().numpy() == pytest.approx(1.5 * expected[i])
    assert WithNoise(pair).num_outputs == 2


def test_replicates_that_differ_more_than_their_errors_say_are_not_believed() -> None:
    rng = np.random.default_rng(3)
    x = np.repeat(rng.random((8, 2)), 3, axis=0)
    y = x[:, 0] + 0.4 * rng.standard_normal(24)
    y = (y - y.mean()) / y.std()
    data = torch.tensor(x), torch.tensor(y)[:, None]
    model = fitted(*data, torch.full((24, 1), 1e-4, dtype=torch.double))
    assert model.likelihood.second_noise.item() > 0.2
