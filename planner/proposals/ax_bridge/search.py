"""How the next points are found: Ax's own optimiser, its settings, and forecasts of the result."""

import logging
import re
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from ax.core.observation import ObservationFeatures
from ax.utils.common.constants import Keys
from ax.utils.common.logger import set_stderr_log_level
from ax.utils.common.random import with_rng_seed
from botorch.acquisition.acquisition import AcquisitionFunction
from botorch.acquisition.logei import qLogExpectedImprovement
from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement
from botorch.exceptions.warnings import BotorchWarning
from linear_operator.utils.warnings import NumericalWarning
from scipy.optimize import OptimizeWarning
from torch import Tensor

from planner.beliefs.merging import Guide
from planner.campaign.campaign import Campaign
from planner.campaign.values import Point
from planner.door.words import in_a_line
from planner.proposals.ax_bridge.told import Told
from planner.proposals.ax_bridge.upstream import botorch_as_tried
from planner.proposals.ax_bridge.wanted import LIMITED
from planner.proposals.failure import PlanningError
from planner.proposals.forecast import forecast
from planner.record.record import Record
from planner.record.trial import BOTORCH, Proposal
from planner.space.columns import Coding
from planner.space.design import first_design
from planner.space.encoding import Floats, without
from planner.space.metrics import words

LOG = logging.getLogger(__name__)
set_stderr_log_level(logging.ERROR)  # what Ax warns of is looked at here, under its names

SAMPLE = 256
"""Points of a space-filling sample among which a search looks too that may have missed the best."""
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
        with with_rng_seed(seed), botorch_as_tried(), warnings.catch_warnings():
            warnings.simplefilter("ignore", NumericalWarning)  # it adds jitter, as it should
            warnings.filterwarnings("ignore", "Optimization failed", RuntimeWarning)  # and retried
            warnings.filterwarnings("ignore", "When all training points are infeas", BotorchWarning)
            warnings.filterwarnings("ignore", "Unknown solver options", OptimizeWarning)  # of SciPy
            search = _Search(campaign, record, guide)
            proposals = search.propose(n, seed, pool)
            return proposals if guide is None else search.with_guidance(proposals, others)
    except PlanningError:
        raise
    except Exception as error:  # whatever Ax, BoTorch and linear algebra can raise
        LOG.exception("the model of %s failed", campaign.name)
        text = _in_laboratory_words(campaign, in_a_line(error))
        raise PlanningError(text) from error


def _in_laboratory_words(campaign: Campaign, text: str) -> str:
    """A message of Ax with our names for its columns and metrics."""
    names = dict(zip(Coding(campaign).names, campaign.free, strict=True)) | words(campaign)
    one = rf"\b(?:{LIMITED})?({'|'.join(names)})\b"
    return re.sub(one, lambda found: names[found[1]], text)


