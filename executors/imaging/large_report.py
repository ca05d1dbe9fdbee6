"""Numbers of a volume that is too large to be measured in memory: shares of the classes alone."""

from collections.abc import Mapping
from typing import Any

from models.imaging.volume import LabelledVolume

MOST = 300_000_000
"""Voxels that are measured; quantities take some 20 bytes for each."""
TOO_LARGE = f"more than {MOST:.0e} voxels are not measured at once"

UNSAID = {"value": None, "sd": None, "reason": TOO_LARGE}


def report_large(
    volume: LabelledVolume, unsure: Mapping[str, float], widening: float, model: str, licence: str
) -> dict[str, Any]:
    """The form of ``kyoso quantify``, with a reason where it would have a number."""
    counts = dict.fromkeys(volume.names, 0)
    for part in volume.classes:
        for number, name in enumerate(volume.names):
            counts[name] += int((part == number).sum())
    return {
        "voxel_m": list(volume.voxel_m),
        "shape": list(volume.classes.shape),
        "phases": {
            name: _phase(count / volume.classes.size, widening * unsure[name], unsure[name])
            for name, count in counts.items()
        },
        "surface_density_1_m": UNSAID,
        "mean_chord_m": dict.fromkeys(volume.names, UNSAID),
        "grain_size_m": UNSAID,
        "method": "voxel counts",
        "model": model,
        "licence": licence,
        "notes": [*volume.notes, TOO_LARGE],
    }


def _phase(fraction: float, half: float, unsure: float) -> dict[str, Any]:
    inside = {"sd": unsure, "interval90": [max(fraction - half, 0.0), min(fraction + half, 1.0)]}
    none = {"sd": None, "interval90": None, "reason": TOO_LARGE}
    return {
        "fraction": fraction,
        **none,
        "in_stack": inside,
        "surface_density_1_m": UNSAID,
        "thickness_m": UNSAID,
        "body_size_m": UNSAID,
        "largest_body_fraction": UNSAID,
        "percolating_fraction": dict.fromkeys("zyx", UNSAID),
    }
