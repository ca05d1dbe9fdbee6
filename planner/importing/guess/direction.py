"""Of columns that follow from each other, which one was computed."""

from collections.abc import Iterable, Mapping

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.relations import Relation
from planner.importing.guess.signs import says


def without_circles(
    relations: Iterable[Relation], columns: Mapping[str, ColumnProfile]
) -> list[Relation]:
    """Of columns that follow from each other, one is derived: what has the name of a setting last,
    and first what follows from columns that have nothing to do with each other."""
    by_column: dict[str, list[Relation]] = {}
    for relation in relations:
        by_column.setdefault(relation.column, []).append(relation)
    kept: dict[str, Relation] = {}

    def order(name: str) -> tuple[bool, bool, float, float, str]:
        p, alike = columns[name], min(r.alike for r in by_column[name])
        return not p.named.has(words.COMPUTED), says(p) < 0, alike, -p.digits, name

    def behind(name: str) -> set[str]:
        sources = set(kept[name].sources) if name in kept else set()
        return sources.union(*map(behind, sources))

    for name in sorted(by_column, key=order):
        for relation in sorted(by_column[name], key=lambda r: (r.rank, r.alike, r.sources)):
            if not any(name in {s} | behind(s) for s in relation.sources):
                kept[name] = relation
                break
    return list(kept.values())
