"""Which files of a job are what: stacks, slices, what stands beside them, orientation maps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from executors.imaging.readers.folder import SLICE, suffix
from executors.imaging.readers.tasks import SUFFIXES
from executors.imaging.training_pairs import are_labels
from executors.orientation.outcomes import whole_maps
from executors.orientation.readers import READERS

BESIDE = (".txt", ".hdr")
"""Where microscopes write the size of a pixel."""
STACKS = tuple(s for s in SUFFIXES if s != ".zarr")
MAPS = tuple(s for s in READERS if s not in SUFFIXES)
"""HDF5 without more in its name is a stack here."""
ENDINGS = (*STACKS, *BESIDE)


@dataclass(frozen=True)
class JobFiles:
    """The files of a job by what they are, each in the order of names."""

    pictures: tuple[str, ...]
    """Stacks, or slices of one."""
    labels: tuple[str, ...]
    """What a person said of the stack: ``bulk_labels.tif`` of ``bulk.tif``."""
    beside: tuple[str, ...]
    maps: tuple[str, ...]

    @property
    def is_sliced(self) -> bool:
        """Whether the pictures are slices of one stack: their names differ in numbers alone."""
        patterns = {re.sub(r"\d+", "#", name) for name in self.pictures}
        return len(self.pictures) > 1 and len(patterns) == 1 and suffix(self.pictures[0]) in SLICE


def sorted_out(names: Iterable[str]) -> JobFiles:
    """What each file is, by its ending."""
    there = sorted(names)

    def of(*endings: str) -> tuple[str, ...]:
        return tuple(name for name in there if name.lower().endswith(endings))

    pictures = of(*STACKS)
    labels = tuple(name for name in pictures if are_labels(Path(name)))
    stacks = tuple(name for name in pictures if name not in labels)
    return JobFiles(stacks, labels, of(*BESIDE), of(*MAPS))


def doubt(files: Mapping[str, Path]) -> str | None:
    """What the files leave open, as a question; None where nothing is."""
    sample = sorted_out(files)
    whole = whole_maps(sample.maps)
    if not sample.pictures and not whole:
        came = " and ".join((*sample.beside, *sample.labels))
        return f"{came} came without the pictures; waiting for them"
    if len(sample.pictures) > 1 and not sample.is_sliced:
        return f"{' and '.join(sample.pictures)}: which one holds?"
    for named in (whole, sample.labels):
        if len(named) > 1:
            return f"{' and '.join(named)}: which one holds?"
    return None
