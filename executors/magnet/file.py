"""The words in which people describe a magnet (YAML with units), and the tables beside them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError, model_validator

from executors.magnet.csv_tables import N_COLUMNS, read_jc_table, read_map, read_table
from models.magnet.failure import MagnetFailure
from models.magnet.laws import (
    Constant,
    ConstantExponent,
    Exponential,
    ExponentLaw,
    JcLaw,
    Kim,
    Pinning,
)
from models.magnet.measured import TableExponent
from models.magnet.problem import Body, Carrier, Fidelity, Probes, Problem, Protocol
from planner.campaign.campaign import CampaignError
from planner.campaign.file import read_yaml
from planner.campaign.units import convert_spread, read_quantity, split_quantity
from planner.campaign.values import Frozen
from planner.door.files import beside
from planner.door.words import cut, said


def _reader(unit: str, high: float) -> Callable[[Any], float]:
    def read(told: Any) -> float:
        if isinstance(told, bool) or not isinstance(told, str | int | float):
            raise ValueError(f"a quantity in {unit} is needed")
        value = read_quantity(told, unit) if isinstance(told, str) else float(told)
        if not abs(value) <= high:
            raise ValueError(f"{value:g} {unit} is beyond {high:g} {unit}; which unit was meant?")
        return value

    return read


Length = Annotated[float, BeforeValidator(_reader("m", 10.0))]
Induction = Annotated[float, BeforeValidator(_reader("T", 1000.0))]
Density = Annotated[float, BeforeValidator(_reader("A/m^2", 1e13))]
Seconds = Annotated[float, BeforeValidator(_reader("s", 1e12))]
Kelvin = Annotated[float, BeforeValidator(_reader("K", 1000.0))]
Force = Annotated[float, BeforeValidator(_reader("N/m^3", 1e15))]
Outer = Annotated[Length, Field(validation_alias=AliasChoices("radius", "outer_radius"), gt=0)]


class _Shape(Frozen):
    radius: Outer
    inner_radius: Length = Field(default=0.0, ge=0)
    material: str = ""


class Single(_Shape):
    """A disc or ring; either its faces or its thickness about z = 0."""

    shape: Literal["disc", "ring"]
    bottom: Length | None = None
    top: Length | None = None
    thickness: Length | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _faces_or_thickness(self) -> "Single":
        faces = self.bottom is not None and self.top is not None
        if faces == (self.thickness is not None) or (self.bottom is None) != (self.top is None):
            raise ValueError("needs bottom and top, or thickness")
        if self.shape == "disc" and self.inner_radius:
            raise ValueError("a disc has no inner_radius; a ring has")
        return self

    def bodies(self) -> list[Body]:
        """In SI units."""
        half = (self.thickness or 0.0) / 2
        low, high = (-half, half) if self.bottom is None else (self.bottom, self.top or 0.0)
        return [Body(self.radius, low, high, self.inner_radius, self.material)]


class Stack(_Shape):
    """Equal bodies one above the other, about z = 0 unless ``bottom`` is told."""

    shape: Literal["stack"]
    count: int = Field(ge=1, le=100)
    thickness: Length = Field(gt=0)
    gap: Length = Field(default=0.0, ge=0)
    bottom: Length | None = None

    def bodies(self) -> list[Body]:
        """In SI units."""
        height = self.count * self.thickness + (self.count - 1) * self.gap
        low = -height / 2 if self.bottom is None else self.bottom
        starts = [low + i * (self.thickness + self.gap) for i in range(self.count)]
        return [
            Body(self.radius, z, z + self.thickness, self.inner_radius, self.material)
            for z in starts
        ]


class LongCylinder(_Shape):
    """An endless cylinder or tube."""

    shape: Literal["long-cylinder"]

    def bodies(self) -> list[Body]:
        """In SI units."""
        return [Body(self.radius, 0, 0, self.inner_radius, self.material, endless=True)]


class _Law(Frozen):
    sd: dict[str, str | float] = Field(default_factory=dict)
    """Standard errors by parameter, with their units."""

    def errors(self, units: Mapping[str, str]) -> dict[str, float]:
        """In SI units."""
        if unknown := self.sd.keys() - units.keys():
            raise ValueError(f"sd: no parameter {min(unknown)!r}; known: {', '.join(units)}")
        return {name: _spread(told, units[name]) for name, told in self.sd.items()}


def _spread(told: str | float, unit: str) -> float:
    if not isinstance(told, str):
        return told
    value, given = split_quantity(told)
    return convert_spread(0.0, value, given, unit) if given else value


class _SofteningLaw(_Law):
    value: Density = Field(gt=0)
    critical_temperature: Kelvin | None = Field(default=None, gt=0)
    temperature_exponent: float | None = Field(default=None, gt=0)


class ConstantLaw(_SofteningLaw):
    """Jc = value."""

    model: Literal["constant"]

    def law(self, folder: Path) -> JcLaw:
        """In SI units."""
        sd = self.errors({"value": "A/m^2"})
        return Constant(
            self.value, sd=sd, tc=self.critical_temperature, exponent=self.temperature_exponent
        )


class FieldLaw(_SofteningLaw):
    """Kim or exponential."""

    model: Literal["kim", "exponential"]
    b0: Induction = Field(gt=0)

    def law(self, folder: Path) -> JcLaw:
        """In SI units."""
        make = Kim if self.model == "kim" else Exponential
        return make(
            self.value, self.b0, sd=self.errors({"value": "A/m^2", "b0": "T"}),
            tc=self.critical_temperature, exponent=self.temperature_exponent,
        )  # fmt: skip


class PinningLaw(_Law):
    """Dew-Hughes with an irreversibility field that falls with temperature."""

    model: Literal["pinning"]
    force: Force = Field(gt=0)
    irreversibility_field: Induction = Field(gt=0)
    critical_temperature: Kelvin = Field(gt=0)
    self_field: Induction = Field(gt=0)
    p: float = Field(gt=0)
    q: float = Field(gt=0)
    m: float = Field(gt=0)
    temperature_exponent: float = Field(gt=0)

    def law(self, folder: Path) -> JcLaw:
        """In SI units."""
        names = {"irreversibility_field": "birr", "critical_temperature": "tc"}
        names |= {"temperature_exponent": "exponent"}
        units = {"force": "N/m^3", "irreversibility_field": "T", "critical_temperature": "K"}
        units |= {"self_field": "T", "p": "", "q": "", "m": "", "temperature_exponent": ""}
        sd = {names.get(name, name): error for name, error in self.errors(units).items()}
        values = {names.get(name, name): getattr(self, name) for name in units}
        return Pinning(**values, sd=sd)


class FileLaw(Frozen):
    """A table: B_T, T_K, Jc_A_m2, sd_A_m2."""

    model: Literal["file"]
    path: Path

    def law(self, folder: Path) -> JcLaw:
        """In SI units."""
        return read_jc_table(beside(folder, self.path))


class ExponentFile(Frozen):
    """A table: B_T, T_K, n."""

    file: Path


type AnyLaw = Annotated[ConstantLaw | FieldLaw | PinningLaw | FileLaw, Field(discriminator="model")]
type AnyShape = Annotated[Single | Stack | LongCylinder, Field(discriminator="shape")]


class MaterialWords(Frozen):
    """How a body carries current."""

    jc: AnyLaw
    n: float | ExponentFile = 20.0
    map: Path | None = None
    """CSV with r_m, z_m, factor: Jc relative to the law."""

    def material(self, folder: Path) -> Carrier:
        """In SI units, files read."""
        n: ExponentLaw
        if isinstance(self.n, ExponentFile):
            n = TableExponent(*read_table(beside(folder, self.n.file), N_COLUMNS)[:3])
        else:
            n = ConstantExponent(self.n)
        jc_map = read_map(beside(folder, self.map)) if self.map else None
        return Carrier(self.jc.law(folder), n, jc_map)


class ProtocolWords(Frozen):
    """How it is magnetised and held; see ``models.magnet.problem.Protocol``."""

    kind: Literal["field-cooling", "zero-field-cooling", "fully-magnetised"] = "fully-magnetised"
    applied_field: Induction = Field(default=0.0, ge=0)
    ramp: Seconds = Field(default=0.0, ge=0)
    hold: Seconds = Field(default=0.0, ge=0)
    temperature: Kelvin = Field(default=0.0, ge=0)
    hold_temperature: Kelvin | None = Field(default=None, ge=0)
    cooling: Seconds = Field(default=0.0, ge=0)


class ProbeWords(Frozen):
    """Where and when the field is told."""

    heights: tuple[Length, ...] = (0.5e-3, 2e-3)
    homogeneity_sphere: Length | None = Field(default=None, gt=0)
    times: tuple[Seconds, ...] = ()


class MagnetWords(MaterialWords):
    """A whole file. ``jc`` and ``n`` at the top are the material of bodies that name none."""

    jc: AnyLaw | None = None  # type: ignore[assignment]
    bodies: tuple[AnyShape, ...]
    materials: dict[str, MaterialWords] = Field(default_factory=dict)
    protocol: ProtocolWords = ProtocolWords()
    probes: ProbeWords = ProbeWords()
    fidelity: Fidelity = "critical-state"
    detail: float | None = None
    time_step: float = 0.4
    time_limit: Seconds | None = Field(default=None, gt=0)
    estimate_error: bool = True

    def problem(self, folder: Path) -> Problem:
        """The problem in SI units; ``folder`` is where its tables are. MagnetFailure says what is
        wrong with it."""
        materials = {name: words.material(folder) for name, words in self.materials.items()}
        if self.jc is not None:
            materials[""] = self.material(folder)
        return Problem(
            tuple(body for shape in self.bodies for body in shape.bodies()), materials,
            Protocol(**self.protocol.model_dump()), Probes(**self.probes.model_dump()),
            **self.model_dump(
                include={"fidelity", "detail", "time_step", "time_limit", "estimate_error"}
            ),
        )  # fmt: skip


def read_magnet(path: Path) -> Problem:
    """The problem that a file describes. MagnetFailure ``bad-input`` names every fault."""
    try:
        return magnet_of(read_yaml(path), path.parent)
    except CampaignError as error:  # what cannot be read as YAML
        raise MagnetFailure("bad-input", "; ".join(error.problems)) from error


def magnet_of(content: Any, folder: Path) -> Problem:
    """The problem that plain data describe. MagnetFailure ``bad-input`` names every fault."""
    if not isinstance(content, Mapping):
        raise MagnetFailure("bad-input", "a magnet is described by names and values")
    try:
        return MagnetWords.model_validate(content).problem(folder)
    except ValidationError as error:
        raise MagnetFailure("bad-input", "; ".join(map(_explained, error.errors()))) from error
    except (ValueError, ArithmeticError, OSError, RecursionError) as error:
        raise MagnetFailure("bad-input", said(error)) from error


def _explained(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    message, context = str(error["msg"]).removeprefix("Value error, "), error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"{place}: this field is missing"
        case "extra_forbidden":
            return f"{place}: this field is not known"
        case "union_tag_not_found":
            return f"{place}: {context['discriminator']} is missing"
        case "union_tag_invalid":
            came, allowed = context["tag"], context["expected_tags"]
            word = context["discriminator"]
            return f"{place}: {word} must be one of {allowed}, not {cut(str(came))!r}"
        case "tuple_type":
            message = "must be a list"
        case "model_type" | "model_attributes_type":
            message = "must be names and values"
    return f"{place}: {message}, not {cut(str(error.get('input')))!r}"
