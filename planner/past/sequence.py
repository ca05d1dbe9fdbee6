"""The true course of a past campaign: experiments in order, in the batches in which they were made.

Rows of one condition that follow each other are one experiment with a mean and a standard error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from planner.campaign.campaign import Campaign
from planner.past.as_record import Experiment
from planner.past.mapping import HistoryError
from planner.past.pool import REPLICATES, History, Row
from planner.record.trial import TrialState
from planner.space.encoding import key

MOST_FITS = 200
"""Batches that a history of single experiments is walked in at most; then several go together."""


@dataclass(frozen=True)
class PastExperiment:
    """One experiment of the history and the lines of the table behind it."""

    experiment: Experiment
    lines: tuple[int, ...]


@dataclass(frozen=True)
class PastCourse:
    """One campaign of a history: its batches in order."""

    name: str
    batches: tuple[tuple[PastExperiment, ...], ...]
    note: str = ""


def courses(history: History, campaign: Campaign) -> list[PastCourse]:
    """The campaigns of a history. Arms that ran side by side are walked each by itself; arms that
    follow each other, such as a first design and what came after it, are one campaign.

    HistoryError where the order of the experiments is not known.
    """
    rows = [row for row in history.rows if row.ordered]
    if not rows:
        raise HistoryError(
            f"{history.mapping.name}: the order of the experiments is not known (trust: "
            f"{history.mapping.order.trust}), so they cannot be walked along"
        )
    if not history.mapping.arm or _one_after_another(rows):
        groups = {"": rows}
    else:
        groups = {}
        for row in rows:
            groups.setdefault(row.arm, []).append(row)
    return [_course(campaign, name, part) for name, part in groups.items()]


def sizes_of(history: History, campaign: Campaign) -> list[int]:
    """How many experiments each batch of the history had; of several campaigns, the longest's."""
    walks = courses(history, campaign)
    longest = max(walks, key=lambda course: sum(len(b) for b in course.batches))
    return [len({m.lines[0] for m in batch}) for batch in longest.batches]


def _one_after_another(rows: Sequence[Row]) -> bool:
    """Whether no place in the order is taken by two arms."""
    places: dict[float, set[str]] = {}
    for row in rows:
        places.setdefault(row.place, set()).add(row.arm)
    return all(len(arms) == 1 for arms in places.values())


def _course(campaign: Campaign, name: str, rows: Sequence[Row]) -> PastCourse:
    made = list(_merged(campaign, rows))
    known = [row.batch for _, row in made]
    if all(b is not None for b in known):
        groups = [list(group) for _, group in groupby(made, key=lambda pair: pair[1].batch)]
        batches = [tuple(m for m, _ in group) for group in groups]
        return PastCourse(name, tuple(batches), "batches as they were")
    size = -(-len(made) // MOST_FITS)
    single = [tuple(m for m, _ in made[i : i + size]) for i in range(0, len(made), size)]
    note = "one by one" if size == 1 else f"in blocks of {size}"
    return PastCourse(name, tuple(single), note)


def _merged(campaign: Campaign, rows: Sequence[Row]) -> Iterator[tuple[PastExperiment, Row]]:
    """Experiments, each with the first of its rows."""
    for _, group in groupby(rows, key=lambda row: (key(campaign, row.point), row.batch)):
        same = list(group)
        yield PastExperiment(_experiment(campaign, same), tuple(r.line for r in same)), same[0]


def _experiment(campaign: Campaign, rows: Sequence[Row]) -> Experiment:
    values = {}
    for name in campaign.outcomes:
        measured = [row.values[name] for row in rows if not row.failed and name in row.values]
        if not measured:
            continue
        error = None
        if len(measured) >= REPLICATES:
            error = float(np.std(measured, ddof=1) / np.sqrt(len(measured)))
        elif all(name in row.sd for row in rows):
            error = float(
                np.sqrt(sum(r.sd[name] ** 2 / r.n.get(name, 1) for r in rows)) / len(rows)
            )
        values[name] = (float(np.mean(measured)), error)
    failed = all(row.failed for row in rows)
    return Experiment(rows[0].point, values, TrialState.FAILED if failed else TrialState.COMPLETED)
