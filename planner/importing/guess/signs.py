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


def is_goal(p: ColumnProfile) -> bool:
    """Whether a column is called like what is optimised: that is a goal also where it is computed
    from others."""
    return p.named.has(words.GOAL) or _is_numbered(p)


def _is_numbered(p: ColumnProfile) -> bool:
    numbered = r"(f|y|z|obj|objective|target|response)_?\d*"
    return re.fullmatch(numbered, p.name.lower()) is not None


def says(p: ColumnProfile) -> float:
    """What the name of a column says: above 0 for a result, below 0 for a setting. The last word
    that says something is what the others describe: an energy density is a density."""
    if re.fullmatch(r"(x|p|param|factor|var)_?\d+", p.name.lower()):
        return -3.0
    if _is_numbered(p):
        return 3.0
    if p.named.words and re.fullmatch(r"[TtP]", re.split(r"[\s_(\[]", p.name)[0]):
        return -2.0  # temperature, time, pressure
    found = [side for word in p.named.words if (side := _side(word))]
    if not found and _bare(p) in words.EFFICIENCIES and p.unit == "%":
        return 2.0
    if not found:
        return -1.5 if p.named.words and _bare(p) in words.ELEMENTS else 0.0
    return found[-1] * (3.0 if len(set(found)) == 1 else 2.0)


def _side(word: str) -> int:
    """1 for a word of results, -1 for a word of settings; the larger part of a Japanese word."""
    if not word.isascii():
        inside = [(len(w), side) for side, known in ((1, words.OUTCOME), (-1, words.PARAMETER))
                  for w in known if len(w) > 1 and w in word]  # fmt: skip
        return max(inside)[1] if inside else 0
    return int(word in words.OUTCOME) - int(word in words.PARAMETER)


def _bare(p: ColumnProfile) -> str:
    """The name without what says that it is a share: ``Cu (at%)`` is Cu. A chemical element is
    written so; CE and FE in capitals are efficiencies."""
    return re.sub(r"[\s_]*([(\[].*|pct|percent|content|at|wt|frac)$", "", p.name)


def has_age(name: str) -> bool:
    """Whether a name says an age, such as ``28d``."""
    return re.search(r"\d+ ?_?(d|h|days?|hours?|日)(?![a-z])", name.lower()) is not None


def age(p: ColumnProfile) -> float:
    """The number in the name of a column that has an age."""
    return float(next(w for w in p.named.words if w.isdigit()))
