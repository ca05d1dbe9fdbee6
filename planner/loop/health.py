"""Model health: were the planner's predictions right? Each was stored before its result came."""

import numpy as np

from models.statistics.calibration import calibration
from planner.campaign.campaign import Campaign
from planner.learner import Lesson
from planner.record.record import Record

SHARED = ("n", "coverage_50", "coverage_68", "coverage_95", "mean_z", "sd_z")
"""Scores that need no unit, taken over all outcomes together."""
OWN = ("rmse", "log_score")
"""Scores that each outcome has by itself, in its own unit."""


class ModelHealth:
    """Prequential calibration: every prediction is scored on the result that came later."""

    name = "model-health"

    def learn(self, campaign: Campaign, record: Record) -> Lesson | None:
        """Coverage and z over all outcomes; ``OUTCOME.rmse`` and ``OUTCOME.log_score`` for each."""
        checked = {name: checked_predictions(record, name) for name in campaign.outcomes}
        checked = {name: rows for name, rows in checked.items() if len(rows)}
        if not checked:
            return None
        mean, sd, value = np.concatenate(list(checked.values())).T
        shared = calibration(np.zeros(len(mean)), np.ones(len(mean)), (value - mean) / sd)
        scores = {score: float(getattr(shared, score)) for score in SHARED}
        for name, rows in checked.items():
            own = calibration(*rows.T)
            scores |= {f"{name}.{score}": float(getattr(own, score)) for score in OWN}
        return Lesson(scores=scores)


def checked_predictions(record: Record, outcome: str) -> np.ndarray:
    """Predicted mean, predicted standard deviation and measured value, shape (n, 3).

    Only results at the planned point count: a trial that was run elsewhere was never predicted.
    """
    trials = {trial.number: trial for trial in record.trials}
    rows = [
        (*trials[r.trial].prediction[outcome], r.value)
        for r in sorted(record.results, key=lambda r: r.number)
        if r.outcome == outcome
        and outcome in trials[r.trial].prediction
        and record.as_run(trials[r.trial]) == trials[r.trial].point
    ]
    return np.array(rows, dtype=float).reshape(-1, 3)
