"""Units of parameters and outcomes. Pint knows them; ``[text]`` in brackets is a label it need
not know. ``docs/units.md`` has the table of what is read."""

import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.error import KyosoError
from planner.campaign.typed import split_number
from planner.campaign.unit_words import DEFINED, misread, spelled

if TYPE_CHECKING:
    import pint

MAX_LENGTH = 60
USUAL = (
    "% percent ppm degree K degC s min h day kg g mg m cm mm um nm l ml N kN Pa kPa MPa GPa bar "
    "mbar J kJ MJ W kW A mA kA MA V mV T mT Hz kHz mol"
)
"""Units known without pint, which takes half a second to load; also what ``*``, ``/``, ``^2`` and
``^3`` make of them. A test holds that pint knows them too."""
MU0 = 4e-7 * math.pi
"""V s/(A m); the measured value differs by 1.4e-10 (CODATA 2022)."""
_POWER = re.compile(r"(?:\*\*|\^)\s*\(?\s*-?\d{1,2}(?:\.\d)?\s*\)?(?!\s*(?:\*\*|\^|\d))")
_ALLOWED = re.compile(r"[\w%°μΩÅ/*^().\-\s]*")
_FLUX_DENSITY, _FIELD = "tesla", "ampere / meter"


class UnknownUnit(KyosoError, ValueError):
    """Nobody knows the unit; in brackets it is a label."""


@cache
def _registry() -> "pint.UnitRegistry[float]":
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry(
        None, autoconvert_offset_to_baseunit=True, on_redefinition="ignore"
    )  # empty at first: what Pint works out of a definition it keeps, also where ours replaces it
    registry.load_definitions(Path(pint.__file__).parent / "default_en.txt", is_resource=True)
    registry.load_definitions(re.split(r"\s*[\n;]\s*", DEFINED))
    return registry


def is_label(unit: str) -> bool:
    """``[at.%]`` is a label: shown, compared letter by letter, never converted."""
    return unit.startswith("[") and unit.endswith("]")


@cache
def check_unit(unit: str) -> str:
    """The unit itself. UnknownUnit where neither pint knows it nor brackets make it a label;
    ValueError where pint would take it for something else than people mean."""
    text = unit.strip()
    if text and not is_label(text) and not _is_usual(text):
        _parse(text)
    return text


def _is_usual(unit: str) -> bool:
    known = USUAL.split()
    return all(re.sub(r"\^?[23]$", "", part) in known for part in re.split("[*/]", unit))


@cache
def _parse(unit: str) -> "pint.Unit":
    text, is_mu0_h = spelled(unit[: MAX_LENGTH + 1])
    if (
        len(unit) > MAX_LENGTH
        or not _ALLOWED.fullmatch(text)
        or re.search(r"\*\*|\^", _POWER.sub("", text))
    ):
        raise UnknownUnit(f"unit {unit[:MAX_LENGTH]!r} cannot be read")
    try:
        found = _registry().parse_units(text)
    except Exception as error:  # pint raises a dozen kinds, among them tokenizer errors
        raise UnknownUnit(
            f"unit {unit!r} is not known; write it as '[{unit}]' to keep it as a plain label"
        ) from error
    if fault := misread(unit, [name for name, _ in found._units.items()]):
        raise ValueError(fault)
    if is_mu0_h and not any(map(found.is_compatible_with, (_FIELD, _FLUX_DENSITY))):
        raise ValueError(f"unit {unit!r}: mu0 H has a unit of a magnetic field, such as T or kOe")
    return found


def convert(value: float, given: str, wanted: str) -> float:
    """``value`` in ``given`` as a number in ``wanted``; ValueError for a different dimension. A
    field H becomes a flux density, and one the other, where a unit says ``(mu0 H)``."""
    if given == wanted:
        return value
    if is_label(given) or is_label(wanted) or not given or not wanted:
        raise ValueError(f"unit {given or 'none'!r} came where {wanted or 'none'!r} is needed")
    import pint

    quantity, target = _registry().Quantity(value, _parse(given)), _parse(wanted)
    is_mu0_h = spelled(given).is_mu0_h or spelled(wanted).is_mu0_h
    if is_mu0_h and not quantity.is_compatible_with(target):
        quantity = _other_field(quantity)
    try:
        return float(quantity.to(target).magnitude)
    except pint.DimensionalityError as error:
        hint = "" if is_mu0_h else _hint(quantity, given, target)
        raise ValueError(f"unit {given!r} cannot be turned into {wanted!r}{hint}") from error


def _other_field(quantity: "pint.Quantity[float]") -> "pint.Quantity[float]":
    """B of a field H, H of a flux density B; anything else as it is."""
    per_field = _registry().Quantity(MU0, "tesla * meter / ampere")
    if quantity.is_compatible_with(_FIELD):
        return quantity * per_field
    return quantity / per_field if quantity.is_compatible_with(_FLUX_DENSITY) else quantity


def _hint(quantity: "pint.Quantity[float]", given: str, target: "pint.Unit") -> str:
    """What to write where a field H came for a flux density, or the other way round, or a share
    that does not say of what."""
    if _other_field(quantity).is_compatible_with(target):
        return (
            ": one is a field H, the other a flux density B; where mu0 H is meant, write "
            f"'{given} (mu0 H)'"
        )
    if quantity.dimensionless and "_fraction" in str(target.dimensionality):
        return ": it does not say of what, as at%, mol%, wt% and vol% do"
    return ""


def convert_spread(value: float, spread: float, given: str, wanted: str) -> float:
    """A standard error at ``value``, turned into ``wanted``: 2 degC of error are 2 K, not 275 K."""
    if given == wanted:
        return abs(spread)
    return abs(convert(value + spread, given, wanted) - convert(value, given, wanted))


def split_quantity(text: str) -> tuple[float, str]:
    """``"0.83 T"`` or ``"0,83 T"`` as ``(0.83, "T")``; ValueError where it does not begin with a
    number, or may mean two."""
    return split_number(text)


def read_quantity(text: str, wanted: str) -> float:
    """``"873 K"`` as a number in ``wanted``; a bare number is taken to be in ``wanted``."""
    number, unit = split_quantity(text)
    return convert(number, unit, wanted) if unit else number
