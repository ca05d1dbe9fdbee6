"""What is told of a magnet: one schema for all fidelities. SI units, ppm where the name says so."""

from dataclasses import asdict, dataclass, field
from typing import Any

from models.magnet.problem import Fidelity

FIELDS = ("trapped_field_center", "surface_field", "held_field")
"""The numbers that are fields in T."""


@dataclass(frozen=True)
class FieldAt:
    """B_z on the axis."""

    height_m: float
    """Above the highest face."""
    field_T: float


@dataclass(frozen=True)
class FieldWhen:
    """B_z at the centre."""

    time_s: float
    """From the end of the ramp."""
    field_T: float


@dataclass(frozen=True)
class NumericalError:
    """How far a number may be off, in its own unit."""

    mesh: float
    """Its difference to a mesh 1.5 times as coarse."""
    step: float
    """Three times its difference to steps twice as long, and what their control leaves open."""

    @property
    def total(self) -> float:
        """Both together."""
        return self.mesh + self.step


@dataclass(frozen=True)
class FieldResult:
    """A result, or a failure: then ``status`` is its kind and every field is None.

    Centre, surface, homogeneity, moment and flux are those at the end of the ramp; ``after_hold``
    has them at the end of the hold.
    """

    fidelity: Fidelity | None
    """None where the description was not understood."""
    status: str
    message: str = ""
    trapped_field_center: float | None = None
    """B_z in T half-way between the lowest and the highest face, on the axis."""
    surface_field: list[FieldAt] = field(default_factory=list)
    homogeneity_ppm: float | None = None
    """Largest less smallest B_z over the sphere, relative to the centre."""
    decay: list[FieldWhen] = field(default_factory=list)
    decay_ppm_per_hour: float | None = None
    """Mean loss over the last decade of the hold, relative to the field at its beginning."""
    after_hold: dict[str, Any] | None = None
    moment_A_m2: float | None = None
    """Per metre for endless bodies."""
    flux_Wb: float | None = None
    """Through the mid-plane of the magnet, within its outer radius."""
    sigma_T: float | None = None
    """Standard error of the centre from those of Jc, at most."""
    gradient: dict[str, float] = field(default_factory=dict)
    """d centre / d parameter of Jc, in the critical state; SI units."""
    errors: dict[str, NumericalError] = field(default_factory=dict)
    """By the names of the numbers here; those after the hold as ``held_field`` and so on."""
    error_estimate_T: float | None = None
    """That of the centre at the end of the ramp, mesh and step together."""
    missing: dict[str, str] = field(default_factory=dict)
    """Why a number that was asked for is null."""
    analytic_bound_T: float | None = None
    """Centre if every body carried uniformly what it can carry at zero field."""
    extrapolated_share: float = 0.0
    """Share of the volume in which a Jc law was used outside of what it is known for."""
    at_most_T: float | None = None
    """Where the field was not found, a bound of it."""
    last_time_s: float | None = None
    """Where it was not found, the last time that was."""
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    dofs: int = 0
    steps: int = 0
    iterations: int = 0

    @property
    def ok(self) -> bool:
        """Whether there is a field."""
        return self.status == "ok"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def numbers(result: FieldResult) -> dict[str, float]:
    """The numbers that have errors; those that are null are left out."""
    held = result.after_hold or {}
    surface = result.surface_field[0].field_T if result.surface_field else None
    told = {
        "trapped_field_center": result.trapped_field_center,
        "surface_field": surface,
        "homogeneity_ppm": result.homogeneity_ppm,
        "moment_A_m2": result.moment_A_m2,
        "flux_Wb": result.flux_Wb,
        "decay_ppm_per_hour": result.decay_ppm_per_hour,
        "held_field": held.get("trapped_field_center"),
        "held_homogeneity_ppm": held.get("homogeneity_ppm"),
    }
    return {name: value for name, value in told.items() if value is not None}
