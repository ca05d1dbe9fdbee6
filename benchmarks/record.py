"""What reading the record costs, beside an older build: ``make bench-record AGAINST=COMMIT``.

Campaigns of 300, 2,000 and 10,000 trials are made: two stages by hand, two outcomes, a model
version for every third trial, a full batch in the hands of people. Both builds open the same
databases, one after the other in processes of their own. An idle turn finds nothing to do; a page
is one of the panel, drawn again by Streamlit's own test program.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

SIZES = (300, 2000, 10_000)
PAGES = ("inbox", "inject", "trials", "campaign", "audit")
PAGES_AT = 2000
NAME = "big"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CAMPAIGN: dict[str, Any] = {
    "name": NAME,
    "parameters": {
        "temperature": {"kind": "range", "low": 600, "high": 900, "unit": "degC"},
        "hold_time": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
        "route": {"kind": "choice", "values": ["SPS", "HIP"]},
    },
    "outcomes": {
        "density": {"goal": "maximize", "unit": "percent", "at_least": 60},
        "strength": {"goal": "maximize", "unit": "MPa", "threshold": 2},
    },
    "stages": [
        {"name": "making", "executor": "manual", "gives": ["density"]},
        {"name": "testing", "executor": "manual", "after": ["making"], "gives": ["strength"]},
    ],
    "review": {"autonomy": "by-hand"},
    "planner": {"batch": 4, "generator": "sobol"},
}


def main() -> None:
    """Make the records, measure both builds, print their ratios."""
    asked = _arguments()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.trials)))
        return
    with TemporaryDirectory() as folder:
        trees = _trees(asked.against, Path(folder) / "older")
        for trials in asked.sizes:
            data = Path(folder) / f"data-{trials}"
            make(data, trials)
            found = {build: _measured(tree, data, trials) for build, tree in trees.items()}
            _tell(trials, found)


def _tell(trials: int, found: dict[str, dict[str, float]]) -> None:
    print(f"\n{trials} trials" + "".join(f"{build:>12}" for build in found))
    for what, now in found["now"].items():
        row = "".join(f"{f[what]:12.3f}" for f in found.values())
        older = [f[what] / now for build, f in found.items() if build != "now" and now]
        print(f"  {what:28}{row}" + "".join(f"{ratio:9.1f} times" for ratio in older))


def _trees(commit: str | None, place: Path) -> dict[str, Path]:
    """The source trees to be measured, by what they are called."""
    from benchmarks.older import ROOT, checked_out  # an older build has no such module

    return ({commit[:8]: checked_out(commit, place)} if commit else {}) | {"now": ROOT}


def _measured(tree: Path, data: Path, trials: int) -> dict[str, float]:
    from benchmarks.older import environment

    command = [sys.executable, "-P", __file__, "--measure", str(data), "--trials", str(trials)]
    variables = environment(tree) | {"KYOSO_DATA": str(data)}
    told = subprocess.run(command, env=variables, cwd=tree, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def make(data: Path, trials: int) -> None:
    """A record of that many trials, put down in one go. The last four are in people's hands."""
    import numpy as np

    from planner.campaign.campaign import parse_campaign
    from planner.campaign.values import Point
    from planner.record.decision import Decision, Verdict
    from planner.record.event import Event
    from planner.record.job import Job, JobState
    from planner.record.result import ModelVersion, Result
    from planner.record.trial import BOTORCH, Origin, Trial, TrialState
    from planner.settings import Settings, open_record
    from planner.store.rows import insert

    rng = np.random.default_rng(1)
    campaign = parse_campaign(CAMPAIGN | {"budget": {"trials": trials}})
    with open_record(Settings(data=data)) as store:
        store.campaigns.add(campaign, author="Aki", at=NOON)
        made: dict[type, list[Any]] = {}
        for number in range(1, trials + 1):
            at = NOON + timedelta(hours=number)
            who: dict[str, Any] = {"campaign": NAME, "trial": number, "author": "Aki", "at": at}
            is_open, failed = number > trials - 4, number % 10 == 0
            state = (
                TrialState.RUNNING
                if is_open
                else TrialState.FAILED
                if failed
                else TrialState.COMPLETED
            )
            point: Point = {
                "temperature": float(rng.uniform(600, 900)),
                "hold_time": int(rng.integers(1, 49)),
                "route": str(rng.choice(["SPS", "HIP"])),
            }
            found = {"density": float(rng.uniform(55, 99)), "strength": float(rng.gamma(3))}
            trial = Trial(
                campaign=NAME, number=number, origin=Origin.PLANNER, campaign_version=1,
                author="planner", created_at=at, point=point, generator=BOTORCH, version=3,
                prediction={n: (v + float(rng.normal()), 1.0) for n, v in found.items()},
                feasibility=0.9, state=state, reason="largest expected gain",
            )  # fmt: skip
            decision = Decision(
                number=number, trial_version=1, verdict=Verdict.APPROVED,
                seen=trial.model_dump(mode="json", exclude={"campaign", "packages"}), **who,
            )  # fmt: skip
            stages = ["making"] if is_open or failed else ["making", "testing"]
            ended = JobState.FAILED if failed else JobState.COMPLETED
            jobs = [
                Job(campaign=NAME, trial=number, stage=stage, executor="manual", created_at=at,
                    state=JobState.RUNNING if is_open else ended)
                for stage in stages
            ]  # fmt: skip
            results = [
                Result(number=2 * number + i, stage=stages[i], outcome=name, value=value,
                       unit=campaign.unit(name), **who)
                for i, (name, value) in enumerate(found.items())
                if state is TrialState.COMPLETED
            ]  # fmt: skip
            kinds = ["trial.proposed", "trial.approved", "trial.running", "job.opened"]
            kinds += ["job.claimed", *(f"job.{job.state}" for job in jobs), f"trial.{state}"]
            for kept in (trial, decision, *jobs, *results):
                made.setdefault(type(kept), []).append(kept)
            made.setdefault(Event, []).extend(Event(kind=k, data={}, **who) for k in kinds)
            if number % 3 == 0:
                version = ModelVersion(
                    campaign=NAME, learner="model-health", number=number // 3, at=at,
                    results=2 * number + 1, scores={f"score {i}": float(i) for i in range(10)},
                )  # fmt: skip
                made.setdefault(ModelVersion, []).append(version)
        last = max(r.number for r in made[Result])
        newest = made[ModelVersion][-1]
        made[ModelVersion][-1] = newest.model_copy(update={"results": last})
        with store.database.begin() as db:
            for rows in made.values():
                insert(db, rows)


