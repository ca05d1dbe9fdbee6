"""Pictures of a segmentation: a slice with its classes over it, and where they are in doubt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from executors.imaging.colours import colours_of
from models.imaging.volume import Voxel
from planner.door.whole import whole

STRENGTH = 0.45
"""How much of the colour lies over the grey."""
DPI = 120


def draw_overlay(
    path: Path, grey: NDArray[Any], classes: NDArray[Any], names: Sequence[str], voxel: Voxel,
    title: str,
) -> Path:  # fmt: skip
    """The slice as it came, and with classes over it, side by side, with a length to compare."""
    figure, (plain, coloured) = _figure(grey.shape, 2)
    low, high = np.percentile(grey, (0.5, 99.5))
    shown = np.clip((grey - low) / max(high - low, 1e-9), 0, 1)
    plain.imshow(shown, cmap="gray", vmin=0, vmax=1)
    colours = colours_of(len(names))
    rgb = np.array([_rgb(colour) for colour in colours])
    both = (1 - STRENGTH) * shown[..., None] + STRENGTH * rgb[classes]
    coloured.imshow(both)
    present = [n for n in range(len(names)) if (classes == n).any()]
    handles = [_patch(colours[n], names[n]) for n in present]
    figure.legend(handles=handles, loc="outside lower center", fontsize=8, ncols=len(handles))
    _length(plain, grey.shape[1], voxel[2])
    figure.suptitle(title, fontsize=10)
    return _saved(figure, path)


def draw_doubt(path: Path, doubt: NDArray[np.uint8], voxel: Voxel, title: str) -> Path:
    """How probable it is in each voxel that it is of another class than was said."""
    figure, (axes,) = _figure(doubt.shape, 1)
    drawn = axes.imshow(doubt / 255, cmap="magma", vmin=0, vmax=0.5)
    bar = figure.colorbar(drawn, ax=axes, fraction=0.046, extend="max")
    bar.set_label("probability of another class")
    _length(axes, doubt.shape[1], voxel[2])
    figure.suptitle(title, fontsize=10)
    return _saved(figure, path)


def _figure(shape: Sequence[int], panels: int) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    height = min(max(4.2 * shape[0] / shape[1], 2.0), 8.0)
    size = (4.4 * panels + (0.9 if panels == 1 else 0), height + 0.7)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0]
    for one in axes:
        one.set_axis_off()
    return figure, axes


def _length(axes: Any, columns: int, edge: float) -> None:
    """A bar of a round length, about a fifth of the picture."""
    from matplotlib.patheffects import withStroke

    metres = _round(columns * edge / 5)
    wide, rows = metres / edge, axes.get_ylim()[0]
    left, base = 0.04 * columns, 0.95 * rows
    axes.plot([left, left + wide], [base, base], color="white", linewidth=3, solid_capstyle="butt",
              path_effects=[withStroke(linewidth=5, foreground="black")])  # fmt: skip
    text = f"{metres * 1e6:g} µm" if metres >= 1e-6 else f"{metres * 1e9:g} nm"
    axes.text(left, base - 0.02 * rows, text, color="white", fontsize=8, va="bottom",
              path_effects=[withStroke(linewidth=2, foreground="black")])  # fmt: skip


def _round(metres: float) -> float:
    """The largest of 1, 2, 5, 10 ... that is not above."""
    decade = 10 ** np.floor(np.log10(metres))
    return float(f"{max(n for n in (1, 2, 5) if n * decade <= metres) * decade:.3g}")


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _patch(colour: str, name: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour, alpha=0.8, label=name)


def _saved(figure: Any, path: Path) -> Path:
    with whole(path) as file:
        figure.savefig(file, format="png")
    return path
