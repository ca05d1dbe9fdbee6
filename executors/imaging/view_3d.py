"""A labelled volume as a solid: the surfaces of its classes in a box with lengths."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage as ndi

from executors.imaging.colours import colours_of
from models.arrays import Floats, Integers
from models.imaging.volume import LabelledVolume
from planner.door.whole import whole

MOST = 72
"""Cells along the longest edge: finer surfaces take long, and nobody sees more."""
LIGHT = (0.3, -0.5, 0.8)
"""Where the light comes from, as (x, y, z)."""


def draw_3d(path: Path, volume: LabelledVolume, title: str) -> Path:
    """The surfaces of all classes but the most common one, which lies around them."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    step = _step(volume)
    edges = np.asarray(np.array(volume.voxel_m) * step * 1e6, float)
    figure = Figure(figsize=(6.4, 5.6), dpi=120)
    axes: Any = figure.add_subplot(projection="3d")
    common = int(np.bincount(volume.classes.ravel()).argmax())
    handles = []
    colours = colours_of(len(volume.names))
    for number, (name, colour) in enumerate(zip(volume.names, colours, strict=True)):
        if number == common or not (volume.classes == number).any():
            continue
        _add(axes, _shares(volume.classes == number, step), edges, colour)
        handles.append(Patch(color=colour, label=name))
    extent = np.array(volume.voxel_m) * volume.classes.shape * 1e6
    axes.set(xlim=(0, extent[2]), ylim=(0, extent[1]), zlim=(extent[0], 0))
    axes.set_box_aspect(extent[::-1])
    axes.set(xlabel="x (µm)", ylabel="y (µm)", zlabel="z, depth (µm)")
    if handles:
        figure.legend(handles=handles, loc="upper right", fontsize=9)
    around = f"{volume.names[common]} around them is left out" if handles else "one class alone"
    figure.suptitle(f"{title}\n{around}", fontsize=10)
    figure.subplots_adjust(0, 0.04, 0.95, 0.95)
    with whole(path) as file:
        figure.savefig(file, format="png")
    return path


def _step(volume: LabelledVolume) -> Integers:
    """Voxels in a cell along z, y and x, so that cells are about cubes."""
    edges = np.array(volume.voxel_m)
    wanted = (edges * volume.classes.shape).max() / MOST / edges
    return np.asarray(np.clip(np.rint(wanted).astype(int), 1, volume.classes.shape))


def _shares(inside: Any, step: Integers) -> Floats:
    """The share of a class in each cell; what does not fill a cell at the end is left out."""
    n = np.array(inside.shape) // step
    cut = inside[tuple(slice(0, k * s) for k, s in zip(n, step, strict=True))]
    return np.asarray(
        cut.reshape(n[0], step[0], n[1], step[1], n[2], step[2]).mean(axis=(1, 3, 5), dtype=float)
    )


def _add(axes: Any, shares: Floats, edges: Floats, colour: str) -> None:
    """The surface where half of a cell is of the class, closed where the frame cuts it."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection
    from skimage.measure import marching_cubes

    smooth = ndi.gaussian_filter(np.pad(shares, 1), 0.6)
    if not smooth.min() < 0.5 < smooth.max():  # finer than a cell
        return
    corners, faces, _, _ = marching_cubes(smooth, 0.5)
    points = ((corners - 0.5) * edges)[:, ::-1]
    triangles = points[faces]
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    bright = 0.55 + 0.45 * np.abs(normals @ (np.array(LIGHT) / np.linalg.norm(LIGHT)))
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    axes.add_collection3d(Poly3DCollection(triangles, facecolors=bright[:, None] * rgb))
