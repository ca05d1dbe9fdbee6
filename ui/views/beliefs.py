"""What hypotheses claim and how they fare, as tables and grids for the panel. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.arrays import Floats
from planner.campaign.campaign import Campaign
from planner.campaign.cube import Cube
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.fitting import on_settings
from planner.campaign.parameter import Choice, ends, from_unit, to_unit
from planner.campaign.values import Point, shown
from planner.record.record import Record
from planner.record.summary import best
from planner.record.trial import Guidance
from ui.views.words import heading, point_line

if TYPE_CHECKING:  # it loads scipy
    from planner.beliefs.ledger import Ledger

FINE = 61
"""Steps of a picture along a numeric axis."""


@dataclass(frozen=True)
class Picture:
    """What a claim says over two parameters, the others held."""

    x: list[Any]
    y: list[Any]
    says: Floats
    """Shape (y, x), 0 to 1."""
    names: tuple[str, str]


def picture(
    campaign: Campaign, claim: Claim, axes: tuple[str, str], held: Mapping[str, Any]
) -> Picture:
    """A claim over two axes, where all other parameters have the values ``held``."""
    ticks = [_ticks(campaign, name) for name in axes]
    names = list(campaign.free)
    base = np.array([to_unit(p, held[n]) for n, p in campaign.free.items()])
    rows = np.broadcast_to(base, (len(ticks[1][1]), len(ticks[0][1]), len(names))).copy()
    rows[:, :, names.index(axes[0])] = ticks[0][1]
    rows[:, :, names.index(axes[1])] = np.array(ticks[1][1])[:, None]
    says = claim.says(Cube(campaign.parameters, campaign.outcomes, rows))
    return Picture(ticks[0][0], ticks[1][0], np.broadcast_to(says, rows.shape[:2]), axes)


def share_affected(campaign: Campaign, claim: Claim, rows: Floats) -> float:
    """Share of points (n, d) of which the claim says more than one half."""
    says = claim.says(Cube(campaign.parameters, campaign.outcomes, rows))
    return float((np.broadcast_to(says, len(rows)) > 0.5).mean())


def held_at(campaign: Campaign, record: Record, claim: Claim | None = None) -> Point:
    """Where the axes that are not shown are held: at the claim's own point, else at the best trial,
    else in the middle."""
    point: Point = {}
    for name, p in campaign.free.items():
        if isinstance(p, Choice):
            point[name] = p.values[0]
        elif p.kind == "ordered":
            point[name] = p.values[len(p.values) // 2]
        else:
            point[name] = from_unit(p, 0.5)
    tops = [top.trial for top in best(campaign, record).values()]
    trials = {t.number: t for t in record.trials}
    if tops:
        point |= {n: v for n, v in record.as_run(trials[tops[0]]).items() if n in campaign.free}
    if claim is None:
        return point
    return point | claim.held(Cube(campaign.parameters, campaign.outcomes, np.zeros(0)))


def axes_of(campaign: Campaign, claim: Claim) -> tuple[str, str]:
    """The two parameters that show most of a claim."""
    ordered = list(dict.fromkeys([*claim.axes, *campaign.free]))
    return ordered[0], ordered[1] if len(ordered) > 1 else ordered[0]


def ledger_table(ledger: "Ledger") -> pd.DataFrame:
    """One row for each hypothesis: what was stated, what is believed now, and why."""
    return pd.DataFrame(
        [
            {
                "claim": h.title,
                "kind": h.kind,
                "by": h.author,
                "stated": h.strength,
                "credence": round(h.credence, 2),
                "in force": "yes" if h.active else "no",
                "evidence": h.evidence,
                "because": h.because,
            }
            for h in ledger.hypotheses
        ]
    )


def course(ledger: "Ledger") -> pd.DataFrame:
    """Credence after each number of results: columns results, trial, claim, credence, moved."""
    rows: list[dict[str, Any]] = []
    before: dict[str, float] = {}
    for moment in ledger.history:
        for title, credence in moment.credence.items():
            rows.append(
                {
                    "results": moment.results,
                    "trial": moment.after_trial,
                    "claim": title,
                    "credence": credence,
                    "moved": credence - before.get(title, credence),
                }
            )
        before = moment.credence
    return pd.DataFrame(rows, columns=["results", "trial", "claim", "credence", "moved"])


def biggest_moves(frame: pd.DataFrame, claim: str, most: int = 3) -> str:
    """The trials that moved a claim most, in words."""
    part = frame[(frame.claim == claim) & frame.trial.notna() & (frame.moved.abs() > 0.005)]
    order = part.moved.abs().sort_values(ascending=False).index[:most]
    trials, moves = part.trial[order].astype(int), part.moved[order].astype(float)
    return ", ".join(f"trial {t} ({m:+.0%})" for t, m in zip(trials, moves, strict=True))


def moved_table(guidance: Guidance) -> pd.DataFrame:
    """What each hypothesis did to a proposal."""
    return pd.DataFrame(
        [
            {
                "claim": title,
                "credence": f"{part['credence']:.0%}",
                "weight": f"{part['weight']:.2f}",
                "speaks for it by": f"{part['gain']:+.2f}",
            }
            for title, part in guidance["moved_by"].items()
        ]
    )


def without_line(campaign: Campaign, guidance: Guidance) -> str:
    """What would have been proposed without hypotheses, and what it gives up."""
    text = point_line(campaign, guidance["without"])
    if "score" in guidance:
        text += (
            f" (log expected gain {guidance['score_without']:.2f}, "
            f"of this proposal {guidance['score']:.2f})"
        )
    return text


def around(campaign: Campaign, point: Point, share: float = 0.1) -> dict[str, tuple[Any, ...]]:
    """Limits of a region around a point: this share of each range to both sides, at settings where
    there are only some; its choices."""
    within: dict[str, tuple[Any, ...]] = {}
    for name, p in campaign.free.items():
        if isinstance(p, Choice):
            within[name] = (point[name],)
        else:
            u = to_unit(p, point[name])
            low, high = (from_unit(p, min(max(u + d, 0.0), 1.0)) for d in (-share, share))
            within[name] = on_settings(p, (float(f"{low:.6g}"), float(f"{high:.6g}")))
    return within


def _ticks(campaign: Campaign, name: str) -> tuple[list[Any], list[float]]:
    parameter = campaign.free[name]
    if isinstance(parameter, Choice):
        return [shown(v) for v in parameter.values], [
            to_unit(parameter, v) for v in parameter.values
        ]
    units = np.linspace(0, 1, FINE).tolist()
    return [from_unit(parameter, u) for u in units], units


def whole(name: str, campaign: Campaign) -> str:
    """A parameter's heading for an axis."""
    return heading(name, campaign.unit(name))


def limits_of(campaign: Campaign, name: str) -> tuple[float, float]:
    """The ends of a numeric parameter."""
    parameter = campaign.free[name]
    assert not isinstance(parameter, Choice)
    return ends(parameter)


def trials_at(campaign: Campaign, record: Record, axes: Sequence[str]) -> pd.DataFrame:
    """Where trials gave results, on two axes."""
    rows = [
        {"x": o.point[axes[0]], "y": o.point[axes[1]], "trial": o.trial}
        for o in record.observations
    ]
    return pd.DataFrame(rows, columns=["x", "y", "trial"])
