"""Pictures of orientation maps: inverse pole figures, angles, the network and where it breaks."""

from pathlib import Path
from typing import Any

import numpy as np

from models.network.boundaries import Network
from models.orientation.colour import ipf_colour, sector_colour
from models.orientation.map import OrientationMap
from models.orientation.symmetry import PointGroup, mirrored
from models.orientation.texture import random_density

UNITS = ((1.0, "m"), (1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"))
ANGLES = (0, 5, 10, 15, 30, 45, 60, 80, 100)
"""Degrees at which the colour of a boundary changes; what is above all has the last one."""
NOT_INDEXED, BETWEEN_PHASES = (0.2, 0.2, 0.22), "#808080"
LARGEST, LEAST = (6.4, 7.0), (3.6, 3.0)
"""Inches of the map at most, and of the room for it at least."""
MARGINS = (0.8, 1.5, 0.6, 0.65)
"""Inches left, right, below and above it."""
CORNERS = {
    "432": ("001", "101", "111"),
    "622": ("0001", r"2$\bar{1}\bar{1}$0", r"10$\bar{1}$0"),
    "422": ("001", "100", "110"),
    "222": ("001", "100", "010"),
    "32": ("0001", r"10$\bar{1}$0", r"01$\bar{1}$0"),
}


def draw_ipf(path: Path, measured: OrientationMap, network: Network) -> Path:
    """Colours: which crystal direction is normal to the map; boundaries are coloured by angle."""
    view = Section(measured, network)
    figure, axes = view.figure()
    axes.imshow(view.colours(), extent=view.extent, interpolation="nearest", aspect="auto")
    lines = view.boundaries(axes, np.arange(len(network.pairs)), network.angle)
    angle_bar(figure, view, lines)
    groups = {int(n): measured.group(int(n)) for n in np.unique(measured.phase) if n}
    _key(figure, view, next(iter(groups.values())))
    flat = "" if measured.phase.ndim == 2 else f", layer {view.layer + 1} of {measured.shape[0]}"
    grey = "; grey boundaries: between phases" if np.isnan(network.angle).any() else ""
    told = f"{measured.non_indexed_fraction:.1%} not indexed{flat}{grey}"
    view.title(figure, f"{network.grains} grains, {told}")
    return saved(figure, path)


def draw_angles(path: Path, measured: OrientationMap, network: Network) -> Path:
    """How boundary area is distributed over misorientations, beside random orientations."""
    figure, axes = _figure(6.4, 4.0)
    known = ~np.isnan(network.angle)
    bins = np.arange(0, max(105, np.max(network.angle[known], initial=0) + 5), 2.5)
    weight = network.area[known] / max(network.area[known].sum(), 1e-300) / 2.5
    axes.hist(network.angle[known], bins, weights=weight, color="#5b8dd6", label="measured")
    numbers, count = np.unique(measured.phase[measured.phase > 0], return_counts=True)
    group = measured.group(int(numbers[count.argmax()]))
    angles = np.linspace(0, 180, 181)
    random = random_density(angles, group)
    axes.plot(angles, random, color="#b3401e", label=f"random orientations ({group.name})")
    kind = "length" if measured.phase.ndim == 2 else "area"
    axes.set(xlabel="disorientation (degrees)", ylabel=f"share of boundary {kind} per degree")
    axes.set(xlim=(0, 5 + angles[random > 0].max()))
    axes.legend(frameon=False)
    return saved(figure, path)


class Section:
    """One section of a map as a picture: the middle layer where there are several."""

    def __init__(self, measured: OrientationMap, network: Network) -> None:
        self.layer = measured.shape[0] // 2 if measured.phase.ndim == 3 else 0
        flat = (self.layer,) if measured.phase.ndim == 3 else ()
        self.measured, self.network = measured, network
        self.phase, self.q = measured.phase[flat], measured.orientations[flat]
        self.labels = network.labels[flat]
        size = np.array(self.labels.shape) * measured.step[-2:]
        self.scale, self.unit = next(((s, u) for s, u in UNITS if size.max() >= 2 * s), UNITS[-1])
        self.high, self.wide = size / self.scale
        self.pixel = np.array(measured.step[-2:]) / self.scale
        self.extent = (0.0, self.wide, self.high, 0.0)

    def figure(self) -> tuple[Any, Any]:
        """A figure whose axes have the shape of the map, with room for what it means beside it."""
        from matplotlib.figure import Figure

        fit = min(LARGEST[0] / self.wide, LARGEST[1] / self.high)
        wide, high = max(self.wide * fit, 0.4), max(self.high * fit, 0.4)
        left, right, low, top = MARGINS
        self.size = left + max(wide, LEAST[0]) + right, low + max(high, LEAST[1]) + top
        self.box = left, self.size[1] - top - high, wide, high
        figure = Figure(figsize=self.size)
        axes = figure.add_axes(self._place(*self.box))
        axes.set(xlabel=f"x ({self.unit})", ylabel=f"y ({self.unit})")
        axes.set_aspect("auto")
        return figure, axes

    def title(self, figure: Any, text: str) -> None:
        """One or two lines above the map, from its left edge."""
        left, low, _, high = self.box
        place = left / self.size[0], (low + high + 0.12) / self.size[1]
        figure.text(*place, text, ha="left", va="bottom")

    def beside(self, figure: Any, down: float, wide: float, high: float, right: float = 0.2) -> Any:
        """Axes right of the map; all in inches, ``down`` from its upper edge."""
        left, low, width, height = self.box
        return figure.add_axes(
            self._place(left + width + right, low + height - down - high, wide, high)
        )

    def _place(self, left: float, low: float, wide: float, high: float) -> Any:
        return left / self.size[0], low / self.size[1], wide / self.size[0], high / self.size[1]

    def colours(self) -> np.ndarray:
        """RGB (rows, columns, 3) along the normal of the map."""
        picture = np.empty((*self.phase.shape, 3))
        picture[self.phase == 0] = NOT_INDEXED
        for number in np.unique(self.phase[self.phase > 0]):
            here = self.phase == number
            picture[here] = ipf_colour(self.q[here], self.measured.group(int(number)), (0, 0, 1))
        return picture

    def greys(self) -> np.ndarray:
        """Grains in light greys that differ from neighbour to neighbour, pores white."""
        shade = 0.78 + 0.16 * np.random.default_rng(0).random(self.network.grains + 1)
        shade[0] = 1.0
        return np.repeat(shade[self.labels][..., None], 3, axis=2)

    def boundaries(
        self, axes: Any, chosen: np.ndarray, colour: Any, width: float = 1.2, outline: float = 1.4
    ) -> Any:
        """Draw chosen boundaries point by point, in a colour or by an angle each."""
        from matplotlib.collections import LineCollection

        segments, which = self._segments()
        drawn = np.isin(which, chosen)
        lines = LineCollection(list(segments[drawn]), linewidths=width, capstyle="round")
        if isinstance(colour, str):
            lines.set_color(colour)
        else:
            colour_by_angle(lines, colour[which[drawn]])
        if outline:
            under = LineCollection(list(segments[drawn]), linewidths=width + outline, color="k")
            axes.add_collection(under)
        axes.add_collection(lines)
        return lines

    def _segments(self) -> tuple[np.ndarray, np.ndarray]:
        """Edges of points (k, 2, 2) as x, y between two grains, and the boundary of each (k,)."""
        n = self.network.grains + 1
        keys = (self.network.pairs + 1) @ np.array([n, 1])
        segments, which = [], []
        for axis in (0, 1):
            first = np.take(self.labels, range(self.labels.shape[axis] - 1), axis=axis)
            second = np.take(self.labels, range(1, self.labels.shape[axis]), axis=axis)
            row, column = np.nonzero((first != second) & (first > 0) & (second > 0))
            ends = np.sort(np.stack([first[row, column], second[row, column]]), axis=0)
            which.append(np.searchsorted(keys, ends[0].astype(np.int64) * n + ends[1]))
            start = np.stack([column + (axis == 1), row + (axis == 0)], axis=1)
            end = np.stack([column + 1, row + 1], axis=1)
            segments.append(np.stack([start, end], axis=1) * self.pixel[::-1])
        return np.concatenate(segments), np.concatenate(which)


def colour_by_angle(lines: Any, angles: np.ndarray) -> None:
    """Give each of the lines the colour of its angle in degrees; nan is between two phases."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    lines.set_array(np.ma.masked_invalid(angles))
    colours = colormaps["turbo"].resampled(len(ANGLES))
    lines.set_cmap(colours.with_extremes(bad=BETWEEN_PHASES))
    lines.set_norm(BoundaryNorm(ANGLES, len(ANGLES)))


def angle_bar(figure: Any, view: "Section", lines: Any) -> None:
    """What the colours of the boundaries mean, right of the map."""
    bar = figure.colorbar(lines, cax=view.beside(figure, 0, 0.18, 1.9), ticks=ANGLES)
    bar.set_label("boundary (degrees)", fontsize=9)
    bar.ax.tick_params(labelsize=8)


def _key(figure: Any, view: "Section", group: PointGroup) -> None:
    """The colours of the standard sector, in stereographic projection."""
    group = mirrored(group)
    inset = view.beside(figure, 2.15, 1.0, 0.75, right=0.4)
    grid = np.linspace(0, 1, 200)
    x, y = np.meshgrid(grid, grid)
    square = x**2 + y**2
    v = np.stack([2 * x, 2 * y, 1 - square], axis=-1) / (1 + square)[..., None]
    inside = (v @ np.linalg.inv(group.corners) >= -1e-9).all(axis=-1)
    picture = np.ones((*inside.shape, 4))
    picture[..., :3] = sector_colour(v, group)
    picture[..., 3] = inside
    corners = group.corners[:, :2] / (1 + group.corners[:, 2:])
    reach = corners.max(axis=0) * 1.02
    inset.imshow(picture, extent=(0, 1, 0, 1), origin="lower", aspect="equal")
    places = (("right", "top"), ("left", "top"), ("center", "bottom"))
    for name, at, (side, edge) in zip(CORNERS[group.name], corners, places, strict=True):
        inset.annotate(
            name, at, (0, 3 if edge == "bottom" else -3), textcoords="offset points",
            ha=side, va=edge, fontsize=7, annotation_clip=False,
        )  # fmt: skip
    inset.set(xlim=(0, reach[0]), ylim=(0, reach[1]), anchor="SW")
    inset.axis("off")


def _figure(wide: float, high: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(wide, high), layout="constrained")
    return figure, figure.add_subplot()


def saved(figure: Any, path: Path) -> Path:
    """The picture in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130, bbox_inches="tight", pad_inches=0.12)
    return path
