"""Columns that go with a result: its spread, its number of measurements, its repeats."""

import numpy as np

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.roles import Guess
from planner.importing.guess.signs import close, few_counts, host_of


def spread(guess: Guess) -> None:
    """Standard deviations with what they belong to, and counts of measurements."""
    spreads = [p for p in guess.open if p.is_numeric and p.named.has(words.SPREAD)]
    hosts = [p for p in guess.open if p.is_numeric and p not in spreads]
    for p in spreads:
        if host := host_of(p, hosts, words.SPREAD):
            guess.give(p.name, "sd", f"spread of {host.name}", host.name)
            if host.name not in guess.roles:
                guess.give(host.name, "outcome", "has a standard deviation")
    outcomes = [guess.columns[n] for n in guess.named("outcome")]
    for p in guess.open:
        counts = p.is_whole and p.named.has(words.COUNT) and len(p.levels) <= few_counts(p)
        if counts and outcomes and float(np.nanmin(p.numbers)) >= 0:
            host = host_of(p, outcomes, words.COUNT) or min(outcomes, key=lambda h: h.name)
            guess.give(p.name, "n", f"measurements behind {host.name}", host.name)


def replicates(guess: Guess) -> None:
    """``Strength1`` to ``Strength3`` beside their mean; a column that counts repeats."""
    families: dict[tuple[str, ...], list[ColumnProfile]] = {}
    for p in guess.open:
        base = tuple(w for w in p.named.words if not w.isdigit())
        if p.is_numeric and len(base) < len(p.named.words):
            families.setdefault(base, []).append(p)
        elif p.is_whole and _counts_repeats(p):
            guess.give(p.name, "replicate", "counts repeats")
    for base, family in sorted(families.items()):
        if len(family) > 1 and (host := _mean_of(guess, base, family)):
            guess.give(host.name, "outcome", "the mean of its repeats")
            for p in family:
                guess.give(p.name, "replicate", f"one measurement of {host.name}", host.name)


def _counts_repeats(p: ColumnProfile) -> bool:
    """Whether a column is called a repeat and nothing else: a repetition rate is a setting."""
    return p.named.has(words.REPLICATE) and not p.unit and (
        set(p.named.words) <= words.REPLICATE | words.ORDER | words.FILLING
    )  # fmt: skip


def _mean_of(
    guess: Guess, base: tuple[str, ...], family: list[ColumnProfile]
) -> ColumnProfile | None:
    """The column that is the mean of repeats, or about as large and called so."""
    values = np.array([p.numbers for p in family])
    mean = np.full(values.shape[1], np.nan)
    told = np.isfinite(values).any(axis=0)
    mean[told] = np.nanmean(values[:, told], axis=0)
    slack = 1.05 * max(p.rounding for p in family)
    for p in sorted(_measurable(guess), key=lambda p: p.name):
        if p in family:
            continue
        off = np.abs(p.numbers - mean)
        known = np.isfinite(off)
        called = set(base) & set(p.named.words) or p.named.has(words.MEAN)
        fine = slack + p.rounding < 0.1 * float(np.std(mean[known]) if known.any() else 0)
        if known.sum() >= 4 and fine and (off[known] <= slack + p.rounding).mean() >= 0.9:
            return p
        if called and all(close(q, p) for q in family):
            return p
    return None


def _measurable(guess: Guess) -> list[ColumnProfile]:
    return [p for n, p in guess.columns.items() if p.is_numeric and (
        n not in guess.roles or guess.roles[n].role == "outcome")]  # fmt: skip


def late_spread(guess: Guess) -> None:
    """Spreads whose result was not known before."""
    outcomes = [guess.columns[n] for n in guess.named("outcome")]
    for p in [guess.columns[n] for n in guess.named("parameter", "outcome")]:
        others = [o for o in outcomes if o is not p]
        if p.is_numeric and p.named.has(words.SPREAD) and others:
            host = host_of(p, others, words.SPREAD)
            if host:
                guess.give(p.name, "sd", f"spread of {host.name}", host.name)
            elif p.named.has(words.SPREAD - words.OTHERWISE):
                guess.give(p.name, "ignore", "the spread of a result")
        elif p.is_whole and set(p.named.words[:-1] or p.named.words[1:]) & words.COUNT and (
            others and len(p.levels) <= few_counts(p)
        ):  # fmt: skip
            host = host_of(p, others, words.COUNT) or min(others, key=lambda h: h.name)
            guess.give(p.name, "n", f"measurements behind {host.name}", host.name)
