"""What the name of a column says for itself: whether it is that of a result or of a setting."""

import re
from collections.abc import Iterable, Sequence

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile

CLEAR, MIXED, LOOSE = 3.0, 2.0, 1.0
"""Weights: all words are of one side; they are not; a kind of quantity of something unknown."""
SUBSTANCE = -1.5
SYMBOL = -2.0
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d*){2,}|[A-Z][a-z]?\d+")


def says(p: ColumnProfile) -> float:
    """What the name of a column says: above 0 for a result, below 0 for a setting."""
    if re.fullmatch(r"(x|p|param|factor|var)_?\d+", p.name.lower()):
        return -CLEAR
    if _is_numbered(p):
        return CLEAR
    if p.named.words and re.fullmatch(r"[TtP]", re.split(r"[\s_(\[]", p.name)[0]):
        return SYMBOL  # temperature, time, pressure
    if is_substance(p):
        return SUBSTANCE
    if p.unit == "%" and re.match(r"[SY][\s_(]", p.name):
        return MIXED  # selectivity and yield, beside the name of the product
    if p.unit == "%" and set(re.split(r"[\W_]+", p.name)) & words.EFFICIENCIES:
        return MIXED
    return _spoken(p.named.words)


def is_goal(p: ColumnProfile) -> bool:
    """Whether a column is called like what is optimised: that is a goal also where it is computed
    from others."""
    is_yield = p.unit == "%" and re.match(r"Y[\s_(]", p.name) is not None
    return p.named.has(words.GOAL) or _is_numbered(p) or is_yield


def is_substance(p: ColumnProfile) -> bool:
    """Whether a column is called nothing but an element or a formula, and how much of it: Cu (at%),
    ``LiPF6``, ``x(Ni)``."""
    if p.unit not in words.SHARE_UNITS or p.named.has(words.GOAL):
        return False
    return _bare(p) not in words.EFFICIENCIES and is_chemical(_bare(p))


def _bare(p: ColumnProfile) -> str:
    """The one word of a name beside its unit and words such as content; empty where there are
    several."""
    text = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", p.name) if p.named.unit else p.name
    parts = [w for w in re.split(r"[\W_]+", text) if w]
    rest = [w for w in parts if w.lower() not in words.SHARES | words.SHARE_UNITS]
    return rest[0] if len(rest) == 1 else ""


def elements(columns: Iterable[ColumnProfile]) -> set[str]:
    """Columns that are called elements, also those of one letter and Mn, where several stand
    together: ``C``, ``Si``, ``Mn``, ``P``."""
    found = {p.name for p in columns if p.unit in words.SHARE_UNITS and (
        (bare := _bare(p)) in words.ELEMENTS or bare in words.LETTERS)}  # fmt: skip
    return found if len(found) >= words.COMPANY else set()


def is_chemical(text: str) -> bool:
    """Whether a word is the symbol of an element with two letters, or a formula such as H2O."""
    if text in words.ELEMENTS:
        return text.lower() not in words.OUTCOME
    symbols = re.findall(r"[A-Z][a-z]?", text)
    is_written = _FORMULA.fullmatch(text) and re.search(r"[a-z\d]", text)
    known = all(s in words.ELEMENTS or s in words.LETTERS for s in symbols)
    return bool(is_written) and known and text.lower() not in words.OUTCOME


def _is_numbered(p: ColumnProfile) -> bool:
    numbered = r"(f|y|z|obj|objective|target|response)_?\d*"
    return re.fullmatch(numbered, p.name.lower()) is not None


def _spoken(name: Sequence[str]) -> float:
    """What the words say: those before ``at`` or ``of``, else those behind, else the kind of
    quantity. The last word that says something is what the others describe."""
    cut = next((i for i, w in enumerate(name) if w in words.CONDITIONS), len(name))
    parts = [_sides(name[:cut]), _sides(name[cut:])]
    if "of" in name[cut : cut + 1] and {*parts[0][0]} and {*parts[1][0]} - {*parts[0][0]}:
        return parts[0][0][-1] * LOOSE  # the strength of an acid
    for told, kinds in parts:
        if told:
            return told[-1] * (CLEAR if len({*told, *kinds}) == 1 else MIXED)
    kinds = parts[0][1] or parts[1][1]
    if not kinds:
        return 0.0
    loose = len(name) > 1 and name[-1] in words.LOOSE_KINDS
    return kinds[-1] * (LOOSE if loose or len(set(kinds)) > 1 else CLEAR)


def _sides(name: Sequence[str]) -> tuple[list[int], list[int]]:
    """The sides of words that tell, and of kinds of quantity: 1 for results, -1 for settings."""
    told, kinds, i = [], [], 0
    while i < len(name):
        pair = (name[i], name[i + 1]) if i + 1 < len(name) else ("", "")
        i += 2 if pair in words.TERMS or pair in words.OPEN_KINDS else 1
        if pair in words.TERMS:
            told.append(words.TERMS[pair])
        elif pair not in words.OPEN_KINDS and (side := _side(name[i - 1])):
            told.append(side)
        elif pair not in words.OPEN_KINDS and (side := _kind(name[i - 1])):
            kinds.append(side)
    return told, kinds


def _kind(word: str) -> int:
    return int(word in words.MEASURED_KINDS) - int(word in words.SET_KINDS)


def _side(word: str) -> int:
    """1 for a word of results, -1 for a word of settings; the larger part of a Japanese word."""
    if word in words.OUTCOME or word in words.PARAMETER or word.isascii():
        return int(word in words.OUTCOME) - int(word in words.PARAMETER)
    inside = [(len(w), side) for side, known in ((1, words.OUTCOME), (-1, words.PARAMETER))
              for w in known if len(w) > 1 and w in word]  # fmt: skip
    return max(inside)[1] if inside else 0
