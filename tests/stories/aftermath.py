"""What is wrong with a record after kills: things that were lost, and things that happened twice."""

from collections import Counter
from pathlib import Path
from typing import Any

from planner.record.record import Record
from planner.record.trial import TrialState

STAGES = ("making", "testing")


def lost(record: Record, trials: int) -> list[str]:
    """Trials, results and decisions of the campaign of two stages that should be there."""
    numbers = [trial.number for trial in record.trials]
    faults = [f"trial {n} is not there" for n in range(1, trials + 1) if n not in numbers]
    faults += [
        f"trial {trial.number} is {trial.state}"
        for trial in record.trials
        if trial.state is not TrialState.COMPLETED
    ]
    found = {(r.trial, r.outcome) for r in record.results}
    wanted = [(n, outcome) for n in numbers for outcome in ("density", "strength")]
    decided = {d.trial for d in record.decisions}
    return [
        *faults,
        *(f"trial {n} has no {outcome}" for n, outcome in wanted if (n, outcome) not in found),
        *(f"trial {n} was never decided" for n in numbers if n not in decided),
    ]


def twice(record: Record, executors: Path) -> list[str]:
    """Trials, results and decisions that are there twice, and jobs that were begun twice: the
    virtual laboratory keeps a log of its own."""
    counts: dict[str, Counter[Any]] = {
        "trial": Counter(trial.number for trial in record.trials),
        "result": Counter((r.trial, r.outcome) for r in record.results),
        "decision on trial": Counter(d.trial for d in record.decisions),
        "job begun": Counter(line for stage in STAGES for line in _begun(executors / stage)),
    }
    return [
        f"{what} {key}: {n} times"
        for what, each in counts.items()
        for key, n in each.items()
        if n > 1
    ]


def _begun(stage: Path) -> list[str]:
    log = stage / "effects.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []
