"""How a campaign gets on, as tables to be drawn: values over trials, front, hypervolume. Pure."""

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.statistics.scores import hypervolume_curve, non_dominated, reference_point
from planner.campaign.campaign import Campaign
from planner.record.record import Record, is_feasible
from planner.record.trial import TrialState
from ui.views.words import point_line

TRADE_OFF, VOLUME = "Trade-off", "Hypervolume"
"""Figures of campaigns with several objectives, beside one for each objective."""


def of(campaign: Campaign, record: Record, title: str) -> pd.DataFrame:
    """The table behind a figure: an objective's name, or one of the titles above."""
    if title in campaign.objectives:
        return course(campaign, record, title)
    return front(campaign, record) if title == TRADE_OFF else volume(campaign, record)


def course(campaign: Campaign, record: Record, outcome: str) -> pd.DataFrame:
    """Every current value of an outcome by trial, with the best of all trials up to there.

    Columns: trial, value, error, allowed (whether the trial's requirements hold as far as they are
    known, and something is learned from it), best, label.
    """
    trials = {trial.number: trial for trial in record.trials}
    allowed = {o.trial: is_feasible(campaign, o) is not False for o in record.observations}
    rows = [
        {
            "trial": r.trial,
            "value": r.value,
            "error": r.standard_error,
            "allowed": allowed.get(r.trial, r.trial not in record.left_out),
            "label": point_line(campaign, record.as_run(trials[r.trial])),
        }
        for r in sorted(record.results, key=lambda r: r.trial)
        if r.outcome == outcome
    ]
    frame = pd.DataFrame(rows, columns=["trial", "value", "error", "allowed", "label"])
    merit, best, tops = campaign.outcomes[outcome].merit, None, []
    for value, is_allowed in zip(frame.value, frame.allowed, strict=True):
        if is_allowed and (best is None or merit(value) > merit(best)):
            best = value
        tops.append(best)
    return frame.assign(best=pd.Series(tops, index=frame.index, dtype=float))


def front(campaign: Campaign, record: Record) -> pd.DataFrame:
    """Trials with a value of the first two objectives: trial, x, y, allowed, best (nobody beats
    it), label."""
    x, y = list(campaign.objectives)[:2]
    rows = [
        {
            "trial": o.trial,
            "x": o.values[x][0],
            "y": o.values[y][0],
            "allowed": is_feasible(campaign, o) is not False,
            "label": point_line(campaign, o.point),
        }
        for o in record.observations
        if x in o.values and y in o.values
    ]
    frame = pd.DataFrame(rows, columns=["trial", "x", "y", "allowed", "label"])
    frame["best"] = False
    kept = frame[frame.allowed]
    if len(kept):
        frame.loc[kept.index, "best"] = non_dominated(_merits(campaign, (x, y), kept[["x", "y"]]))
    return frame


def awaited(campaign: Campaign, record: Record) -> pd.DataFrame:
    """What is expected of open trials in the first two objectives: trial, state, x, y, sd_x, sd_y,
    label."""
    x, y = list(campaign.objectives)[:2]
    rows = [
        {
            "trial": t.number,
            "state": t.state.value,
            "x": t.prediction[x][0],
            "y": t.prediction[y][0],
            "sd_x": t.prediction[x][1],
            "sd_y": t.prediction[y][1],
            "label": point_line(campaign, t.point),
        }
        for t in record.pending(campaign)
        if x in t.prediction and y in t.prediction
    ]
    return pd.DataFrame(rows, columns=["trial", "state", "x", "y", "sd_x", "sd_y", "label"])


def volume(campaign: Campaign, record: Record) -> pd.DataFrame:
    """Hypervolume of the objectives after each trial whose requirements hold, in the order in which
    they were completed: trial, at, volume. In the product of the objectives' units."""
    names = tuple(campaign.objectives)
    done = [
        (max(r.at for r in record.results_of[o.trial] if r.outcome in names), o)
        for o in record.observations
        if all(name in o.values for name in names) and is_feasible(campaign, o)
    ]
    done.sort(key=lambda pair: (pair[0], pair[1].trial))
    if not done:
        return pd.DataFrame(columns=["trial", "at", "volume"])
    values = pd.DataFrame([{n: o.values[n][0] for n in names} for _, o in done])
    merits = _merits(campaign, names, values)
    curve = hypervolume_curve(range(len(done)), merits, reference(campaign, merits))
    trials, times = [o.trial for _, o in done], [at for at, _ in done]
    return pd.DataFrame({"trial": trials, "at": times, "volume": curve})


def reference(campaign: Campaign, merits: Floats) -> Floats:
    """The thresholds; where an objective has none, what a poor condition so far gave. As merits."""
    poor = reference_point(merits)
    return np.array(
        [
            poor[i] if o.threshold is None else o.merit(o.threshold)
            for i, o in enumerate(campaign.objectives.values())
        ]
    )


def volume_unit(campaign: Campaign) -> str:
    """The product of the objectives' units."""
    return "·".join(o.unit.strip("[]") for o in campaign.objectives.values() if o.unit)


def states(campaign: Campaign, record: Record) -> dict[str, int]:
    """How many trials are in each state that occurs, proposals apart, and what is left of the
    budget beside them."""
    states = [s for s in TrialState if s is not TrialState.PROPOSED]
    counts = {s.value: record.count(s) for s in states if record.count(s)}
    return counts | {"left": max(0, campaign.budget.trials - record.taken())}


def _merits(campaign: Campaign, names: tuple[str, ...], values: pd.DataFrame) -> Floats:
    """Columns of measured values as merits, shape (n, M)."""
    columns = [
        [campaign.outcomes[name].merit(v) for v in values.iloc[:, i]]
        for i, name in enumerate(names)
    ]
    return np.array(columns, dtype=float).T
