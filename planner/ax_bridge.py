"""The only file that imports Ax and BoTorch: a record in, proposals out. Nothing is kept between
calls.

Ax sees columns of numbers (``planner.coding``) under names of its own, so that no laboratory's name
for a thing can be misread. Settings and what they were chosen by: docs/decisions/0004.
"""

import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import torch
from ax.adapter.base import Adapter
from ax.adapter.registry import Generators
from ax.adapter.transforms.power_transform_y import PowerTransformY
from ax.adapter.transforms.standardize_y import StandardizeY
from ax.core.arm import Arm
from ax.core.data import Data
from ax.core.experiment import Experiment
from ax.core.metric import Metric
from ax.core.objective import Objective
from ax.core.observation import ObservationFeatures
from ax.core.optimization_config import (
    MultiObjectiveOptimizationConfig,
    OptimizationConfig,
)
from ax.core.outcome_constraint import OutcomeConstraint
from ax.core.parameter import ParameterType, RangeParameter
from ax.core.parameter_constraint import ParameterConstraint
from ax.core.search_space import SearchSpace, SearchSpaceDigest
from ax.generators.torch.botorch_modular.acquisition import Acquisition
from ax.generators.torch.botorch_modular.surrogate import SurrogateSpec
from ax.generators.torch.botorch_modular.utils import ModelConfig
from ax.utils.common.constants import Keys
from ax.utils.common.random import with_rng_seed
from botorch.acquisition.acquisition import AcquisitionFunction
from botorch.acquisition.logei import qLogExpectedImprovement
from botorch.acquisition.multi_objective import logei
from botorch.acquisition.multi_objective.logei import qLogExpectedHypervolumeImprovement
from botorch.models.transforms.input import Log10, Normalize
from botorch.optim import initializers
from botorch.optim.optimize_mixed import should_use_mixed_alternating_optimizer
from botorch.utils.sampling import get_polytope_samples
from linear_operator.utils.warnings import NumericalWarning
from torch import Tensor

from models.surrogate import TrialGP, WithNoise
from planner.campaign import Campaign
from planner.coding import Coding
from planner.design import first_design
from planner.forecast import forecast
from planner.merging import Guide
from planner.metrics import Limit, errors, limits, metrics, objectives, reference, skewed
from planner.proposer import PlanningError
from planner.record import Record
from planner.space import Array, without
from planner.trial import BOTORCH, Proposal
from planner.values import Point

LOG = logging.getLogger(__name__)
for _handler in logging.getLogger("ax").handlers:
    _handler.setLevel(logging.ERROR)  # what Ax warns of is looked at here, under its names

RESTARTS = 4
RAW_SAMPLES = 128
"""Starts of the acquisition's optimiser, and the samples they come from: a fifth and an eighth
of Ax's, because it also starts around the best trials (``sample_around_best``)."""
BELIEF_SAMPLES = 256
"""Points of a space-filling sample among which a guided search looks too."""
MIXED_OPTIONS = {"maxiter_alternating": 8, "maxiter_continuous": 20}
SAMPLES = 64
"""Monte Carlo samples of the hypervolume improvement."""
PACKAGES = ("ax-platform", "botorch", "gpytorch", "torch", "numpy")


def propose_by_model(
    campaign: Campaign,
    record: Record,
    n: int,
    seed: int,
    pool: Sequence[Point] | None,
    guide: Guide | None = None,
    others: Sequence[Point] = (),
) -> list[Proposal]:
    """``n`` proposals of the largest expected gain, from ``pool`` where there is one.

    With a ``guide`` it is one, of the largest sum with its log belief; ``others`` holds what comes
    without it.
    PlanningError says why the model could not make them.
    """
    try:
        with with_rng_seed(seed), warnings.catch_warnings():
            warnings.simplefilter("ignore", NumericalWarning)  # it adds jitter, as it should
            warnings.filterwarnings("ignore", "Optimization failed", RuntimeWarning)  # and retried
            planner = _Planner(campaign, record, guide)
            proposals = planner.propose(n, seed, pool)
            return proposals if guide is None else planner.told(proposals, others)
    except PlanningError:
        raise
    except Exception as error:  # whatever Ax, BoTorch and linear algebra can raise
        LOG.exception("the model of %s failed", campaign.name)
        text = _in_laboratory_words(campaign, f"{type(error).__name__}: {error}")
        raise PlanningError(text) from error


