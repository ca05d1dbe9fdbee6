"""A stranger's file in a process of its own, with limits: where a library cannot be bounded.

A task is a function at the top of a module that takes texts and returns plain values and arrays by
name. Nothing is pickled: what comes back is JSON and the bytes of the arrays, so that even a
process that a file has taken over can only answer with numbers. A keeper, which never sees a file
itself, has the libraries loaded and makes a child of itself for each; that takes milliseconds.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from planner.door.bounds import MB, size
from planner.door.refused import Refused
from planner.door.words import said

if TYPE_CHECKING:
    import numpy as np

MEMORY = 2_000 * MB
"""Bytes that a child may address, and that its answer may have."""
SECONDS = 40
"""Of computing time; twice that by the clock."""
_PROGRAM = "from planner.door.child import keep; keep()"
_FROM_US = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
"""What a child is told of our environment: no passwords."""
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

type Answer = dict[str, Any]


def in_child(
    task: Callable[..., Answer],
    *texts: str,
    needs: Sequence[str] = (),
    memory: int = MEMORY,
    seconds: int = SECONDS,
) -> Answer:
    """What the task returns; ``needs`` are the libraries that it imports. Refused with its own
    words, or with what it took too much of: bytes of ``memory``, or ``seconds`` of computing."""
    keeper = _KEEPER if seconds <= SECONDS else _PATIENT
    with TemporaryDirectory(prefix="kyoso-") as folder:
        place = Path(folder) / "answer"
        code = keeper.ask(
            {"module": task.__module__, "task": task.__name__, "texts": texts,
             "needs": list(needs), "place": str(place), "memory": memory, "seconds": seconds}
        )  # fmt: skip
        answer = _received(place, memory) if code == 0 else None
    if answer is None:
        raise Refused(_ending(code, seconds))
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer


class _Keeper:
    """The process that makes the children, on our side. One file at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def ask(self, request: dict[str, Any]) -> int:
        """The exit code of the child that carried out the request."""
        with self._lock:
            process = self._alive()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline() or "1")

    def close(self) -> None:
        """Let it go: it ends when nobody can ask it any more."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _alive(self) -> "subprocess.Popen[str]":
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-B", "-c", _PROGRAM], env=_environment(), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            atexit.register(self.close)
        return self._process


_KEEPER = _Keeper()
_PATIENT = _Keeper()
"""For what takes long, so that nothing small waits for it."""


def _environment() -> dict[str, str]:
    ours = {name: os.environ[name] for name in _FROM_US if name in os.environ}
    path = os.pathsep.join(place for place in sys.path if place)
    no_filters_from_disk = {"HDF5_PLUGIN_PRELOAD": "::"}
    return ours | dict.fromkeys(_ONE_THREAD, "1") | no_filters_from_disk | {"PYTHONPATH": path}


def keep() -> None:
    """The life of the keeper: a child for each line that comes, its exit code for an answer."""
    for line in sys.stdin:
        request = json.loads(line)
        for module in (request["module"], *request["needs"]):
            import_module(module)
        child = os.fork()
        if child == 0:
            os._exit(_carry_out(request))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _carry_out(request: dict[str, Any]) -> int:
    """Do the task under the limits of a child, and write its answer down."""
    _limit(request["memory"], request["seconds"])
    try:
        task = getattr(import_module(request["module"]), request["task"])
        answer = task(*request["texts"])
    except MemoryError:
        answer = {"refused": f"needs more than {size(request['memory'])} of memory"}
    except Exception as error:  # whatever a library makes of a stranger's file
        answer = {"refused": said(error)}
    with open(request["place"], "xb") as file:
        _send(answer, file)
    return 0


def _limit(memory: int, seconds: int) -> None:
    import resource

    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # what a library prints is no answer
        os.dup2(nowhere, stream)
    signal.alarm(2 * seconds)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _send(answer: Answer, stream: IO[bytes]) -> None:
    """A line of JSON, then the bytes of the arrays in their order."""
    arrays = {name: value for name, value in answer.items() if hasattr(value, "dtype")}
    told = {name: [value.dtype.str, value.shape] for name, value in arrays.items()}
    plain = {name: value for name, value in answer.items() if name not in arrays}
    stream.write(json.dumps([plain, told]).encode() + b"\n")
    for value in arrays.values():
        for part in _parts(value):
            stream.write(part.tobytes())


def _parts(value: "np.ndarray") -> "Iterable[np.ndarray]":
    """A large array slice by slice: its bytes are not there twice."""
    return value if value.ndim > 1 and value.nbytes > MB else (value,)


def _received(place: Path, most: int) -> Answer | None:
    """The answer, or None where it did not come whole."""
    try:
        with place.open("rb") as stream:
            plain, told = json.loads(stream.readline(100 * MB))
            return {
                **plain,
                **{name: _array(stream, kind, shape, most) for name, (kind, shape) in told.items()},
            }
    except (OSError, ValueError, TypeError):
        return None


def _array(stream: IO[bytes], form: str, shape: list[int], most: int) -> "np.ndarray":
    import math

    import numpy as np

    kind = np.dtype(form)
    if kind.hasobject or (count := math.prod(shape) * kind.itemsize) > most:
        raise ValueError("no array of numbers")
    return np.frombuffer(stream.read(count), kind).reshape(shape)


def _ending(code: int, seconds: int) -> str:
    if -code in (signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL):
        return f"takes more than {seconds} s to read"
    return "cannot be read: the library for it stopped in the middle"