def measure(data: Path, trials: int) -> dict[str, float]:
    """Seconds of this build, whichever it is: the names of both layouts are tried."""
    try:
        from flows.turns.wiring import open_laboratory
        from planner.loop.turn import advance
    except ModuleNotFoundError:
        open_laboratory = import_module("flows.wiring").open_laboratory
        advance = import_module("planner.loop").advance
    from planner.settings import Settings, open_record

    settings = Settings(data=data)
    with open_record(settings) as store:
        found = {"first snapshot, s": _seconds(lambda: store.snapshot(NAME), 1)}
    with open_record(settings) as store:
        lab = open_laboratory(settings, store, store.campaigns.get(NAME))
        times = 3 if trials > PAGES_AT else 7
        found["snapshot again, s"] = _seconds(lambda: store.snapshot(NAME), times)
        advance(lab, NAME)
        reads: list[str] = []
        _count(store, reads)
        turn = advance(lab, NAME)
        assert not turn.moved, turn
        found["snapshots in an idle turn"] = len(reads)
        found["idle turn, s"] = _seconds(lambda: advance(lab, NAME), times)
    if trials == PAGES_AT:
        found |= {f"page {name}, s": seconds for name, seconds in _pages().items()}
    return found


def _count(store: Any, reads: list[str]) -> None:
    """Count how often the whole record is read."""
    for name in ("snapshot", "look"):
        if (read := getattr(store, name, None)) is not None:
            setattr(store, name, partial(_noted, reads, read))


def _noted(reads: list[str], read: Callable[..., Any], *given: Any) -> Any:
    reads.append("read")
    return read(*given)


def _pages() -> dict[str, float]:
    from streamlit.testing.v1 import AppTest

    import ui

    moved = (Path(ui.__file__).parent / "pages").exists()
    where = f"from ui{'.pages' * moved} import {{0}}; from ui{'.parts' * moved} import frame"
    found = {}
    for name in PAGES:
        program = where.format(name) + f"; frame.show({name}.page, 'A page', frame.visit())"
        app = AppTest.from_string(program, default_timeout=120)
        app.session_state.who = "Aki"
        app.run()
        assert not app.exception, app.exception
        found[name] = _seconds(app.run, 3)
    return found


def _seconds(act: Callable[[], object], times: int) -> float:
    """The median of several times."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return median(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", help="a commit to compare with")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--trials", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
