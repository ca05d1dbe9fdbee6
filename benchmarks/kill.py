"""Kill -9 of a whole ``kyoso up``, ten times, then Prefect's database: ``make bench-kill``.

One campaign waits for people all the time: its queue and its tasks must never change. Another one
runs by itself, with slow jobs that answer twice: nothing of it may be lost or happen twice. Half of
the kills hit the supervisor alone, half every process at the same moment.
"""

import argparse
import random
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from executors.testing.laboratory import decide, two_stages
from planner.campaign.file import write_yaml
from planner.record.decision import Verdict
from planner.record.record import Record
from planner.record.trial import TrialState
from planner.settings import Settings, open_record
from tests.server import Server, processes_of

WAITING = two_stages(
    name="waiting",
    stages=[{"name": "bench", "executor": "manual", "gives": ["density", "strength"]}],
    review={"autonomy": "by-hand"},
    planner={"batch": 4, "generator": "sobol"},
)
RUNNING = two_stages(
    name="running",
    options={"delay": [1, 6], "twice": True},
    budget={"trials": 2000},
    planner={"batch": 6, "generator": "sobol"},
)


def main() -> None:
    """Print a line for each kill, and what became of everything."""
    asked = _arguments()
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        files = [_file(Path(folder), content) for content in (WAITING, RUNNING)]
        before = _first_day(data, files)
        dice = random.Random(asked.seed)
        for number in range(1, asked.kills + 1):
            _killed(data, files, number, dice.uniform(0.5, 9))
        _without_prefect(data, files)
        faults = _faults(data, before)
    print("\n".join(faults) or "nothing was lost, nothing happened twice, nothing is left running")
    raise SystemExit(bool(faults))


def _file(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / f"{content['name']}.yaml"
    path.write_text(write_yaml(content), encoding="utf-8")
    return path


def _first_day(data: Path, files: list[Path]) -> Record:
    """Two tasks are given to people, two proposals wait: how that stands."""
    server = Server(data, *files)
    try:
        server.wait(lambda: len(server.record("waiting").trials) == 4)
        with open_record(Settings(data=data)) as store:
            for number in (1, 2):
                decide(store, store.trials.get("waiting", number), Verdict.APPROVED)
        server.wait(lambda: len(server.record("waiting").jobs) == 2)
        server.wait(lambda: all(job.attempt for job in server.record("waiting").jobs))
    finally:
        server.stop()
    return server.record("waiting")


def _killed(data: Path, files: list[Path], number: int, life: float) -> None:
    """A server that is killed some seconds after its start (every third) or in the middle of its
    work, and what it left."""
    server = Server(data, *files)
    if number % 3:
        seen = len(server.record("running").results)
        server.wait(lambda: len(server.record("running").results) > seen)
    time.sleep(life)
    if number % 2:
        server.process.kill()
        server.process.wait(60)
    else:
        server.kill_all()
    until = time.monotonic() + 10
    while (left := processes_of(data)) and time.monotonic() < until:
        time.sleep(0.1)
    done = server.record("running").count(TrialState.COMPLETED)
    how = "the supervisor" if number % 2 else "everything"
    since = "a result" if number % 3 else "the start"
    print(
        f"kill {number:2} of {how}, {life:.1f} s after {since}: "
        f"{len(left)} processes left, {done} trials completed so far",
        flush=True,
    )


def _without_prefect(data: Path, files: list[Path]) -> None:
    """It goes on after all that, and goes on when Prefect's database is deleted."""
    start = time.monotonic()
    server = Server(data, *files)
    try:
        server.goes_on("running")
        print(f"started again: three more trials after {time.monotonic() - start:.0f} s")
        server.wait(lambda: "Prefect is ready" in server.log.read_text(), 180)
        for part in (data / "prefect").glob("prefect.db*"):
            part.unlink()
        server.goes_on("running", more=6)
        server.wait(lambda: server.log.read_text().count("Prefect is ready") == 2, 240)
        server.goes_on("running")
        print("Prefect's database was deleted: it went on, and Prefect came back with a new one")
    finally:
        server.stop()


def _faults(data: Path, before: Record) -> list[str]:
    """What is not as it should be."""
    faults = [f"process {pid} is left" for pid in processes_of(data)]
    with open_record(Settings(data=data)) as store:
        faults += store.check()
        waiting, running = store.snapshot("waiting"), store.snapshot("running")
    if waiting != before:
        faults.append("the queue or the tasks of 'waiting' have changed")
    done = [t.number for t in running.trials if t.state is TrialState.COMPLETED]
    lost = [
        t.number for t in running.trials if t.state in (TrialState.FAILED, TrialState.ABANDONED)
    ]
    faults += [f"trial {number} was given up" for number in lost]
    found = Counter((r.trial, r.outcome) for r in running.results)
    faults += [f"{key} has {n} results" for key, n in found.items() if n > 1]
    faults += [
        f"trial {n} is completed without a result" for n in done if (n, "strength") not in found
    ]
    twice = Counter(d.trial for d in running.decisions)
    faults += [f"trial {number} was decided {n} times" for number, n in twice.items() if n > 1]
    for stage in ("making", "testing"):
        log = data / "executors/running" / stage / "effects.log"
        effects = Counter(log.read_text(encoding="utf-8").split("\n"))
        faults += [f"{job} was carried out {n} times" for job, n in effects.items() if n > 1]
    repeats = sum(job.attempt - 1 for job in running.jobs if job.attempt > 1)
    print(f"{len(done)} trials completed; {repeats} submissions were repeats")
    return faults


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
