"""One warm process that carries out work, one order at a time, and can be ended at any moment.

``concurrent.futures`` and loky give up a whole pool when one process of it dies, and cannot end a
single overdue call; computations that crash or diverge need both.
"""

import errno
import os
import pickle
import signal
import threading
from contextlib import suppress
from functools import cache
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from models.error import KyosoError

if TYPE_CHECKING:  # the process itself loads nothing before its threads are limited
    from planner.executor import Answer, WorkOrder

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
FULL = "the disk is full; it is tried again"
SECONDS_TO_START = 120.0


class Died(KyosoError):
    """The process ended before it answered; the message says how."""


class WarmProcess:
    """At most one process: started when needed, kept for the next order, replaced when dead."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        """The pickled function ``(WorkOrder) -> Answer``."""
        self._process: Any = None
        self._pipe: Connection | None = None
        self._lock = threading.Lock()
        self._retired = False

    def start(self) -> None:
        """Make sure that a process is ready; Died where none can be started."""
        if self._process is None or not self._process.is_alive():
            self._begin()
            try:
                self._receive(SECONDS_TO_START)
            except TimeoutError as error:
                raise Died("it did not start") from error

    def _begin(self) -> None:
        with self._lock:
            if self._retired:
                raise Died("retired")
            context = get_context("spawn")
            self._pipe, far_end = context.Pipe()
            self._process = context.Process(
                target=_serve, args=(far_end, self._packed), daemon=True
            )
            self._process.start()
            far_end.close()  # so that the death of the process is seen here as the end of the pipe

    def work(self, order: "WorkOrder", limit: float | None) -> "Answer":
        """The answer to an order. TimeoutError after ``limit`` seconds, Died with the process."""
        try:
            assert self._pipe is not None, "start comes first"
            self._pipe.send(order)
        except OSError as error:
            raise Died(self._end_of_life()) from error
        answer: Answer = self._receive(limit)
        return answer

    def end(self) -> None:
        """Kill the process, if there is one; a call that waits for it raises Died."""
        if self._process is not None:
            self._process.kill()

    def retire(self) -> None:
        """Kill the process and never start another."""
        with self._lock:
            self._retired = True
            self.end()

    def _receive(self, limit: float | None) -> Any:
        assert self._pipe is not None
        try:
            if self._pipe.poll(limit):
                return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise Died(self._end_of_life()) from error
        self.end()
        self._process.join()
        raise TimeoutError

    def _end_of_life(self) -> str:
        self._process.join(5)
        self.end()
        return f"exit code {self._process.exitcode}"


def _serve(pipe: Connection, packed: bytes) -> None:
    """The life of the process: one answer for each order, until the pipe or the parent ends."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prepare(packed)
    pipe.send("ready")
    while True:
        try:
            order = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_pickled_answer(packed, order))


def _end_with_parent() -> None:
    parent = parent_process()
    connection.wait([parent.sentinel] if parent else [])
    os._exit(1)


_load = cache(pickle.loads)


def _prepare(packed: bytes) -> None:
    """Import what the work needs before its time begins, and let it warm up where it has a
    ``warm_up``; what fails here is told there."""
    import planner.executor  # noqa: F401

    with suppress(Exception):
        getattr(_load(packed), "warm_up", bool)()


def _pickled_answer(packed: bytes, order: "WorkOrder") -> bytes:
    """The answer as bytes; one that cannot be sent is abandoned like one that raised."""
    from planner.door.words import in_a_line
    from planner.executor import Abandoned

    try:
        return pickle.dumps(attempt(_load(packed), order))
    except Exception as error:
        return pickle.dumps(Abandoned(in_a_line(error)))


def attempt(run: Any, order: "WorkOrder") -> "Answer":
    """What ``run`` makes of an order; an exception is a technical fault. Where the disk is full the
    job goes on running, and is to be tried again."""
    from planner.door.words import in_a_line
    from planner.executor import Abandoned, Failed, Finished, Running

    try:
        answer = run(order)
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return Running(note=FULL) if is_full else Abandoned(in_a_line(error))
    except Exception as error:
        return Abandoned(in_a_line(error))
    if not isinstance(answer, Finished | Failed | Abandoned):
        return Abandoned(f"Finished, Failed or Abandoned was expected, not {answer!r:.80}")
    return answer
