"""What PoreSpy says of a volume, and the CPU seconds of each part.

Run by its own Python, of .venv-peers.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

warnings.simplefilter("ignore")
import porespy as ps  # noqa: E402


def main(path: str) -> None:
    """Print one line of JSON."""
    ps.settings.tqdm["disable"] = True
    inside = np.load(path)
    _all(inside[:32, :32, :32])  # compiles
    answers, each = _all(inside)
    print(json.dumps(answers | {"seconds": sum(each.values()), "each": _told(each)}))


def _told(each: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in each.items())


def _all(inside: Any) -> tuple[dict[str, Any], dict[str, float]]:
    each: dict[str, float] = {}

    def timed(name: str, work: Callable[..., Any], *given: Any) -> Any:
        begin = time.process_time()
        answer = work(*given)
        each[name] = each.get(name, 0.0) + time.process_time() - begin
        return answer

    both = (inside, ~inside)
    fraction = timed("fraction", ps.metrics.porosity, inside)
    surface = timed("surface", _surface, inside)
    chords = [timed("chords", _chords, mask, axis) for mask in both for axis in range(3)]
    thick = [timed("thickness", ps.filters.local_thickness, mask) for mask in both]
    for mask in both:
        timed("bodies", _bodies, mask)
        for axis in range(3):
            timed("paths", _path, mask, axis)
    answers = {
        "fraction": float(fraction),
        "surface": float(surface),
        "chords": chords[:3],
        "thickness": float(thick[0][inside].mean()),
    }
    return answers, each


def _surface(inside: Any) -> float:
    from skimage.measure import marching_cubes

    mesh = marching_cubes(inside.astype(np.float32), 0.5)
    area = ps.metrics.mesh_surface_area(verts=mesh[0], faces=mesh[1])
    return float(area / inside.size)


def _chords(mask: Any, axis: int) -> float:
    found = ps.filters.apply_chords(mask, spacing=1, axis=axis, label=True)
    count = np.bincount(found.ravel())[1:]
    return float(count[count > 0].mean())


def _bodies(mask: Any) -> Any:
    from scipy import ndimage

    labels = ndimage.label(mask)[0]
    properties = ps.metrics.regionprops_3D(labels)
    return [(p.volume, p.equivalent_diameter_area) for p in properties]


def _path(mask: Any, axis: int) -> Any:
    ends = np.zeros_like(mask), np.zeros_like(mask)
    np.moveaxis(ends[0], axis, 0)[0] = np.moveaxis(ends[1], axis, 0)[-1] = True
    return ps.filters.trim_nonpercolating_paths(mask, inlets=ends[0], outlets=ends[1])


if __name__ == "__main__":
    main(sys.argv[1])
