"""Units of parameters and outcomes. Pint knows them; ``[text]`` in brackets is a label it need
not know."""

import re
from functools import cache
from typing import TYPE_CHECKING

from planner.campaign.typed import split_number

if TYPE_CHECKING:
    import pint

MAX_LENGTH = 60
USUAL = (
    "% percent ppm degree K degC s min h day kg g mg m cm mm um nm l ml N kN Pa kPa MPa GPa bar "
    "mbar J kJ MJ W kW A mA kA MA V mV T mT Hz kHz mol"
)
"""Units known without pint, which takes half a second to load; also what ``*``, ``/``, ``^2`` and
``^3`` make of them. A test holds that pint knows them too."""
_EXPONENT = re.compile(r"(?:\*\*|\^)\s*\(?\s*-?\d{1,2}(?:\.\d)?\s*\)?(?!\s*(?:\*\*|\^|\d))")
_ALLOWED = re.compile(r"[\w%°µμΩÅ/*^().\-\s·]*")


@cache
def _registry() -> "pint.UnitRegistry[float]":
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=None)


def is_label(unit: str) -> bool:
    """``[at.%]`` is a label: shown, compared letter by letter, never converted."""
    return unit.startswith("[") and unit.endswith("]")


@cache
def check_unit(unit: str) -> str:
    """The unit itself; ValueError where neither pint knows it nor brackets make it a label."""
    text = unit.strip()
    if text and not is_label(text) and not _is_usual(text):
        _parse(text)
    return text


def _is_usual(unit: str) -> bool:
    known = USUAL.split()
    return all(re.sub(r"\^[23]$", "", part) in known for part in re.split("[*/]", unit))


@cache
def _parse(unit: str) -> "pint.Unit":
    if (
        len(unit) > MAX_LENGTH
        or not _ALLOWED.fullmatch(unit)
        or re.search(r"\*\*|\^", _EXPONENT.sub("", unit))
    ):
        raise ValueError(f"unit {unit[:MAX_LENGTH]!r} cannot be read")
    try:
        return _registry().parse_units(unit.replace("·", "*"))
    except Exception as error:  # pint raises a dozen kinds, among them tokenizer errors
        raise ValueError(
            f"unit {unit!r} is not known; write it as '[{unit}]' to keep it as a plain label"
        ) from error


def convert(value: float, given: str, wanted: str) -> float:
    """``value`` in ``given`` as a number in ``wanted``; ValueError for a different dimension."""
    if given == wanted:
        return value
    if is_label(given) or is_label(wanted) or not given or not wanted:
        raise ValueError(f"unit {given or 'none'!r} came where {wanted or 'none'!r} is needed")
    import pint

    try:
        return float(_registry().Quantity(value, _parse(given)).to(_parse(wanted)).magnitude)
    except pint.DimensionalityError as error:
        raise ValueError(f"unit {given!r} cannot be turned into {wanted!r}") from error


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
