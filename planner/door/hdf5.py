"""HDF5 from outside, as plain arrays. The library reads it in a child; no link is followed, and no
data of other files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planner.door.bounds import ARTIFACT, MB, size
from planner.door.child import in_child
from planner.door.files import check_file
from planner.door.refused import Refused
from planner.door.words import said

SMALL = 10_000
"""Values of an array that is read whatever its name is."""
TOTAL = 800 * MB
"""Bytes of all arrays that are read."""
OBJECTS, DEPTH = 5_000, 10
"""Groups and arrays in a file, and how deep they lie."""


def read_hdf5(path: Path, large: Sequence[str]) -> dict[str, Any]:
    """The file as groups (dictionaries) of arrays and texts. Of arrays with more than ``SMALL``
    values only those whose name is in ``large``. Refused where it is damaged, refers to other
    files, or holds too much."""
    check_file(path, ARTIFACT)
    tree: dict[str, Any] = {}
    for name, value in in_child(
        arrays, str(path.resolve()), *large, needs=["h5py", "numpy"]
    ).items():
        *folders, last = name.split("/")
        group = tree
        for folder in folders:
            group = group.setdefault(folder, {})
        group[last] = value
    return tree


def arrays(path: str, *large: str) -> dict[str, Any]:
    """The same by the whole name of each; the task of the child."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return _read(file, large)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # h5py lets through whatever it stumbles over
        raise Refused(f"cannot be read as HDF5: {said(error)}") from error


def _read(file: Any, large: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    total = 0
    for name, item in datasets(file):
        value, count = _value(name, item, large)
        total += count
        if total > TOTAL:
            raise Refused(f"holds more than {size(TOTAL)} of numbers")
        if value is not None:
            found[name] = value
    return found


def datasets(
    group: Any, before: str = "", depth: int = 0, counted: list[int] | None = None
) -> Iterator[tuple[str, Any]]:
    """Every array with its whole name, below ``before``, found without following a link. Refused
    where there are too many, or one lies in another file."""
    import h5py

    count = counted or [0]
    for name in group:
        count[0] += 1
        if count[0] > OBJECTS or depth > DEPTH:
            raise Refused(f"holds more than {OBJECTS} groups and arrays, or more than {DEPTH} deep")
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            raise Refused(f"refers to another file at {before}{name}; that is not followed")
        if not isinstance(link, h5py.HardLink):
            continue
        item = group[name]
        if isinstance(item, h5py.Group):
            yield from datasets(item, f"{before}{name}/", depth + 1, count)
        elif isinstance(item, h5py.Dataset):
            if item.external or item.is_virtual:
                raise Refused(f"keeps {before + name} in another file; that is not read")
            yield before + name, item


def _value(name: str, item: Any, large: Sequence[str]) -> tuple[Any, int]:
    """What is read of an array, and how many bytes; None where it is left out."""
    if item.shape is None or (item.size > SMALL and name.rpartition("/")[2] not in large):
        return None, 0
    if item.nbytes > TOTAL:
        raise Refused(f"holds more than {size(TOTAL)} of numbers in {name}")
    if item.dtype.kind in "iufb":
        return item[()], item.nbytes
    if item.dtype.kind in "SO" and item.size == 1:
        return _text(item[()]), 1000
    return None, 0


def _text(value: Any) -> str | None:
    while getattr(value, "shape", None):
        value = value[0]
    if isinstance(value, bytes):
        return value[:1000].decode("utf-8", "replace")
    return value[:1000] if isinstance(value, str) else None
