"""What may be said of a replay: planners compared, and whether there was a gain at all."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from models.statistics import scores
from models.statistics.scores import Comparison
from planner.replay.values import GainVerdict, Measure, PlannerComparison, PlannerFigures

SURE = 0.99
"""Level of the interval that a claimed gain must clear; a false claim would be repeated to
others."""
MEASURES: Final[tuple[Measure, ...]] = ("share", "hypervolume")
WORDS: Final[dict[tuple[Comparison, Comparison], Literal["gain", "loss"]]] = {
    ("better", "better"): "gain",
    ("worse", "worse"): "loss",
}
"""At the budget, and over all experiments."""


def compare(planners: Mapping[str, PlannerFigures], objectives: int) -> list[PlannerComparison]:
    """Paired differences at the budget between planners; a single run stands for all seeds."""
    return [
        comparison
        for (ours, a), (theirs, b) in itertools.combinations(planners.items(), 2)
        # without seeds nothing can be said
        if max(a.runs, b.runs) > 1 or not {ours, theirs} & {"random", "real random arm"}
        for measure in MEASURES[: 2 if objectives > 1 else 1]
        if (comparison := _comparison(ours, a, theirs, b, measure))
    ]


def _comparison(
    ours: str, a: PlannerFigures, theirs: str, b: PlannerFigures, measure: Measure
) -> PlannerComparison | None:
    """None where they went unequally far, or made unequally many runs."""
    left, right = _paired(a.final(measure), b.final(measure))
    experiments = len(a.share_of_top)
    if len(left) != len(right) or experiments != len(b.share_of_top):
        return None
    difference = scores.paired_difference(left, right, ends=_ends(b.final(measure)))
    return PlannerComparison(
        planner=ours,
        against=theirs,
        measure="share_of_top" if measure == "share" else measure,
        experiments=experiments,
        difference=difference.mean,
        interval_95=difference.interval,
        verdict=difference.verdict,
    )


def verdicts(
    planners: Mapping[str, PlannerFigures],
    baseline: PlannerFigures,
    objectives: int,
    leaks: Sequence[str] = (),
) -> dict[str, GainVerdict]:
    """By planner that made runs: ``gain``, ``no gain`` or ``loss`` against the baseline.

    A gain is claimed only where the 99 % intervals of the paired differences lie above 0, at the
    budget and on the mean over all experiments: share of the top set, or with several objectives
    the hypervolume. With ``leaks``, settings that may be copies of an outcome, it is claimed with
    that doubt.
    """
    measure: Measure = "hypervolume" if objectives > 1 else "share"
    return {
        name: _doubted(_verdict(found, baseline, measure), leaks)
        for name, found in planners.items()
        if found.runs > 0 and name != "random"
    }


def _verdict(found: PlannerFigures, baseline: PlannerFigures, measure: Measure) -> GainVerdict:
    final, mean = (
        scores.paired_difference(*_paired(ours, theirs), SURE, _ends(theirs))
        for ours, theirs in (
            (found.final(measure), baseline.final(measure)),
            (found.mean(measure), baseline.mean(measure)),
        )
    )
    why = ""
    if final.interval is None:
        why = "too few runs for an interval"
    elif final.alike:
        why = (
            f"all {found.runs} runs end alike, which is no certainty: the interval is that of the "
            "chance that another run would not"
        )
    elif final.verdict == "better" != mean.verdict:
        why = "over all experiments up to the budget its lead is not certain"
    return GainVerdict(
        verdict=WORDS.get((final.verdict, mean.verdict), "no gain"),
        measure=measure,
        difference=final.mean,
        interval_99=final.interval,
        why=why,
    )


def _doubted(verdict: GainVerdict, leaks: Sequence[str]) -> GainVerdict:
    if not leaks or verdict.verdict != "gain":
        return verdict
    why = "; ".join(filter(None, [verdict.why, *leaks]))
    return verdict.model_copy(update={"why": why})


def _ends(theirs: Sequence[float]) -> tuple[float, float]:
    """What a difference of shares can be; a single number stands for itself, as that of random
    order."""
    return (-theirs[0], 1 - theirs[0]) if len(theirs) == 1 else (-1.0, 1.0)


def _paired(a: Sequence[float], b: Sequence[float]) -> tuple[list[float], list[float]]:
    """Both as long as the longer one, where the other is a single run."""
    runs = max(len(a), len(b))
    left, right = (list(x) * (runs if len(x) == 1 else 1) for x in (a, b))
    return left, right
