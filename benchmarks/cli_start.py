"""CPU seconds of ``kyoso --help`` and ``kyoso status``: ``make bench-cli AGAINST=COMMIT``.

Each tree, this one and that of the commit, makes a small record of the quickstart example with its
own program. Both run under the same Python, in turn, so that what else the machine does hits both.
"""

import argparse
import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.older import ROOT, checked_out, environment

QUICKSTART = Path("examples/quickstart.yaml")
TURNS = ("--turns", "4", "--approve", "all")
COMMANDS = (("--help",), ("status",))


def main() -> None:
    """Print the median of each command, and how much less it is than at the commit."""
    asked = _arguments()
    with TemporaryDirectory() as folder:
        trees = {"now": ROOT}
        if asked.since:
            trees[asked.since] = checked_out(asked.since, Path(folder) / "tree")
        for name, tree in trees.items():
            data = ("--data", str(Path(folder) / f"data of {name}"))
            _run(tree, "run", str(tree / QUICKSTART), *TURNS, *data)
        for command in COMMANDS:
            _compare(command, trees, Path(folder), asked.repeats)


def _compare(command: tuple[str, ...], trees: dict[str, Path], folder: Path, repeats: int) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in trees}
    for _ in range(repeats):
        for name, tree in trees.items():
            data = ("--data", str(folder / f"data of {name}")) if command == ("status",) else ()
            seconds[name].append(_run(tree, *command, *data))
    medians = {name: median(found) for name, found in seconds.items()}
    told = ", ".join(f"{found:.2f} s ({name})" for name, found in medians.items())
    ratios = "".join(f", {medians['now'] / medians[n]:.2f} of {n}" for n in trees if n != "now")
    print(
        f"kyoso {' '.join(command)}: CPU {told}{ratios}; load {os.getloadavg()[0]:.1f}", flush=True
    )


def _run(tree: Path, *words: str) -> float:
    """The CPU seconds of a command of that tree."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = "from flows.cli import main; main()"
    command = [sys.executable, "-c", program, *words]
    subprocess.run(command, cwd=tree, env=environment(tree), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("since", nargs="?", help="a commit to compare with")
    parser.add_argument("--repeats", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
