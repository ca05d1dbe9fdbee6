"""The Jc law of a campaign: Jc against microstructure, fitted to the results so far.

    ln Jc = c0 + c1 ln(S_V) + c2 ln(clean share) + c3 ln(1 - porosity) + e

It works for any campaign with the outcome ``jc`` and at least one of these features. The prior is
weak: it says the direction that is usual for grain boundary networks, not a number of a material.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.statistics.linear import (
    LinearBelief,
    coefficients,
    leave_one_out,
    log_density,
    prior,
    update,
)
from models.statistics.linear import predict as predict_linear
from planner.campaign.campaign import Campaign
from planner.campaign.units import convert
from planner.learner import Lesson
from planner.record.record import Record
from planner.record.result import ModelVersion

NAME = "jc-law"
TARGET, TARGET_UNIT = "jc", "A/m^2"
FEATURES = {
    "boundary_density": ("1/m", 1e7, 1.0),
    "clean_boundaries": ("", 1.0, 1.0),
    "porosity": ("", 1.0, 1.0),
}
"""Unit, scale s and expected exponent of each feature z: ln(z / s), and ln(1 - z) for porosity."""
LEVEL = (np.log(1e8), 5.0)
"""Prior mean and standard deviation of c0: 1e8 A/m^2 within two decades."""
EXPONENT_SD, NOISE = 1.5, 0.3
"""Prior standard deviation of the exponents; about what the scatter of ln Jc is before data, within
a factor of 4.5 (one standard deviation): it is learned."""
BELIEF = ("noise", "log_weight", "mean", "covariance")
"""What a state keeps of the belief."""
LEAST = 1e-3
"""Shares below this are taken as this: a logarithm needs it."""
FEWEST = 3
"""Samples that a first law needs."""


@dataclass(frozen=True)
class MicrostructureLaw:
    """A fitted law."""

    features: tuple[str, ...]
    belief: LinearBelief


class JcLearner:
    """Fits the law by Bayesian linear regression; a version that predicts worse is not used."""

    name = NAME

    def learn(self, campaign: Campaign, record: Record) -> Lesson | None:
        """Exponents with standard deviations, and how well each sample is predicted by the others.

        ``loo_rmse`` is in ln Jc (0.1 is about 10 %), ``loo_log_score`` the mean log density (larger
        is better). ``better`` compares it with the law in use on the samples that came since.
        """
        features = tuple(name for name in FEATURES if name in campaign.outcomes)
        if TARGET not in campaign.outcomes or not features:
            return None
        x, y = samples(campaign, record, features)
        if len(y) < FEWEST:
            return None
        start = _prior(features)
        law = MicrostructureLaw(features, update(start, x, y))
        residual, density = leave_one_out(start, x, y)
        return Lesson(
            scores={
                "n": float(len(y)),
                "loo_rmse": float(np.sqrt(np.mean(residual**2))),
                "loo_log_score": float(density.mean()),
                **exponents(law),
            },
            state=state_of(law, len(y)),
            better=_better(law, x, y, density, record.versions_in_use.get(NAME)),
        )


def samples(
    campaign: Campaign, record: Record, features: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Rows (n, 1 + features) and ln Jc (n,) of all samples with everything measured.

    In the order in which the last of it came. Errors of the features are not modelled: they are
    part of the scatter e.
    """
    rows, logs = [], []
    for observation in sorted(record.observations, key=lambda o: _last(record, o.trial)):
        values = {n: (v[0], campaign.unit(n)) for n, v in observation.values.items()}
        if all(name in values for name in (TARGET, *features)):
            jc = convert(*values[TARGET], TARGET_UNIT)
            if jc > 0:
                rows.append(row(features, values))
                logs.append(np.log(jc))
    return np.array(rows).reshape(-1, 1 + len(features)), np.array(logs)


def _last(record: Record, trial: int) -> int:
    """Number of the last result of a trial; 0 where it has none."""
    return max((r.number for r in record.results_of.get(trial, [])), default=0)


def row(features: tuple[str, ...], values: Mapping[str, tuple[float, str]]) -> np.ndarray:
    """1 and the logarithm of each feature, from values and units."""
    logs = [1.0]
    for name in features:
        unit, scale, _ = FEATURES[name]
        value = convert(*values[name], unit) / scale
        logs.append(float(np.log(max(1 - value if name == "porosity" else value, LEAST))))
    return np.array(logs)


def predict(
    law: MicrostructureLaw, values: Mapping[str, tuple[float, str]]
) -> tuple[float, float] | None:
    """ln Jc (Jc in A/m^2) and its standard deviation; None where a feature was not measured."""
    if not all(name in values for name in law.features):
        return None
    mean, sd = predict_linear(law.belief, row(law.features, values))
    return float(mean[0]), float(sd[0])


def exponents(law: MicrostructureLaw) -> dict[str, float]:
    """Each exponent and its standard deviation, as scores that people read."""
    mean, sd = coefficients(law.belief)
    told: dict[str, float] = {}
    for i, name in enumerate(law.features, start=1):
        told |= {f"{name}.exponent": float(mean[i]), f"{name}.sd": float(sd[i])}
    return told


def state_of(law: MicrostructureLaw, n: int) -> dict[str, Any]:
    """The law as plain data, and from how many samples it is."""
    arrays = {name: getattr(law.belief, name).tolist() for name in BELIEF}
    return {"features": list(law.features), **arrays, "n": n}


def law_of(state: Mapping[str, Any]) -> MicrostructureLaw:
    """The law in a state, also in one of before the scatter was learned."""
    told = _before_scatter(state) if "shape" in state else state
    arrays = {name: np.array(told[name], dtype=float) for name in BELIEF}
    return MicrostructureLaw(tuple(state["features"]), LinearBelief(**arrays))


def _before_scatter(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state with one scatter, of a normal-inverse-gamma belief."""
    variance = state["scale"] / (state["shape"] - 1)
    return {
        "noise": [variance**0.5],
        "log_weight": [0.0],
        "mean": [state["mean"]],
        "covariance": [np.array(state["covariance"]) * variance],
    }


def _prior(features: tuple[str, ...]) -> LinearBelief:
    mean = [LEVEL[0], *(FEATURES[name][2] for name in features)]
    return prior(mean, [LEVEL[1], *(EXPONENT_SD for _ in features)], NOISE)


def _better(
    law: MicrostructureLaw,
    x: np.ndarray,
    y: np.ndarray,
    density: np.ndarray,
    old: ModelVersion | None,
) -> bool:
    """Whether the new law predicts the samples since the old one at least as well as it did."""
    if old is None or tuple(old.state["features"]) != law.features or old.state["n"] >= len(y):
        return True
    new = slice(int(old.state["n"]), None)
    before = log_density(law_of(old.state).belief, x[new], y[new])
    return bool(density[new].mean() >= before.mean())
