"""How Ax values points: over a space, among the candidates of a pool, under the belief of
hypotheses."""

from dataclasses import replace
from typing import Any

import torch
from ax.core.search_space import SearchSpaceDigest
from ax.generators.torch.botorch_modular.acquisition import Acquisition, determine_optimizer
from ax.generators.utils import mk_discrete_choices
from botorch.acquisition.acquisition import AcquisitionFunction
from botorch.acquisition.input_constructors import construct_inputs_qEHVI
from botorch.acquisition.logei import qLogExpectedImprovement
from botorch.acquisition.multi_objective.logei import (
    qLogExpectedHypervolumeImprovement,
    qLogNoisyExpectedHypervolumeImprovement,
)
from botorch.acquisition.multi_objective.parego import qLogNParEGO
from botorch.utils.constraints import get_outcome_constraint_transforms
from botorch.utils.datasets import SupervisedDataset
from torch import Tensor

from models.statistics.surrogate import WithNoise
from planner.proposals.ax_bridge.optimiser import settings
from planner.space.columns import Coding

SCREENED = 256
"""Candidates that are valued together with others; of more, those that gain most by themselves."""


class _Guided(AcquisitionFunction):
    """log a(X) and log belief(X), X of shape (b, q, d); what is pending stays with a."""

    def __init__(self, base: AcquisitionFunction, belief: Any) -> None:
        super().__init__(model=base.model)
        self.base, self.belief = base, belief

    def forward(self, X: Tensor) -> Any:
        return self.base(X) + torch.as_tensor(self.belief(X)).expand(X.shape[:-1]).mean(-1)

    @property
    def X_pending(self) -> Any:  # type: ignore[override]  # here it belongs to the base
        return self.base.X_pending

    @property
    def X_baseline(self) -> Tensor | None:
        """Around which points to start; none where the acquisition has none."""
        return getattr(self.base, "X_baseline", None)

    def set_X_pending(self, X_pending: Tensor | None = None) -> None:
        self.base.set_X_pending(X_pending)


class _MayBeGuided(Acquisition):
    """Adds the log belief of hypotheses where there is one. What was reached so far is told with
    ``reached`` (n, d): Ax would look only at trials of which everything was measured."""

    def _construct_botorch_acquisition(
        self, botorch_acqf_class: Any, botorch_acqf_options: Any, model: Any
    ) -> Any:
        self.X_observed = self.options["reached"]
        base = self._base(botorch_acqf_class, botorch_acqf_options, model)
        self.options["built"].append(base)
        return _Guided(base, self.options["belief"]) if "belief" in self.options else base

    def _base(self, kind: Any, options: Any, model: Any) -> Any:
        """The acquisition function from data alone."""
        return super()._construct_botorch_acquisition(kind, options, model)


class PoolAcquisition(_MayBeGuided):
    """Chooses among given candidates, by a spread that a new measurement would show."""

    def _base(self, kind: Any, options: Any, model: Any) -> Any:
        if kind in (qLogNoisyExpectedHypervolumeImprovement, qLogNParEGO):
            return super()._base(kind, options, model)  # the spread of results moves the front too
        noisy = WithNoise(model)
        if kind is qLogExpectedHypervolumeImprovement:
            return self._hypervolume_improvement(noisy)
        if kind is qLogExpectedImprovement:
            options = {**options, "best_f": self._best()}
        return super()._base(kind, options, noisy)

    def _best(self) -> Tensor:
        """The best result that breaks no limit, as the model sees it: by its rank among all, which
        no transform of the results changes."""
        metric, sign, rank = self.options["best"]
        data = next(d for d in self.surrogate.training_data if metric in d.outcome_names)
        values: Tensor = sign * data.Y[:, data.outcome_names.index(metric)]
        return values.sort(descending=True).values[rank]

    def _hypervolume_improvement(self, model: WithNoise) -> Any:
        """Over the front that the model sees where all objectives were measured. BoTorch's own way
        wants every outcome, the survival of samples too, from the same trials."""
        reached: Tensor = self.options["reached"]
        objective, _ = self.get_botorch_objective_and_transform(
            qLogExpectedHypervolumeImprovement,
            model,
            self._objective_weights,
            self._outcome_constraints,
            reached,
        )
        with torch.no_grad():
            means = model.posterior(reached).mean
        columns, outcomes = ([str(i) for i in range(t.shape[-1])] for t in (reached, means))
        inputs = construct_inputs_qEHVI(
            model=model,
            training_data=SupervisedDataset(
                reached, means, feature_names=columns, outcome_names=outcomes
            ),
            objective=objective,
            constraints=get_outcome_constraint_transforms(self._outcome_constraints),
            X_pending=self.X_pending,
            ref_point=self._objective_thresholds,
        )
        return qLogExpectedHypervolumeImprovement(**inputs)

    def optimize(  # type: ignore[override]
        self, n: int, search_space_digest: SearchSpaceDigest, **rest: Any
    ) -> Any:
        pool = {"candidate_set": self._screened(n)}
        return super().optimize(n, search_space_digest, **(rest | pool))

    def _screened(self, n: int) -> Tensor:
        """The pool; where candidates are valued together with others, those of it that gain most
        by themselves, in their order: others can only lessen a gain, and to value them together
        takes many times as long."""
        pool: Tensor = self.options["pool"]
        pending = self.acqf.X_pending
        is_joint = isinstance(self.options["built"][-1], qLogExpectedHypervolumeImprovement)
        if not is_joint or len(pool) <= SCREENED or (n == 1 and pending is None):
            return pool
        self.acqf.set_X_pending(None)
        with torch.no_grad():
            parts = torch.split(pool.unsqueeze(1), SCREENED)
            gains = torch.cat([self.acqf(part) for part in parts])
        self.acqf.set_X_pending(pending)
        return pool[gains.topk(SCREENED).indices.sort().values]


class SpaceAcquisition(_MayBeGuided):
    """Optimises over the whole space, and knows which columns are not continuous."""

    def optimize(  # type: ignore[override]
        self, n: int, search_space_digest: SearchSpaceDigest, **rest: Any
    ) -> Any:
        coding: Coding = self.options["coding"]
        columns = set(coding.discrete) - set(coding.categorical)
        digest = replace(
            search_space_digest,
            ordinal_features=sorted(columns),
            categorical_features=coding.categorical,
            discrete_choices=coding.discrete,
        )
        optimiser = determine_optimizer(digest, self.acqf, mk_discrete_choices(digest))
        own = {"optimizer_options": settings(optimiser, coding)}
        return super().optimize(n, digest, **(rest | own))