class _Search:
    """One search for the next points, with what Ax is told."""

    def __init__(self, campaign: Campaign, record: Record, guide: Guide | None = None) -> None:
        self.campaign = campaign
        self.record = record
        self.guide = guide
        self.built: list[AcquisitionFunction] = []
        """The acquisition functions from data alone, as they were used."""
        self.told = Told(campaign, record)
        self.coding, self.names = self.told.coding, self.told.coding.names
        self.pending = self.coding.encode([t.point for t in record.pending(campaign)])

    def propose(self, n: int, seed: int, pool: Sequence[Point] | None) -> list[Proposal]:
        """Proposals; where the model repeats what was planned already one more try, then what it
        values most in a space-filling sample."""
        points, value = self._points(n, seed, pool)
        if self.guide is not None and pool is None:
            points = self._or_better(points, seed)
        fresh = without(self.campaign, points, self.record.excluded)
        if len(fresh) < n and pool is None:
            points, value = self._points(n + len(points) - len(fresh) + 2, seed, pool)
            fresh = without(self.campaign, points, self.record.excluded)
        if len(fresh) < n and pool is None:
            fresh += self._sampled(n - len(fresh), fresh, seed)
        if not fresh:
            raise PlanningError("the model repeats only points that were planned already")
        return self._proposals(fresh[:n], value, seed)

    def _or_better(self, points: list[Point], seed: int) -> list[Point]:
        """The point that was found, or the best of a space-filling sample where that is better: a
        search of few starts may miss a narrow belief."""
        either = [*points, *self._sampled(1, points, seed)]
        return [either[int(self._values(either).argmax())]]

    def _sampled(self, n: int, besides: Sequence[Point], seed: int) -> list[Point]:
        """The ``n`` best points of a space-filling sample, each valued by itself."""
        sample = first_design(self.campaign, [*self.record.excluded, *besides], SAMPLE, seed)
        return [sample[i] for i in self._values(sample).argsort(descending=True)[:n]]

    def _values(self, points: Sequence[Point]) -> Tensor:
        """What the last search looked for, at these points, shape (n,)."""
        rows = torch.tensor(self.coding.encode(points)).unsqueeze(1)
        with torch.no_grad():
            values: Tensor = self.built[-1](rows)
            if self.guide is not None:
                values = values + torch.as_tensor(self._guidance["belief"](rows)).mean(-1)
        return values

    def with_guidance(self, proposals: list[Proposal], others: Sequence[Point]) -> list[Proposal]:
        """The proposals with what moved them, beside the points that come without a guide."""
        assert self.guide is not None
        made = []
        for proposal, other in zip(proposals, others, strict=False):
            rows = torch.tensor(self.coding.encode([proposal.point, other])).unsqueeze(1)
            with torch.no_grad():
                score, without = self.built[-1](rows).tolist()
            told = self.guide.told(proposal.point, other, (score, without))
            made.append(proposal.model_copy(update={"guidance": told}))
        return made

    def _points(
        self, n: int, seed: int, pool: Sequence[Point] | None
    ) -> tuple[list[Point], float | None]:
        """Points of the best acquisition value, and that value."""
        kind = self.told.acquisition(pool is not None, n + len(self.pending))
        self.fitted = self.told.adapter(pool is not None, kind)
        run = self.fitted.gen(
            n=n,
            model_gen_options=self._options(seed, pool, kind),
            pending_observations=self._pending_features(),
        )
        rows = [[arm.parameters[name] for name in self.names] for arm in run.arms]
        value = (run.gen_metadata or {}).get(Keys.EXPECTED_ACQF_VAL)
        if pool is not None:
            places = self.coding.encode(pool)
            found = np.array(rows, dtype=float)
            nearest = [int(np.abs(places - row).sum(axis=1).argmin()) for row in found]
            return [pool[i] for i in nearest], _single(value)
        return [p for row in rows if (p := self._decoded(row)) is not None], _single(value)

    def _decoded(self, row: Sequence[Any]) -> Point | None:
        """The point at columns; None where no steps beside them keep the constraints."""
        try:
            return self.coding.decode(row)
        except ValueError:
            return None

    def _options(self, seed: int, pool: Sequence[Point] | None, kind: type) -> dict[str, Any]:
        known = {"reached": torch.tensor(self.told.reached), **self._guidance}
        if pool is None:
            known["coding"] = self.coding
        else:
            order = np.random.default_rng(seed).permutation(len(pool))  # ties go by the seed
            known["pool"] = torch.tensor(self.coding.encode([pool[i] for i in order]))
        if kind is qLogExpectedImprovement:
            known["best"] = self.told.best
        chosen: dict[str, Any] = {Keys.AX_ACQUISITION_KWARGS: known}
        if kind is qLogNoisyExpectedHypervolumeImprovement:
            chosen[Keys.ACQF_KWARGS] = {"mc_samples": SAMPLES}
        return chosen

    @property
    def _guidance(self) -> dict[str, Any]:
        """The belief of hypotheses where there is one, and where to put what was built."""
        built = {"built": self.built}
        if self.guide is None:
            return built
        guide, coding = self.guide, self.coding
        return {"belief": lambda x: guide.log_belief(_unit(coding, x)), **built}

    def _pending_features(self) -> dict[str, list[ObservationFeatures]] | None:
        if not len(self.pending):
            return None
        features = [self._features(row) for row in self.pending]
        return {metric: features for metric in self.told.wanted.metrics}

    def _features(self, row: Sequence[float] | Floats) -> ObservationFeatures:
        return ObservationFeatures(dict(zip(self.names, map(float, row), strict=True)))

    def _proposals(self, points: list[Point], value: float | None, seed: int) -> list[Proposal]:
        features = [self._features(row) for row in self.coding.encode(points)]
        measured = self.fitted.predict(features, use_posterior_predictive=True)
        latent = self.fitted.predict(features)
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


def _unit(coding: Coding, x: Tensor) -> Tensor:
    """Columns (..., d) as rows of the unit cube, as ``planner.space.encoding.encode`` has them."""
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
