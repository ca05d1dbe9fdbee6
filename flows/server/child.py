"""One program kept alive: started, watched, started again after a growing pause, stopped."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flows.server.programs import Program

PATIENCE = 45.0
"""Seconds for which a program that was well may give no answer."""
STEADY = 60.0
"""Seconds after which earlier failures are forgotten."""
LOG_BYTES = 5_000_000
_PR_SET_PDEATHSIG = 1


def pause_after(failures: int) -> float:
    """Seconds before the next start: 1, 2, 4 ... 60."""
    return float(min(60, 2 ** max(0, failures - 1)))


class Child:
    """A program and, most of the time, its process. ``now`` is always a monotonic time."""

    def __init__(self, program: Program, log: Path, say: Callable[[str], None]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.is_ready = False
        self._log = log
        self._say = say
        self._failures = 0
        self._start_at = self._started = self._well = self._look_at = 0.0

    def tend(self, now: float) -> None:
        """Do what is due: start it, look after it, or see that it has died."""
        if self.process is None:
            if now >= self._start_at:
                self._try_to_start(now)
        elif (code := self.process.poll()) is not None:
            self._fail(f"has ended ({_words(code)})", now)
        elif now >= self._look_at:
            self._look(now)

    def stop(self, seconds: float | None = None) -> None:
        """Ask it to end, wait, and kill what is left of it and of its own children."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.program.seconds_to_stop if seconds is None else seconds)
        self._sweep()

    def trim_log(self) -> None:
        """Keep the log small: the older half goes to ``.log.1``, if there is room."""
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            older = self._log.with_name(self._log.name + ".1")
            try:
                shutil.copyfile(self._log, older)
            except OSError:  # no room for it
                older.unlink(missing_ok=True)
            os.truncate(self._log, 0)  # the child appends, so it goes on at the new end

    def _try_to_start(self, now: float) -> None:
        try:
            self._start(now)
        except OSError as error:
            self._fail(f"cannot be started ({error})", now)

    def _start(self, now: float) -> None:
        self.trim_log()
        if self.program.folder:
            self.program.folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self.program.command,
                cwd=self.program.folder,
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the supervisor, which stops in order
                preexec_fn=bound_to(os.getpid()),
            )
        self.is_ready, self._started, self._well, self._look_at = False, now, now, now

    def _look(self, now: float) -> None:
        if self.program.is_well():
            self._well = now
            if not self.is_ready:
                self.is_ready = True
                self._say(f"{self.program.name} is ready ({now - self._started:.0f} s)")
            if now - self._started > STEADY:
                self._failures = 0
        elif now - self._well > (PATIENCE if self.is_ready else self.program.seconds_to_start):
            self._sweep()
            self._fail("gives no answer", now)
        self._look_at = now + (2.0 if self.is_ready else 0.25)

    def _fail(self, how: str, now: float) -> None:
        self._sweep()
        self._failures += 1
        self.is_ready, self._start_at = False, now + pause_after(self._failures)
        pause = self._start_at - now
        self._say(
            f"{self.program.name} {how}; it is started again in {pause:.0f} s (see {self._log})"
        )

    def _sweep(self) -> None:
        """Kill the process and its own children, and bury it."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def bound_to(parent: int, end: int = signal.SIGKILL) -> Callable[[], None]:
    """What a child does first: ask the kernel for this signal when its parent dies (Linux)."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def bind() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, end)
        if os.getppid() != parent:  # it died meanwhile
            os._exit(1)

    return bind


def _words(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
