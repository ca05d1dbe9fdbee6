"""Kill -9 of the loop, a hundred times on SQLite and a hundred times on PostgreSQL, at commits and
at any moment: ``make bench-kills``.

The campaign of two virtual stages answers late, answers twice and loses one job in ten. Afterwards
one process finishes in peace, and everything is counted. The PostgreSQL is a cluster of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from executors.testing.laboratory import two_stages
from planner.campaign.file import write_yaml
from planner.settings import Settings, open_record
from planner.store import open_store
from planner.store.transfer import export_campaign, import_campaign
from tests import postgres
from tests.stories.aftermath import lost, twice

KILLED = Path(__file__).parents[1] / "tests/stories/killed.py"
SHARE_OF_MODEL = 0.1
"""Of the kills, those that hit a process that plans with the model."""
TRIALS_PER_KILL = 3


def main() -> None:
    """A table with a line for each database; exit code 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--on", nargs="+", default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    print("| database | kills | trials | jobs submitted again | lost | twice | exports | seconds |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    faults = [fault for kind in asked.on for fault in measure(kind, asked.kills)]
    print("\n".join(faults))
    raise SystemExit(bool(faults))


def measure(kind: str, kills: int) -> list[str]:
    """Kill so often on this database, print what came of it, and say what is wrong."""
    begin, trials = time.monotonic(), TRIALS_PER_KILL * kills
    with TemporaryDirectory() as folder, _database(kind) as url:
        data = Path(folder) / "data"
        done = _kill(Path(folder), data, url, kills, trials)
        with open_record(Settings(data=data, database=url)) as store:
            faults, record = store.check(), store.snapshot("test")
            first = data / "first.zip"
            export_campaign(store, "test", first)
        is_equal = _comes_back_equal(first)
    missing, repeated = lost(record, trials), twice(record, data / "executors" / "test")
    again = sum(job.attempt - 1 for job in record.jobs)
    cells = (kind, done, len(record.trials), again, len(missing), len(repeated))
    seconds = f"{time.monotonic() - begin:.0f}"
    print(f"| {' | '.join(map(str, cells))} | {'equal' if is_equal else 'DIFFER'} | {seconds} |",
          flush=True)  # fmt: skip
    return faults + missing + repeated + ([] if is_equal else [f"{kind}: exports differ"])


def _kill(folder: Path, data: Path, url: str | None, kills: int, trials: int) -> int:
    """How many processes were killed before the campaign was finished."""
    content = two_stages(
        options={"delay": [0, 4], "twice": True, "lose": 0.1},
        budget={"trials": trials},
        planner={"batch": 4, "generator": "sobol"},
    )
    file = folder / "campaign.yaml"
    file.write_text(write_yaml(content), encoding="utf-8")
    heavy = round(SHARE_OF_MODEL * kills)
    command = [sys.executable, KILLED, file, data, kills - heavy, heavy]
    environment = os.environ | ({"KYOSO_DATABASE": url} if url else {})
    done = subprocess.run(
        [*map(str, command)], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return int(json.loads(done.stdout)["kills"])


def _comes_back_equal(first: Path) -> bool:
    """Whether an export that was imported elsewhere exports to the same bytes."""
    folder = first.parent / "elsewhere"
    with open_store(f"sqlite:///{folder / 'kyoso.db'}", folder / "files") as store:
        name = import_campaign(store, first)
        second = folder / "second.zip"
        export_campaign(store, name, second)
    return first.read_bytes() == second.read_bytes()


@contextmanager
def _database(kind: str) -> Iterator[str | None]:
    """The URL of an empty database; None where it is a file in the data folder."""
    if kind == "sqlite":
        yield None
        return
    if reason := postgres.why_not():
        raise SystemExit(reason)
    with postgres.cluster() as server, postgres.database(server) as url:
        yield url


if __name__ == "__main__":
    main()
