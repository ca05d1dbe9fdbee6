"""Walking the true order of a past campaign: before each batch, what would the model have said?

The only mode that is free of selection on outcomes: nothing is chosen, everything is predicted
before it is known (Dawid, J. R. Stat. Soc. A 147, 278 (1984), calls it prequential).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from models.statistics.honesty import JUDGED, honesty
from planner.campaign.campaign import Campaign
from planner.past.as_record import Experiment, record_of_experiments
from planner.past.pool import History, one_goal
from planner.past.sequence import PastCourse, PastExperiment, courses
from planner.replay.forecasts import (
    Forecast,
    ForecastCourse,
    JudgedForecasts,
    OutcomeForecasts,
    UnjudgedForecasts,
)
from planner.space.encoding import key

LEAST = 5
"""Results before the first forecast."""
HALF = 1.6448536269514722
"""Standard deviations from the middle to the ends of the 90 % interval."""


def prequential(
    history: History, outcome: str | None = None, progress: bool = False
) -> dict[str, OutcomeForecasts]:
    """Every goal of a history (or one) walked along its order.

    HistoryError where no order is known.
    """
    names = [outcome] if outcome else list(history.campaign.objectives)
    walks = [(name, one_goal(history.campaign, name)) for name in names]
    todo = [(name, course) for name, goal in walks for course in courses(history, goal)]
    goals = dict(walks)
    found: dict[str, list[tuple[PastCourse, list[Forecast]]]] = {}
    bar = Progress(console=Console(stderr=True), disable=not progress, transient=True)
    with bar:
        line = bar.add_task("predicting", total=sum(len(c.batches) for _, c in todo))
        for name, course in todo:
            made = []
            for step in _walk(goals[name], name, course):
                made += step
                bar.advance(line)
            found.setdefault(name, []).append((course, made))
    return {name: _about(history.campaign, name, parts) for name, parts in found.items()}


def _walk(campaign: Campaign, name: str, course: PastCourse) -> Iterator[list[Forecast]]:
    """The forecasts of each batch; empty while too little is known."""
    seen: list[Experiment] = []
    for number, batch in enumerate(course.batches):
        later = [made for part in course.batches[number:] for made in part]
        measured = [e for e in seen if name in e.values]
        if len(measured) >= LEAST and any(name in m.experiment.values for m in batch):
            yield _forecasts(campaign, name, seen, batch, later, number)
        else:
            yield []
        seen += [made.experiment for made in batch]


def _forecasts(
    campaign: Campaign, name: str, seen: Sequence[Experiment], batch: Sequence[PastExperiment],
    later: Sequence[PastExperiment], number: int,
) -> list[Forecast]:  # fmt: skip
    from planner.proposals.failure import NoModelError
    from planner.proposals.finite import survey  # scipy and scikit-learn, only here

    points = {key(campaign, m.experiment.point): m.experiment.point for m in later}
    try:
        view = survey(campaign, record_of_experiments(campaign, seen), list(points.values()))
    except NoModelError:
        return []
    places = {mark: i for i, mark in enumerate(points)}
    ranks = np.argsort(np.argsort(-view.value, kind="stable"))
    plain = [e.values[name][0] for e in seen if name in e.values]
    found = []
    for made in batch:
        if name not in made.experiment.values:
            continue
        value, i = made.experiment.values[name][0], places[key(campaign, made.experiment.point)]
        mean, sd = float(view.mean[i]), float(view.sd[i])
        z = (float(view.warp.forward(np.array([value]))[0]) - mean) / sd
        found.append(
            Forecast(
                lines=made.lines,
                batch=number,
                middle=view.warp.back(mean, 0.0)[0],
                low=view.warp.back(mean - HALF * sd, 0.0)[0],
                high=view.warp.back(mean + HALF * sd, 0.0)[0],
                value=value,
                z=z,
                log_score=_log_density(z, sd) + _log_slope(view.warp.forward, value, plain),
                log_score_plain=_plain_score(value, plain),
                rank=int(ranks[i]) + 1,
                candidates=len(points),
            )
        )
    return found


def _log_density(z: float, sd: float) -> float:
    return float(-np.log(sd * np.sqrt(2 * np.pi)) - z**2 / 2)


def _log_slope(forward: Any, value: float, seen: Sequence[float]) -> float:
    """Log of how much the model's scale stretches the outcome's at ``value``."""
    step = 1e-4 * (float(np.std(seen)) or 1.0)
    low, high = forward(np.array([value - step, value + step]))
    return float(np.log(max((high - low) / (2 * step), 1e-300)))


def _plain_score(value: float, seen: Sequence[float]) -> float:
    """Log density of Student's t: what mean and spread of n values say of the next."""
    from scipy.stats import t

    n, mean = len(seen), float(np.mean(seen))
    sd = max(float(np.std(seen, ddof=1)), 1e-6 * max(map(abs, seen)), 1e-12) * (1 + 1 / n) ** 0.5
    return float(t.logpdf((value - mean) / sd, n - 1) - np.log(sd))


def _about(
    campaign: Campaign, name: str, parts: Sequence[tuple[PastCourse, list[Forecast]]]
) -> OutcomeForecasts:
    """Scores over all campaigns of a history, and every forecast."""
    made = [forecast for _, part in parts for forecast in part]
    unit, courses_found = campaign.unit(name), tuple(_course(*part) for part in parts)
    if not made:
        return UnjudgedForecasts(
            unit=unit, n=0, courses=courses_found, verdict="too few results to tell"
        )
    judged = honesty([f.z for f in made])
    scores = np.array([[f.log_score, f.log_score_plain] for f in made])
    places = [(f.rank - 1) / (f.candidates - 1) for f in made if f.candidates > 1]
    return JudgedForecasts(
        unit=unit,
        n=len(made),
        courses=courses_found,
        coverage={f"{p:g}": share for p, share in judged.coverage.items()},
        coverage_90=judged.coverage[JUDGED],
        coverage_90_by_chance=judged.chance,
        rms_z=judged.sd_z,
        verdict=judged.verdict,
        log_score=float(scores[:, 0].mean()),
        log_score_without_model=float(scores[:, 1].mean()),
        rank_of_chosen=float(np.mean(places)) if places else None,
    )


def _course(course: PastCourse, made: Sequence[Forecast]) -> ForecastCourse:
    return ForecastCourse(
        name=course.name, batches=len(course.batches), how=course.note, forecasts=tuple(made)
    )


def coverage_over(reports: Iterable[Mapping[str, OutcomeForecasts]]) -> float:
    """Coverage of the 90 % interval over all forecasts of several reports."""
    z = [
        forecast.z
        for report in reports
        for about in report.values()
        for course in about.courses
        for forecast in course.forecasts
    ]
    return honesty(z).coverage[JUDGED]
