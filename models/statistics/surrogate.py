"""The Gaussian process behind every proposal, as BoTorch takes it. See ``evidence``."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from botorch.models import SingleTaskGP
from botorch.models.model import Model
from gpytorch.constraints import Positive
from gpytorch.kernels import Kernel, ScaleKernel
from gpytorch.likelihoods import FixedNoiseGaussianLikelihood, GaussianLikelihood
from gpytorch.priors import MultivariateNormalPrior, NormalPrior
from linear_operator.operators import DiagLinearOperator
from torch import Tensor

from models.arrays import Floats
from models.statistics.likelihood import (
    LENGTH,
    NOISE,
    SAME,
    SCALE,
    SEEN,
    MarginalLikelihood,
    Posterior,
    length_prior,
)


class _Matern52(torch.autograd.Function):
    """(1 + r + r^2 / 3) exp(-r) from r^2; the derivative -(1 + r) exp(-r) / 6 is finite at 0."""

    @staticmethod
    def forward(ctx: Any, square: Tensor) -> Tensor:
        r = square.clamp_min(0).sqrt()
        decay = torch.exp(-r)
        slope = (1 + r) * decay
        ctx.save_for_backward(slope)
        return torch.addcmul(slope, square, decay, value=1 / 3)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        slope: Tensor = ctx.saved_tensors[0]
        return gradient * slope / -6


class Matern(Kernel):
    """Matern 5/2 with one length scale a column; columns in ``categories`` hold category codes."""

    has_lengthscale = True

    def __init__(self, categories: Sequence[int] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.categories = list(categories)

    def forward(self, x1: Tensor, x2: Tensor, diag: bool = False, **_: Any) -> Tensor:
        """k / s between x1 (..., n1, d) and x2 (..., n2, d): (..., n1, n2), or (..., n) if diag."""
        weight = 5**0.5 / self.lengthscale
        plain = weight.clone()
        plain[..., self.categories] = 0
        if diag:
            square = ((x1 - x2) * plain).square().sum(-1)
        else:
            a, b = x1 * plain, x2 * plain
            square = a.square().sum(-1, keepdim=True) + b.square().sum(-1).unsqueeze(-2)
            square = square - 2 * a @ b.mT
        for i in self.categories:
            gap = x1[..., i] - x2[..., i] if diag else x1[..., i, None] - x2[..., None, :, i]
            w = weight[..., i].square()
            square = square + (gap.abs() > SAME) * (w.squeeze(-1) if diag else w.unsqueeze(-1))
        k: Tensor = _Matern52.apply(square)
        return k


class PartlyKnownNoise(FixedNoiseGaussianLikelihood):
    """The known variance of each outcome, and v. A noise that is given stands for both."""

    def _shaped_noise_covar(self, base_shape: torch.Size, *params: Any, **kwargs: Any) -> Any:
        if kwargs.get("noise") is not None:  # gpytorch would count it twice
            return DiagLinearOperator(kwargs["noise"])
        return super()._shaped_noise_covar(base_shape, *params, **kwargs)


class TrialGP(SingleTaskGP):
    """BoTorch's ``SingleTaskGP`` with the model of ``evidence``, and its fit.

    ``categorical_features`` are the columns that hold category codes. Outcomes (n, m) with m > 1
    are m independent models. The fit does not learn parameters of an input transform.
    """

    def __init__(
        self,
        train_X: Tensor,
        train_Y: Tensor,
        train_Yvar: Tensor | None = None,
        categorical_features: Sequence[int] = (),
        input_transform: Any = None,
        outcome_transform: Any = None,
    ) -> None:
        d, batch = train_X.shape[-1], self.get_batch_dimensions(train_X, train_Y)[1]
        matern = Matern(
            categorical_features,
            ard_num_dims=d,
            batch_shape=batch,
            lengthscale_constraint=_positive(LENGTH[0]),
        )
        centre = torch.full((d,), LENGTH[0], dtype=torch.double).log()
        prior = MultivariateNormalPrior(centre, torch.from_numpy(length_prior(d)))
        _believe(matern, "lengthscale", prior)
        covariance = ScaleKernel(
            matern, batch_shape=batch, outputscale_constraint=_positive(SCALE[0])
        )
        _believe(covariance, "outputscale", NormalPrior(np.log(SCALE[0]), SCALE[1]))
        likelihood = None
        if train_Yvar is None:
            likelihood = GaussianLikelihood(batch_shape=batch, noise_constraint=_positive(NOISE[0]))
            _believe(likelihood.noise_covar, "noise", NormalPrior(np.log(NOISE[0]), NOISE[1]))
        super().__init__(
            train_X,
            train_Y,
            train_Yvar,
            likelihood=likelihood,
            covar_module=covariance,
            input_transform=input_transform,
            outcome_transform=outcome_transform,
        )
        if train_Yvar is not None:
            self.likelihood = PartlyKnownNoise(
                noise=self.likelihood.noise.clone(),  # in the units of the standardised outcome
                learn_additional_noise=True,
                batch_shape=batch,
                noise_constraint=_positive(NOISE[0]),
            )
            _believe(self._learned_noise, "noise", NormalPrior(np.log(NOISE[0]), NOISE[1]))

    @classmethod
    def construct_inputs(
        cls, training_data: Any, categorical_features: Sequence[int] = (), **_: Any
    ) -> dict[str, Any]:
        """What Ax hands to ``__init__``."""
        usual: dict[str, Any] = super().construct_inputs(training_data)
        return usual | {"categorical_features": categorical_features}

    def custom_fit(self, mll: Any, **_: Any) -> Any:
        """Called by ``fit_gpytorch_mll`` with the exact marginal likelihood of this model."""
        mll.train()
        with torch.no_grad():
            x, y = self.transform_inputs(self.train_inputs[0]), self.train_targets
            known = torch.zeros_like(y) if self._learns_all else self.likelihood.noise_covar.noise
            found = [
                MarginalLikelihood(
                    _array(x[i]),
                    _array(y[i]),
                    _array(known.expand_as(y)[i]),
                    self.covar_module.base_kernel.categories,
                ).maximum()
                for i in np.ndindex(tuple(y.shape[:-1]))
            ]
            self._adopt(found)
        return mll.eval()

    @property
    def _learns_all(self) -> bool:
        return isinstance(self.likelihood, GaussianLikelihood)

    @property
    def _learned_noise(self) -> Any:
        """The module that holds v."""
        likelihood = self.likelihood
        return likelihood.noise_covar if self._learns_all else likelihood.second_noise_covar

    def _adopt(self, found: Sequence[Posterior]) -> None:
        """Write the hyperparameters of each outcome's fit into the modules."""
        value = torch.from_numpy(np.exp([f.theta for f in found])).to(self.train_targets)
        kernel, d = self.covar_module, self.train_inputs[0].shape[-1]
        kernel.base_kernel.lengthscale = value[:, :d].view_as(kernel.base_kernel.lengthscale)
        kernel.outputscale = value[:, d].view_as(kernel.outputscale)
        noise = self._learned_noise
        noise.initialize(noise=value[:, d + 1].view_as(noise.noise))
        mean = torch.tensor([f.mean for f in found]).to(self.train_targets)
        self.mean_module.constant.copy_(mean.view_as(self.mean_module.constant))


