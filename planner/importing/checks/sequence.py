"""What the order of the rows tells: trends, drifts, columns that lag, how the pool grew."""

import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np

from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile, Floats
from planner.importing.guess.relations import LEAST, derived
from planner.tables.table import Finding

TREND = 0.4
"""Rank correlation with the order from which a trend is told; also it must be beyond chance."""

ROWS_TRIED = 5_000
"""First rows, in which a running best rises most often: each is compared with all before it."""


def check_sequence(view: ColumnsByRole) -> Iterator[Finding]:
    """Trends and lags; what the table says of arms, batches and ages."""
    yield from _trends(view)
    yield from _lags(view)
    yield from _grown(view)
    yield from _places(view)


def rank_correlation(x: Floats, y: Floats) -> float:
    """Spearman's rank correlation of two arrays (n,), ties by their mean rank; 0 where flat."""
    from scipy.stats import rankdata  # half a second of import

    a, b = rankdata(x), rankdata(y)
    if not np.ptp(a) or not np.ptp(b):
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _trends(view: ColumnsByRole) -> Iterator[Finding]:
    known_order = view.rules.order.column is not None
    what = "the order of the experiments" if known_order else "the order of the file"
    for p in view.outcomes:
        rho, n = _with_order(view, p)
        if abs(rho) > TREND and abs(rho) > 3 / np.sqrt(max(n, 1)):
            more = "" if known_order else "; it looks chronological, but the table does not say so"
            text = f"changes with {what} (rank correlation {rho:+.2f}){more}"
            yield view.finding("order-trend", text, "note", p.name)
    for name in view.rules.context:
        p = view.columns[name]
        rho, n = _with_order(view, p)
        if abs(rho) > TREND and abs(rho) > 3 / np.sqrt(max(n, 1)) and p.is_numeric and not (
            p.named.has(words.PROGRESS)
        ):  # fmt: skip
            text = (f"drifts with {what} (rank correlation {rho:+.2f}): what changed with it may "
                    "be taken for an effect of the settings")  # fmt: skip
            yield view.finding("context-drift", text, column=name)


def _with_order(view: ColumnsByRole, p: ColumnProfile) -> tuple[float, int]:
    known = np.isfinite(p.numbers) & np.isfinite(view.order)
    if known.sum() < LEAST:
        return 0.0, 0
    return rank_correlation(view.order[known], p.numbers[known]), int(known.sum())


def _lags(view: ColumnsByRole) -> Iterator[Finding]:
    """Columns that fit the row before them, not their own."""
    numeric = [p for p in view.columns.values() if p.is_numeric]
    settled = {r.column for r in view.guess.relations}
    targets = [p.name for p in numeric if p.name not in settled and len(p.levels) > 4]
    sources = [p.name for p in numeric if view.guess.roles[p.name].role in
               ("parameter", "outcome", "context")]  # fmt: skip
    if len(targets) <= 12:
        for r in derived(view.columns, targets, sources, lag=1):
            if r.rank > 0 or view.columns[r.column].named.has(words.OUTCOME | words.PROGRESS):
                text = f"is {r.formula} of the row before: lagged by one row"
                yield view.finding("lagged", text, column=r.column)
    for name in view.guess.named("context"):
        if view.columns[name].is_numeric and (text := _lagged_progress(view, name)):
            yield view.finding("lagged", text, column=name)


def _lagged_progress(view: ColumnsByRole, name: str) -> str:
    """Whether a running best or hypervolume rises one row after the results that raise it."""
    values = view.columns[name].numbers[:ROWS_TRIED]
    outcomes = np.array([p.numbers[:ROWS_TRIED] for p in view.outcomes]).T
    if not np.isfinite(values).all() or not np.isfinite(outcomes).all() or outcomes.shape[1] > 3:
        return ""
    steps = np.diff(values)
    jumps = np.flatnonzero(np.abs(steps) > 1e-9 * (np.abs(values).max() or 1)) + 1
    if len(jumps) < 3 or not (np.all(steps >= -1e-12) or np.all(steps <= 1e-12)):
        return ""
    for signs in itertools.product((1.0, -1.0), repeat=outcomes.shape[1]):
        merits = outcomes * signs
        new = np.array([not (merits[:i] >= m).all(axis=1).any() for i, m in enumerate(merits)])
        own, before = new[jumps].mean(), new[jumps - 1].mean()
        if before == 1 and own < 0.9:
            return ("rises one row after the results that raise it: each value belongs to the row "
                    "before (lagged by one row)")  # fmt: skip
        if own == 1:
            return ""
    return ""


def _grown(view: ColumnsByRole) -> Iterator[Finding]:
    """How the conditions came to be measured, as far as the table shows."""
    if view.rules.pool == "factorial":
        text = (
            "the settings form a full design, so a replay on them is not biased by anybody's choice"
        )
        if view.rules.order.trust in ("none", "nominal"):
            text += "; the order of the file is the order of a grid, not of a campaign"
        yield view.finding("factorial", text, "note")
    if view.rules.pool == "adaptive":
        text = ("an optimiser, or people who knew what was good, chose these conditions; good ones "
                "are too frequent, so random order of them is no random search")  # fmt: skip
        yield view.finding("adaptive-pool", text)
    if view.rules.arm:
        cells = view.columns[view.rules.arm].cells
        arms = ", ".join(f"{arm!r} ({count})" for arm, count in Counter(cells).items())
        yield view.finding("arms", f"several campaigns in one table: {arms}", "note",
                           view.rules.arm)  # fmt: skip
    for column, value in view.rules.only.items():
        lacking = int((~np.isfinite(view.outcomes[-1].numbers)).sum())
        text = (
            f"a long table, one row for each {column}: only {column} = {value} counts; "
            f"{lacking} of these {len(view.keys)} rows have no {view.outcomes[-1].name} "
            "(a result that comes late)"
        )
        yield view.finding("long-table", text, column=column)


def _places(view: ColumnsByRole) -> Iterator[Finding]:
    """Rows without a place in the order, numbers that come twice or are left out."""
    batch = view.rules.batch
    if batch and view.columns[batch].is_numeric and (view.columns[batch].numbers < 0).any():
        text = "a negative number: the row has no place in the order"
        yield view.finding("no-place", text, "note", batch, view.columns[batch].numbers < 0)
    column = view.rules.order.column
    if column is None or not view.columns[column].is_numeric or column == batch:
        return
    arms = view.columns[view.rules.arm].cells if view.rules.arm else [""] * len(view.keys)
    seen: set[tuple[str, float]] = set()
    again = []
    for i, mark in enumerate(zip(arms, view.columns[column].numbers.tolist(), strict=True)):
        if mark in seen:
            again.append(i)
        seen.add(mark)
    if again:
        text = "a number that came before: two rows claim the same place in the order"
        yield view.finding("order-twice", text, column=column, places=again)
    negative = view.columns[column].numbers < 0
    if negative.any():
        text = "a negative number: the row has no place in the order"
        yield view.finding("no-place", text, "note", column, negative)