def _in_laboratory_words(campaign: Campaign, text: str) -> str:
    """A message of Ax with our names for its columns and metrics."""
    names = {f"p{i}": name for i, name in enumerate(campaign.free)}
    for i, name in enumerate(campaign.outcomes):
        names |= {f"m{i}": name, f"d{i}": f"distance of {name}"}
    return re.sub(r"\b[pmd]\d+\b", lambda found: names.get(found.group(), found.group()), text)


class _Planner:
    """One call's view of a campaign and its record, in the terms of Ax."""

    def __init__(self, campaign: Campaign, record: Record, guide: Guide | None = None) -> None:
        self.campaign = campaign
        self.record = record
        self.guide = guide
        self.built: list[AcquisitionFunction] = []
        """The acquisition function from data alone, once it was used under a guide."""
        self.coding = Coding(campaign)
        self.names = [f"p{i}" for i in range(len(campaign.free))]
        self.seen = record.observations
        self.metrics = metrics(campaign, self.seen)
        self.pending = self.coding.encode([t.point for t in record.pending(campaign)])

    def propose(self, n: int, seed: int, pool: Sequence[Point] | None) -> list[Proposal]:
        """Proposals; one more try where the model repeats what was planned already."""
        points, value = self._points(n, seed, pool)
        if self.guide is not None and pool is None:
            points = self._or_better(points, seed)
        fresh = without(self.campaign, points, self.record.excluded)
        if len(fresh) < n and pool is None:
            points, value = self._points(n + len(points) - len(fresh) + 2, seed, pool)
            fresh = without(self.campaign, points, self.record.excluded)
        if not fresh:
            raise PlanningError("the model repeats only points that were planned already")
        return self._proposals(fresh[:n], value, seed)

    def _or_better(self, points: list[Point], seed: int) -> list[Point]:
        """The point that was found, or the best of a space-filling sample where that is better: a
        search of few starts may miss a narrow belief."""
        excluded = [*self.record.excluded, *points]
        sample = [*points, *first_design(self.campaign, excluded, BELIEF_SAMPLES, seed)]
        rows = torch.tensor(self.coding.encode(sample)).unsqueeze(1)
        with torch.no_grad():
            value = self.built[-1](rows) + torch.as_tensor(self._guidance["belief"](rows)).mean(-1)
        return [sample[int(value.argmax())]]

    def told(self, proposals: list[Proposal], others: Sequence[Point]) -> list[Proposal]:
        """The proposals with what moved them, beside the points that come without a guide."""
        assert self.guide is not None
        made = []
        for proposal, other in zip(proposals, others, strict=False):
            rows = torch.tensor(self.coding.encode([proposal.point, other])).unsqueeze(1)
            with torch.no_grad():
                score, without = self.built[-1](rows).tolist()
            told = self.guide.told(
                proposal.point, other, {"score": score, "score_without": without}
            )
            made.append(proposal.model_copy(update={"guidance": told}))
        return made

    def _points(
        self, n: int, seed: int, pool: Sequence[Point] | None
    ) -> tuple[list[Point], float | None]:
        """Points of the best acquisition value, and that value."""
        run = self.adapter(pool is not None).gen(
            n=n,
            model_gen_options=self._options(seed, pool),
            pending_observations=self._pending_features(),
        )
        rows = [[arm.parameters[name] for name in self.names] for arm in run.arms]
        value = (run.gen_metadata or {}).get(Keys.EXPECTED_ACQF_VAL)
        if pool is not None:
            places = self.coding.encode(pool)
            found = np.array(rows, dtype=float)
            nearest = [int(np.abs(places - row).sum(axis=1).argmin()) for row in found]
            return [pool[i] for i in nearest], _single(value)
        return [self.coding.decode(row) for row in rows], _single(value)

    def _options(self, seed: int, pool: Sequence[Point] | None) -> dict[str, Any]:
        if pool is not None:
            order = np.random.default_rng(seed).permutation(len(pool))  # ties go by the seed
            candidates = torch.tensor(self.coding.encode([pool[i] for i in order]))
            return {Keys.AX_ACQUISITION_KWARGS: {"pool": candidates, **self._guidance}}
        alternates = should_use_mixed_alternating_optimizer(self.coding.discrete)
        around_best = not any(c.equality for c in self.coding.constraints)  # BoTorch has no both
        own = MIXED_OPTIONS if alternates else {"sample_around_best": around_best}
        options = {"batch_limit": RESTARTS, **own}
        chosen: dict[str, Any] = {
            Keys.OPTIMIZER_KWARGS: {
                "num_restarts": RESTARTS,
                "raw_samples": RAW_SAMPLES,
                "options": options,
            },
            Keys.AX_ACQUISITION_KWARGS: {"coding": self.coding, **self._guidance},
        }
        if len(self.objectives) > 1:
            chosen[Keys.ACQF_KWARGS] = {"mc_samples": SAMPLES}
        return chosen

    @property
    def _guidance(self) -> dict[str, Any]:
        if self.guide is None:
            return {}
        guide, coding = self.guide, self.coding
        return {"belief": lambda x: guide.log_belief(_unit(coding, x)), "built": self.built}

    def _pending_features(self) -> dict[str, list[ObservationFeatures]] | None:
        if not len(self.pending):
            return None
        features = [self._features(row) for row in self.pending]
        return {metric: features for metric in self.metrics}

    def _features(self, row: Sequence[float] | Array) -> ObservationFeatures:
        return ObservationFeatures(dict(zip(self.names, map(float, row), strict=True)))

    def _proposals(self, points: list[Point], value: float | None, seed: int) -> list[Proposal]:
        features = [self._features(row) for row in self.coding.encode(points)]
        measured = self._fitted.predict(features, use_posterior_predictive=True)
        latent = self._fitted.predict(features)
        return [
            forecast(
                self.campaign,
                self.record,
                point,
                measured=_at(measured, i),
                latent=_at(latent, i),
                generator=BOTORCH,
                acquisition=value,
                seed=seed,
                packages=PACKAGES,
            )
            for i, point in enumerate(points)
        ]

    @cached_property
    def objectives(self) -> dict[str, bool]:
        """Metrics to optimise that have data, and whether each is to become small."""
        return objectives(self.campaign, self.metrics)

    def adapter(self, from_pool: bool) -> Adapter:
        """Ax's adapter with the model fitted to all observations."""
        acquisition = self._pool_acquisition if from_pool else None
        self._fitted = Generators.BOTORCH_MODULAR(
            experiment=self._experiment,
            data=self._data,
            transforms=[StandardizeY, PowerTransformY],
            transform_configs={"PowerTransformY": {"metrics": skewed(self.metrics)}},
            acquisition_class=_PoolAcquisition if from_pool else _SpaceAcquisition,
            botorch_acqf_class=acquisition,
            surrogate_spec=SurrogateSpec(
                model_configs=[self._model_config], allow_batched_models=True
            ),
        )
        return self._fitted

    @property
    def _pool_acquisition(self) -> type:
        several = len(self.objectives) > 1
        return qLogExpectedHypervolumeImprovement if several else qLogExpectedImprovement

    @cached_property
    def _model_config(self) -> ModelConfig:
        logs = self.coding.logarithms
        bounds = torch.tensor(self.coding.bounds).T
        bounds[:, logs] = bounds[:, logs].log10()  # scaled by the high end: from -k to 0
        transforms: dict[str, Any] = {"Normalize": {"d": len(self.names), "bounds": bounds}}
        if logs:
            transforms = {"Log10": {"indices": logs}, **transforms}
        return ModelConfig(
            botorch_model_class=TrialGP,
            model_options={"categorical_features": self.coding.categorical},
            input_transform_classes=[Log10, Normalize] if logs else [Normalize],
            input_transform_options=transforms,
        )

    @cached_property
    def _experiment(self) -> Experiment:
        experiment = Experiment(
            name="kyoso",
            search_space=self._search_space(),
            optimization_config=self._optimization_config(),
            tracking_metrics=[Metric(m) for m in self.metrics if m not in self._optimised],
            properties={Keys.IMMUTABLE_SEARCH_SPACE_AND_OPT_CONF: True},
        )
        for row, arm in zip(self._rows, self._arms, strict=True):
            trial = experiment.new_trial()
            values = dict(zip(self.names, map(float, row), strict=True))
            trial.add_arm(Arm(values, name=arm))
            trial.mark_running(no_runner_required=True)
            trial.mark_completed()
        return experiment

    def _search_space(self) -> SearchSpace:
        columns = [
            RangeParameter(name, ParameterType.FLOAT, low, high)
            for name, (low, high) in zip(self.names, self.coding.bounds, strict=True)
        ]
        constraints = []
        for c in self.coding.constraints:
            total = " + ".join(f"{k!r} * p{column}" for column, k in c.coefficients.items())
            text = f"{total} {'==' if c.equality else '<='} {c.bound!r}"
            constraints.append(
                ParameterConstraint(equality=text) if c.equality else ParameterConstraint(text)
            )
        return SearchSpace(columns, constraints)

    @cached_property
    def _limits(self) -> list[Limit]:
        return limits(self.campaign, self.metrics)

    @cached_property
    def _optimised(self) -> set[str]:
        return {*self.objectives, *(metric for metric, _, _ in self._limits)}

    def _optimization_config(self) -> OptimizationConfig:
        names = {metric: metric for metric in self.metrics}
        goals = ", ".join(f"-{m}" if small else m for m, small in self.objectives.items())
        objective = Objective(expression=goals, metric_name_to_signature=names)

        def bounds(wanted: Sequence[Limit]) -> list[OutcomeConstraint]:
            return [
                OutcomeConstraint(
                    expression=f"{metric} {sign} {bound!r}",
                    metric_name_to_signature=names,
                    relative=False,
                )
                for metric, sign, bound in wanted
            ]

        if len(self.objectives) == 1:
            return OptimizationConfig(objective=objective, outcome_constraints=bounds(self._limits))
        return MultiObjectiveOptimizationConfig(
            objective=objective,
            outcome_constraints=bounds(self._limits),
            objective_thresholds=bounds(self._thresholds()),
        )

    def _thresholds(self) -> list[Limit]:
        """The campaign's thresholds, or what the data suggest where it names none."""
        signs = np.array([-1.0 if small else 1.0 for small in self.objectives.values()])
        suggested = signs * reference(signs * self._complete_rows())
        given = {
            f"m{i}": o.threshold
            for i, o in enumerate(self.campaign.outcomes.values())
            if o.threshold is not None
        }
        return [
            (m, "<=" if small else ">=", given.get(m, float(suggested[k])))
            for k, (m, small) in enumerate(self.objectives.items())
        ]

    def _complete_rows(self) -> Array:
        """Values of all objectives of the trials that have them all, shape (n, objectives)."""
        columns = [self.metrics[m] for m in self.objectives]
        trials = [t for t in columns[0] if all(t in column for column in columns)]
        if not trials:  # then each outcome by itself
            least = min(len(column) for column in columns)
            return np.array([[v for v, _ in column.values()][:least] for column in columns]).T
        return np.array([[column[t][0] for column in columns] for t in trials])

    @cached_property
    def _rows(self) -> Array:
        """Where each observation was made, in numbers, shape (n, d)."""
        return self.coding.encode([observation.point for observation in self.seen])

    @cached_property
    def _arms(self) -> list[str]:
        """A name for each observation; replicates of a point share one."""
        first: dict[bytes, str] = {}
        return [
            first.setdefault(row.tobytes(), str(observation.trial))
            for row, observation in zip(self._rows, self.seen, strict=True)
        ]

    @cached_property
    def _data(self) -> Data:
        index = {observation.trial: i for i, observation in enumerate(self.seen)}
        rows = [
            (index[trial], self._arms[index[trial]], metric, metric, value, error)
            for metric, column in self.metrics.items()
            for (trial, (value, _)), error in zip(column.items(), errors(column), strict=True)
        ]
        columns = ["trial_index", "arm_name", "metric_name", "metric_signature", "mean", "sem"]
        return Data(df=pd.DataFrame(rows, columns=columns))


