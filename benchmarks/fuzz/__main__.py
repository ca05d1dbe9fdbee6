"""Damaged files through everything that takes files of strangers: import, check, grains, magnet,
the readers of image stacks and the panel's uploads.

    python -m benchmarks.fuzz [--files 3600] [--workers 2] [KIND ...]

Every file is made from a small sound one by numbers that depend on its kind and number alone, so a
fault can be made again: python -m benchmarks.fuzz.worker FOLDER KIND:NUMBER. A fault is a
traceback or a library's text, a file written outside the data folder (or the mapping beside its
table), more than 2 GB or 60 s. Exit code 1 where there is one.
"""

import argparse
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched, chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

KINDS = ("campaign", "mapping", "CSV", "XLSX", "JSON", "Ax", "zip", "TIFF", "PNG", "h5oina", "oh5",
         "ang", "ctf", "cpr", "crc", "map CSV", "ImageJ", "OME", "FEI", "PNG slices", "MRC", "NRRD",
         "HDF5", "Zarr", "OME-Zarr", "magnet", "magnet CSV")  # fmt: skip
TOGETHER = 150
"""Files in one process."""
WAIT = 180.0
"""Seconds after which a worker that says nothing is ended; loading it takes some."""


@dataclass
class Tally:
    """What came of the files of one kind."""

    accepted: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: float = 0.0

    def add(self, told: dict[str, Any]) -> None:
        """Count one file."""
        self.accepted += told["accepted"]
        self.refused += not told["accepted"]
        self.faults += [f"{told['case']}: {fault}" for fault in told["faults"]]
        self.slowest = max(self.slowest, told["seconds"])
        self.memory = max(self.memory, told["memory"])


def fuzz(files: int, workers: int, kinds: tuple[str, ...] = KINDS) -> dict[str, Tally]:
    """Try so many files in all, evenly over the kinds."""
    cases = [f"{kind}:{number}" for number in range(-(-files // len(kinds))) for kind in kinds]
    with ThreadPoolExecutor(workers) as pool:
        told = list(pool.map(tried, batched(cases, TOGETHER)))
    tallies = {kind: Tally() for kind in kinds}
    for one in chain.from_iterable(told):
        tallies[one["case"].rpartition(":")[0]].add(one)
    return tallies


def tried(cases: Sequence[str]) -> list[dict[str, Any]]:
    """What came of the files; after one that ended its worker the others go on in a new one."""
    found: list[dict[str, Any]] = []
    while rest := cases[len(found) :]:
        with TemporaryDirectory(prefix="fuzz-") as folder:
            found += _told(rest, Path(folder).resolve())
        if len(found) < len(cases):
            found.append({"case": cases[len(found)], "accepted": False, "seconds": 0, "memory": 0,
                          "faults": ["it ended its process, or took too long"]})  # fmt: skip
    return found


def _told(cases: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-W", "default", "-m", "benchmarks.fuzz.worker", str(folder)]
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    worker = subprocess.Popen(
        [*command, *cases], env={**os.environ, **one}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_pass_on, args=(worker, lines))
    reader.start()
    found = []
    try:
        while line := lines.get(timeout=WAIT):
            found.append(json.loads(line))
    except queue.Empty:
        pass
    worker.kill()
    reader.join()
    return [told for told in found if "case" in told]


def _pass_on(worker: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str]") -> None:
    """Every line that a worker says, and an empty one when it has ended."""
    with worker:
        for line in worker.stdout or ():
            lines.put(line)
    lines.put("")


def main() -> None:
    """Print a line for each kind, and every fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=3600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("kinds", nargs="*", default=KINDS)
    told = parser.parse_args()
    begun = time.monotonic()
    tallies = fuzz(told.files, told.workers, tuple(told.kinds))
    print(
        "| kind | tried | accepted | refused with a message | faults | slowest (s) | memory (MB) |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|")
    for kind, t in tallies.items():
        bad = len({fault.partition(": ")[0] for fault in t.faults})
        print(f"| {kind} | {t.accepted + t.refused} | {t.accepted} | {t.refused - bad} | {bad} "
              f"| {t.slowest:.1f} | {t.memory / 1e6:.0f} |")  # fmt: skip
    faults = [fault for t in tallies.values() for fault in t.faults]
    print(f"\n{time.monotonic() - begun:.0f} s", *faults, sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
