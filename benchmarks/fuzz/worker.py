"""Tries damaged files, in a process of its own with limits, and tells of each. By hand:
``python -m benchmarks.fuzz.worker FOLDER KIND:NUMBER ...``
"""

import json
import os
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

MEMORY, SECONDS = 2_000_000_000, 60.0
"""Of one file."""
ADDRESSES = 6_000_000_000
"""Bytes that the whole process may address: a file that takes more ends it."""
SOUND = "sound"
"""In the place of a number: the file without damage."""
_MADE: list[str] = []
"""Files that were opened for writing, made, renamed or removed since the last look."""


def main() -> None:
    """Try the files that the arguments name; a line of JSON for each."""
    folder, cases = Path(sys.argv[1]), [case.rpartition(":") for case in sys.argv[2:]]
    _go_home(folder)
    from benchmarks.fuzz.doors import quiet
    from benchmarks.fuzz.seeds import SEEDS

    quiet()
    seeds = {kind: SEEDS[kind]() for kind in {kind for kind, _, _ in cases}}
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    sys.addaudithook(_note)
    print(json.dumps({"ready": _most_memory()}), flush=True)
    for kind, _, number in cases:
        print(json.dumps(_tried(kind, number, seeds[kind], folder)), flush=True)


def _most_memory() -> int:
    """Bytes that this program has held at most; ``getrusage`` would count what its parent held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _go_home(folder: Path) -> None:
    """Everything that programs write of themselves goes below ``folder``."""
    for name, place in (("HOME", "home"), ("TMPDIR", "tmp"), ("KYOSO_DATA", "data"),
                        ("MPLCONFIGDIR", "home"), ("XDG_CACHE_HOME", "home")):  # fmt: skip
        (folder / place).mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder / place)
    (folder / "work").mkdir(exist_ok=True)
    os.chdir(folder / "work")


def _tried(kind: str, number: str, seeds: dict[str, bytes], folder: Path) -> dict[str, Any]:
    from benchmarks.fuzz.damage import damaged
    from benchmarks.fuzz.doors import ways

    place = folder / "work" / f"{kind} {number}"
    place.mkdir()
    for name, content in seeds.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    path = place / next(iter(seeds))
    if number != SOUND:
        path.write_bytes(damaged(path.read_bytes(), random.Random(f"{kind} {number}")))
    os.environ["KYOSO_DATA"] = str(folder / "data" / place.name)
    _MADE.clear()
    begun = time.monotonic()
    found = [way() for way in ways(kind, path)]
    seconds = time.monotonic() - begun
    faults = [o.fault for o in found if o.fault] + _elsewhere(folder, place)
    memory = _most_memory()
    if seconds > SECONDS:
        faults.append(f"it took {seconds:.0f} s")
    if memory > MEMORY:
        faults.append(f"it took {memory / 1e9:.1f} GB")
    accepted = found[0].is_accepted
    return {"case": f"{kind}:{number}", "accepted": accepted, "faults": faults,
            "seconds": seconds, "memory": memory, "said": found[0].said[-200:]}  # fmt: skip


def _elsewhere(folder: Path, place: Path) -> list[str]:
    """What was written outside of the places that are meant for it."""
    meant = [folder / "data", folder / "tmp", folder / "home", place, Path("/dev/null")]
    strays = {p for p in _MADE if not any(Path(p).is_relative_to(m) for m in meant)}
    return [f"it wrote {stray}" for stray in sorted(strays)]


def _note(event: str, details: tuple[Any, ...]) -> None:
    """What Python tells before it does something (``sys.addaudithook``)."""
    if event == "open" and isinstance(details[0], str | os.PathLike):
        writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        if isinstance(details[2], int) and details[2] & writes:
            _MADE.append(os.path.abspath(details[0]))
    elif event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink"):
        below = any(isinstance(d, int) and d > 2 for d in details[-2:]) and event != "os.mkdir"
        _MADE.extend(os.path.abspath(d) for d in details[:2] if isinstance(d, str) and not below)


if __name__ == "__main__":
    main()
