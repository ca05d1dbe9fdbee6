"""Of columns that follow from each other, which one was computed."""

import re
from collections.abc import Iterable, Mapping

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.relations import Relation
from planner.importing.guess.wording import SUBSTANCE, says


def without_circles(
    relations: Iterable[Relation], columns: Mapping[str, ColumnProfile]
) -> list[Relation]:
    """Of columns that follow from each other, the one that was most likely computed."""
    likely = sorted(relations, key=lambda r: (_unlikely(r, columns), r.rank, r.alike, r.sources))
    kept: dict[str, Relation] = {}

    def behind(name: str) -> set[str]:
        sources = set(kept[name].sources) if name in kept else set()
        return sources.union(*map(behind, sources))

    for relation in likely:
        circle = any(relation.column in {s} | behind(s) for s in relation.sources)
        if relation.column not in kept and not circle:
            kept[relation.column] = relation
    return list(kept.values())


def _unlikely(r: Relation, columns: Mapping[str, ColumnProfile]) -> tuple[object, ...]:
    """How little speaks for a relation as it stands, and not turned round: first its name and what
    was set, then the units, then the form, and how much the sources have to do with each other."""
    p, sources = columns[r.column], [columns[n] for n in r.sources]
    called = words.COMPUTED if r.form == "+" else words.COMPUTED - words.TOTALS
    return (
        not p.named.has(called),
        p.is_few and not all(s.is_few for s in sources),
        _is_set(p),
        _is_simpler(p, sources),
        _is_turned(r, sources),
        r.alike,
        -p.digits,
        p.name,
    )


def _is_set(p: ColumnProfile) -> bool:
    """Whether a name is clearly that of a setting."""
    return says(p) <= SUBSTANCE


def _is_simpler(p: ColumnProfile, sources: list[ColumnProfile]) -> bool:
    """Whether a source has more units in its unit than the column: a rate is in nm/min."""
    parts = [len(re.findall(r"[^\W\d]+", q.unit)) for q in (p, *sources)]
    return 0 < parts[0] < max(parts[1:])


def _is_turned(r: Relation, sources: list[ColumnProfile]) -> bool:
    """A result is divided by what was set, and multiplied by another result: whether a formula
    is the other way round."""
    results = [says(s) > 0 for s in sources]
    has_set = any(_is_set(s) or s.is_few for s in sources)
    return (r.form == "*" and has_set and any(results)) or (
        r.form == "/" and any(results) and not has_set
    )
