"""What was measured: spreads, codes for failures, plateaus, invented numbers, what is missing."""

import json
from collections.abc import Iterator

import numpy as np

from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.importing.guess.lexicon import STANDARD_ERROR
from planner.importing.guess.marks import CODES, floor_rule
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.slips import slips
from planner.tables.table import Finding

PLATEAU = 0.04
"""Share of the rows at the best value, from which the best does not single out anything."""
LATTICE = 8
"""Values in equal steps that are no accident."""


def check_outcomes(view: ColumnsByRole) -> Iterator[Finding]:
    """Each outcome by itself, with its spread and its replicates."""
    for p in view.outcomes:
        yield from _missing(view, p)
        yield from _failures(view, p)
        yield from _slips(view, p)
        yield from _plateau(view, p)
        yield from _spread(view, p)
        yield from _replicate_columns(view, p)
        yield from _invented(view, p)
    yield from _coded_settings(view)
    yield from _standard_errors(view)


def _missing(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    empty = [i for i, value in enumerate(p.numbers) if not np.isfinite(value)]
    if not empty:
        return
    share = len(empty) / len(p.cells)
    if share > 0.3 and not any(p.cells[i] for i in empty) and view.rules.status is None:
        text = (f"{len(empty)} of {len(p.cells)} rows have settings but no result: candidates that "
                "were not measured yet? They are no part of a replay")  # fmt: skip
        yield view.finding("unmeasured", text, "warning", p.name, empty)
    else:
        words = {p.cells[i] for i in empty} - {""}
        text = f"{len(empty)} of {len(p.cells)} rows have no result" + (
            f" (they say {', '.join(sorted(words))})" if words else ""
        )
        yield view.finding("missing-outcome", text, "note", p.name, empty)


def _failures(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    floor = floor_rule(p.numbers)
    if p.name in view.rules.failure:
        return
    zeros = p.numbers == 0
    if floor is None:
        if zeros.sum() > 1:
            text = f"{zeros.sum()} values are exactly 0: measured, or failed samples?"
            yield view.finding("zeros", text, "note", p.name, zeros)
        return
    text = (f"{floor.size} values are {floor.rule} ({floor.why}): failed samples? If so, write it "
            f"into the mapping: failure: {{{json.dumps(p.name)}: '{floor.rule}'}}")  # fmt: skip
    yield view.finding("coded-failure", text, column=p.name, places=floor.places)


def _slips(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    if found := slips(p):
        text = f"{next(iter(found.values()))}: a slip? It is kept as it is"
        yield view.finding("implausible", text, column=p.name, places=found)


def _coded_settings(view: ColumnsByRole) -> Iterator[Finding]:
    for p in view.parameters:
        if not p.is_numeric or view.is_choice(p):
            continue
        for code in CODES[1:]:
            here = p.numbers == code
            others = p.numbers[np.isfinite(p.numbers) & ~here]
            if (
                0 < here.sum() <= 0.4 * len(p.cells)
                and len(others)
                and (code > 5 * others.max() if code > 0 else others.min() >= 0)
            ):
                text = f"{code:g} looks like a code for 'not known', not like a setting"
                yield view.finding("coded-setting", text, column=p.name, places=here)


def _plateau(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    goal = view.rules.outcomes[p.name]
    values = p.numbers[np.isfinite(p.numbers)]
    if goal.goal not in ("maximize", "minimize") or len(values) < 10:
        return
    best = values.max() if goal.goal == "maximize" else values.min()
    at_best = p.numbers == best
    if at_best.sum() >= max(3, PLATEAU * len(values)) and len(np.unique(values)) > 2:
        text = (f"{at_best.sum()} of {len(values)} rows share the best value {best:g}: a plateau; "
                "all of them count as top, and reaching it is easy")  # fmt: skip
        yield view.finding("plateau", text, column=p.name, places=at_best)


def _spread(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    column = view.rules.outcomes[p.name].sd
    if column is None:
        return
    sd = view.columns[column].numbers
    large = np.isfinite(sd) & (sd > np.abs(p.numbers)) & (sd > 0)
    if large.any():
        text = (f"the standard deviation is larger than the value, up to {sd[large].max():g} "
                f"in unit of {p.name}; it should not be believed blindly")  # fmt: skip
        yield view.finding("sd-above-mean", text, column=column, places=large)
    if (sd < 0).any():
        yield view.finding("negative-sd", "a standard deviation below 0", "error", column, sd < 0)
    zero = (sd == 0) & np.isfinite(p.numbers)
    if zero.any():
        text = "a standard deviation of exactly 0: a single measurement, or a value at its limit?"
        yield view.finding("zero-sd", text, "note", column, zero)
    lacking = ~np.isfinite(sd) & np.isfinite(p.numbers)
    if lacking.any():
        text = "a value without its standard deviation"
        yield view.finding("missing-sd", text, "note", column, lacking)


def _replicate_columns(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    """``Strength1`` to ``Strength3`` against the mean that stands beside them."""
    names = [n for n in view.guess.named("replicate") if view.guess.roles[n].of == p.name]
    if len(names) < 2:
        return
    values = np.array([view.columns[n].numbers for n in names])
    text = f"replicates stand in columns: {', '.join(names)}; {p.name} is taken as their mean"
    yield view.finding("replicate-columns", text, "note", p.name)
    known = np.isfinite(values).all(axis=0) & np.isfinite(p.numbers)
    off = np.zeros(len(p.cells), dtype=bool)
    slack = p.rounding + 1e-9 + view.columns[names[0]].rounding
    off[known] = np.abs(values[:, known].mean(axis=0) - p.numbers[known]) > slack
    if off.any() and off.sum() < 0.2 * known.sum():
        yield view.finding("mean-disagrees", "is not the mean of the replicates beside it",
                           column=p.name, places=off)  # fmt: skip


def _standard_errors(view: ColumnsByRole) -> Iterator[Finding]:
    for outcome in view.rules.outcomes.values():
        if outcome.sd and view.columns[outcome.sd].named.has(STANDARD_ERROR):
            text = (
                "is a standard error of the mean by its name, not a standard deviation: without "
                "the number of measurements it is taken as one measurement's"
            )
            yield view.finding("standard-error", text, column=outcome.sd)


def _invented(view: ColumnsByRole, p: ColumnProfile) -> Iterator[Finding]:
    """Exact arithmetic where measurements scatter."""
    values = p.numbers[np.isfinite(p.numbers)]
    if len(values) < LATTICE:
        return
    steps = np.diff(values)
    if len(np.unique(values)) >= LATTICE and np.ptp(steps) <= 1e-9 * np.abs(values).max():
        text = "values change by exactly the same step from row to row: invented or computed data?"
        yield view.finding("lattice", text, column=p.name)
        return
    if _is_exact_function(view, p):
        text = ("is an exact linear function of the settings, without any scatter: computed, not "
                "measured, or invented")  # fmt: skip
        yield view.finding("exact-function", text, column=p.name)
        return
    levels = np.unique(values)
    gaps = np.diff(levels)
    if len(levels) >= LATTICE and np.ptp(gaps) <= 1e-6 * gaps.max() and gaps[0] > 4 * p.rounding:
        text = f"all values lie on a lattice of step {gaps[0]:g}, none between: invented data?"
        yield view.finding("lattice", text, column=p.name)


def _is_exact_function(view: ColumnsByRole, p: ColumnProfile) -> bool:
    numeric = [q.numbers for q in view.parameters if q.is_numeric and not view.is_choice(q)]
    known = np.isfinite(p.numbers)
    if not numeric or any(not q.is_numeric or view.is_choice(q) for q in view.parameters):
        return False
    x = np.array([*numeric, np.ones(len(p.cells))]).T[known]
    y = p.numbers[known]
    if len(y) < x.shape[1] + 6 or not np.isfinite(x).all() or np.ptp(y) == 0:
        return False
    fit = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    off = float(np.abs(fit - y).max())
    return off <= 1.05 * p.rounding + 1e-9 * float(np.abs(y).max()) and (
        float(np.ptp(y)) > 20 * p.rounding
    )
