"""What an orientation map says of its grains and boundaries, as people and programs read it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.network.boundaries import Network, by_class, find_network
from models.network.neighbours import faces_per_grain
from models.orientation.grains import Grains, find_grains
from models.orientation.map import OrientationMap

BIN = 5.0
"""Width in degrees of the bins of the histogram."""
FEW = 30
"""With fewer grains a mean says little."""


@dataclass(frozen=True, eq=False)
class Survey:
    """A map with its grains and their network."""

    measured: OrientationMap
    grains: Grains
    network: Network
    report: dict[str, Any]
    """Plain data: see ``survey``."""

    def draw(self, folder: Path) -> list[Path]:
        """The inverse pole figure map and the distribution of angles."""
        from executors.orientation.pictures import draw_angles, draw_ipf

        return [
            draw_ipf(folder / "ipf.png", self.measured, self.network),
            draw_angles(folder / "misorientations.png", self.measured, self.network),
        ]


def survey(measured: OrientationMap, threshold: float, least: int, fill: float) -> Survey:
    """Grains at ``threshold`` degrees with at least ``least`` points (``models.orientation.grains``
    has the rules); boundaries after grains grew by ``fill`` points. ValueError: there is no grain.

    The report: ``grains``; ``equivalent_diameter_m`` (``sizes``);
    ``misorientation_deg`` (bins, counts of boundaries, boundary length or area in each);
    ``boundary_length_fraction`` by class of angle; ``coincidence_fraction`` by Sigma;
    ``non_indexed_fraction``; ``orientation_spread_deg``; step, shape, phases, rules and notes.
    """
    grains = find_grains(measured, threshold, least)
    if not len(grains):
        raise ValueError(f"no grain has {least} points within {threshold:g} degrees")
    network = find_network(measured, grains, fill)
    notes = list(measured.notes)
    if len(grains) < FEW:
        notes.append(f"only {len(grains)} grain{'s' * (len(grains) > 1)}: means say little")
    report = {
        "grains": len(grains),
        "equivalent_diameter_m": sizes(grains),
        "misorientation_deg": _histogram(network),
        "boundary_length_fraction": by_class(network),
        "coincidence_fraction": _coincidences(network),
        "boundary_density_per_m": network.density,
        "boundaries": len(network.pairs),
        "neighbours_per_grain": faces_per_grain(grains.labels, grains.weight)
        if grains.weight.any()
        else None,
        "triple_junctions": network.junctions,
        "non_indexed_fraction": measured.non_indexed_fraction,
        "orientation_spread_deg": float(np.average(grains.spread, weights=grains.points)),
        "grains_at_edge": int(grains.at_edge.sum()),
        "step_m": list(measured.step),
        "shape": list(measured.shape),
        "phases": [
            {"name": p.name, "symmetry": p.group.name if p.group else None} for p in measured.phases
        ],
        "rules": {"threshold_deg": threshold, "min_pixels": least, "fill_points": fill},
        "notes": notes,
    }
    return Survey(measured, grains, network, report)


def sizes(grains: Grains) -> dict[str, float | int | None]:
    """Mean diameters, by number unless it says otherwise.

    ``mean``, ``sd``: of all grains, those that the frame cuts by what is seen of them: too small.
    ``mean_whole``, ``sd_whole``: of the ``whole`` grains alone, the usual practice with maps; too
    small where sizes differ much, as the frame cuts large ones more often. ``mean_unbiased``: of
    the whole ones, each counted as often as it is missed (``Grains.weight``). None where no grain
    is whole.
    """
    mean = np.average(grains.diameter, weights=grains.size)
    whole, weight = grains.diameter[~grains.at_edge], grains.weight
    some = len(whole) > 0
    return {
        "mean_whole": float(whole.mean()) if some else None,
        "sd_whole": float(whole.std(ddof=1)) if len(whole) > 1 else None,
        "whole": len(whole),
        "mean_unbiased": float(np.average(grains.diameter, weights=weight)) if some else None,
        "mean": float(grains.diameter.mean()),
        "sd": float(grains.diameter.std(ddof=1)) if len(grains) > 1 else 0.0,
        "mean_by_size": float(mean),
        "sd_by_size": float(
            np.sqrt(np.average((grains.diameter - mean) ** 2, weights=grains.size))
        ),
    }


def _histogram(network: Network) -> dict[str, list[float]]:
    known = ~np.isnan(network.angle)
    largest = np.max(network.angle[known], initial=0)
    bins = np.arange(0, max(100, largest) + BIN, BIN)
    count, _ = np.histogram(network.angle[known], bins)
    area, _ = np.histogram(network.angle[known], bins, weights=network.area[known])
    return {
        "bin_edges": bins.tolist(),
        "boundaries": count.tolist(),
        "area_m" if network.labels.ndim == 2 else "area_m2": area.tolist(),
    }


def _coincidences(network: Network) -> dict[str, float]:
    total = network.area.sum() or 1.0
    kinds = [int(s) for s in np.unique(network.sigma) if s]
    return {str(s): float(network.area[network.sigma == s].sum() / total) for s in kinds}
