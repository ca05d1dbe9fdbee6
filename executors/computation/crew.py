"""A few workers that share a queue of tasks: warm processes, each led by a thread of its own."""

import atexit
import queue
import threading
from dataclasses import dataclass

from executors.computation.worker import Died, WarmProcess
from planner.executor import Abandoned, Answer, Lost, Running, WorkOrder

SECONDS_FOR_ROOM = 10.0
"""Until a job that found the disk full is tried again."""


@dataclass(eq=False)
class Assignment:
    """A job on its way through the crew."""

    order: WorkOrder
    answer: Answer | None = None
    """Set once."""
    worker: WarmProcess | None = None
    """Who runs it at this moment."""


class Crew:
    """Threads that take tasks from a queue; each leads a worker and waits for it."""

    def __init__(
        self, packed: bytes, *, workers: int, time_limit: float | None, attempts: int
    ) -> None:
        self._packed = packed
        self._size = workers
        self._time_limit = time_limit
        self._attempts = attempts
        self._queue: queue.SimpleQueue[Assignment | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: list[WarmProcess] = []
        self._ended = threading.Event()

    def begin(self, task: Assignment) -> None:
        """Queue a task; start one more worker while there may be more."""
        with self._lock:
            self._queue.put(task)
            if len(self._workers) < self._size:
                self._workers.append(WarmProcess(self._packed))
                threading.Thread(target=self._lead, args=self._workers[-1:], daemon=True).start()
                atexit.register(self.close)

    def stop(self, task: Assignment) -> None:
        """Settle a task as cancelled, and kill the process that runs it."""
        with self._lock:
            task.answer = task.answer or Abandoned("cancelled")
            if task.worker:
                task.worker.end()

    def close(self) -> None:
        """Kill all processes and let the threads go."""
        atexit.unregister(self.close)
        self._ended.set()
        for worker in self._workers:
            worker.retire()
            self._queue.put(None)

    def _lead(self, worker: WarmProcess) -> None:
        while task := self._queue.get():
            answer = self._carry_out(task, worker)
            with self._lock:
                task.worker = None
                task.answer = task.answer or answer

    def _carry_out(self, task: Assignment, worker: WarmProcess) -> Answer:
        """Run a task, again where its process died; a task that is settled already is left."""
        died = ""
        for _ in range(self._attempts):
            try:
                worker.start()
                if not self._assign(task, worker):
                    break
                return self._with_room(task, worker)
            except TimeoutError:
                return Abandoned(f"timed out after {self._time_limit:g} s")
            except Died as error:
                died = str(error)
        if self._ended.is_set():
            return Lost()
        return Abandoned(f"its process died in {self._attempts} attempts ({died})")

    def _with_room(self, task: Assignment, worker: WarmProcess) -> Answer:
        """The answer, tried again and again while the disk is full: that is no fault of the job."""
        while isinstance(answer := worker.work(task.order, self._time_limit), Running):
            if self._ended.wait(SECONDS_FOR_ROOM):
                return Lost()
            if task.answer:
                return task.answer
        return answer

    def _assign(self, task: Assignment, worker: WarmProcess) -> bool:
        with self._lock:
            if task.answer or self._ended.is_set():
                return False
            task.worker = worker
            return True
