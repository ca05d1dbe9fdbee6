"""Stacks in Zarr (a folder, versions 2 and 3), by zarr; edges as OME-Zarr writes them. Codecs that
could run a stranger's code (pickle) are refused before anything is unpacked."""

import json
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from executors.imaging.readers.hdf5 import is_stack, only, tags_of
from executors.imaging.readers.look import Asked, Axes, Look
from executors.imaging.voxel import VoxelTag
from planner.door.refused import Refused

SAFE = {"bytes", "transpose", "gzip", "zlib", "zstd", "blosc", "lz4", "bz2", "lzma", "crc32c",
        "sharding_indexed", "shuffle", "delta"}  # fmt: skip
"""Codecs that are unpacked."""
MOST_METADATA = 5_000_000
"""Bytes of the text that describes an array."""
BLOSC_HEAD = 16
"""Bytes of the head of a chunk; the last four are its length."""
DEEPEST = 5
"""Groups within groups that are looked through."""


def look(path: str, asked: Asked) -> Look:
    """What the array's head says."""
    array, names, tags = _chosen(path, asked)
    shape, _ = Axes(names, array.shape).stack(asked.channel)
    return Look(shape, array.dtype.str, tuple(tags), _unwritten(array))


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    array, names, _ = _chosen(path, asked)
    shape, index = Axes(names, array.shape).stack(asked.channel)
    return np.asarray(array[index]).reshape(shape)


def _chosen(path: str, asked: Asked) -> tuple[Any, str, list[VoxelTag]]:
    """The array, a letter for each of its axes, and its tags."""
    import zarr

    place = Path(path)
    if _is_array(place):
        _check_codecs(place)
        return _plain(zarr.open_array(path, mode="r"))
    group = zarr.open_group(path, mode="r", use_consolidated=False)
    finest = _finest(group.attrs)
    array = _array_in(group, asked.dataset or (finest.path if finest else ""))
    _check_codecs(place / array.path)
    if finest and finest.path == array.path and len(finest.axes) == array.ndim:
        return array, "".join(axis.letter for axis in finest.axes), finest.tags
    return _plain(array)


def _array_in(group: Any, wanted: str) -> Any:
    import zarr

    members = sorted(group.members(max_depth=DEEPEST), key=itemgetter(0))
    arrays = {
        name: item
        for name, item in sorted(members, key=itemgetter(0))
        if isinstance(item, zarr.Array)
    }
    if not wanted:
        return only({name: item for name, item in arrays.items() if is_stack(item)})
    if (name := wanted.strip("/")) not in arrays:
        raise Refused(f"holds no array {wanted!r}; there are {', '.join(arrays) or 'none'}")
    return arrays[name]


def _plain(array: Any) -> tuple[Any, str, list[VoxelTag]]:
    """An array without words about its axes."""
    if not 2 <= array.ndim <= 3:
        raise Refused(f"holds an array of {array.ndim} axes without saying which is which")
    return array, "ZYX"[-array.ndim :], tags_of(array.attrs, "Zarr")


def _is_array(place: Path) -> bool:
    return (place / ".zarray").is_file() or _head(place / "zarr.json").get("node_type") == "array"


def _head(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    if path.stat().st_size > MOST_METADATA:
        raise Refused(f"has a {path.name} of more than {MOST_METADATA} bytes")
    told = json.loads(path.read_text(encoding="utf-8"))
    return told if isinstance(told, dict) else {}


def _check_codecs(place: Path) -> None:
    """Refused where an array is packed by what is not known to be harmless."""
    second, third = _head(place / ".zarray"), _head(place / "zarr.json")
    filters, codecs = second.get("filters") or (), third.get("codecs") or ()
    names = list(_names([*filters, second.get("compressor"), *codecs]))
    _check_blosc(place, names)
    if strange := sorted(set(names) - SAFE):
        raise Refused(f"is packed by {strange[0][:60]!r}; unpacked are {', '.join(sorted(SAFE))}")


def _check_blosc(place: Path, names: list[str]) -> None:
    """Refused where a chunk is shorter or longer than its head says: the library of blosc does not
    compare them, and gives whatever lies in the memory behind a chunk that was cut off."""
    if "blosc" not in names:
        return
    if names[-1] != "blosc" or "sharding_indexed" in names:
        raise Refused("has blosc within shards, or packed again; that is not unpacked")
    for chunk in place.rglob("*"):
        if chunk.is_file() and not chunk.name.startswith((".z", "zarr.json")):
            with chunk.open("rb") as file:
                head = file.read(BLOSC_HEAD)
            told, length = int.from_bytes(head[12:], "little"), chunk.stat().st_size
            if told != length:
                name = chunk.relative_to(place)
                raise Refused(f"has a damaged chunk: {name} has {length} bytes, not {told}")


def _names(codecs: Any) -> Iterator[str]:
    """Names of codecs, also of those within a shard."""
    for codec in codecs:
        if not isinstance(codec, dict):
            yield from () if codec is None else (str(codec),)
            continue
        yield str(codec.get("id", codec.get("name"))).removeprefix("numcodecs.")
        inside = codec.get("configuration") or {}
        yield from _names([*inside.get("codecs", ()), *inside.get("index_codecs", ())])


class _Axis(NamedTuple):
    letter: str
    edge: float
    unit: str


class _Finest(NamedTuple):
    """The image of full size of OME-Zarr."""

    path: str
    axes: list[_Axis]

    @property
    def tags(self) -> list[VoxelTag]:
        """The edges of its voxels."""
        return [VoxelTag(axis.letter.lower(), axis.edge, axis.unit, "OME-Zarr scale")
                for axis in self.axes if axis.letter in "ZYX"]  # fmt: skip


def _finest(attributes: Any) -> _Finest | None:
    """None where the group is no image of OME-Zarr, of version 0.4 or 0.5."""
    inside = attributes.get("ome")
    told = inside if isinstance(inside, dict) else attributes
    try:
        image = told["multiscales"][0]
        finest = image["datasets"][0]
        fine, whole = _scale(finest), _scale(image)
        axes = [
            _Axis(str(axis["name"]).upper()[:1], fine[n] * (whole[n] if whole else 1.0),
                  str(axis.get("unit", "")))
            for n, axis in enumerate(image["axes"])
        ]  # fmt: skip
        return _Finest(str(finest["path"]).strip("/"), axes)
    except (TypeError, KeyError, IndexError, ValueError):
        return None


def _scale(image: Any) -> list[float]:
    """Edges by axis; none where nothing is said."""
    steps = image.get("coordinateTransformations", ())
    return next((list(map(float, step["scale"])) for step in steps if "scale" in step), [])


def _unwritten(array: Any) -> tuple[str, ...]:
    """Zarr reads what is not there as its fill value and says nothing."""
    there, count = array.nchunks_initialized, array.nchunks
    if there == count:
        return ()
    if there == 0:
        raise Refused(f"holds no voxel: none of its {count} chunks is there")
    return (f"{count - there} of {count} chunks are not there: read as {array.fill_value}",)
