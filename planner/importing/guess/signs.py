"""What speaks for a role of a column: single signs, each a pure function. ``roles`` weighs them."""

import re
from collections.abc import Iterable, Sequence, Set
from datetime import datetime

import numpy as np

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile


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
    p: ColumnProfile, hosts: Iterable[ColumnProfile], marks: Set[str]
) -> ColumnProfile | None:
    """The column that a spread or a count belongs to: the one whose words are most alike; of a
    spread without a name of its own the mean, or the one result that there is."""
    hosts = sorted(hosts, key=lambda h: h.name)
    own = set(p.named.words) - marks - words.FILLING - words.MEAN
    if not own:
        return _only(hosts, words.MEAN) or _only(hosts, words.OUTCOME)
    likeness = {h.name: _alike(own, h) for h in hosts}
    best = max(likeness.values(), default=0.0)
    likely = [h for h in hosts if likeness[h.name] == best]
    return (_only(likely, words.OUTCOME) or likely[0]) if best else None


def _only(hosts: Sequence[ColumnProfile], named: Set[str]) -> ColumnProfile | None:
    found = [h for h in hosts if h.named.has(named)]
    return found[0] if len(found) == 1 else None


def _alike(own: Set[str], host: ColumnProfile) -> float:
    theirs = set(host.named.words) - words.FILLING - words.MEAN
    return len(own & theirs) / (len(own | theirs) or 1)


def close(p: ColumnProfile, host: ColumnProfile) -> bool:
    """Whether numbers are about those of another column."""
    both = np.isfinite(p.numbers) & np.isfinite(host.numbers)
    gap = np.abs(p.numbers[both] - host.numbers[both])
    return bool(both.any()) and float(np.median(gap)) < 0.3 * float(np.std(host.numbers[both]) or 1)


def has_age(name: str) -> bool:
    """Whether a name says an age, such as ``28d``."""
    return re.search(r"\d+ ?_?(d|h|days?|hours?|日)(?![a-z])", name.lower()) is not None


def age(p: ColumnProfile) -> float:
    """The number in the name of a column that has an age."""
    return float(next(w for w in p.named.words if w.isdigit()))
