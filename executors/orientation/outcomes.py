"""An orientation map as outcomes of a trial, each with its standard error.

Standard errors hold the sampling of one map: so many grains, so many boundaries. That of ``jc``
holds the uncertainty of the boundary law and of the measurement, not the sampling: one map has one
network.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from executors.files import job_folder
from executors.from_files import sources, to_keep
from executors.orientation.grain_network import NetworkRequest, Transport, transport
from executors.orientation.readers import read_maps
from models.network.features import giant_component, low_angle
from models.network.law import BoundaryLaw
from models.orientation.grains import Grains
from models.orientation.map import OrientationMap
from planner.campaign.outcome import PLAIN
from planner.door.bounds import MAP
from planner.door.files import Inside, copied
from planner.door.refused import about
from planner.executor import Finished, Measurement, WorkOrder

UNITS = {
    "jc": "A/m^2",
    "grain_size": "m",
    "grain_size_whole": "m",
    "grain_size_unbiased": "m",
    "boundary_density": "1/m",
    "low_angle_share": PLAIN,
    "giant_component": PLAIN,
    "percolation_angle": "degree",
    "twin_share": PLAIN,
    "orientation_spread": "degree",
    "non_indexed_fraction": PLAIN,
}
"""What is given, and in which unit.

``jc``: critical current density of the whole section by the grain network. ``grain_size``: mean
equivalent diameter of all grains, cut ones as they are seen; ``grain_size_whole``: of those that
the frame does not cut; ``grain_size_unbiased``: of these, each weighted by how often the frame
would cut such a grain (``executors.orientation.survey.sizes``). ``boundary_density``: area per
volume. ``low_angle_share``: of the boundary area not above the critical angle.
``giant_component``: share of the grains' area in the largest set that such boundaries join.
``percolation_angle``: the smallest critical angle at which they would join the electrodes.
``twin_share``: of the boundary area that is Sigma 3. ``orientation_spread``: within grains.
"""
TILES = 4
"""A map is cut into 4 x 4 parts; their scatter gives the error of a share of its points."""
REDRAWN = 30

type Estimate = tuple[float, float | None]
"""Value and standard error; None where none is known."""


def examine(
    asked: NetworkRequest,
    law: BoundaryLaw,
    symmetry: str | None,
    spacing: float | None,
    pictures: bool,
    folder: Path,
    orders: Path,
    order: WorkOrder,
) -> Finished:
    """Read the maps of an order (``order.files``), measure what it asks for, and draw. No link is
    followed among those that were dropped into ``orders``.

    ValueError: the file is damaged, or there is no grain or none at an electrode.
    """
    files = sources(order, orders)
    measured = _read(files, symmetry, spacing)
    found = transport(measured, law, asked)
    place = job_folder(folder / "results", order.job)
    drawn: dict[str, Path | Inside] = (
        {path.name: path for path in found.draw(place)} if pictures else {}
    )
    report = place / "network.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(json.dumps(found.report, indent=2, allow_nan=False), encoding="utf-8")
    method = f"grain network, {len(found.found.grains)} grains, {_shape(measured)}"
    if measured.notes:
        method += f"; {'; '.join(measured.notes)}"
    told = [
        Measurement(name, value, UNITS[name], error, method, ", ".join(files))
        for name, (value, error) in outcomes(found, law).items()
        if name in order.gives
    ]
    return Finished(tuple(told), artifacts=drawn | {report.name: report} | to_keep(files))


def _shape(measured: OrientationMap) -> str:
    return f"{' x '.join(map(str, measured.shape[::-1]))} points"


def _read(
    files: Mapping[str, Path | Inside], symmetry: str | None, spacing: float | None
) -> OrientationMap:
    """The map of all files, which get their own names first: stored ones are named by a hash."""
    with TemporaryDirectory() as folder:
        for name, file in files.items():
            with about(name):
                copied(file, Path(folder) / name, MAP)
        paths = [Path(folder) / name for name in whole_maps(files)]
        return read_maps(paths, symmetry, spacing)


def whole_maps(names: Iterable[str]) -> list[str]:
    """The files that stand for a map each: of a pair .cpr and .crc only the first, in order."""
    there = sorted(names)
    pairs = {Path(n).stem for n in there if n.lower().endswith(".cpr")}
    return [n for n in there if not (n.lower().endswith(".crc") and Path(n).stem in pairs)]


def outcomes(found: Transport, law: BoundaryLaw) -> dict[str, Estimate]:
    """All outcomes that the map gives; ``percolation_angle`` is missing where nothing connects."""
    survey, network, told = found.found, found.found.network, found.report["features"]
    grains, measured = survey.grains, survey.measured
    half = np.zeros(network.grains)
    for side in network.pairs.T:
        half += np.bincount(side, network.area / 2, minlength=network.grains)
    density, density_error = _ratio(half, network.size)
    scale = network.density / density if density else 1.0
    low = low_angle(network, law.critical_angle)
    gaps = _tiles(measured.phase == 0), _tiles(np.ones(measured.shape))
    known: dict[str, Estimate] = {
        "jc": (found.current.density, found.current.sd),
        **_sizes(grains),
        "boundary_density": (network.density, density_error * scale),
        "low_angle_share": _ratio(network.area * low, network.area),
        "giant_component": (told["giant_component"], _redrawn(found, law)),
        "twin_share": _ratio(network.area * (network.sigma == 3), network.area),
        "orientation_spread": _ratio(grains.spread * grains.points, grains.points.astype(float)),
        "non_indexed_fraction": _ratio(*gaps),
    }
    if told["percolation_angle_deg"] is not None:
        known["percolation_angle"] = (told["percolation_angle_deg"], None)
    return known


def _sizes(grains: Grains) -> dict[str, Estimate]:
    """The three mean diameters; the last two are missing where no grain is whole."""
    whole = ~grains.at_edge
    counted = {"": np.ones(len(grains)), "_whole": whole.astype(float), "_unbiased": grains.weight}
    found: dict[str, Estimate] = {}
    for name, weight in counted.items():
        if weight.any():
            mean, error = _ratio((weight * grains.diameter)[weight > 0], weight[weight > 0])
            found[f"grain_size{name}"] = (mean, error if (weight > 0).sum() > 1 else None)
    return found


def _ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, float]:
    """sum(above) / sum(below) over parts (n,), and its standard error by their residuals."""
    n, total = len(above), below.sum()
    if n < 2 or total == 0:
        return float(above.sum() / total) if total else 0.0, 0.0
    ratio = above.sum() / total
    residual = above - ratio * below
    return float(ratio), float(np.sqrt(n / (n - 1) * (residual**2).sum()) / total)


def _tiles(values: np.ndarray) -> np.ndarray:
    """Sums over TILES parts along each of the last two axes, as one row."""
    sums = values.astype(float)
    for axis in (-1, -2):
        parts = np.array_split(np.arange(values.shape[axis]), min(TILES, values.shape[axis]))
        sums = np.stack([sums.take(p, axis=axis).sum(axis=axis) for p in parts], axis=axis)
    return sums.reshape(-1, *sums.shape[-2:]).sum(axis=0).ravel()


def _redrawn(found: Transport, law: BoundaryLaw) -> float:
    """Scatter of the giant component where every boundary is drawn anew from all the angles."""
    network, random = found.found.network, np.random.default_rng(0)
    if not len(network.pairs):
        return 0.0
    draws = [
        giant_component(
            replace(network, angle=random.choice(network.angle, len(network.angle))),
            law.critical_angle,
        )
        for _ in range(REDRAWN)
    ]
    return float(np.std(draws))
