"""Units as people write them, as Pint reads them; what Pint would take for something else."""

import re
import unicodedata
from typing import NamedTuple

DEFINED = """
atomic_fraction = [atomic_fraction]; atomic_percent = 0.01 atomic_fraction; atomic_ppm = 1e-6 atomic_fraction
mole_fraction = [mole_fraction]; mole_percent = 0.01 mole_fraction; mole_ppm = 1e-6 mole_fraction
mass_fraction = [mass_fraction]; mass_percent = 0.01 mass_fraction; mass_ppm = 1e-6 mass_fraction
volume_fraction = [volume_fraction]; volume_percent = 0.01 volume_fraction; volume_ppm = 1e-6 volume_fraction
ppb = 1e-9
gauss = 1e-4 tesla = G
oersted = 1e3 / (4 * pi) ampere / meter = Oe
emu = 1e-3 ampere * meter ** 2
@alias torr = Torr
@alias ohm = Ohm
@alias percent = pct
"""  # noqa: E501, as a table is read
"""What Pint does not know or knows otherwise. The fractions are dimensions of their own: 5 at% are
not 5 wt%. Gauss, oersted and emu are the SI quantities that they stand for (of B, of H, of the
moment), so that a magnetisation in emu/cm3 is right; Pint's Gaussian units make it 4 pi too
small."""
MISREAD = {
    "coulomb": "degC",
    "farad": "degF",
    "gigasecond": "G",
    "megainch": "min",
    "technical_atmosphere": "at%",
    "milliarcsecond": "wt%",
    "boltzmann_constant": "K",
    "speed_of_light": "degC",
    "elementary_charge": "eV",
    "molar_gas_constant": "[R]",
    "picopint": "ppb",
    "astronomical_unit": "[a.u.]",
    "absorbance_unit": "[a.u.]",
    "picohenry": "[pH]",
    "picohour": "[phr]",
    "picoyear": "Pa",
    "milliyear": "mA",
    "kiloyear": "kA",
    "carat": "counts",
    "ronnahenry": "[%RH]",
}
"""What Pint makes of a letter or two, and what was rather meant. Its whole name is believed."""
OF_MU0_H = re.compile(r"\s*\(\s*(?:mu_?|μ_?)0\s*[*·]?\s*H\s*\)$")
"""How a unit ends that is of a field H shown as mu0 H: ``T (mu0 H)``."""
_KINDS = {"at": "atomic", "atom": "atomic", "atomic": "atomic", "mol": "mole", "mole": "mole",
          "molar": "mole", "wt": "mass", "weight": "mass", "mass": "mass", "vol": "volume",
          "volume": "volume"}  # fmt: skip
_PART = re.compile(
    rf"\b({'|'.join(_KINDS)})[.\s_-]*(%|percent\b|pct\b|ppm\b|fraction\b)", re.IGNORECASE
)
_PARTS = {"%": "percent", "pct": "percent"}
_OF_A_LETTER = re.compile(r"[^\W\d_]\s*%")
_EXPONENT = re.compile(r"(?<![\w^])([^\W\d_]+)(-?\d)(?![\w.])")
_OPEN_SLASH = re.compile(r"/\s*[\w^*-]+?\s+(?=[\w(])(?![*^])")
_MILLIKELVIN = re.compile(r"W/(c?m)K$")


class Spelled(NamedTuple):
    """A unit for Pint, and whether it is of mu0 H."""

    text: str
    is_mu0_h: bool = False


def spelled(unit: str) -> Spelled:
    """``MA/cm2``, ``A cm⁻²``, ``at.%``, ``kOe (mu0 H)`` as Pint reads them. ValueError where what
    stands after a slash may be above or below the line.

    >>> spelled("A cm⁻²").text, spelled("wt.%").text, spelled("T (mu0 H)")
    ('A cm**-2', 'mass_percent', Spelled(text='T', is_mu0_h=True))
    """
    plain = unicodedata.normalize("NFKC", unit).replace("−", "-").replace("·", "*").strip()
    text = OF_MU0_H.sub("", plain)
    _say_one_thing(unit, text)
    named = _PART.sub(_part, text)
    if _OF_A_LETTER.search(named):
        raise ValueError(
            f"unit {unit!r} would be a product with percent; write 'at%', 'mol%', 'wt%' or 'vol%'"
        )
    return Spelled(_EXPONENT.sub(r"\1**\2", named), text != plain)


def _part(found: re.Match[str]) -> str:
    kind, part = found[1].lower(), found[2].lower()
    return f"{_KINDS[kind]}_{_PARTS.get(part, part)}"


def _say_one_thing(unit: str, text: str) -> None:
    if found := _MILLIKELVIN.search(text):
        raise ValueError(f"unit {unit!r} would be per millikelvin; write 'W/({found[1]}*K)'")
    if _OPEN_SLASH.search(text):
        raise ValueError(
            f"unit {unit!r} may be read in two ways; write brackets or a second slash, such as "
            "'W/(m*K)' or 'W/m/K'"
        )


def misread(unit: str, names: list[str]) -> str:
    """Why a unit made of Pint's ``names`` is not believed; empty where it is.

    >>> misread("Gs", ["gigasecond"])
    "unit 'Gs' would be the gigasecond; write 'G', or 'gigasecond' where that is meant"
    """
    for name in names:
        if name in MISREAD and name not in unit:
            return (
                f"unit {unit!r} would be the {name.replace('_', ' ')}; write {MISREAD[name]!r}, "
                f"or {name!r} where that is meant"
            )
    return ""
