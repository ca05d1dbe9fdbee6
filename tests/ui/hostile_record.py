"""Trials of the hostile campaign in every state, with results, files, decisions and vetoes."""

from io import BytesIO
from pathlib import Path

from executors.testing.laboratory import START, laboratory
from planner import desk
from planner.campaign.values import Point
from planner.desk import Seen, Upload
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.record.job import Job, JobState
from planner.record.trial import Guidance, Origin, Proposal, Push, Trial
from tests.ui.hostile import evil, hostile
from tests.ui.test_pages import PIXEL

WHO = evil("Aki")
FILES = ("![a](x)<a>.txt", "![a](x)<a>.png")


def hostile_laboratory(folder: Path) -> Laboratory:
    """A record in which nothing that people can write is harmless."""
    lab = laboratory(folder, hostile())
    _proposed(lab)
    _carried_out(lab)
    desk.inject(lab.store, "test", [(_point(lab, 4.0), evil("waits"))], WHO)
    return lab


def _proposed(lab: Laboratory) -> None:
    """Two trials of the planner wait, with predictions and guidance; one of them is edited, one more
    vetoed."""
    points = [_point(lab, x) for x in (1.0, 2.0, 3.0)]
    predicted = {evil("y1"): (9.0, 0.5), evil("y2"): (4.0, 1.0)}
    moved: dict[str, Push] = {evil("claim"): {"credence": 0.5, "weight": 1.0, "gain": 0.2}}
    guidance: Guidance = {"moved_by": moved, "without": points[0]}
    made = [
        Proposal(point=point, generator="botorch", reason=evil("reason"), prediction=predicted,
                 guidance=guidance)
        for point in points
    ]  # fmt: skip
    first, second, _ = lab.store.trials.add(
        "test", made, origin=Origin.PLANNER, author="planner", at=START, campaign_version=1
    )
    desk.edit(lab.store, {_seen(first): _point(lab, 1.5)}, WHO, evil("edit"))
    desk.veto(lab.store, [_seen(second)], WHO, evil("veto"), scope={"within": {evil("x"): [2, 3]}})


def _carried_out(lab: Laboratory) -> None:
    """One trial has results and files, one failed, one runs."""
    wanted = [(_point(lab, x), evil("why")) for x in (5.0, 6.0, 7.0)]
    trials = desk.inject(lab.store, "test", wanted, WHO)
    desk.approve(lab.store, [_seen(t) for t in trials], WHO, evil("yes"))
    advance(lab, "test")
    found, failed, runs = (_job(lab, t) for t in trials)
    files = [Upload(name, BytesIO(PIXEL)) for name in FILES]
    measured = desk.measurement(evil("y1"), "5", "1", "percent", evil("method"), evil("source"))
    desk.hand_in(lab.store, found, [measured], {evil("x"): 5.5}, files, WHO)
    desk.end_without(lab.store, failed, JobState.FAILED, evil("cracked"), WHO)
    desk.hand_in(lab.store, runs, [measured], {}, [], WHO, partial=True)
    advance(lab, "test")
    desk.correct(lab.store, "test", 1, measured, WHO, evil("correction"))


def _point(lab: Laboratory, x: float) -> Point:
    values = {"x": x, "whole": 3, "choice": evil("a"), "ordered": 2}
    return lab.campaign("test").complete({evil(n): v for n, v in values.items()})


def _seen(trial: Trial) -> Seen:
    return Seen("test", trial.number, trial.version)


def _job(lab: Laboratory, trial: Trial) -> Job:
    return next(j for j in lab.store.jobs.list("test") if j.trial == trial.number)
