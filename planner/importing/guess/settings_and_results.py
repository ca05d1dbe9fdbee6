"""Columns of the experiment itself: what was set, and what was measured."""

import re
from collections.abc import Mapping

import numpy as np

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.roles import Guess
from planner.importing.guess.set_or_measured import Weighed, weigh
from planner.importing.guess.signs import age, has_age
from planner.importing.guess.wording import says

SPARSE = 0.4
"""Share of the rows with results beyond which a measured column that lacks there is no goal."""


def composition(guess: Guess) -> None:
    """Parts of one whole, most of which are not called results."""
    for group in guess.compositions:
        measured = sum(says(guess.columns[n]) > 0 for n in group.columns)
        if 2 * measured < len(group.columns) and not set(group.columns) & set(guess.roles):
            for name in group.columns:
                guess.give(name, "parameter", f"a part of {group.total:g}")


def texts(guess: Guess) -> None:
    """Words: kinds that were set, judgements, and texts that tell rows apart."""
    for p in guess.open:
        if p.is_numeric:
            continue
        if p.named.has(words.JUDGED):
            guess.give(p.name, "context", "a result in words")
        elif len(p.levels) > max(2, 0.5 * len(p.filled)) and len(p.levels) > words.FEW_TEXTS:
            guess.give(p.name, "ignore", "a text of its own in nearly every row")
        else:
            guess.give(p.name, "parameter", f"one of {len(p.levels)} kinds")


def numbers(guess: Guess) -> None:
    """Parameters and outcomes among what is left: what was set, and what was measured."""
    settings = [guess.columns[n] for n in guess.named("parameter")]
    outcomes = [guess.columns[n] for n in guess.named("outcome")]
    left = guess.open
    implied = {group.columns[-1] for group in guess.compositions}
    weighed = weigh(left, settings, outcomes, implied)
    measured = {n for n, w in weighed.items() if w.score > 0}
    if not measured and not outcomes:
        measured = _the_likeliest(weighed, beside_settings=bool(settings))
    for p in left:
        w = weighed[p.name]
        role = "outcome" if p.name in measured else "parameter"
        guess.give(p.name, role, w.why or "a number that was set")
        if w.is_doubtful or (role == "outcome") != (w.score > 0):
            guess.doubtful[p.name] = "measured" if role == "outcome" else "set"
    _sparse(guess, [guess.columns[n] for n in guess.named("outcome")])


def _the_likeliest(weighed: Mapping[str, Weighed], beside_settings: bool) -> set[str]:
    """Where nothing was measured, the column for which most speaks; a person is asked."""
    if len(weighed) + beside_settings < 2:
        return set()
    return {max(sorted(weighed), key=lambda n: weighed[n].score)}


def _sparse(guess: Guess, measured: list[ColumnProfile]) -> None:
    """What lacks in most of the rows that have any result is no goal; of candidates that wait
    to be measured nothing lacks that is there for another."""
    gappy = [p for p in measured if p.missing]
    if not gappy:
        return
    any_result = np.any([np.isfinite(p.numbers) for p in gappy], axis=0)
    for p in gappy:
        lacks = 1 - np.isfinite(p.numbers).sum() / max(any_result.sum(), 1)
        if SPARSE < lacks < 1:
            _set_aside(guess, p, f"measured, but missing in {p.missing:.0%} of the rows")


def _set_aside(guess: Guess, p: ColumnProfile, why: str) -> None:
    """A result that is no goal, and its spread."""
    guess.doubtful.pop(p.name, None)
    guess.give(p.name, "context", why)
    for spread in [n for n in guess.named("sd") if guess.roles[n].of == p.name]:
        guess.give(spread, "ignore", f"spread of {p.name}")


def ages(guess: Guess) -> None:
    """Of one quantity at several ages, the last is the goal."""
    families: dict[tuple[str, ...], list[ColumnProfile]] = {}
    for name in guess.named("outcome"):
        p = guess.columns[name]
        if any(re.fullmatch(r"\d+", w) for w in p.named.words) and has_age(name):
            base = tuple(w for w in p.named.words if not re.fullmatch(r"\d+|[dhm]", w))
            families.setdefault(base, []).append(p)
    for family in families.values():
        for p in sorted(family, key=age)[:-1] if len(family) > 1 else []:
            _set_aside(guess, p, "an earlier age of the same quantity")