class WithNoise(Model):
    """A model as the next measurement will see it: its spread holds the noise, SEEN times.

    For choosing from a pool, where every candidate can be measured only once. Takes a ``TrialGP``
    or a ``ModelListGP`` of them; a known variance of the outcomes counts with its mean.
    """

    def __init__(self, base: Model) -> None:
        super().__init__()
        self.base = base

    @property
    def num_outputs(self) -> int:
        return self.base.num_outputs

    @property
    def batch_shape(self) -> torch.Size:
        return self.base.batch_shape

    def subset_output(self, idcs: list[int]) -> Self:
        return type(self)(self.base.subset_output(idcs))

    def posterior(self, X: Tensor, *_: Any, posterior_transform: Any = None, **__: Any) -> Any:
        """At X (..., q, d)."""
        parts = getattr(self.base, "models", [self.base])
        noise = torch.cat([m.likelihood.noise.detach().mean(-1).reshape(-1) for m in parts])
        noise = (SEEN * noise).expand(*X.shape[:-1], len(noise))
        return self.base.posterior(
            X, observation_noise=noise, posterior_transform=posterior_transform
        )


def _positive(start: float) -> Positive:
    """Optimised, and stored, as a logarithm."""
    return Positive(transform=torch.exp, inv_transform=torch.log, initial_value=start)


def _believe(module: Any, name: str, prior: Any) -> None:
    """Put a Gaussian prior on the logarithm of a module's parameter."""
    module.register_prior(
        f"{name}_prior",
        prior,
        lambda m: getattr(m, name).log(),
        lambda m, value: m.initialize(**{name: value.exp()}),
    )


def _array(t: Tensor) -> Floats:
    return t.detach().cpu().numpy().astype(float)
