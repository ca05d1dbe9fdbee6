"""Rows that say the same, nearly the same, or about one sample two different things."""

import itertools
import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from models.statistics.scores import TOP
from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.importing.guess.profile import ColumnProfile
from planner.tables.table import Finding

NEAR = 0.01
"""Distance, in parts of each parameter's range, below which two settings are meant to be one."""
NOISY = 0.3
"""Spread within conditions over spread of all, from which one measurement says little."""
MOST_SETTINGS = 12
"""Settings that somebody may have listed; more of them are a range."""
LARGEST = 4000
"""Conditions up to which every pair is compared."""


def check_repeats(view: ColumnsByRole) -> Iterator[Finding]:
    """Replicates, copied rows, designs that arms share, near-duplicates, conflicting samples."""
    yield from _replicates(view)
    yield from _copies(view)
    yield from _near(view)
    yield from _realised(view)
    yield from _conflicts(view)


def _replicates(view: ColumnsByRole) -> Iterator[Finding]:
    sizes = [len(places) for places in view.groups.values()]
    repeated = [n for n in sizes if n > 1]
    if not repeated:
        return
    if min(sizes) == max(sizes):
        text = f"each of the {len(sizes)} conditions was measured {sizes[0]} times"
        yield view.finding("replicates", text, "note")
    else:
        few, many = min(repeated), max(repeated)
        times = f"{few} times each" if few == many else f"{few} to {many} times"
        text = (
            f"{len(repeated)} of {len(sizes)} conditions were measured more than once, {times}: "
            "unequal replication"
        )
        yield view.finding("unequal-replicates", text, "note")
    for p in view.outcomes:
        yield from _noise(view, p)


def _noise(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    """Repeats that differ about as much as the conditions, or as the best ones among each other."""
    values = [v[np.isfinite(v)] for g in view.groups.values() if len(v := p.numbers[g])]
    repeated = [float(v.std(ddof=1)) for v in values if len(v) > 1]
    total = float(np.nanstd(p.numbers))
    if len(repeated) < 3 or not total:
        return
    noise = float(np.median(repeated))
    merits = np.sort([view.rules.outcomes[p.name].outcome(None).merit(float(v.mean()))
                      for v in values if len(v)])[::-1]  # fmt: skip
    lead = float(merits[0] - merits[math.ceil(TOP * len(merits)) - 1])
    if noise > NOISY * total:
        text = f"repeats of one condition differ by {noise / total:.0%} of the spread of all values"
    elif noise > lead > 0:
        text = (f"repeats of one condition differ by {noise:.3g}, more than the best differs from "
                f"the last of the top 5 % ({lead:.3g})")  # fmt: skip
    else:
        return
    yield view.finding("noisy", f"{text}: heavy noise, one measurement says little", "warning",
                       p.name)  # fmt: skip


def _copies(view: ColumnsByRole) -> Iterator[Finding]:
    """Same settings and same results: a copy, or a design that two arms share."""
    arm = view.columns[view.rules.arm].cells if view.rules.arm else [""] * len(view.keys)
    alike: dict[tuple[object, ...], list[int]] = {}
    for places in view.groups.values():
        for i in places:
            values = tuple(p.numbers[i] for p in view.outcomes)
            if np.isfinite(values).all():
                alike.setdefault((view.keys[i], values), []).append(i)
    shared: Counter[tuple[str, ...]] = Counter()
    copied: list[int] = []
    for places in alike.values():
        arms = [arm[i] for i in places]
        shared.update(itertools.combinations(sorted(set(arms)), 2))
        if len(places) > len(set(arms)):
            copied += places[1:]
    for arms_together, count in shared.items():
        text = (f"{count} experiments stand in {' and in '.join(map(repr, arms_together))}, with "
                "equal results: a design that the arms share; count them once")  # fmt: skip
        both = set(arms_together)
        places = [i for ps in alike.values() if {arm[j] for j in ps} >= both
                  for i in ps if arm[i] in both]  # fmt: skip
        yield view.finding("shared-design", text, places=places)
    if copied and all(len(view.groups[k]) > 1 for k in {view.keys[i] for i in copied}):
        text = "the row has the settings and the results of an earlier row: copied?"
        yield view.finding("duplicate-rows", text, places=copied)


def _near(view: ColumnsByRole) -> Iterator[Finding]:
    """Conditions that differ by less than anybody sets: values as they were realised."""
    numeric = [p for p in view.parameters if p.is_numeric and not view.is_choice(p)]
    kinds = [p for p in view.parameters if p not in numeric]
    first = [places[0] for places in view.groups.values()]
    if not numeric or not 2 <= len(first) <= LARGEST:
        return
    spans = [float(np.nanmax(p.numbers) - np.nanmin(p.numbers)) or 1.0 for p in numeric]
    x = np.array([p.numbers[first] / s for p, s in zip(numeric, spans, strict=True)]).T
    marks = [tuple(p.cells[i] for p in kinds) for i in first]
    pairs: list[tuple[int, int]] = []
    for i in range(1, len(first)):
        close = np.abs(x[:i] - x[i]).max(axis=1) <= NEAR
        pairs += [(first[j], first[i]) for j in np.flatnonzero(close) if marks[j] == marks[i]]
    if pairs and len(pairs) <= 0.5 * len(first):
        a, b = pairs[0]
        column = next(p.name for p in numeric if p.cells[a] != p.cells[b])
        how_many = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
        text = (
            f"{how_many} of conditions nearly equal, such as rows "
            f"{view.table.lines[a]} and {view.table.lines[b]} ({column}: "
            f"{view.columns[column].cells[a]} and {view.columns[column].cells[b]}): "
            "values as realised instead of as set?"
        )
        yield view.finding("near-duplicates", text, places=sorted({i for p in pairs for i in p}))


def _realised(view: ColumnsByRole) -> Iterator[Finding]:
    """Settings that scatter about a few: measured, where the plan had one number."""
    for p in view.parameters:
        if not p.is_numeric or view.is_choice(p) or view.rules.parameters[p.name].kind == "ordered":
            continue
        levels = np.unique(p.numbers[np.isfinite(p.numbers)])
        groups = np.split(levels, np.flatnonzero(np.diff(levels) > NEAR * np.ptp(levels)) + 1)
        widest = max(float(np.ptp(g)) for g in groups)
        settings, compact = len(groups), widest <= 1.5 * NEAR * np.ptp(levels)
        if len(levels) >= 6 and compact and settings <= min(MOST_SETTINGS, 0.67 * len(levels)):
            text = (
                f"{len(levels)} values scatter about {settings} settings: values as realised, not "
                "as set? Rows of one plan are then no replicates by their numbers"
            )
            yield view.finding("realised-values", text, column=p.name)


def _conflicts(view: ColumnsByRole) -> Iterator[Finding]:
    """One name of a sample with two conditions."""
    for name in view.guess.named("ignore"):
        p = view.columns[name]
        if p.is_numeric or len(p.levels) < 2 or len(p.levels) == len(p.cells):
            continue
        first: dict[str, int] = {}
        odd = []
        for i, cell in enumerate(p.cells):
            if cell and view.keys[first.setdefault(cell, i)] != view.keys[i]:
                odd.append(i)
        if odd and len(odd) < 0.3 * len(p.cells):
            text = f"{p.cells[odd[0]]!r} names samples with different settings"
            yield view.finding("conflicting-sample", text, column=name, places=odd)
