"""Kill -9, fifty times, at any moment and at commits: nothing is lost, nothing happens twice."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from executors.testing.laboratory import two_stages
from planner.campaign.file import write_yaml
from planner.record.trial import TrialState
from planner.store import open_store

TRIALS = 150
KILLED = Path(__file__).with_name("killed.py")


@pytest.mark.timeout(1100)
def test_fifty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    content = two_stages(
        options={"delay": [0, 4], "twice": True, "lose": 0.1},
        budget={"trials": TRIALS},
        planner={"batch": 4, "generator": "sobol"},
    )
    file = tmp_path / "campaign.yaml"
    file.write_text(write_yaml(content))
    command: list[str | Path] = [sys.executable, KILLED, file, tmp_path / "data", "45", "5"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=1000, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["kills"] == 50

    with open_store(f"sqlite:///{tmp_path / 'data/kyoso.db'}", tmp_path / "data/files") as store:
        record = store.snapshot("test")
        assert store.check() == []
    assert [trial.state for trial in record.trials] == [TrialState.COMPLETED] * TRIALS
    assert [trial.number for trial in record.trials] == list(range(1, TRIALS + 1))
    assert {trial.generator for trial in record.trials} == {"sobol", "botorch"}
    assert Counter(d.trial for d in record.decisions) == dict.fromkeys(range(1, TRIALS + 1), 1)
    assert set(Counter((r.trial, r.outcome) for r in record.results).values()) == {1}
    assert len(record.results) == 2 * TRIALS
    for stage in ("making", "testing"):
        log = tmp_path / "data/executors/test" / stage / "effects.log"
        jobs = [job for job in record.jobs if job.stage == stage]
        assert sorted(log.read_text().splitlines()) == sorted(job.id for job in jobs)
    assert sum(job.attempt for job in record.jobs) > len(record.jobs)  # repeats did come
