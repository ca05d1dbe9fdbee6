"""What Ax is told of a campaign and its record: an experiment with data, and a model of it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from ax.adapter.base import Adapter
from ax.adapter.registry import Generators
from ax.adapter.transforms.power_transform_y import PowerTransformY
from ax.adapter.transforms.standardize_y import StandardizeY
from ax.generators.torch.botorch_modular.surrogate import SurrogateSpec
from ax.generators.torch.botorch_modular.utils import MIN_NUM_OBJECTIVES_PAREGO, ModelConfig
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
from planner.proposals.ax_bridge.experiment import data_of, experiment_of
from planner.proposals.ax_bridge.wanted import Wanted
from planner.record.record import Record
from planner.space.columns import Coding
from planner.space.encoding import Floats
from planner.space.metrics import skewed

TOGETHER = 3
"""Points of a pool that are valued at once by their joint gain in hypervolume, a sum of 2^n parts;
more are valued one after the other."""


class Told:
    """A campaign and its record in the terms of Ax."""

    def __init__(self, campaign: Campaign, record: Record) -> None:
        self.coding = Coding(campaign)
        self.wanted = Wanted(campaign, record.observations)

    def adapter(self, from_pool: bool, valued_by: type) -> Adapter:
        """Ax's adapter with the model fitted to all observations."""
        return Generators.BOTORCH_MODULAR(
            experiment=experiment_of(self.wanted, self.coding, self._rows),
            data=data_of(self.wanted, self._rows),
            transforms=[StandardizeY, PowerTransformY],
            transform_configs={"PowerTransformY": {"metrics": skewed(self.wanted.metrics)}},
            acquisition_class=PoolAcquisition if from_pool else SpaceAcquisition,
            botorch_acqf_class=valued_by,
            surrogate_spec=SurrogateSpec(
                model_configs=[self._model_config], allow_batched_models=True
            ),
        )

    def acquisition(self, from_pool: bool, together: int) -> type:
        """How points are valued: by their gain over what was reached; while nothing has met every
        requirement and threshold, by the probability that they do.

        Ax's own choice looks at trials only where everything was measured. ``together``: how many
        points are valued at once, with those that wait.
        """
        if self.wanted.nothing_holds:
            return qLogProbabilityOfFeasibility
        if len(self.wanted.objectives) == 1:
            return qLogExpectedImprovement if from_pool else qLogNoisyExpectedImprovement
        if from_pool and together <= TOGETHER:
            return qLogExpectedHypervolumeImprovement
        many = len(self.wanted.objectives) >= MIN_NUM_OBJECTIVES_PAREGO
        return qLogNParEGO if many else qLogNoisyExpectedHypervolumeImprovement

    @property
    def best(self) -> tuple[str, float, int]:
        """The best of one objective, as ``Wanted`` has it."""
        return self.wanted.best

    @property
    def reached(self) -> Floats:
        """Where something was reached, shape (n, d): the trials by which that is judged, as far as
        they were run inside the space, for only there one can go again; without any, all trials."""
        judged = self._rows_of(self.wanted.judged)
        inside = [self.coding.is_inside(row) for row in judged]
        return judged[inside] if any(inside) else self._rows

    def _rows_of(self, trials: Sequence[int]) -> Floats:
        """Where these trials were run."""
        wanted = set(trials)
        return self._rows[[observation.trial in wanted for observation in self.wanted.seen]]

    @cached_property
    def _rows(self) -> Floats:
        """Where each observation was made, in numbers, shape (n, d)."""
        return self.coding.encode([observation.point for observation in self.wanted.seen])

    @cached_property
    def _model_config(self) -> ModelConfig:
        logs = self.coding.logarithms
        bounds = torch.tensor(self.coding.bounds).T
        bounds[:, logs] = bounds[:, logs].log10()  # scaled by the high end: from -k to 0
        transforms: dict[str, Any] = {"Normalize": {"d": len(self.coding.names), "bounds": bounds}}
        if logs:
            transforms = {"Log10": {"indices": logs}, **transforms}
        return ModelConfig(
            botorch_model_class=TrialGP,
            model_options={"categorical_features": self.coding.categorical},
            input_transform_classes=[Log10, Normalize] if logs else [Normalize],
            input_transform_options=transforms,
        )
