import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from executors.computation import crew
from executors.computation.pool import Computation, Options
from executors.testing import ExecutorContract
from planner.executor import Abandoned, Answer, Failed, Finished, Lost, Running, WorkOrder
from tests.executors.jobs import double, misbehave


class TestInline(ExecutorContract):
    def make(self, folder: Path) -> Computation:
        return Computation(folder, double, Options(inline=True))


class TestProcesses(ExecutorContract):
    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.made: list[Computation] = []
        yield
        for executor in self.made:
            executor.close()

    def make(self, folder: Path) -> Computation:
        self.made.append(Computation(folder, double))
        return self.made[-1]


@pytest.fixture
def computation(tmp_path: Path) -> Iterator[Computation]:
    executor = Computation(tmp_path, misbehave)
    yield executor
    executor.close()


def order(folder: Path, do: str, job: str = "a/1/s") -> WorkOrder:
    return WorkOrder(job, "a", 1, "s", {"do": do, "folder": str(folder)}, {}, ())


def outcome(executor: Computation, job: str = "a/1/s") -> Answer:
    until(lambda: not isinstance(executor.poll(job), Running))
    return executor.poll(job)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def runs(folder: Path) -> list[int]:
    """The process of each run."""
    path = folder / "runs"
    return [int(line) for line in path.read_text().split("\n")[:-1]] if path.exists() else []


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("melt", Failed("melted")),
        ("raise", Abandoned("RuntimeError: no mesh")),
        ("answer wrongly", Abandoned("Finished, Failed or Abandoned was expected, not 'done'")),
    ],
)
@pytest.mark.parametrize("inline", [True, False])
def test_whatever_a_function_does_is_an_answer(
    tmp_path: Path, do: str, expected: Answer, inline: bool
) -> None:
    executor = Computation(tmp_path, misbehave, Options(inline=inline))
    executor.submit(order(tmp_path, do))
    assert outcome(executor) == expected


def test_processes_stay_warm_and_use_one_thread(tmp_path: Path, computation: Computation) -> None:
    for job, do in {"a": "answer unsendably", "b": "raise", "c": "tell threads"}.items():
        computation.submit(order(tmp_path, do, job))
    threads = outcome(computation, "c")
    assert isinstance(threads, Finished)
    assert threads.measurements[0].value == 1
    assert "pickle" in str(outcome(computation, "a")).lower()
    assert len(set(runs(tmp_path))) == 1


def test_a_process_that_dies_is_tried_again_then_abandoned(
    tmp_path: Path, computation: Computation
) -> None:
    computation.submit(order(tmp_path, "die"))
    computation.submit(order(tmp_path, "melt", "next"))
    assert outcome(computation) == Abandoned("its process died in 2 attempts (exit code 7)")
    assert outcome(computation, "next") == Failed("melted")
    assert len(runs(tmp_path)) == 3


def test_a_run_beyond_its_time_is_ended(tmp_path: Path) -> None:
    executor = Computation(tmp_path, misbehave, Options(time_limit=0.3))
    executor.submit(order(tmp_path, "sleep"))
    assert outcome(executor) == Abandoned("timed out after 0.3 s")
    assert not is_alive(runs(tmp_path)[0])


def test_cancelling_ends_the_process_and_not_the_queue(
    tmp_path: Path, computation: Computation
) -> None:
    for job, do in {"a": "sleep", "b": "sleep", "c": "melt"}.items():
        computation.submit(order(tmp_path, do, job))
    until(lambda: runs(tmp_path))
    computation.cancel("b")
    computation.cancel("a")
    assert [outcome(computation, job) for job in "abc"] == [
        Abandoned("cancelled"),
        Abandoned("cancelled"),
        Failed("melted"),
    ]
    assert len(runs(tmp_path)) == 2
    assert not is_alive(runs(tmp_path)[0])


@pytest.mark.parametrize("inline", [True, False])
def test_a_job_submitted_twice_runs_once(tmp_path: Path, inline: bool) -> None:
    executor = Computation(tmp_path, misbehave, Options(inline=inline))
    for _ in range(2):
        executor.submit(order(tmp_path, "melt"))
        outcome(executor)
    assert len(runs(tmp_path)) == 1


def test_workers_run_side_by_side(tmp_path: Path) -> None:
    executor = Computation(tmp_path, misbehave, Options(workers=2))
    for job in "abc":
        executor.submit(order(tmp_path, "sleep", job))
    until(lambda: len(set(runs(tmp_path))) == 2)
    assert executor.poll("c") == Running(note="queued")
    executor.close()


def test_closing_loses_what_runs_and_leaves_no_process(
    tmp_path: Path, computation: Computation
) -> None:
    computation.submit(order(tmp_path, "sleep"))
    until(lambda: runs(tmp_path))
    computation.close()
    assert outcome(computation) == Lost()
    assert not is_alive(runs(tmp_path)[0])


def test_a_forgotten_executor_leaves_no_process(tmp_path: Path) -> None:
    executor = Computation(tmp_path, misbehave)
    executor.submit(order(tmp_path, "sleep"))
    until(lambda: runs(tmp_path))
    del executor
    gc.collect()
    until(lambda: not is_alive(runs(tmp_path)[0]))


@pytest.mark.parametrize("end", ["pass", "import os; os.kill(os.getpid(), 9)"])
def test_no_process_outlives_the_interpreter(tmp_path: Path, end: str) -> None:
    program = f"""
import time
from pathlib import Path
from tests.executors.computation.test_pool import *
if __name__ == "__main__":
    executor = Computation(Path(), misbehave)
    executor.submit(order(Path({str(tmp_path)!r}), "sleep"))
    until(lambda: runs(Path({str(tmp_path)!r})))
    {end}
"""
    (tmp_path / "program.py").write_text(program)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, tmp_path / "program.py"], env=environment, timeout=60)
    assert done.returncode == (0 if end == "pass" else -9)
    until(lambda: not is_alive(runs(tmp_path)[0]))


def test_a_function_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="must stand at the top of a module"):
        Computation(tmp_path, lambda order: Finished(()))


@pytest.mark.parametrize("inline", [False, True])
def test_a_full_disk_is_no_fault_of_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    monkeypatch.setattr(crew, "SECONDS_FOR_ROOM", 0.05)
    executor = Computation(tmp_path, misbehave, Options(inline=inline))
    executor.submit(order(tmp_path, "find the disk full twice"))
    assert outcome(executor) == Finished(())
    assert len(runs(tmp_path)) == 3
    executor.close()
