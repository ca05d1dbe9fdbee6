"""What Ax is told of a campaign and its record: an experiment with data, goals, limits, a model."""

from collections.abc import Sequence
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
from ax.core.optimization_config import (
    MultiObjectiveOptimizationConfig,
    OptimizationConfig,
)
from ax.core.outcome_constraint import OutcomeConstraint
from ax.core.parameter import ParameterType, RangeParameter
from ax.core.parameter_constraint import ParameterConstraint
from ax.core.search_space import SearchSpace
from ax.generators.torch.botorch_modular.surrogate import SurrogateSpec
from ax.generators.torch.botorch_modular.utils import MIN_NUM_OBJECTIVES_PAREGO, ModelConfig
from ax.utils.common.constants import Keys
from botorch.acquisition.logei import (
    qLogExpectedImprovement,
    qLogNoisyExpectedImprovement,
    qLogProbabilityOfFeasibility,
)
from botorch.acquisition.multi_objective.logei import (
    qLogExpectedHypervolumeImprovement,
    qLogNoisyExpectedHypervolumeImprovement,
)
from botorch.acquisition.multi_objective.parego import qLogNParEGO
from botorch.models.transforms.input import Log10, Normalize

from models.statistics.surrogate import TrialGP
from planner.campaign.campaign import Campaign
from planner.proposals.ax_bridge.acquisition import PoolAcquisition, SpaceAcquisition
from planner.record.record import Record
from planner.space.columns import Coding
from planner.space.encoding import Array
from planner.space.metrics import (
    Limit,
    errors,
    judged_trials,
    keeps,
    limits,
    metrics,
    nothing_holds,
    objectives,
    reference,
    skewed,
    thresholds,
)

FAR = 10.0
"""How far below all values a bound lies that is to bind nothing, in ranges of the values."""


class Told:
    """A campaign and its record in the terms of Ax."""

    def __init__(self, campaign: Campaign, record: Record) -> None:
        self.campaign = campaign
        self.coding = Coding(campaign)
        self.names = [f"p{i}" for i in range(len(campaign.free))]
        self.seen = record.observations
        self.metrics = metrics(campaign, self.seen)
        limited = {m for m, _, _ in limits(campaign, self.metrics) if m in self.objectives}
        self.metrics |= {self._limited(metric): self.metrics[metric] for metric in limited}

    @cached_property
    def objectives(self) -> dict[str, bool]:
        """Metrics to optimise that have data, and whether each is to become small."""
        return objectives(self.campaign, self.metrics)

    def adapter(self, from_pool: bool) -> Adapter:
        """Ax's adapter with the model fitted to all observations."""
        return Generators.BOTORCH_MODULAR(
            experiment=self._experiment,
            data=self._data,
            transforms=[StandardizeY, PowerTransformY],
            transform_configs={"PowerTransformY": {"metrics": skewed(self.metrics)}},
            acquisition_class=PoolAcquisition if from_pool else SpaceAcquisition,
            botorch_acqf_class=self.acquisition(from_pool),
            surrogate_spec=SurrogateSpec(
                model_configs=[self._model_config], allow_batched_models=True
            ),
        )

    def acquisition(self, from_pool: bool) -> type:
        """How points are valued: by their gain over what was reached; while nothing has met every
        requirement and threshold, by the probability that they do.

        Ax's own choice looks at trials only where everything was measured.
        """
        if nothing_holds(self.campaign, self.metrics):
            return qLogProbabilityOfFeasibility
        if len(self.objectives) == 1:
            return qLogExpectedImprovement if from_pool else qLogNoisyExpectedImprovement
        if from_pool:
            return qLogExpectedHypervolumeImprovement
        many = len(self.objectives) >= MIN_NUM_OBJECTIVES_PAREGO
        return qLogNParEGO if many else qLogNoisyExpectedHypervolumeImprovement

    @property
    def reached(self) -> Array:
        """Where something was reached, shape (n, d): the trials by which that is judged, as far as
        they were run inside the space, for only there one can go again; without any, all trials."""
        judged = self._rows_of(self._judged)
        inside = [self.coding.is_inside(row) for row in judged]
        return judged[inside] if any(inside) else self._rows

    @property
    def best(self) -> tuple[str, float, int]:
        """Of one objective: its metric, the sign that makes larger values better, and how many
        results are better than the best that breaks no limit."""
        ((metric, small),) = self.objectives.items()
        sign = -1.0 if small else 1.0
        values = {trial: sign * value for trial, (value, _) in self.metrics[metric].items()}
        best = max(values[trial] for trial in self._kept)
        return metric, sign, sum(value > best for value in values.values())

    @cached_property
    def _judged(self) -> list[int]:
        return judged_trials(self.campaign, self.metrics)

    @property
    def _kept(self) -> list[int]:
        """The judged trials that break no limit; without any, all of them."""
        kept = [trial for trial in self._judged if keeps(self.metrics, self._limits, trial)]
        return kept or self._judged

    def _rows_of(self, trials: Sequence[int]) -> Array:
        """Where these trials were run."""
        wanted = set(trials)
        return self._rows[[observation.trial in wanted for observation in self.seen]]

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
        return [
            (self._limited(metric), sign, bound)
            for metric, sign, bound in limits(self.campaign, self.metrics)
        ]

    def _limited(self, metric: str) -> str:
        """The metric that stands for another one in a limit: Ax takes none on an objective, which
        is told a second time for it."""
        return f"limited_{metric}" if metric in self.objectives else metric

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
        """The campaign's thresholds. Where it names none, what the data suggest; but while nothing
        holds, nothing that was not asked for may bind."""
        named = {metric: bound for metric, _, bound in thresholds(self.campaign, self.metrics)}
        signs = np.array([-1.0 if small else 1.0 for small in self.objectives.values()])
        merits = signs * self._values()
        if nothing_holds(self.campaign, self.metrics):
            lowest, highest = merits.min(axis=0), merits.max(axis=0)
            suggested = lowest - FAR * (highest - lowest + 1e-12)
        else:
            suggested = reference(merits)
        return [
            (m, "<=" if small else ">=", named.get(m, float(signs[k] * suggested[k])))
            for k, (m, small) in enumerate(self.objectives.items())
        ]

    def _values(self) -> Array:
        """Values of all objectives, shape (n, objectives): of trials that have them all and break
        no limit; where none has them all, each outcome by itself."""
        columns = [self.metrics[m] for m in self.objectives]
        trials = [t for t in self._kept if all(t in column for column in columns)]
        if trials:
            return np.array([[column[t][0] for column in columns] for t in trials])
        least = min(len(column) for column in columns)
        return np.array([[v for v, _ in column.values()][:least] for column in columns]).T

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
