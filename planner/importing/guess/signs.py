"""What speaks for a role of a column: single signs, each a pure function. ``roles`` weighs them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np

from planner.importing.guess import names as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.relations import Relation


def few_counts(p: ColumnProfile) -> int:
    """A count of measurements has few different values."""
    return max(4, len(p.cells) // 10)


def rises(p: ColumnProfile) -> bool:
    """Whole numbers that differ and rise, with gaps."""
    return (
        p.is_whole
        and p.is_unique
        and bool(np.all(np.diff(p.numbers) > 0))
        and (float(np.ptp(p.numbers)) < 3 * len(p.cells))
    )


def is_dates(p: ColumnProfile) -> bool:
    """Dates or times, all there, in rising order."""
    if p.is_numeric or p.missing or not p.filled:
        return False
    try:
        moments = [datetime.fromisoformat(c.replace("/", "-")) for c in p.cells]
    except ValueError:
        return False
    return len(set(moments)) > 1 and moments == sorted(moments)


def host_of(
    p: ColumnProfile, hosts: Iterable[ColumnProfile], marks: set[str]
) -> ColumnProfile | None:
    """The column that a spread or a count belongs to: the one whose words are most alike."""
    own = set(p.named.words) - marks - words.FILLING - words.MEAN
    best, most = None, 0.0
    for host in hosts:
        theirs = set(host.named.words) - words.FILLING - words.MEAN
        alike = len(own & theirs) / (len(own | theirs) or 1)
        near = 0.01 if host.place == p.place - 1 else 0.0
        if alike + near > most:
            best, most = host, alike + near
    if most <= 0.01 and own:
        return None
    return best


def close(p: ColumnProfile, host: ColumnProfile) -> bool:
    """Whether numbers are about those of another column."""
    both = np.isfinite(p.numbers) & np.isfinite(host.numbers)
    gap = np.abs(p.numbers[both] - host.numbers[both])
    return bool(both.any()) and float(np.median(gap)) < 0.3 * float(np.std(host.numbers[both]) or 1)


def without_circles(
    relations: Iterable[Relation], columns: Mapping[str, ColumnProfile]
) -> list[Relation]:
    """Of columns that follow from each other, one is derived: a multiple or a sum before a ratio,
    and never what has the name of a setting where another has not."""
    kept: list[Relation] = []

    def order(r: Relation) -> tuple[bool, int, int]:
        return columns[r.column].named.has(words.PARAMETER), r.rank, -columns[r.column].place

    for relation in sorted(relations, key=order):
        if not any(k.column in relation.formula and relation.column in k.formula for k in kept):
            kept.append(relation)
    return kept


def outcome_score(p: ColumnProfile, is_last: bool, width: int) -> tuple[float, str]:
    """How much speaks for a measured column, and the strongest reason."""
    reasons = [
        (3.0, "its name is that of a result", p.named.has(words.OUTCOME)),
        (-3.0, "its name is that of a setting", p.named.has(words.PARAMETER)),
        (-3.0, "x and a number", bool(re.fullmatch(r"[xp]_?\d+", p.name.lower()))),
        (-2.0, "a few levels that come again and again", p.is_few),
        (2.0, "stands last", is_last),
        (1.0, "nearly every value is another", len(p.levels) > 0.5 * len(p.filled)),
        (-1.0, "stands among the first", p.place < width / 2),
    ]
    score = sum(weight for weight, _, holds in reasons if holds)
    side = [(abs(w), why) for w, why, holds in reasons if holds and (w > 0) == (score >= 2)]
    return score, max(side, default=(0.0, ""))[1]


def has_age(name: str) -> bool:
    """Whether a name says an age, such as ``28d``."""
    return re.search(r"\d+ ?_?(d|h|days?|hours?|日)(?![a-z])", name.lower()) is not None


def age(p: ColumnProfile) -> float:
    """The number in the name of a column that has an age."""
    return float(next(w for w in p.named.words if w.isdigit()))
