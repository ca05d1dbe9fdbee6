"""What a walk along the true order found, as checked values: every forecast, and its scores."""

from typing import Annotated, Any, Literal

from pydantic import Field

from models.statistics.honesty import Judgement
from planner.campaign.values import Frozen
from planner.replay.values import Interval, PoolReport


class Forecast(Frozen):
    """What was expected of one experiment before it was made, and what came. In the outcome's
    unit."""

    lines: tuple[int, ...]
    batch: int
    middle: float
    low: float
    high: float
    """Ends of the central 90 % interval of a measurement."""
    value: float
    z: float
    """(value - mean) / sd on the scale of the model."""
    log_score: float
    """Log of the density that was given to the value; larger is better."""
    log_score_plain: float
    """The same of a forecaster who knows only mean and spread of what was seen."""
    rank: int
    """Place of the condition among those still to come, by expected improvement; 1: first."""
    candidates: int


class ForecastCourse(Frozen):
    """One campaign of a history along its order."""

    name: str
    batches: int
    how: str
    """Where the batches come from."""
    forecasts: tuple[Forecast, ...]


class UnjudgedForecasts(Frozen):
    """An outcome of which nothing could be predicted."""

    unit: str
    n: Literal[0]
    courses: tuple[ForecastCourse, ...]
    verdict: str


class JudgedForecasts(Frozen):
    """Every forecast of an outcome, and scores over all of them."""

    unit: str
    n: int = Field(ge=1)
    courses: tuple[ForecastCourse, ...]
    coverage: dict[str, float]
    """Share of the results inside, by the share that should be."""
    coverage_90: float
    coverage_90_by_chance: Interval
    """Between which coverages 95 % of honest forecasters lie."""
    rms_z: float
    """1 of an honest forecaster."""
    verdict: Judgement
    log_score: float
    log_score_without_model: float
    rank_of_chosen: float | None
    """Mean place of what was chosen on the model's list: 0 first, 0.5 as by lot."""


type OutcomeForecasts = JudgedForecasts | UnjudgedForecasts


class PrequentialReport(Frozen):
    """A past campaign walked along its true order, each batch predicted before it is known."""

    mode: Literal["prequential"]
    name: str
    order: str
    """How far the order of the experiments is trusted."""
    outcomes: dict[str, OutcomeForecasts]
    mapping: dict[str, Any]
    """What the columns of the table mean, as in its file."""
    notes: tuple[str, ...]
    versions: dict[str, str]
    """Of the packages that computed it."""


type Report = Annotated[PoolReport | PrequentialReport, Field(discriminator="mode")]
