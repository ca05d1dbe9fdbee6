"""How a space is searched: settings of BoTorch's optimisers, of which Ax chooses by the columns."""

from typing import Any

from planner.space.columns import Coding

RESTARTS = 4
RAW_SAMPLES = 128
"""Starts of the acquisition's optimiser, and the samples they come from: a fifth and an eighth
of Ax's, because it also starts around the best trials (``sample_around_best``)."""
ROUNDS = {"maxiter_alternating": 8, "maxiter_continuous": 20}


def settings(optimiser: str, coding: Coding) -> dict[str, Any]:
    """What this optimiser takes, by its name in ``botorch.optim``."""
    starts = {"num_restarts": RESTARTS, "raw_samples": RAW_SAMPLES}
    match optimiser:
        case "optimize_acqf_discrete" | "optimize_acqf_discrete_local_search":
            return starts
        case "optimize_acqf_mixed_alternating":
            return {**starts, "options": {"batch_limit": RESTARTS, **ROUNDS}}
    around_best = not any(c.equality for c in coding.constraints)  # BoTorch has no both
    return {
        **starts,
        "options": {"batch_limit": RESTARTS, "sample_around_best": around_best},
    }
