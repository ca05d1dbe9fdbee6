"""Functions that worker processes run in tests; they leave traces in ``point["folder"]``."""

import errno
import os
import time
from pathlib import Path

from planner.executor import Failed, Finished, Measurement, WorkOrder


def file_of(answer: Finished | Failed, name: str) -> Path:
    """A file that an answer brings, from a folder of our own."""
    file = answer.artifacts[name]
    assert isinstance(file, Path)
    return file


def double(order: WorkOrder) -> Finished:
    """y = 2 x."""
    return Finished((Measurement("y", 2 * float(order.point["x"]), "T"),))


def misbehave(order: WorkOrder) -> Finished | Failed:
    """Leave a trace, then do what ``point["do"]`` says."""
    with (Path(str(order.point["folder"])) / "runs").open("a") as file:
        file.write(f"{os.getpid()}\n")
    match order.point["do"]:
        case "die":
            os._exit(7)
        case "raise":
            raise RuntimeError("no mesh")
        case "sleep":
            time.sleep(60)
        case "melt":
            return Failed("melted")
        case "answer wrongly":
            return "done"  # type: ignore[return-value]
        case "answer unsendably":
            return Finished((lambda: None,))  # type: ignore[arg-type]
        case "tell threads":
            return Finished((Measurement("threads", int(os.environ["OMP_NUM_THREADS"]), ""),))
        case "find the disk full twice" if len(_runs(order)) < 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return Finished(())


def _runs(order: WorkOrder) -> list[str]:
    return (Path(str(order.point["folder"])) / "runs").read_text().splitlines()
