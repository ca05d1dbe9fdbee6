"""Pictures of a labelled volume: its middle slice, and how chords are distributed."""

from pathlib import Path
from typing import Any

import numpy as np

from executors.imaging.colours import colours_of
from executors.imaging.marks import titled
from models.imaging.quantities.answers import Quantities, Said
from models.imaging.quantities.chords import distribution
from models.imaging.volume import LabelledVolume

UNITS = ((1.0, "m"), (1e-3, "mm"), (1e-6, "µm"), (1e-9, "nm"))
STYLES = {"z": "-", "y": "--", "x": ":"}
CHORDS_AT_LEAST = 30
"""Fewer make no curve."""


def draw_quantities(folder: Path, volume: LabelledVolume, found: Quantities) -> tuple[Path, ...]:
    """``slice.png`` and ``chords.png`` in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return _slice(folder / "slice.png", volume, found), _chords(folder / "chords.png", found)


def _figure(wide: float, high: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(wide, high), layout="constrained")
    return figure, figure.subplots()


def _unit(length: float) -> tuple[float, str]:
    return next((u for u in UNITS if length >= 2 * u[0]), UNITS[-1])


def _slice(path: Path, volume: LabelledVolume, found: Quantities) -> Path:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Patch

    layer = volume.classes.shape[0] // 2
    high, wide = (n * e for n, e in zip(volume.classes.shape[1:], volume.voxel_m[1:], strict=True))
    scale, unit = _unit(max(high, wide))
    colours = colours_of(len(volume.names))
    figure, axes = _figure(6.0, 5.0)
    axes.imshow(
        np.array([to_rgb(c) for c in colours])[volume.classes[layer]],
        extent=(0, wide / scale, high / scale, 0),
        interpolation="nearest",
    )
    axes.set(xlabel=f"x ({unit})", ylabel=f"y ({unit})")
    title = titled(f"slice {layer + 1} of {volume.classes.shape[0]}", volume.notes)
    axes.set_title(title, fontsize=10)
    told = [
        Patch(color=c, label=f"{n} {_percent(found.classes[n].fraction)}")
        for c, n in zip(colours, volume.names, strict=True)
    ]
    axes.legend(handles=told, loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False)
    figure.savefig(path, dpi=130, bbox_inches="tight")
    return path


def _percent(fraction: Said) -> str:
    error = "" if fraction.sd is None else f" ± {fraction.sd:.1%}"
    return f"{fraction.value:.1%}{error}"


def _chords(path: Path, found: Quantities) -> Path:
    """How many chords of each class are longer than a length, along each axis. Where cut chords
    hide the rest the curve ends."""
    figure, axes = _figure(6.4, 4.0)
    curves = [
        (name, colour, axis, edge, *distribution(chords))
        for (name, mine), colour in zip(
            found.classes.items(), colours_of(len(found.names)), strict=True
        )
        for axis, edge, chords in zip("zyx", found.voxel_m, mine.chords, strict=True)
        if chords.whole.size >= CHORDS_AT_LEAST
    ]
    scale, unit = _unit(max((lengths[-1] * edge for *_, edge, lengths, _ in curves), default=0) / 4)
    for name, colour, axis, edge, lengths, upto in curves:
        longer, along = np.maximum(1 - upto, 1e-12), lengths * edge / scale
        axes.semilogy(along, longer, STYLES[axis], color=colour, label=f"{name} along {axis}")
    axes.set(xlabel=f"chord ({unit})", ylabel="share that is longer", ylim=(1e-4, 1.1))
    axes.set_title(titled("chords", found.notes), fontsize=10)
    if curves:
        axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=130)
    return path
