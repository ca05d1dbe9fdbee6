"""What the name of a column says: its words and its unit."""

import re
import unicodedata
from collections.abc import Set
from typing import NamedTuple

from planner.campaign.units import check_unit
from planner.importing.guess import lexicon as words

_UNITS = {
    "pct": "%", "percent": "%", "mV": "mV", "min": "min", "degC": "degC", "deg": "deg", "mm": "mm",
    "um": "um", "nm": "nm", "psi": "psi", "MPa": "MPa", "GPa": "GPa", "kg_m3": "kg/m3",
    "mm_s": "mm/s", "S_cm": "S/cm", "A_cm2": "A/cm2", "mA_cm2": "mA/cm2", "MA_cm2": "MA/cm2",
    "usd": "[USD]", "in": "inch", "mol_pct": "mol%", "vol_pct": "vol%", "wt_pct": "wt%",
    "at_pct": "at%",
    "ul_min": "uL/min", "uL_min": "uL/min", "ml_min": "mL/min", "mL_min": "mL/min", "mg": "mg",
    "rpm": "rpm", "MJ_kg": "MJ/kg", "kJ": "kJ", "C_min": "delta_degC/min", "K_min": "K/min",
    "mAh_g": "mAh/g", "Wh_kg": "Wh/kg", "mg_cm2": "mg/cm2", "g_cm3": "g/cm3",
}  # fmt: skip
"""How names end that say a unit, as it is written: mm is no mM."""
_SHORT = {
    ("C", "c"): ("degC", {"temp", "temperature", "heat", "cure", "ht", "ht1", "ht2", "anneal",
                          "annealing", "sintering", "tg", "tm"}),
    ("K", "k"): ("K", {"temp", "temperature", "tc", "onset", "tg", "tm", "transition", "width",
                       "heat", "anneal", "annealing", "sintering"}),
    ("T",): ("T", {"field", "trapped", "remanence", "induction", "br", "hc2", "magnetic"}),
    ("M",): ("[M]", {"conc", "concentration"}),
    ("h", "hr"): ("h", {"time", "hold", "duration", "age", "aging", "dwell", "residence",
                          "milling"}),
    ("s", "sec"): ("s", {"time", "hold", "duration", "residence", "dwell", "delay"}),
    ("g",): ("g", {"mass", "weight"}),
    ("V", "v"): ("V", {"voltage", "potential", "bias", "voc"}),
    ("J", "j"): ("J", {"energy", "toughness", "work"}),
    ("W", "w"): ("W", {"power"}),
}  # fmt: skip
"""Letters that are units only of a quantity that has them: an annealing_T is no field."""
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_PER_AREA = re.compile(r"([A-Za-zµμ]{1,3})_([cmuµn]?m[23])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|(?<=#)(?=\d)")


class Named(NamedTuple):
    """A column's name taken apart."""

    words: tuple[str, ...]
    """In lower case, without the unit."""
    unit: str

    def has(self, these: Set[str]) -> bool:
        """Whether one of the words stands in the name; Japanese words also inside others."""
        return any(
            word in these or (not word.isascii() and any(w in word for w in these if len(w) > 1))
            for word in self.words
        )


def taken_apart(name: str) -> Named:
    """``Coating speed (mm/sec)`` as its words and its unit; ``hold_min`` likewise. A number in
    brackets at the end counts columns of one name."""
    text = re.sub(r"\s\(\d+\)$", "", unicodedata.normalize("NFKC", name).strip())
    if (found := _IN_BRACKETS.match(text)) and found[1]:
        inside = found[2].strip()
        if _is_remark(inside):
            return Named((*_words(found[1]), *_words(inside)), "")
        return Named(_words(found[1]), inside)
    parts = re.split(r"[_\s]+", text.replace("@", " at "))
    for count in (2, 1):
        rest, suffix = parts[:-count], "_".join(parts[-count:])
        name_words = _words("_".join(rest))
        if rest and (unit := _UNITS.get(suffix) or _per(suffix) or _short_unit(suffix, name_words)):
            return Named(name_words, unit)
    return Named(_words(text.replace("@", " at ")), "")


def _per(suffix: str) -> str:
    """``kA_mm2`` as ``kA/mm2`` where that is a unit."""
    if not (found := _PER_AREA.fullmatch(suffix)):
        return ""
    try:
        return check_unit(f"{found[1]}/{found[2]}")
    except ValueError:
        return ""


def _is_remark(inside: str) -> bool:
    """Whether brackets hold words and no unit: (measured), (SD), (run 2), (Ni)."""
    if inside in words.ELEMENTS:
        return True
    if inside in words.SET_UNITS | words.MEASURED_UNITS | words.OFTEN_MEASURED:
        return False
    said = [w for w in _words(inside) if not w.isdigit()]
    plain = words.OUTCOME | words.ORDER | words.REPLICATE | {"a", "b"}
    return bool(set(said) & (words.SPREAD | words.MEAN)) or (bool(said) and set(said) <= plain)


def _short_unit(suffix: str, name: tuple[str, ...]) -> str:
    for letters, (unit, quantities) in _SHORT.items():
        if suffix in letters and set(name) & quantities:
            return unit
    return ""


def _words(text: str) -> tuple[str, ...]:
    split = (part for piece in re.split(r"[^\w#]+|_", text) for part in _CAMEL.split(piece))
    return tuple(part.lower() for part in split if part)
