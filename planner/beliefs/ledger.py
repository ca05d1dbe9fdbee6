"""The ledger of hypotheses as checked values: credence, evidence, and how they came about."""

from datetime import date

from planner.beliefs.credence import ground, weigh_observations
from planner.beliefs.moments import known_when_made
from planner.beliefs.slope import Slope
from planner.beliefs.weighing import CERTAIN, Weighing
from planner.campaign.campaign import Campaign
from planner.campaign.hypotheses.evidence import Course
from planner.campaign.values import Frozen, counted
from planner.record.record import Record

WATCHED = "mostly watched: it has a say early on alone, as far as its credence is from one half"
TURNED = ", and as the opposite is more probable, for that"
HALF_WATCHED = (
    "mostly watched: it has a say early on alone, as far as its credence is above one half"
)
SILENT = "watched alone: it has no say, with a strength of 0"
AIMLESS = "watched alone: it has no say, as neither more nor less of the outcome is better"
STEPS = 60
"""Rows of the ledger at most; a longer record is looked at in larger steps."""


class SlopeFigures(Frozen):
    """How an outcome runs along a parameter."""

    value: float
    standard_error: float
    half_width_95: float
    degrees_of_freedom: int
    unit: str


class HypothesisEntry(Frozen):
    """One hypothesis with its evidence."""

    title: str
    claim: str
    kind: str
    author: str
    because: str
    strength: float
    """The probability that was stated."""
    made_after: int = 0
    """Results that were there when it was made; what they say for it does not count."""
    probability_when_made: float | None = None
    """By the model after those."""
    excludes: tuple[str, ...] = ()
    """Titles of claims that cannot be true if it is."""
    same_as: tuple[str, ...] = ()
    """Titles of claims that say the same; they count once."""
    active: bool
    """Whether it is in force on the day of the ledger."""
    credence: float
    """The probability that comes of strength and results."""
    results: int
    """Trials that say something about it."""
    probability_before: float | None
    """By the model before the data."""
    probability_after: float | None
    trust: float
    """How much the number of results lets evidence count, 0 to 1."""
    log_odds: float
    """By how much the data move the log odds."""
    predictive_gain: float | None
    """Log score of predictions with the claim minus without, in nats."""
    slope: SlopeFigures | None
    """Of the straight line through the results."""
    slopes_by_model: tuple[SlopeFigures, ...]
    """Of how an outcome runs, by which the credence moves: one of a rise or fall, two of a peak or
    dip, at a quarter and at three quarters of the range."""
    evidence: str
    """In words."""


class LedgerRow(Frozen):
    """Credences after a number of results."""

    after_trial: int | None
    """The trial that gave the last of them; None before the first."""
    results: int
    """Trials that had come back, with a result or failed."""
    credence: dict[str, float]
    """By title."""


class Ledger(Frozen):
    """Each hypothesis as it stands, and its credence after each trial that gave a result."""

    campaign: str
    synthetic: bool
    results: int
    hypotheses: tuple[HypothesisEntry, ...]
    history: tuple[LedgerRow, ...]


def ledger(campaign: Campaign, record: Record, day: date) -> Ledger:
    """Each hypothesis as it stands, and its credence after each trial that gave a result.

    Computed from the record, trials by number; nothing of it is stored.
    """
    seen, rows = record.observations, ground(campaign)
    lengths = _lengths(len(seen))
    known = known_when_made(campaign, record)
    moments = {k: weigh_observations(campaign, seen[:k], rows, known) for k in lengths}
    return Ledger(
        campaign=campaign.name,
        synthetic=campaign.synthetic,
        results=len(seen),
        hypotheses=tuple(describe(weighing, day) for weighing in moments[len(seen)]),
        history=tuple(
            LedgerRow(
                after_trial=seen[k - 1].trial if k else None,
                results=k,
                credence={w.hypothesis.title: w.credence for w in moments[k]},
            )
            for k in lengths
        ),
    )