# BoTorch would compile a C++ kernel at its first use, for most of a minute, and its results differ
# from machine to machine in the last digits. The Python form costs up to a quarter more time.
logei._load_attempted = True


def _starts(*limits: Any, **settings: Any) -> torch.Tensor:
    """Starts of a search under linear constraints, by a chain of 2,000 steps: BoTorch's 14,000
    take half of all the time, and a start need not be a perfect draw."""
    return get_polytope_samples(*limits, **{**settings, "n_burnin": 1000, "n_thinning": 8})


initializers.get_polytope_samples = _starts  # type: ignore[attr-defined]


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
    """Adds the log belief of hypotheses where there is one."""

    def _construct_botorch_acquisition(
        self, botorch_acqf_class: Any, botorch_acqf_options: Any, model: Any
    ) -> Any:
        base = super()._construct_botorch_acquisition(
            botorch_acqf_class, botorch_acqf_options, model
        )
        if "belief" not in self.options:
            return base
        self.options["built"].append(base)
        return _Guided(base, self.options["belief"])


class _PoolAcquisition(_MayBeGuided):
    """Chooses among given candidates, by a spread that a new measurement would show."""

    def _construct_botorch_acquisition(
        self, botorch_acqf_class: Any, botorch_acqf_options: Any, model: Any
    ) -> Any:
        return super()._construct_botorch_acquisition(
            botorch_acqf_class, botorch_acqf_options, WithNoise(model)
        )

    def optimize(  # type: ignore[override]
        self, n: int, search_space_digest: SearchSpaceDigest, **rest: Any
    ) -> Any:
        pool = {"candidate_set": self.options["pool"]}
        return super().optimize(n, search_space_digest, **(rest | pool))


class _SpaceAcquisition(_MayBeGuided):
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
        return super().optimize(n, digest, **rest)


def _unit(coding: Coding, x: Tensor) -> Tensor:
    """Columns (..., d) as rows of the unit cube, as ``planner.space.encode`` has them."""
    low, high = torch.tensor(coding.bounds, dtype=x.dtype).T
    unit: Tensor = (x - low) / (high - low)
    for i in coding.logarithms:  # from the low end over the high one, to 1
        unit[..., i] = 1 - x[..., i].log() / low[i].log()
    return unit


def _at(predicted: Any, i: int) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of every metric at the ``i``-th point."""
    means, covariances = predicted
    return {
        m: (float(mean[i]), float(max(covariances[m][m][i], 0.0) ** 0.5))
        for m, mean in means.items()
    }


def _single(value: Any) -> float | None:
    """The acquisition value of a run, where Ax gives just one."""
    numbers = np.ravel(value if value is not None else [])
    return float(numbers[0]) if len(numbers) == 1 and np.isfinite(numbers[0]) else None
