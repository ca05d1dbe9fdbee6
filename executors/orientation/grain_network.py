"""What the grain network of a map carries, as people and programs read it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from executors.orientation.survey import Survey, survey
from models.network.current import (
    CriticalCurrent,
    Electrodes,
    Healing,
    critical_current,
    electrodes,
    healed,
)
from models.network.features import features
from models.network.law import BoundaryLaw
from models.orientation.map import OrientationMap

FLAT = (
    "a single section: detours above and below it are not seen, so in the solid the current may be "
    "larger"
)


@dataclass(frozen=True)
class NetworkRequest:
    """What is asked of a map."""

    sides: tuple[str, str] = ("left", "right")
    """Electrodes at opposite sides: left, right; top, bottom; front, back."""
    threshold: float = 5.0
    """Degrees above which points belong to different grains."""
    least: int = 10
    """Points that a grain has at least."""
    fill: float = 1.5
    """Points by which grains grow into gaps before boundaries are taken."""
    angle_error: float = 0.5
    """Standard deviation in degrees of a boundary's angle, as the microscope measures it."""
    draws: int = 200
    """Repetitions for the uncertainty."""
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Transport:
    """A map with the current that its network carries."""

    found: Survey
    current: CriticalCurrent
    healing: Healing
    report: dict[str, Any]
    """Plain data: see ``transport``."""

    def draw(self, folder: Path) -> list[Path]:
        """All pictures of the map: inverse pole figures, angles, network, limiting cut."""
        from executors.orientation.network_pictures import draw_cut, draw_network

        return [
            *self.found.draw(folder),
            draw_network(folder / "network.png", self.found.measured, self.found.network),
            draw_cut(
                folder / "cut.png",
                self.found.measured,
                self.found.network,
                self.current,
                self.healing,
            ),
        ]


def transport(
    measured: OrientationMap,
    law: BoundaryLaw,
    asked: NetworkRequest,
    watch: Callable[[int], None] = lambda done: None,
) -> Transport:
    """Grains, network and critical current. ValueError: no grains, none at an electrode.

    The report: ``critical_current_density_A_m2`` (value, sd, 95 % interval), ``limited_by``,
    ``cut`` (pairs of grains), ``cut_boundaries`` (angle, length, gain if healed), ``healed``,
    ``features`` (``models.network.features``), ``electrodes``, ``rounding_error_relative`` of the
    flow, the law, what was asked, ``grains`` (as ``survey`` reports them) and notes.
    """
    found = survey(measured, asked.threshold, asked.least, asked.fill)
    at = electrodes(found.network, asked.sides)
    current = critical_current(
        found.network,
        law,
        at,
        draws=asked.draws,
        seed=asked.seed,
        angle_error=asked.angle_error,
        watch=watch,
    )
    healing = healed(found.network, law, current)
    notes = [*found.report["notes"], *_notes(found, law, asked)]
    density = {"value": current.density, "sd": current.sd, "interval_95": list(current.interval)}
    report = {
        "critical_current_density_A_m2": density,
        "limited_by": current.limited_by,
        "cut": (found.network.pairs[current.flow.cut] + 1).tolist(),
        "cut_boundaries": _cut(found, current, healing),
        "cut_grains": (current.flow.cut_nodes + 1).tolist(),
        "healed": {"critical_current_density_A_m2": healing.density},
        "features": features(found.network, law.critical_angle, at.first, at.second),
        "electrodes": _electrodes(at, asked),
        "rounding_error_relative": current.flow.rounding_error / max(current.flow.value, 1e-300),
        "law": {
            "plateau_A_m2": law.plateau,
            "critical_angle_deg": law.critical_angle,
            "decay_deg": law.decay,
            "covariance": np.asarray(law.covariance).tolist(),
        },
        "asked": {"draws": asked.draws, "seed": asked.seed, "angle_error_deg": asked.angle_error},
        "grains": {name: value for name, value in found.report.items() if name != "notes"},
        "notes": notes,
    }
    return Transport(found, current, healing, report)


def _cut(found: Survey, current: CriticalCurrent, healing: Healing) -> list[dict[str, Any]]:
    """The boundaries of the cut, those that gain most first."""
    network, gains = found.network, dict(healing.gains)
    order = sorted(current.flow.cut.tolist(), key=lambda b: -gains.get(b, -np.inf))
    size = "length_m" if network.labels.ndim == 2 else "area_m2"
    return [
        {
            "grains": (network.pairs[b] + 1).tolist(),
            "angle_deg": None if np.isnan(network.angle[b]) else float(network.angle[b]),
            size: float(network.area[b]),
            "gain_if_healed_A_m2": gains.get(b),
        }
        for b in order
    ]


def _electrodes(at: Electrodes, asked: NetworkRequest) -> dict[str, Any]:
    return {
        "sides": list(asked.sides),
        "grains": [len(at.first), len(at.second)],
        "section": at.section,
        "smallest_grain_section": at.smallest,
    }


def _notes(found: Survey, law: BoundaryLaw, asked: NetworkRequest) -> list[str]:
    notes = []
    if found.measured.phase.ndim == 2:
        notes.append(FLAT)
    if asked.threshold > law.critical_angle:
        notes.append(
            f"grains are found at {asked.threshold:g} degrees, above the critical angle of "
            f"{law.critical_angle:.3g}: weak boundaries in between are missed"
        )
    if np.isnan(found.network.angle).any():
        notes.append("boundaries between two phases are taken to carry nothing")
    if not np.any(law.covariance):
        notes.append("the law has no uncertainty: the interval holds that of the map alone")
    return notes
