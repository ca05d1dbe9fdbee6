"""Stacks in TIFF, by tifffile: pages, tiles, BigTIFF, ImageJ, OME; the tags of microscopes are read
in ``tiff_tags``. Compressions that tifffile alone does not know are unpacked by Pillow."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from executors.imaging.readers.look import Asked, Axes, Look
from executors.imaging.readers.tiff_tags import info_bar, marks_of, names_of, tags_of
from planner.door.refused import Refused
from planner.door.words import said

CUT = ("page offset", "corrupt", "reshape", "truncated", "IFD", "series")
"""Words in the log of tifffile that tell of lost pages; it then reads what is left, silently."""
UNPACKED = (1, 8, 32946, 32773, 34925)
"""Compressions that tifffile unpacks alone: none, deflate, PackBits, LZMA."""
PREDICTED = (1, 2)
"""Predictors that it undoes alone: none, and differences."""
PALETTE = 3


def look(path: str, asked: Asked) -> Look:
    """What the tags say. Refused where pages are missing, or more is in it than one stack."""
    with _opened(path) as file:
        series = _series(file)
        shape, _, notes = _axes(file, series, asked)
        rows, told = info_bar(file, shape[1])
        return Look(
            (shape[0], rows, shape[2]),
            "|u1" if series.dtype.kind == "b" else series.dtype.str,
            tags_of(file),
            (*marks_of(file), *notes, *told),
            white_is_zero=file.pages[0].photometric == 0,
            names=names_of(file),
        )


def load(path: str, asked: Asked) -> np.ndarray:
    """The voxels (z, y, x)."""
    with _opened(path) as file:
        series = _series(file)
        shape, index, _ = _axes(file, series, asked)
        array = _unpacked(series, path)
        grey = array[index] if array.ndim == len(index) else array
        rows, _ = info_bar(file, shape[1])
        return np.ascontiguousarray(grey.reshape(shape)[:, :rows])


@contextmanager
def _opened(path: str) -> Iterator[Any]:
    """The file; Refused where the library stumbles, or only logs that pages are lost."""
    import tifffile

    lost = _LostPages()
    tifffile.logger().addHandler(lost)
    try:
        with tifffile.TiffFile(path, _multifile=False) as file:  # or OME leads to other files
            _ = file.series, len(file.pages)
            lost.check()
            yield file
            lost.check()
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever tifffile stumbles over
        raise Refused(f"is damaged, or no TIFF that can be read: {said(error)}") from error
    finally:
        tifffile.logger().removeHandler(lost)


class _LostPages(logging.Handler):
    """What tifffile logs of lost pages, where it raises nothing."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what tells of a loss."""
        if any(word in record.getMessage() for word in CUT):
            self.told.append(record.getMessage())

    def check(self) -> None:
        """Refused where something was lost."""
        if self.told:
            raise Refused(f"is damaged or cut off: tifffile says {self.told[0][:200]!r}")


def _series(file: Any) -> Any:
    """The one stack of a file; small copies of it and thumbnails do not count."""
    if not file.series:
        raise Refused("holds no picture")
    if file.is_ome and file.series[0].kind != "ome":
        raise Refused("refers to pages that lie in other files, or nowhere: read these one by one")
    whole = [s for s in file.series if not _is_small_copy(s, file.series[0])]
    if len(whole) > 1:
        sizes = "; ".join(" x ".join(map(str, s.shape)) for s in whole[:5])
        raise Refused(f"holds {len(whole)} stacks of different sizes ({sizes}), not one")
    return whole[0]


def _is_small_copy(series: Any, first: Any) -> bool:
    page = series.keyframe
    return series is not first and len(series.pages) == 1 and bool(
        page.is_reduced or series.size * 4 < first.size
    )  # fmt: skip


def _axes(file: Any, series: Any, asked: Asked) -> tuple[Any, Any, tuple[str, ...]]:
    """Shape (z, y, x), the index that leaves it, and what a person should know."""
    names, shape, notes = series.axes, series.shape, list[str]()
    if series.keyframe.photometric == PALETTE:
        notes.append("false colours: the numbers behind them were taken")
    if "S" in names:
        count = shape[names.index("S")]
        if names.endswith("S"):
            return _colour(file, series, names, shape)
        names = names.replace("S", "Z") if "Z" not in names else names
        notes.append(
            f"its {count} planes are marked as colours of one picture: read as {count} slices"
        )
    if "T" in names and "Z" not in names and shape[names.index("T")] > 1:
        notes.append("its slices are marked as times")
    has_other = any(n not in "YXC" and s > 1 for n, s in zip(names, shape, strict=True))
    if "C" in names and shape[names.index("C")] > 1 and not has_other and asked.channel is None:
        count = shape[names.index("C")]
        if count < 3 or _is_composite(file):
            raise Refused(
                f"holds {count} channels: say which one, from 1 to {count}, with --channel"
            )
        notes.append(f"its {count} slices are marked as channels")
    return (*Axes(names, tuple(shape)).stack(asked.channel), tuple(notes))


def _is_composite(file: Any) -> bool:
    return (file.imagej_metadata or {}).get("mode") in ("composite", "color")


def _colour(file: Any, series: Any, names: str, shape: Any) -> tuple[Any, Any, tuple[str, ...]]:
    """A picture in colours that are all the same grey is read; Refused where they differ."""
    picture = series.asarray()
    colours = picture[..., :3] if shape[-1] > 2 else picture[..., :1]
    if not (colours == colours[..., :1]).all():
        raise Refused(f"is a colour picture ({shape[-1]} samples a pixel differ), and no grey one")
    stack, index = Axes(names[:-1], tuple(shape[:-1])).stack(None)
    return stack, (*index, 0), ("a colour picture whose colours are one grey",)


def _unpacked(series: Any, path: str) -> Any:
    page = series.keyframe
    if page.compression in UNPACKED and page.predictor in PREDICTED:
        return series.asarray()
    return _by_pillow(series, path, str(page.compression.name))


def _by_pillow(series: Any, path: str, compression: str) -> np.ndarray:
    """Pages that tifffile cannot unpack without a further library. Refused where Pillow cannot."""
    from PIL import Image

    try:
        with Image.open(path, formats=("TIFF",)) as picture:
            pages = np.empty((len(series.pages), *series.keyframe.shape), series.dtype)
            for place, page in enumerate(series.pages):
                picture.seek(page.index)
                pages[place] = np.asarray(picture)
    except (OSError, ValueError, EOFError, TypeError, SyntaxError) as error:
        raise Refused(
            f"is packed by {compression}, which cannot be unpacked here ({said(error)}); save it "
            "without compression, or with ZIP (deflate)"
        ) from error
    return pages.reshape(series.shape)
