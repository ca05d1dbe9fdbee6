"""The critical current of a grain network, its limiting cut, and what healing would bring.

Every boundary carries J(theta) times its area, a grain J0 times its width. In a single section the
smallest cut of all is found on the map itself (``narrowest``), so that the neck of a grain counts.
In three dimensions every grain carries J0 times its largest cross-section, and all together never
more than J0 times the smallest: necks between are not seen. A single section says nothing of
detours above and below it: in the solid the current may be larger.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from models.arrays import Floats, Integers
from models.network.boundaries import Network
from models.network.flow import CLOSE, Flow, max_flow
from models.network.law import BoundaryLaw, current_density
from models.network.narrowest import narrowest

SIDES = {"left": (-1, 0), "right": (-1, -1), "top": (-2, 0), "bottom": (-2, -1)} | {
    "front": (-3, 0),
    "back": (-3, -1),
}
"""Axis of the map and index along it."""
LENGTH_ERROR = 0.5
"""Standard deviation of a boundary's length in steps of the map, measured on drawn polycrystals
(benchmarks/network.py); of an area in three dimensions, per row of points."""
SCALE_ERROR = 0.025
"""Relative standard deviation that all lengths of a map share: growth into gaps, curvature. With 9
points across a grain the current of drawn polycrystals came out 1 to 3 % too large."""
ROUGH = 1e-3
"""Relative rounding that is good enough for one of many draws."""


@dataclass(frozen=True, eq=False)
class Electrodes:
    """Where current enters and leaves."""

    first: Integers = field(repr=False)
    """Grains (k,)."""
    second: Integers = field(repr=False)
    axis: int
    """Of the map, along which the current flows."""
    section: float
    """Of the whole map across the current in m^2; of a section its width in m."""
    smallest: float
    """Cross-section of the grains where it is smallest, in the same unit."""
    largest: Floats = field(repr=False)
    """Largest cross-section of every grain, (n,)."""


@dataclass(frozen=True, eq=False)
class CriticalCurrent:
    """What the network carries."""

    density: float
    """A/m^2 of the whole cross-section of the map, pores included."""
    sd: float
    interval: tuple[float, float]
    """95 %, in A/m^2."""
    limited_by: str
    """``boundaries``, ``grains`` (of a section: what passes more than half of the current) or
    ``nothing connects``."""
    flow: Flow
    electrodes: Electrodes
    draws: Floats = field(repr=False)


def electrodes(network: Network, names: tuple[str, str]) -> Electrodes:
    """Electrodes at two opposite sides of the map. ValueError where there are no grains."""
    for name in names:
        if name not in SIDES or -SIDES[name][0] > network.labels.ndim:
            known = ", ".join(n for n, (axis, _) in SIDES.items() if -axis <= network.labels.ndim)
            raise ValueError(f"electrode {name!r} is not one of {known}")
    (axis, here), (other, there) = SIDES[names[0]], SIDES[names[1]]
    if axis != other or here == there:
        raise ValueError(f"electrodes must lie opposite, not {names[0]} and {names[1]}")
    ends = []
    for name, index in zip(names, (here, there), strict=True):
        grains = np.unique(network.labels.take(index, axis=axis))
        if not (grains > 0).any():
            raise ValueError(f"no grain lies at the {name} side; cut the map to where grains are")
        ends.append(grains[grains > 0] - 1)
    face = float(np.prod(network.step) / network.step[axis])
    across = _cross_sections(network, axis)
    whole = float(np.prod(network.labels.shape)) / network.labels.shape[axis]
    return Electrodes(
        ends[0],
        ends[1],
        axis,
        whole * face,
        float(across[:, 1:].sum(axis=1).min()) * face,
        across[:, 1:].max(axis=0).astype(float) * face,
    )


def _cross_sections(network: Network, axis: int) -> Integers:
    """Points of every grain (and of none, first) in every plane across an axis, (planes, n + 1)."""
    planes = np.moveaxis(network.labels, axis, 0).reshape(network.labels.shape[axis], -1)
    n = network.grains + 1
    rows = [np.bincount(plane, minlength=n) for plane in planes]
    return np.array(rows)


def critical_current(
    network: Network,
    law: BoundaryLaw,
    at: Electrodes,
    *,
    draws: int,
    seed: int,
    angle_error: float,
    watch: Callable[[int], None] = lambda done: None,
) -> CriticalCurrent:
    """Critical current density with its uncertainty from ``draws`` repetitions.

    Each takes other parameters of the law, as likely as they are, all angles off by ``angle_error``
    degrees (standard deviation) and all lengths by what a map gets wrong. ``watch`` hears how many
    are done. The uncertainty does not hold how far one map stands for the sample.
    """
    wires = _Wires(network, at)
    rough, _ = wires.carry(law(network.angle), law.plateau, network.area)
    flow, limited = wires.smallest(law(network.angle), law.plateau)
    scale = flow.value / rough.value if rough.value else 1.0  # by necks, the same in every draw
    random = np.random.default_rng(seed)
    found = np.empty(draws)
    for i, parameters in enumerate(law.draws(draws, random)):
        angle = np.abs(network.angle + random.normal(scale=angle_error, size=len(network.angle)))
        density = current_density(angle, parameters[None])[0]
        area = _measured_again(network, random)
        drawn, _ = wires.carry(density, float(np.exp(parameters[0])), area, close=ROUGH)
        found[i] = scale * drawn.value / at.section
        watch(i + 1)
    low, high = np.quantile(found, [0.025, 0.975], method="weibull") if draws else (np.nan, np.nan)
    return CriticalCurrent(
        flow.value / at.section,
        float(found.std(ddof=1)) if draws > 1 else np.nan,
        (float(low), float(high)),
        limited,
        flow,
        at,
        found,
    )


def _measured_again(network: Network, random: np.random.Generator) -> Floats:
    """The boundary areas (m,) as another map of the same sample might show them."""
    step = float(np.sqrt(np.mean(np.square(network.step))))
    rows = np.sqrt(network.area) if network.labels.ndim == 3 else 1.0
    off = LENGTH_ERROR * step * rows * random.normal(size=len(network.area))
    common = 1 + SCALE_ERROR * random.normal()
    return np.maximum(network.area + off, 0) * common


class _Wires:
    """A network between its electrodes."""

    def __init__(self, network: Network, at: Electrodes) -> None:
        self._network, self._at = network, at

    def carry(
        self, density: Floats, plateau: float, area: Floats, close: float = CLOSE
    ) -> tuple[Flow, str]:
        """The flow, and what limits it. Boundaries carry ``density`` (m,) in A/m^2."""
        net, at = self._network, self._at
        through = plateau * at.largest
        found = max_flow(net.pairs, density * area, at.first, at.second, net.grains, through, close)
        straight = plateau * at.smallest
        if found.value > straight:
            nothing = np.empty(0, dtype=int)
            return Flow(straight, 0.0, nothing, nothing, found.source_side), "grains"
        if found.value <= 0:
            return found, "nothing connects"
        return found, "boundaries" if len(found.cut) else "grains"

    def smallest(self, density: Floats, plateau: float) -> tuple[Flow, str]:
        """The same with the necks of grains, where the map is a single section."""
        net, at = self._network, self._at
        found, limited = self.carry(density, plateau, net.area)
        if net.labels.ndim > 2 or found.value <= 0:
            return found, limited
        cut = narrowest(net, density * net.area, plateau, at.axis)
        if cut.value <= 0:
            return replace(found, value=0.0, rounding_error=0.0), "nothing connects"
        flow = Flow(cut.value, 0.0, cut.boundaries, cut.grains, found.source_side)
        return flow, "boundaries" if cut.along >= 0.5 else "grains"


@dataclass(frozen=True)
class Healing:
    """What clean boundaries would bring."""

    density: float
    """A/m^2 with all boundaries of the cut at the plateau: where it breaks next."""
    gains: tuple[tuple[int, float], ...]
    """Boundary and gain in A/m^2 if it alone is healed, the largest first."""


def healed(network: Network, law: BoundaryLaw, found: CriticalCurrent, most: int = 10) -> Healing:
    """Heal the limiting cut as a whole, and the ``most`` promising boundaries of it one by one."""
    at, cut = found.electrodes, found.flow.cut
    wires = _Wires(network, at)

    def with_healed(boundaries: Integers) -> float:
        density = law(network.angle)
        density[boundaries] = law.plateau
        flow, _ = wires.smallest(density, law.plateau)
        return flow.value / at.section

    lost = (law.plateau - law(network.angle[cut])) * network.area[cut]
    promising = cut[np.argsort(-lost)[:most]]
    gains = [(int(b), with_healed(np.array([b])) - found.density) for b in promising]
    gains.sort(key=lambda gain: -gain[1])
    return Healing(with_healed(cut), tuple(gains))
