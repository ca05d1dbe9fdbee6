"""The numbers of a labelled volume as JSON. What cannot be said is null, with a reason."""

from typing import Any

import numpy as np

from models.imaging.quantities.answers import (
    ANSWER,
    Answer,
    ClassQuantities,
    Quantities,
    Said,
    Unsaid,
)
from models.imaging.quantities.one_class import SHARES
from models.imaging.quantities.shapes import LEAST

METHOD = (
    "voxel counts; surfaces by crossings of test lines in 13 directions, extrapolated to a step of "
    "0; chords with those that the frame cuts; largest inscribed balls; errors of the sample from "
    "the slowest waves in the volume"
)
NOT_TOLD = "the error of the segmentation was not told"
NORMAL = 1.645
"""Standard deviations from the middle of a normal distribution to the ends of its 90 %."""


def to_json(
    found: Quantities, model: str | None = None, licence: str | None = None
) -> dict[str, Any]:
    """Plain data; lengths in metres, axes in the order z, y, x.

    ``model`` is what made the labels, with its version, ``licence`` that of what trained it.
    """
    classes = found.classes.items()
    return {
        "voxel_m": list(found.voxel_m),
        "shape": list(found.shape),
        "phases": {name: _phase(c, found.interval) for name, c in classes},
        "surface_density_1_m": _answer(found.surface_density),
        "surface_density_by_pair_1_m": {
            " | ".join(pair): _answer(a) for pair, a in found.pairs.items()
        },
        "mean_chord_m": {name: _answer(c.mean_chord) for name, c in classes},
        "chord_percentiles_m": {
            name: dict(zip("zyx", map(_percentiles, c.chord_percentiles), strict=True))
            for name, c in classes
        },
        "grain_size_m": _answer(found.grain_size),
        "representative": _representative(found),
        "connectivity": found.connectivity,
        "body_voxels_at_least": LEAST,
        "method": METHOD,
        "model": model,
        "licence": licence,
        "notes": list(found.notes),
    }


def _phase(c: ClassQuantities, widening: float) -> dict[str, Any]:
    unsure = c.fraction.of_segmentation
    return {
        "fraction": c.fraction.value,
        "sd": c.fraction.sd,
        "interval90": interval90(c.fraction, widening),
        "in_stack": _in_stack(c.fraction.value, unsure),
        "surface_density_1_m": _answer(c.surface_density),
        "thickness_m": _answer(c.thickness)
        | {"percentiles": _percentiles(c.thickness_percentiles)},
        "bodies": c.bodies,
        "specks": c.specks,
        "body_size_m": _answer(c.size) | {"percentiles": _percentiles(c.size_percentiles)},
        "body_shapes": dict(c.shapes) or None,
        "largest_body_fraction": _answer(c.connected),
        "percolating_fraction": dict(zip("zyx", map(_answer, c.percolating), strict=True)),
        "euler_number": c.euler_number,
    }


def interval90(found: Said, widening: float) -> list[float] | None:
    """Of a fraction: the sample by Student's t, the segmentation as a normal distribution."""
    if found.sd is None:
        return None
    unsure = found.of_segmentation or 0.0
    sampling = np.sqrt(max(found.sd**2 - unsure**2, 0))
    half = float(np.hypot(widening * sampling, NORMAL * unsure))
    return [max(found.value - half, 0.0), min(found.value + half, 1.0)]


def _in_stack(value: float, unsure: float | None) -> dict[str, Any]:
    if unsure is None:
        return {"sd": None, "interval90": None, "reason": NOT_TOLD}
    ends = value - NORMAL * unsure, value + NORMAL * unsure
    return {"sd": unsure, "interval90": [max(ends[0], 0.0), min(ends[1], 1.0)]}


def _answer(found: Answer) -> dict[str, Any]:
    match found:
        case Unsaid(reason):
            return {"value": None, "sd": None, "reason": reason}
        case Said(value, None):
            return {"value": value, "sd": None, "reason": "nothing varies within the volume"}
        case Said(value, sd):
            return {"value": value, "sd": sd}


def _percentiles(lengths: tuple[float | None, ...]) -> dict[str, float | None]:
    return {f"{share * 100:.0f}": a for share, a in zip(SHARES, lengths, strict=False)}


def _representative(found: Quantities) -> dict[str, Any]:
    """How many times this volume an answer to 5 % needs; below 1 it is large enough."""
    told: dict[str, Answer] = {
        f"fraction of {name}": c.fraction for name, c in found.classes.items()
    }
    told |= {f"mean chord of {name}": c.mean_chord for name, c in found.classes.items()}
    told["surface density"] = found.surface_density
    return {
        "answer": ANSWER,
        "volumes_needed": {
            what: a.times_needed if isinstance(a, Said) else None for what, a in told.items()
        },
    }
