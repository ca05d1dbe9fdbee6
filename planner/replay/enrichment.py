"""How far an optimiser enriched a pool: random order of it beside a random search that was made."""

import numpy as np

from models.statistics import scores
from planner.past.pool import History
from planner.replay.arms import measured_merits, random_arm, with_results
from planner.replay.values import Curve, Enrichment, PlannerFigures
from planner.replay.yardstick import Yardstick

ENRICHED = 1.2
"""How many times better than the real random search random order of a pool has to be."""


def enrichment(history: History, stick: Yardstick) -> Enrichment | None:
    """The real random arm against random order of the other arms' rows, at the end of the former.

    Measured by the share of the pool's hypervolume, or with one objective of its top set. None
    where there is no random arm.
    """
    name = random_arm(history)
    if name is None:
        return None
    rows = with_results(history.arms[name], stick)
    merits = measured_merits(rows, stick)
    volumes = scores.hypervolume_curve(range(len(rows)), merits, stick.reference) / stick.volume
    order = [stick.pool.position(row.point) for row in rows]
    real = {"hypervolume": volumes, "share": scores.share_of_top(order, stick.top)}
    measure = "hypervolume" if merits.shape[1] > 1 else "share"
    permuted = stick.random_curves(min(len(rows), stick.pool.size))[measure]
    reached = float(real[measure][-1])
    found = Enrichment(
        arm=name,
        experiments=len(rows),
        measure="the pool's hypervolume" if measure == "hypervolume" else "the top set",
        real_random=reached,
        random_order_of_pool=float(permuted[-1]),
        hypervolume=volumes.tolist(),
        share_of_top=real["share"].tolist(),
        enriched=bool(permuted[-1] > ENRICHED * reached),
    )
    return found.model_copy(update={"words": in_words(found)})


def in_words(found: Enrichment) -> str:
    """Why the pool's random order is no baseline, for a researcher."""
    n = found.experiments
    if not found.enriched:
        return (
            f"Random order of this pool does about as well as the random search {found.arm!r} "
            f"that was really made ({found.random_order_of_pool:.2f} and "
            f"{found.real_random:.2f} of {found.measure} after {n} experiments)."
        )
    return (
        f"This pool is enriched: after {n} experiments random order of it reaches "
        f"{found.random_order_of_pool:.2f} of {found.measure}, but the random search "
        f"{found.arm!r} that was really made reached {found.real_random:.2f}. An optimiser "
        "had already filled the pool with good conditions, so whoever draws from it by lot draws "
        "well. The baseline here is therefore the real random search; a gain over random order of "
        "the pool would say too little, and one over the real search still holds only conditions "
        "that history had found before."
    )


def baseline_of(found: Enrichment, random: PlannerFigures, budget: int) -> PlannerFigures:
    """The real random search as a baseline beside planners: curves cut at ``budget``, and held at
    their last value where the arm was shorter."""
    volumes, shares = _held(found.hypervolume, budget), _held(found.share_of_top, budget)
    curves = {
        "share_of_top": shares,
        "hypervolume": volumes,
        "final_share": shares[-1:],
        "mean_share": (float(np.mean(shares)),),
        "final_hypervolume": volumes[-1:],
        "mean_hypervolume": (float(np.mean(volumes)),),
    }
    return random.model_copy(update=curves)


def _held(curve: Curve, budget: int) -> Curve:
    return (curve + curve[-1:] * budget)[:budget]
