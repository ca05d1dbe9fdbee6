"""Stacks and their labels in a folder: which belong together, and which voxels nobody labelled.

``cell.tif`` goes with ``cell_labels.tif``, ``images/a.tif`` with ``labels/a.tif``, ``1/stack.tif``
with ``1/labels.tif``: names are compared without the words that say what a file is.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from executors.imaging.readers import look_at, read_labels, read_stack
from executors.imaging.readers.tasks import SUFFIXES
from executors.imaging.voxel import Given
from models.imaging.volume import ImageStack, LabelledVolume, Voxel

LABEL_WORDS = {"label", "labels", "labelled", "mask", "masks", "truth", "seg", "segmentation"}
STACK_WORDS = {"stack", "stacks", "image", "images", "grey", "greys", "raw", "sem"}
UNKNOWN = 255
"""Of a voxel that nobody labelled; a file that holds only 0 and 255 is a mask of two classes."""
type Files = defaultdict[tuple[str, ...], list[Path]]
UNSIZED: Given = (1e-9, 1e-9, 1e-9)


@dataclass(frozen=True, eq=False)
class Pair:
    """A stack with the classes that people gave it."""

    name: str
    stack: ImageStack = field(repr=False)
    classes: NDArray[np.uint8] = field(repr=False)
    """(z, y, x): numbers of ``names``; ``UNKNOWN`` where nobody said."""
    names: tuple[str, ...]
    voxel_m: Voxel | None
    """None where neither file nor person says it."""
    notes: tuple[str, ...]


def read_pairs(
    folder: Path, voxel: Given | None = None, names: Sequence[str] = (),
    unlabelled: int | None = None,
) -> list[Pair]:  # fmt: skip
    """All pairs of a folder and the folders in it, in the order of their names.

    ``unlabelled``: the number of voxels that nobody labelled, where it is another than 255.
    ValueError names a file that has no partner or does not fit.
    """
    pairs = [
        _read(
            str(stack.relative_to(folder).with_suffix("")), stack, labels, voxel, names, unlabelled
        )
        for stack, labels in find_pairs(folder)
    ]
    count = max(len(pair.names) for pair in pairs)
    if any(pair.names != pairs[0].names for pair in pairs):
        longest = next(pair.names for pair in pairs if len(pair.names) == count)
        if any(pair.names != longest[: len(pair.names)] for pair in pairs):
            told = "; ".join(f"{pair.name}: {', '.join(pair.names)}" for pair in pairs[:5])
            raise ValueError(f"{folder}: the labels have different classes ({told}); --names")
        return [_renamed(pair, longest) for pair in pairs]
    return pairs


def find_pairs(folder: Path) -> list[tuple[Path, Path]]:
    """Stack and labels of each pair. ValueError where there is none, or one is alone."""
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    stacks: Files = defaultdict(list)
    labels: Files = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            name = path.relative_to(folder)
            (labels if are_labels(name) else stacks)[_key(name)].append(path)
    for files in (*stacks.values(), *labels.values()):
        if len(files) > 1:
            raise ValueError(f"{folder}: {files[0].name} and {files[1].name} claim one partner")
    pairs = [(stacks[key][0], labels[key][0]) for key in stacks if key in labels]
    if alone := [files[0] for key, files in labels.items() if key not in stacks]:
        raise ValueError(f"{folder}: there is no stack for the labels {alone[0].name}")
    if not pairs:
        raise ValueError(
            f"{folder} holds no stack with labels: a.tif with a_labels.tif, or images/a.tif with "
            "labels/a.tif"
        )
    return pairs


def are_labels(path: Path) -> bool:
    """Whether a file is called as one that holds labels."""
    return bool(_words(path) & LABEL_WORDS)


def _words(path: Path) -> set[str]:
    return set(_all_words(path))


def _all_words(path: Path) -> list[str]:
    text = "/".join((*path.parts[:-1], path.stem)).lower()
    return [word for word in re.split(r"[^a-z0-9]+", text) if word]


def _key(path: Path) -> tuple[str, ...]:
    """A name without the words that say what kind of file it is."""
    return tuple(w for w in _all_words(path) if w not in LABEL_WORDS | STACK_WORDS)


def _read(
    name: str, stack: Path, labels: Path, voxel: Given | None, names: Sequence[str],
    unlabelled: int | None,
) -> Pair:  # fmt: skip
    sized = voxel is not None or _says_size(stack)
    greys = read_stack(stack, voxel if sized else UNSIZED)
    volume = read_labels(labels, voxel or greys.voxel_m, trust=True)
    if volume.classes.shape != greys.shape:
        raise ValueError(
            f"{labels.name}: {volume.classes.shape} voxels, but {stack.name} has {greys.shape}"
        )
    classes, chosen, notes = _classes(volume, names, unlabelled, labels.name)
    size = greys.voxel_m if sized else None
    return Pair(name, greys, classes, chosen, size, (*greys.notes, *notes))


def _says_size(path: Path) -> bool:
    """Whether the file says how large a voxel is, along all axes."""
    head = look_at(path)
    told = {tag.axis for tag in head.tags if tag.metres}
    return {"x", "y"} <= told and ("z" in told or head.shape[0] == 1)


def _classes(
    volume: LabelledVolume, names: Sequence[str], unlabelled: int | None, file: str
) -> tuple[NDArray[np.uint8], tuple[str, ...], tuple[str, ...]]:
    """Classes with ``UNKNOWN``, their names, and what was taken for granted."""
    nobody = f"class {UNKNOWN if unlabelled is None else unlabelled}"
    said = [n for n in volume.names if n != nobody or len(volume.names) <= 2]
    table = np.full(len(volume.names), UNKNOWN, np.uint8)
    for place, name in enumerate(said):
        table[volume.names.index(name)] = place
    if names and len(names) < len(said):
        raise ValueError(f"{file}: {len(said)} classes for the names {list(names)}")
    classes, notes = table[volume.classes], tuple[str, ...]()
    chosen = tuple(names) or tuple(said)
    if unlabelled is None and (empty := _empty_slices(classes)):
        classes[empty] = UNKNOWN
        notes = (f"{file}: slices that hold only {said[0]} are taken as not labelled: {empty}",)
    return classes, chosen, notes


def _empty_slices(classes: NDArray[np.uint8]) -> list[int]:
    """Slices wholly of class 0, where others are not: what napari and Fiji leave untouched."""
    untouched = [z for z, part in enumerate(classes) if not part.any()]
    return untouched if 0 < len(untouched) < len(classes) else []


def _renamed(pair: Pair, names: tuple[str, ...]) -> Pair:
    return replace(pair, names=names)