def describe(weighing: Weighing, day: date) -> HypothesisEntry:
    """One hypothesis with its evidence."""
    claim = weighing.hypothesis
    return HypothesisEntry(
        title=claim.title,
        claim=claim.words,
        kind=claim.kind,
        author=claim.author,
        because=claim.because,
        strength=claim.strength,
        made_after=weighing.made_after,
        probability_when_made=weighing.early.after if weighing.early else None,
        excludes=weighing.rivals,
        same_as=weighing.twins,
        active=claim.holds_on(day),
        credence=weighing.credence,
        results=weighing.results,
        probability_before=weighing.before,
        probability_after=weighing.after,
        trust=weighing.trust,
        log_odds=weighing.log_odds,
        predictive_gain=weighing.predictive,
        slope=_figures(weighing.slope) if weighing.slope else None,
        slopes_by_model=tuple(map(_figures, weighing.slopes)),
        evidence=in_words(weighing),
    )


def _figures(slope: Slope) -> SlopeFigures:
    return SlopeFigures(
        value=slope.value,
        standard_error=slope.standard_error,
        half_width_95=slope.half_width,
        degrees_of_freedom=slope.freedom,
        unit=slope.unit,
    )


def in_words(weighing: Weighing) -> str:
    """The evidence in a few sentences that a researcher can check: first that by which the credence
    moves, then what stands beside it."""
    parts = [
        _made(weighing), _moved(weighing), weighing.note, _capped(weighing), _beside(weighing),
        _line(weighing), _watched(weighing),
    ]  # fmt: skip
    if weighing.predictive is not None:
        better = "better" if weighing.predictive >= 0 else "worse"
        parts.append(
            f"beside it, and not counted: results predicted {better} with the claim "
            f"({weighing.predictive:+.1f} nats)"
        )
    return "; ".join(filter(None, parts))


def _moved(weighing: Weighing) -> str:
    """By what the credence moves."""
    evidence, n = weighing.hypothesis.evidence, weighing.results
    if evidence is None or weighing.before is None or weighing.after is None:
        return ""
    odds = (
        f"{evidence.words} with {weighing.after:.0%} by the model "
        f"({weighing.before:.0%} before the data)"
    )
    if not isinstance(evidence, Course):
        return f"{odds}, counted {weighing.trust:.0%} at {n} results"
    slopes = " and, at three quarters of the range, ".join(s.shown for s in weighing.slopes)
    where = "at a quarter of it " if len(weighing.slopes) > 1 else ""
    return f"{odds}: slope {where}{slopes}, the other parameters over all that is possible"


def _made(weighing: Weighing) -> str:
    """Of a late claim: after how many results it was made, and what they said of it."""
    if not (early := weighing.early) or not weighing.made_after:
        return ""
    text = f"made after {counted(weighing.made_after, 'result')}"
    if early.after is not None:
        text += f" ({early.after:.0%} by the model then)"
    if weighing.taken_off:
        text += ", which may have suggested it: only what came later counts for it"
    return text


def _beside(weighing: Weighing) -> str:
    """The claims that exclude it, and those that say the same."""
    parts = []
    if weighing.rivals:
        parts.append(
            f"it and {' or '.join(map(repr, weighing.rivals))} cannot both be true: weighed "
            f"together, {weighing.alone:.0%} by itself"
        )
    if weighing.twins:
        parts.append(f"says the same as {' and '.join(map(repr, weighing.twins))}: counted once")
    return "; ".join(parts)


def _capped(weighing: Weighing) -> str:
    stated = weighing.hypothesis.strength
    return f"a strength of {stated:.0%} counts as {CERTAIN:.0%}" if stated > CERTAIN else ""


def _line(weighing: Weighing) -> str:
    """The straight line through the results; where the model's slope has another sign, why."""
    if weighing.slope is None:
        return ""
    text = f"straight line through the results {weighing.slope.shown}"
    if len(weighing.slopes) == 1 and weighing.slopes[0].value * weighing.slope.value < 0:
        text += (
            ", the other way: it knows only where trials were made and mixes in what else was "
            "varied, so it does not count"
        )
    return text


def _watched(weighing: Weighing) -> str:
    if not weighing.is_trend:
        return ""
    if not (weighing.prior and weighing.is_aimed):
        return AIMLESS if weighing.prior else SILENT
    if not weighing.is_turnable:
        return HALF_WATCHED
    return WATCHED + (TURNED if weighing.lean < 0 else "")


def _lengths(n: int) -> list[int]:
    """How many results the rows of the ledger take into account, 0 and ``n`` among them."""
    step = -(-n // STEPS) or 1
    return sorted({*range(0, n, step), n})
