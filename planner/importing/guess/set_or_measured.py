"""Was a column of numbers set or measured? Signs from name, unit, digits, gaps, repeats and what it
follows from, none of them from where the column stands."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from planner.importing.guess import lexicon as words
from planner.importing.guess.follows import followers
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.repeats import Disagreement, repeats
from planner.importing.guess.wording import elements, says

SURE = 2.0
"""Weight from which a column needs no comparison with others."""
ELEMENT = -3.0
"""Weight of the name of an element among others."""
CLOSELY = 0.8
"""Share of the variance from which a column follows from settings more than settings do."""
DOUBTFUL = 1.5
"""Weight below which a person is asked."""
GENERIC = {"column", "col", "var", "variable", "field", "unnamed", "feature"}
LONG, SHORT = 4, 2
"""Digits of numbers that were read off an instrument, or set."""

MANY = 6
"""Pairs of rows from which repeats tell as much as a name."""

type Sign = tuple[float, str]
"""Weight, above 0 for measured, and the reason."""


@dataclass(frozen=True)
class Weighed:
    """What speaks for a column, taken together."""

    signs: tuple[Sign, ...]
    shared: float | None = None
    """The weight of the columns of one name together: ``f0`` and ``f1``."""

    @property
    def score(self) -> float:
        """Above 0: measured."""
        return sum(w for w, _ in self.signs) if self.shared is None else self.shared

    @property
    def why(self) -> str:
        """The strongest sign on the side that won."""
        side = [(abs(w), why) for w, why in self.signs if (w > 0) == (self.score > 0) and w]
        return max(side, default=(0.0, ""))[1]

    @property
    def is_doubtful(self) -> bool:
        """Whether the table does not tell."""
        return abs(self.score) < DOUBTFUL


def weigh(
    open_ones: Sequence[ColumnProfile],
    settings: Sequence[ColumnProfile],
    outcomes: Sequence[ColumnProfile],
    implied: Set[str] = frozenset(),
) -> dict[str, Weighed]:
    """Every open column of numbers, beside columns whose role is known; ``implied`` ones are the
    rest to a whole, and agree where the others do."""
    others = [p for p in (*settings, *outcomes, *open_ones) if p.name not in implied]
    beside = elements([*settings, *open_ones])
    set_by_name = beside | {
        p.name for p in [*settings, *open_ones] if p in settings or says(p) <= -SURE
    }
    differ = repeats(others, set_by_name)
    found = {p.name: _alone(p, differ.get(p.name), open_ones) for p in open_ones}
    found |= {n: Weighed(((ELEMENT, "an element beside others"),)) for n in beside & set(found)}
    unsure = [p for p in open_ones if max(abs(found[p.name].score), abs(says(p))) < SURE]
    known = [*settings, *(p for p in open_ones if found[p.name].score <= -SURE)]
    told = bool(outcomes) or any(w.score >= SURE for w in found.values())
    for place, (name, share) in enumerate(followers(known, unsure).items()):
        found[name] = Weighed((*found[name].signs, *_beside(share, told, place)))
    return _together(open_ones, found)


def _alone(
    p: ColumnProfile, differs: Disagreement | None, others: Sequence[ColumnProfile]
) -> Weighed:
    name = says(p)
    signs = [
        (name, f"its name is that of a {'result' if name > 0 else 'setting'}"),
        (2.0 if p.unit in words.MEASURED_UNITS else 0.0, f"results are in {p.unit}"),
        (1.0 if p.unit in words.OFTEN_MEASURED else 0.0, f"results are often in {p.unit}"),
        (-1.0 if p.unit in words.SET_UNITS else 0.0, f"settings are in {p.unit}"),
        (-(1.0 if name > 0 else 2.0) * p.is_few, "a few levels that come again and again"),
        (0.5 if len(p.levels) > 0.5 * len(p.filled) else 0.0, "nearly every value is another"),
        _digits(p, others),
        _gaps(p),
    ]
    if differs is not None and not 0.2 < differs.share < 0.5:
        alike, weight = "where everything else is equal", 3.0 if differs.pairs >= MANY else 2.0
        weight = 1.0 if p.is_few and differs.share >= 0.5 else weight  # rows may be of one charge
        signs.append((weight, f"differs {alike}") if differs.share >= 0.5 else
                     (-weight, f"is the same {alike}"))  # fmt: skip
    return Weighed(tuple(signs))


def _beside(share: float, told: bool, place: int) -> list[Sign]:
    """What it says that so much of a column follows from others: less of the second one, and where
    results are known already, for settings are often chosen together."""
    if not share:
        return [(-1.5, "follows from nothing")]
    if told:
        return [(0.5, "follows closely from the settings")] if share >= CLOSELY else []
    return [(1.5 if place == 0 else 0.75, "follows from the settings")]


def _digits(p: ColumnProfile, others: Sequence[ColumnProfile]) -> Sign:
    """Long numbers beside short ones: they were read off, the others were set."""
    if all(q.digits >= LONG for q in others) or all(q.digits <= SHORT for q in others):
        return 0.0, ""
    if p.digits >= LONG:
        return 0.5, "many digits"
    return (-0.5, "round numbers") if p.digits <= SHORT else (0.0, "")


def _gaps(p: ColumnProfile) -> Sign:
    if any(c.strip().lower() in words.AWAITED for c in p.cells):
        return 4.0, "is still to come in some rows"
    if p.missing > 0.5:
        return 3.0, "is empty in most rows: candidates that were not measured"
    return (1.5, "is missing in some rows") if p.missing > 0.02 else (0.0, "")


def _together(columns: Sequence[ColumnProfile], found: Mapping[str, Weighed]) -> dict[str, Weighed]:
    """Columns that are numbered under one name are of one kind."""
    families: dict[tuple[str, ...], list[str]] = {}
    for p in columns:
        base = tuple(w for w in p.named.words if not re.fullmatch(r"\d+", w))
        numbered = len(base) < len(p.named.words) and not set(base) <= GENERIC
        families.setdefault(("#", *base, p.unit) if numbered else (p.name,), []).append(p.name)
    shared = {
        n: Weighed(found[n].signs, sum(found[m].score for m in names) / len(names))
        for names in families.values() if len(names) > 1 for n in names
    }  # fmt: skip
    return dict(found) | shared
