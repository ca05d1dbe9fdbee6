"""Makes an executor of a plain function: a pool of warm processes carries out its jobs."""

import pickle
import weakref
from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from executors.computation.crew import Assignment, Crew
from executors.computation.worker import attempt
from planner.campaign.values import Frozen
from planner.executor import Abandoned, Answer, Failed, Finished, Lost, Running, WorkOrder

type Compute = Callable[[WorkOrder], Finished | Failed | Abandoned]


class Options(Frozen):
    """Options that every computation has. Its processes use one thread each."""

    workers: int = Field(default=1, ge=1, le=1000)
    """Processes at most; they are started when needed."""
    time_limit: float | None = Field(default=None, gt=0)
    """Seconds that one run may take, from the call of the function."""
    attempts: int = Field(default=2, ge=1, le=100)
    """Runs of a job whose process dies (killed, out of memory), the first one included."""
    inline: bool = False
    """Run in this process at the first poll, without a time limit: for tests and replays."""


class Computation:
    """Carries out ``run``, a function that pickle knows: at the top of a module, or a ``partial``.

    The answers are in memory: a job that this object was not given is Lost, and whoever submits it
    again has it computed again. An exception, a time limit exceeded and a process that died in
    every attempt are Abandoned. No process outlives the object or the interpreter, even killed.
    """

    human = False

    def __init__(self, folder: Path, run: Compute, options: Options | None = None) -> None:
        self.folder = folder
        self.options = options or Options()
        self._run = run
        self._tasks: dict[str, Assignment] = {}
        self._crew = Crew(
            b"" if self.options.inline else _packed(run),
            **self.options.model_dump(include={"workers", "time_limit", "attempts"}),
        )
        weakref.finalize(self, self._crew.close)

    def submit(self, order: WorkOrder) -> None:
        """Queue the job; a job that is known stays as it is."""
        task = Assignment(order)
        if self._tasks.setdefault(order.job, task) is task and not self.options.inline:
            self._crew.begin(task)

    def poll(self, job: str) -> Answer:
        """How the job stands."""
        task = self._tasks.get(job)
        if task is None:
            return Lost()
        if self.options.inline and task.answer is None:
            answer = attempt(self._run, task.order)
            if isinstance(answer, Running):  # the disk is full
                return answer
            task.answer = answer
        return task.answer or Running(note="" if task.worker else "queued")

    def cancel(self, job: str) -> None:
        """Abandon the job unless it has its answer, and end the process that runs it."""
        if task := self._tasks.get(job):
            self._crew.stop(task)

    def close(self) -> None:
        """End all processes; what has not finished is Lost."""
        self._crew.close()


def _packed(run: Compute) -> bytes:
    try:
        return pickle.dumps(run)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(f"{run!r} must stand at the top of a module: {error}") from error
