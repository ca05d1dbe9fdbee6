"""What a magnet is and what is done to it, in SI units. Values that check themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from models.magnet.failure import MagnetFailure
from models.magnet.jc_map import JcMap
from models.magnet.laws import ExponentLaw, JcLaw

type Fidelity = Literal["analytic", "critical-state", "power-law"]
EC = 1e-4
"""Electric field in V/m at which J equals Jc: the usual criterion, 1 uV/cm."""


def _wrong(message: str) -> MagnetFailure:
    return MagnetFailure("bad-input", message)


@dataclass(frozen=True)
class Body:
    """A ring of rectangular cross-section about the axis; a disc where ``inner`` is 0."""

    outer: float
    bottom: float = 0.0
    top: float = 0.0
    inner: float = 0.0
    material: str = ""
    endless: bool = False
    """Infinitely long; bottom and top do not count."""

    def __post_init__(self) -> None:
        if not 0 <= self.inner < self.outer:
            raise _wrong(f"inner radius {self.inner:g} m must be from 0 to below {self.outer:g} m")
        if not self.endless and not self.bottom < self.top:
            raise _wrong(f"bottom {self.bottom:g} m must be below top {self.top:g} m")

    def shown(self) -> str:
        """Its extent in words."""
        r = f"r {1e3 * self.inner:g} to {1e3 * self.outer:g} mm"
        return r if self.endless else f"{r}, z {1e3 * self.bottom:g} to {1e3 * self.top:g} mm"

    def overlaps(self, other: "Body") -> bool:
        """Whether both fill one place; bodies may touch."""
        slack = 1e-9 * max(self.outer, other.outer)
        radial = min(self.outer, other.outer) - max(self.inner, other.inner) > slack
        axial = self.endless or min(self.top, other.top) - max(self.bottom, other.bottom) > slack
        return radial and axial


@dataclass(frozen=True)
class Carrier:
    """How a body carries current."""

    jc: JcLaw
    n: ExponentLaw
    jc_map: JcMap | None = None
    """Jc at a place relative to the law."""


@dataclass(frozen=True)
class Protocol:
    """How the magnet is magnetised and held. Seconds, tesla, kelvin.

    field-cooling: cooled in ``applied_field``, which is then ramped to 0. zero-field-cooling: the
    field is ramped up and down again. fully-magnetised: the critical state with J = Jc everywhere.
    Then, over ``cooling``, the temperature goes to ``hold_temperature``, and the magnet is held.
    """

    kind: Literal["field-cooling", "zero-field-cooling", "fully-magnetised"] = "fully-magnetised"
    applied_field: float = 0.0
    ramp: float = 0.0
    hold: float = 0.0
    temperature: float = 0.0
    hold_temperature: float | None = None
    cooling: float = 0.0

    def __post_init__(self) -> None:
        if self.kind != "fully-magnetised" and (self.applied_field <= 0 or self.ramp <= 0):
            raise _wrong(f"{self.kind} needs an applied field and a ramp above 0")
        if self.hold < 0 or self.cooling < 0 or self.temperature < 0:
            raise _wrong("hold, cooling and temperature must be 0 or above")
        if self.cooling > self.hold:
            raise _wrong("cooling must end within the hold")
        if self.hold_temperature is not None and self.hold_temperature < 0:
            raise _wrong("hold temperature must be 0 or above")

    @property
    def last_temperature(self) -> float:
        """In K, during the hold."""
        return self.temperature if self.hold_temperature is None else self.hold_temperature


@dataclass(frozen=True)
class Probes:
    """Where and when the field is told."""

    heights: tuple[float, ...] = (0.5e-3, 2e-3)
    """Distances in m above the highest face, on the axis."""
    homogeneity_sphere: float | None = None
    """Diameter in m of the sphere about the centre."""
    times: tuple[float, ...] = ()
    """Seconds from the end of the ramp, besides those that are told anyway."""


@dataclass(frozen=True)
class Problem:
    """A whole case."""

    bodies: tuple[Body, ...]
    materials: Mapping[str, Carrier]
    protocol: Protocol = field(default_factory=Protocol)
    probes: Probes = field(default_factory=Probes)
    fidelity: Fidelity = "critical-state"
    detail: float | None = None
    """Size of the smallest cells relative to the body; None: what suits the tier."""
    time_step: float = 0.4
    """Step of the hold in the logarithm of time; the error allowed in a step of a ramp goes as its
    square."""
    time_limit: float | None = None
    """Seconds of computing."""
    estimate_error: bool = True
    """Solve once more on a coarser mesh, and through time with longer steps too."""

    def __post_init__(self) -> None:
        if not self.bodies:
            raise _wrong("there must be a body at least")
        if len({b.endless for b in self.bodies}) > 1:
            raise _wrong("endless and finite bodies cannot be mixed")
        if unknown := {b.material for b in self.bodies} - self.materials.keys():
            if "" in unknown:
                raise _wrong("jc is missing: a body names no material")
            known = ", ".join(map(repr, self.materials))
            raise _wrong(f"material {min(unknown)!r} is not described; known: {known}")
        for one, other in combinations(self.bodies, 2):
            if one.overlaps(other):
                raise _wrong(f"two bodies overlap: {one.shown()}, and {other.shown()}")
        if any(height < 0 for height in self.probes.heights):
            raise _wrong("heights are above the highest face: 0 or more")
        if late := [t for t in self.probes.times if not 0 <= t <= self.protocol.hold]:
            hold = self.protocol.hold
            raise _wrong(f"times must lie within the hold, 0 to {hold:g} s, not {late[0]:g} s")
        if self.detail is not None and not 0.01 <= self.detail <= 1:
            raise _wrong(f"detail must be from 0.01 to 1, not {self.detail:g}")
        if not 0.01 <= self.time_step <= 2:
            raise _wrong(f"time_step must be from 0.01 to 2, not {self.time_step:g}")

    @property
    def endless(self) -> bool:
        """Whether its bodies are infinitely long."""
        return self.bodies[0].endless

    @property
    def centre(self) -> float:
        """z in m half-way between the lowest and the highest face."""
        if self.endless:
            return 0.0
        return (min(b.bottom for b in self.bodies) + max(b.top for b in self.bodies)) / 2

    @property
    def top(self) -> float:
        """z in m of the highest face."""
        return max(b.top for b in self.bodies)
