"""The arms of a past campaign, each walked along its own rows in order: what really happened."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.statistics import scores
from planner.past.mapping import HistoryError
from planner.past.pool import History, Row
from planner.replay.values import ArmCourse, Curve
from planner.replay.yardstick import Yardstick

type Floats = NDArray[np.float64]


def walk_arms(history: History, stick: Yardstick) -> dict[str, ArmCourse]:
    """By arm, hypervolume and share of the pool's top set after each of its rows.

    Hypervolumes are divided by the largest that an arm with an order ends with. Rows count, not
    conditions: a repeat is an experiment. An arm without an order has final numbers only.
    """
    if history.mapping.arm is None:
        raise HistoryError(f"{history.mapping.name}: the mapping names no column for the arm")
    arms = {name: with_results(rows, stick) for name, rows in history.arms.items()}
    arms = {name: rows for name, rows in arms.items() if rows}
    ordered = {name: all(row.ordered for row in rows) for name, rows in arms.items()}
    if not any(ordered.values()):
        raise HistoryError(f"{history.mapping.name}: no arm has an order that could be walked")
    volumes = {name: _volumes(rows, stick) for name, rows in arms.items()}
    unit = max(float(volumes[name][-1]) for name in arms if ordered[name]) or 1.0
    return {
        name: ArmCourse(
            rows=len(rows),
            ordered=ordered[name],
            normaliser=unit,
            final_hypervolume=float(volumes[name][-1] / unit),
            **(_curves(rows, volumes[name], unit, stick) if ordered[name] else {}),
        )
        for name, rows in arms.items()
    }


def random_arm(history: History) -> str | None:
    """The arm that is a real random search, by its name."""
    return next((arm for arm in history.arms if "random" in arm.lower()), None)


def _curves(
    rows: Sequence[Row], volumes: Floats, unit: float, stick: Yardstick
) -> dict[str, Curve]:
    order = [stick.pool.position(row.point) for row in rows]
    return {
        "hypervolume": tuple((volumes / unit).tolist()),
        "hypervolume_raw": tuple(volumes.tolist()),
        "share_of_top": tuple(scores.share_of_top(order, stick.top).tolist()),
    }


def with_results(rows: Sequence[Row], stick: Yardstick) -> list[Row]:
    """The rows that failed or have every outcome that is needed."""
    names = stick.pool.outcomes
    return [row for row in rows if row.failed or all(name in row.values for name in names)]


def _volumes(rows: Sequence[Row], stick: Yardstick) -> Floats:
    """Hypervolume after each row, in the outcomes' units."""
    return scores.hypervolume_curve(range(len(rows)), measured_merits(rows, stick), stick.reference)


def measured_merits(rows: Sequence[Row], stick: Yardstick) -> Floats:
    """Merits of rows as they were measured, shape (rows, objectives); of a failed sample, the
    worst there is."""
    goals = stick.pool.campaign.objectives
    return np.array(
        [
            [
                -np.inf if row.failed else goal.merit(row.values[name])
                for name, goal in goals.items()
            ]
            for row in rows
        ]
    )
