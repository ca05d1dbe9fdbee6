"""Reads orientation maps from files: the one place where they meet the disk.

It stands beside the executors, which are what touches files, so that ``models`` stays arrays in,
arrays out. Nothing of a file is believed that its points contradict.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from executors.orientation.readers.hdf5 import read_hdf5
from executors.orientation.readers.oxford import read_cpr
from executors.orientation.readers.points import Points, assemble
from executors.orientation.readers.table import read_csv
from executors.orientation.readers.text import read_ang, read_ctf
from models.orientation.map import OrientationMap, stack
from planner.door.words import said

READERS: dict[str, Callable[[Path, str | None], Points]] = {
    ".ang": read_ang,
    ".ctf": read_ctf,
    ".cpr": read_cpr,
    ".crc": read_cpr,
    ".h5": read_hdf5,
    ".oh5": read_hdf5,
    ".h5oina": read_hdf5,
    ".hdf5": read_hdf5,
    ".csv": read_csv,
}


def read_map(path: Path, symmetry: str | None = None) -> OrientationMap:
    """The map in a file; ``symmetry`` holds in the place of what the file says.

    ValueError names the file and what is wrong with it; OSError: it cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{path.name or path}: not one of the known kinds, {', '.join(READERS)}")
    try:
        return assemble(reader(path, symmetry))
    except (ValueError, LookupError, ArithmeticError, TypeError, MemoryError) as error:
        raise ValueError(f"{path.name}: {said(error) or 'it is damaged'}") from error


def read_maps(
    paths: Sequence[Path], symmetry: str | None = None, spacing: float | None = None
) -> OrientationMap:
    """One map, or serial sections in their order, ``spacing`` metres apart."""
    maps = [read_map(path, symmetry) for path in paths]
    if len(maps) == 1:
        return maps[0]
    if spacing is None:
        raise ValueError(f"{len(maps)} maps are serial sections: say how far apart they are")
    return stack(maps, spacing)
