"""Imaging, measured: ``python -m benchmarks.imaging [part ...]``; without parts, all of them.

Each part is a program of its own, ``benchmarks/imaging_PART.py``, that prints one line a figure;
its docstring says what is measured.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PARTS = tuple(sorted(path.stem.removeprefix("imaging_") for path in HERE.glob("imaging_*.py")))


def main() -> None:
    """Run the parts, one after the other, also after one that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    programs = [[sys.executable, "-m", f"benchmarks.imaging_{part}"] for part in chosen or PARTS]
    sys.exit(max(subprocess.run(program, check=False).returncode for program in programs))


if __name__ == "__main__":
    main()
