"""Pictures of a grain network on its map: the graph, and where its current is limited."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage as ndi

from executors.orientation.pictures import Section, angle_bar, colour_by_angle, saved
from models.network.boundaries import Network
from models.network.current import CriticalCurrent, Healing
from models.orientation.map import OrientationMap

CUT, FED = "#d11a2a", (1.0, 0.93, 0.72)
"""Colour of the limiting cut, and of the grains that hang on to the first electrode."""


def draw_network(path: Path, measured: OrientationMap, network: Network) -> Path:
    """A grain is a node, as large as the grain; a boundary is an edge, as wide as it is long."""
    from matplotlib.collections import LineCollection

    view = Section(measured, network)
    figure, axes = view.figure()
    axes.imshow(view.greys(), extent=view.extent, interpolation="nearest", aspect="auto")
    middle = _middles(view)
    seen = np.isfinite(middle[network.pairs]).all(axis=(1, 2))
    width = 0.4 + 3.6 * network.area / max(network.area.max(initial=0), 1e-300)
    lines = LineCollection(list(middle[network.pairs[seen]]), linewidths=width[seen])
    colour_by_angle(lines, network.angle[seen])
    axes.add_collection(lines)
    size = 4 + 120 * network.size / network.size.max()
    axes.scatter(*middle.T, s=size, color="white", edgecolor="#222222", linewidth=0.8, zorder=3)
    angle_bar(figure, view, lines)
    degree = 2 * len(network.pairs) / max(network.grains, 1)
    view.title(figure, f"{network.grains} grains, {degree:.1f} neighbours each on average")
    return saved(figure, path)


def _middles(view: Section) -> np.ndarray:
    """The middle of each grain as x, y in the unit of the picture, (n, 2); nan where not seen."""
    numbers = np.arange(1, view.network.grains + 1)
    there = np.isin(numbers, view.labels)
    middles = np.full((len(numbers), 2), np.nan)
    found = ndi.center_of_mass(view.labels > 0, view.labels, numbers[there])
    middles[there] = (np.array(found).reshape(-1, 2) + 0.5)[:, ::-1] * view.pixel[::-1]
    return middles


def draw_cut(
    path: Path,
    measured: OrientationMap,
    network: Network,
    current: CriticalCurrent,
    healing: Healing,
) -> Path:
    """Where the current is limited (red), and the grains before it (yellow)."""
    view = Section(measured, network)
    figure, axes = view.figure()
    picture = view.greys()
    fed = np.concatenate([[False], current.flow.source_side])[view.labels]
    picture[fed & (view.labels > 0)] *= FED
    axes.imshow(picture, extent=view.extent, interpolation="nearest", aspect="auto")
    rest = np.setdiff1d(np.arange(len(network.pairs)), current.flow.cut)
    view.boundaries(axes, rest, "#8a8a8a", width=0.6, outline=0)
    view.boundaries(axes, current.flow.cut, CUT, width=2.4, outline=0)
    _electrodes(axes, view, current)
    view.title(figure, _said(current, healing))
    return saved(figure, path)


def _said(current: CriticalCurrent, healing: Healing) -> str:
    value = f"critical current density {current.density:.3g} A/m²"
    if np.isfinite(current.sd):
        value += f" ± {current.sd:.2g}"
    if current.limited_by != "boundaries":
        return f"{value}, limited by {current.limited_by}" * (current.density > 0) or (
            "nothing connects the electrodes"
        )
    return (
        f"{value}\nlimited by the boundaries in red ({len(current.flow.cut)}); "
        f"{healing.density:.3g} A/m² if they were clean"
    )


def _electrodes(axes: Any, view: Section, current: CriticalCurrent) -> None:
    """Bars along the two sides; from front to back there is nothing to be seen."""
    if current.electrodes.axis == -1:
        axes.plot([0, 0], [0, view.high], color="#222222", lw=6, solid_capstyle="butt")
        axes.plot([view.wide] * 2, [0, view.high], color="#222222", lw=6, solid_capstyle="butt")
    elif current.electrodes.axis == -2:
        axes.plot([0, view.wide], [0, 0], color="#222222", lw=6, solid_capstyle="butt")
        axes.plot([0, view.wide], [view.high] * 2, color="#222222", lw=6, solid_capstyle="butt")
