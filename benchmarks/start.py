"""From a clone to a healthy panel: ``make bench-start``. Cold, warm, and what the panel takes.

A clone of this repository is made in a temporary folder. ``make run`` is typed there twice: with
no environment (packages may lie in the installer's cache), and with it. The panel alone is then
started five times beside nothing else, and its memory is read after half a minute at rest.
"""

import argparse
import os
import signal
import subprocess
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flows.reach import answers, free_port
from flows.server import programs
from planner.settings import Settings

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print every figure with its load average."""
    asked = _arguments()
    with TemporaryDirectory() as folder:
        clone = Path(folder) / "kyoso"
        start = time.monotonic()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        _say("clone and make run, cold", run(clone, asked.free) + time.monotonic() - start, 300)
        for _ in range(asked.repeats):
            _say("make run, warm", run(clone, asked.free), 60)
        measured = [panel(Path(folder) / "data", asked.rest) for _ in range(5)]
    starts, cpu, memory = zip(*measured, strict=True)
    _say(f"the panel alone, median of {sorted(round(s, 1) for s in starts)}", median(starts), 6)
    print(f"of that {median(cpu):.1f} CPU seconds")
    print(f"its memory at rest: {median(memory):.0f} MB (below 150 wanted)")


def run(clone: Path, free: float) -> float:
    """Seconds from ``make run`` to a healthy panel. Everything is ended again."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KYOSO_", "VIRTUAL_"))}
    start = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"], cwd=clone, env=environment, start_new_session=True
    )
    try:
        while not answers(f"{programs.panel_address(port)}/_stcore/health"):
            if process.poll() is not None or time.monotonic() - start > 900:
                raise SystemExit("make run gave no panel")
            time.sleep(0.1)
        seconds = time.monotonic() - start
        time.sleep(free)  # the first design begins meanwhile
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    return seconds


def panel(data: Path, rest: float) -> tuple[float, float, float]:
    """Seconds until a panel alone is healthy, the CPU seconds of that, and its memory in MB after
    ``rest`` seconds."""
    program = programs.panel(Settings(data=data), free_port())
    assert program is not None
    start = time.monotonic()
    with subprocess.Popen(
        program.command, env=program.environment, stdout=subprocess.DEVNULL
    ) as process:
        while not program.is_well():
            time.sleep(0.05)
        seconds = time.monotonic() - start
        ticks = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").split()[13:15]
        time.sleep(rest)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        process.terminate()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return seconds, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), int(kilobytes) / 1000


def _say(what: str, seconds: float, wanted: float) -> None:
    load = os.getloadavg()[0]
    print(f"{what}: {seconds:.1f} s (below {wanted:g} wanted; load {load:.1f})", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="warm starts")
    parser.add_argument("--free", type=float, default=5, help="seconds that a server then runs")
    parser.add_argument("--rest", type=float, default=6, help="seconds before memory is read")
    return parser.parse_args()


if __name__ == "__main__":
    main()
