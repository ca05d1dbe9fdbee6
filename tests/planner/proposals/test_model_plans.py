"""The model plans on ordinary starts: while nothing meets what is asked for, and when outcomes were
not all measured at the same trials."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from models.statistics.warp import Warp
from planner.campaign.campaign import Campaign, parse_campaign
from planner.proposals.ax_bridge.search import _Search
from planner.proposals.proposer import propose
from planner.record.record import Record
from planner.record.trial import EXACT, Proposal, TrialState
from planner.space.design import first_design
from planner.space.encoding import key, listed, without
from planner.space.metrics import metric_of, metrics, nothing_holds
from tests.planner.proposals.test_ax_bridge import record

pytestmark = pytest.mark.timeout(400)

UNIT = {"kind": "range", "low": 0, "high": 1}
LEVELS = {"kind": "ordered", "values": [0, 0.2, 0.5, 0.8, 1]}
HOLE = {
    "kind": "avoid",
    "within": {"a": [0.4, 0.6], "b": [0.4, 0.6]},
    "hard": True,
    "author": "Aki",
}
SPACES: dict[str, dict[str, Any]] = {
    "box": {"parameters": {"a": UNIT, "b": UNIT}},
    "listed": {"parameters": {"a": {**UNIT, "step": 0.125}, "b": LEVELS}},
    "sampled": {"parameters": {"a": UNIT, "b": UNIT}, "hypotheses": [HOLE]},
}
TRIALS = 10


def campaign(space: str, outcomes: Mapping[str, Any], batch: int = 1) -> Campaign:
    stages = [{"name": "s", "executor": "virtual", "gives": [*outcomes]}]
    planner = {"batch": batch, "initial": 6}
    return parse_campaign(
        {
            "name": "plans",
            **SPACES[space],
            "outcomes": outcomes,
            "stages": stages,
            "planner": planner,
        }
    )


def truth(point: Mapping[str, Any]) -> dict[str, float]:
    a, b = point["a"], point["b"]
    return {"y": a - (b - 0.5) ** 2, "z": b - a * a / 3, "density": a + 0.2 * b}


def history(
    space: Campaign,
    lost: Callable[[int], Iterable[str]] = lambda i: (),
    failed: Sequence[int] = (),
    running: Sequence[int] = (),
) -> Record:
    """Ten trials: ``lost(i)`` are the outcomes of the i-th that did not come."""
    points = first_design(space, [], TRIALS, seed=3)
    found = {}
    for i, point in enumerate(points, 1):
        values = {n: v for n, v in truth(point).items() if n in space.outcomes and n not in lost(i)}
        found[key(space, point)] = None if i in failed else values
    states = dict.fromkeys(running, TrialState.RUNNING)
    return record(space, points, lambda p: found[key(space, p)], states)


def planned(space: Campaign, past: Record) -> list[Proposal]:
    """The proposals of a whole batch; all of them by the model."""
    proposals = propose(space, past, space.planner.batch, seed=0)
    assert len(proposals) == space.planner.batch
    assert {p.generator for p in proposals} <= {"botorch", EXACT}
    tried = {key(space, point) for point in past.excluded}
    assert len({key(space, p.point) for p in proposals} | tried) == len(tried) + len(proposals)
    return proposals


UNMET: list[dict[str, Any]] = [
    {"y": {"goal": "maximize", "threshold": 5}, "z": {"goal": "minimize"}},
    {"y": {"goal": "maximize", "threshold": 5}, "z": {"goal": "minimize", "threshold": -5}},
    {"y": {"goal": "maximize"}, "z": {"goal": "minimize"}, "density": {"goal": "none", "at_least": 5}},
    {"y": {"goal": "maximize"}, "density": {"goal": "none", "at_least": 5}},
    {"y": {"goal": "maximize", "at_least": 5}, "z": {"goal": "minimize", "threshold": 2}},
    {"y": {"goal": "maximize", "at_least": 5}},
]  # fmt: skip


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("outcomes", UNMET)
def test_what_no_trial_meets_yet_is_gone_for(space: str, outcomes: Mapping[str, Any]) -> None:
    asked = campaign(space, outcomes)
    (proposal,) = planned(asked, history(asked))
    assert proposal.reason.startswith("most likely to meet every requirement and threshold, as no")
    highest = max(truth(t.point)["y"] for t in history(asked).trials)
    if "threshold" in outcomes["y"]:  # the mean at the point is beyond most of what was seen
        assert truth(proposal.point)["y"] > highest - 0.3


@pytest.mark.parametrize("planned_before", [(), ({"a": 1, "b": 1},)])
def test_where_the_best_corner_is_planned_already_others_are_found(
    planned_before: tuple[dict[str, int], ...],
) -> None:
    far = {"y": {"goal": "maximize"}, "density": {"goal": "none", "at_least": 5}}
    asked = campaign("box", far, batch=3)
    past = history(asked).with_planned([asked.complete(p) for p in planned_before])
    found = [truth(p.point)["density"] for p in planned(asked, past)]
    assert min(found) > 0.6  # of 0 to 1.2


PARTLY: dict[str, dict[str, Any]] = {
    "a sample failed": {"failed": (3,)},
    "most samples failed": {"failed": range(5, 11)},
    "a result is late": {"lost": lambda i: "y" if i in (2, 7) else "", "running": (2, 7)},
    "a requirement is measured last": {"lost": lambda i: ["density"] if i > 3 else []},
    "never both": {"lost": lambda i: "y" if i % 2 else "z"},
    "a trial is open": {"failed": (3,), "lost": lambda i: [*"yz", "density"] if i == 10 else [], "running": (10,)},
}  # fmt: skip
TWO = {
    "y": {"goal": "maximize"},
    "z": {"goal": "minimize"},
    "density": {"goal": "none", "at_least": 0.4},
}
ONE = {"y": TWO["y"], "density": TWO["density"]}


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("case", PARTLY)
@pytest.mark.parametrize("space", SPACES)
def test_outcomes_need_not_come_from_the_same_trials(space: str, case: str, batch: int) -> None:
    asked = campaign(space, TWO, batch)
    for proposal in planned(asked, history(asked, **PARTLY[case])):
        assert proposal.reason.startswith("largest expected gain")


@pytest.mark.parametrize("case", ["nothing holds", "one holds"])
def test_nothing_binds_that_was_not_asked_for(case: str) -> None:
    """What is required lies where both objectives are worse than at all trials that break it."""
    outcomes = {
        "y": {"goal": "maximize"},
        "z": {"goal": "minimize"},
        "d": {"goal": "none", "at_least": 0.9},
    }
    asked = campaign("box", outcomes)

    def measure(p: Mapping[str, Any]) -> dict[str, float]:
        return {"y": p["a"], "z": 1 - p["a"] + p["b"] / 10, "d": 1 - p["a"]}

    points = [asked.complete({"a": 0.5 + 0.045 * i, "b": 0.37 * i % 1}) for i in range(10)]
    if case == "one holds":
        points[0] = asked.complete({"a": 0.02, "b": 0.5})
    for _ in range(5):
        points += [p.point for p in planned(asked, record(asked, points, measure))]
    assert all(measure(point)["d"] > 0.88 for point in points[-2:])  # where all the gain is
    assert any(measure(point)["d"] >= 0.9 for point in points[10:])


@pytest.mark.parametrize("failed", [(), (3, 4)])
@pytest.mark.parametrize("space", ["box", "listed"])
def test_five_objectives_are_planned(space: str, failed: tuple[int, ...]) -> None:
    goals = {f"y{i}": {"goal": "maximize" if i % 2 else "minimize"} for i in range(5)}
    asked = campaign(space, goals, batch=2)
    points = first_design(asked, [], TRIALS, seed=3)
    found = [
        {n: float(point["a"]) * i - float(point["b"]) ** 2 for i, n in enumerate(goals)}
        for point in points
    ]
    lost = {key(asked, points[i]) for i in failed}
    told = {
        key(asked, p): None if key(asked, p) in lost else v
        for p, v in zip(points, found, strict=True)
    }
    planned(asked, record(asked, points, lambda p: told[key(asked, p)]))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_best_of_a_list_breaks_no_limit_and_may_have_replicates(sign: int) -> None:
    outcomes = {
        "y": {"goal": "maximize" if sign > 0 else "minimize"},
        "d": {"goal": "none", "at_most": 0.6},
    }
    asked = campaign("listed", outcomes, batch=2)
    points = first_design(asked, [], 8, seed=3)
    found = [{"y": sign * y, "d": d} for y, d in [(0.1, 0.5), (0.2, 0.5), (0.3, 0.5), (9, 0.9)]]
    found += [{"y": sign * y, "d": 0.5} for y in (-1, -2, -3, -4)]
    answers = iter(found)
    points[3] = points[2]  # the best that keeps the limit, and one that breaks it
    search = _Search(asked, record(asked, points, lambda _: next(answers)))
    search.propose(2, 0, without(asked, listed(asked) or [], points))
    values = np.array([sign * f["y"] for f in found])
    warp = Warp.fit(values, skewed=True)
    assert search.told.best == (metric_of(asked, "y"), sign, 1)
    best: Any = search.built[-1].best_f
    assert float(best) == pytest.approx(warp.forward(values)[2], abs=1e-3)


@pytest.mark.parametrize("case", PARTLY)
def test_a_batch_from_a_list_needs_no_common_trials_for_one_objective(case: str) -> None:
    asked = campaign("listed", ONE, batch=3)
    planned(asked, history(asked, **PARTLY[case]))


def test_an_outcome_that_is_only_watched_does_not_disturb_a_batch_from_a_list() -> None:
    asked = campaign("listed", {"density": {"goal": "none"}, "y": {"goal": "maximize"}}, batch=2)
    best = max(truth(t.point)["y"] for t in history(asked).trials)
    assert all(truth(p.point)["y"] > best - 0.2 for p in planned(asked, history(asked)))


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("space", SPACES)
def test_an_objective_may_have_a_requirement_of_its_own(space: str, batch: int) -> None:
    asked = campaign(space, {"y": {"goal": "maximize", "at_most": 0.4}}, batch)
    found = [truth(p.point)["y"] for p in planned(asked, history(asked))]
    assert max(found) < 0.55


def test_what_holds_is_judged_by_what_was_measured() -> None:
    def judged(outcomes: Mapping[str, Any], **past: Any) -> bool:
        asked = campaign("box", outcomes)
        return nothing_holds(asked, metrics(asked, history(asked, **past).observations))

    assert not judged({"y": TWO["y"]})  # nothing is asked for
    assert not judged(TWO)
    assert judged(UNMET[0])
    assert not judged({"y": {"goal": "maximize", "threshold": 5}})  # worth nothing beside no other
    assert not judged(TWO, failed=range(2, 11))  # the first is left
    assert not judged(TWO, lost=lambda i: ["density"] if i > 1 else [])  # not held against the rest
    assert not judged(TWO, lost=lambda i: "y" if i % 2 else "z")  # never both: each by itself


@pytest.mark.parametrize("odd", [999.0, 1e6])
@pytest.mark.parametrize("threshold", [{}, {"threshold": -1e9}])
@pytest.mark.parametrize("space", ["box", "listed"])
def test_a_lone_number_far_from_all_others_does_not_stop_the_model(
    space: str, threshold: Mapping[str, float], odd: float
) -> None:
    """The curve that makes results look normal ends soon after it."""
    goals = {
        "y": {"goal": "maximize", **threshold},
        "z": {"goal": "target", "value": 0, "at_least": 5},
        "density": {"goal": "none", "at_least": 5},
    }
    asked = campaign(space, goals, batch=2)
    values = iter([odd, *np.linspace(0, 1, TRIALS - 1)])
    points = first_design(asked, [], TRIALS, seed=3)
    measured = [truth(p) | {"y": -v, "z": v} for p, v in zip(points, values, strict=True)]
    told = dict(zip((key(asked, p) for p in points), measured, strict=True))
    planned(asked, record(asked, points, lambda p: told[key(asked, p)]))
