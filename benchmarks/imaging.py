"""Imaging, measured: ``python -m benchmarks.imaging [part ...]``; without parts, all of them.

Each part is a file ``benchmarks/imaging_PART.py`` with a function ``main`` that prints one line a
figure; its docstring says what is measured.
"""

import argparse
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
PARTS = tuple(sorted(path.stem.removeprefix("imaging_") for path in HERE.glob("imaging_*.py")))


def main() -> None:
    """Run the parts, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in chosen or PARTS:
        import_module(f"benchmarks.imaging_{part}").main()


if __name__ == "__main__":  # other processes import this file
    main()
