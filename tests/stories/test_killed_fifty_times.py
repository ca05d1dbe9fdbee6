"""Kill -9, fifty times, at any moment and at commits: nothing is lost, nothing happens twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from executors.testing.laboratory import two_stages
from planner.campaign.file import write_yaml
from planner.store import open_store
from tests.stories.aftermath import lost, twice

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
    assert lost(record, TRIALS) == []
    assert twice(record, tmp_path / "data/executors/test") == []
    assert {trial.generator for trial in record.trials} == {"sobol", "botorch"}
    assert sum(job.attempt for job in record.jobs) > len(record.jobs)  # repeats did come
