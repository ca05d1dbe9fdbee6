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
from executors.imaging.readers.look import AS_IT_IS, ReadingChoice
from executors.imaging.readers.tasks import SUFFIXES
from executors.imaging.voxel import Given
from models.imaging.volume import UNLABELLED, ImageStack, LabelledVolume, Voxel

LABEL_WORDS = {"label", "labels", "labelled", "mask", "masks", "truth", "seg", "segmentation", "gt",
                "annotation", "annotations"}  # fmt: skip
STACK_WORDS = {"stack", "stacks", "image", "images", "grey", "greys", "raw", "sem", "img", "imgs"}
type Files = defaultdict[tuple[str, ...], list[Path]]
UNSIZED: Given = (1e-9, 1e-9, 1e-9)
_NUMBER = re.compile(r"class -?[0-9]+")


@dataclass(frozen=True, eq=False)
class Pair:
    """A stack with the classes that people gave it."""

    name: str
    stack: ImageStack = field(repr=False)
    classes: NDArray[np.uint8] = field(repr=False)
    """(z, y, x): numbers of ``names``; ``UNLABELLED`` where nobody said."""
    names: tuple[str, ...]
    voxel_m: Voxel | None
    """None where neither file nor person says it."""
    notes: tuple[str, ...]


def read_pairs(
    folder: Path, voxel: Given | None = None, names: Sequence[str] = (),
    unlabelled: int | None = None, reading: ReadingChoice = AS_IT_IS,
) -> list[Pair]:  # fmt: skip
    """All pairs of a folder and the folders in it, in the order of their names.

    ``unlabelled``: the number of voxels that nobody labelled, where it is another than 255.
    ValueError names a file that has no partner or does not fit.
    """
    found = [_read(folder, *files, voxel, reading) for files in find_pairs(folder)]
    return _together(found, str(folder), names, unlabelled)


def read_pair(
    stack: Path, labels: Path, voxel: Given | None = None, names: Sequence[str] = ()
) -> Pair:
    """A stack and its labels, whatever they are called. ValueError names what does not fit."""
    found = _read(stack.parent, stack, labels, voxel, AS_IT_IS)
    return _together([found], labels.name, names, None)[0]


def _together(
    found: Sequence[tuple[Pair, LabelledVolume]], where: str, names: Sequence[str],
    unlabelled: int | None,
) -> list[Pair]:  # fmt: skip
    """The pairs with the same names for the same numbers."""
    table = _numbered([labels for _, labels in found], names, unlabelled)
    pairs = [_classified(pair, labels, names, unlabelled, table) for pair, labels in found]
    longest = max((pair.names for pair in pairs), key=len)
    if len(longest) < 2:
        raise ValueError(f"{where}: the labels hold {longest[0]} alone; there must be two classes")
    if any(pair.names != longest[: len(pair.names)] for pair in pairs):
        told = "; ".join(f"{pair.name}: {', '.join(pair.names)}" for pair in pairs[:5])
        raise ValueError(f"{where}: the labels have different classes ({told}); --names")
    return [replace(pair, names=longest) for pair in pairs]


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
    folder: Path, stack: Path, labels: Path, voxel: Given | None, reading: ReadingChoice
) -> tuple[Pair, LabelledVolume]:
    """A pair with the numbers of its file, and what that file calls them."""
    sized = voxel is not None or _says_size(stack, reading)
    greys = read_stack(
        stack, voxel if sized else UNSIZED, dataset=reading.dataset, channel=reading.channel,
        trust=reading.trust or not sized,
    )  # fmt: skip
    volume = read_labels(labels, voxel or greys.voxel_m, trust=True)
    if volume.classes.shape != greys.shape:
        raise ValueError(
            f"{labels.name}: {volume.classes.shape} voxels, but {stack.name} has {greys.shape}"
        )
    name = str(stack.relative_to(folder).with_suffix(""))
    size = greys.voxel_m if sized else None
    notes = greys.notes if sized else (f"{stack.name}: no voxel size, none is kept", *_other(greys))
    numbers = volume.classes.astype(np.uint8)
    return Pair(name, greys, numbers, volume.names, size, notes), volume


def _other(greys: ImageStack) -> tuple[str, ...]:
    """Notes about anything but the voxel."""
    return tuple(n for n in greys.notes if not n.startswith(("voxel ", "the file says ")))


def _says_size(path: Path, reading: ReadingChoice) -> bool:
    """Whether the file says how large a voxel is, along all axes."""
    head = look_at(path, reading.dataset, reading.channel)
    told = {tag.axis for tag in head.tags if tag.metres}
    return {"x", "y"} <= told and ("z" in told or head.shape[0] == 1)


def _numbered(
    volumes: Sequence[LabelledVolume], names: Sequence[str], unlabelled: int | None
) -> tuple[str, ...] | None:
    """Classes that have only numbers, of all files together: a picture may lack one of them, such
    as a mask without a pore. None where files carry names, or no file has all numbers."""
    if not all(_NUMBER.fullmatch(name) for volume in volumes for name in volume.names):
        return None
    files = [{int(name[6:]) for name in volume.names} for volume in volumes]
    numbers = set.union(*files)
    below = set(range(len(names) + (unlabelled is not None and unlabelled < len(names))))
    is_whole = numbers in files
    if unlabelled is not None or len(numbers) > 2:
        numbers -= {UNLABELLED if unlabelled is None else unlabelled}
    if numbers <= below:  # then they are places among the names
        numbers = below - {unlabelled}
    elif not is_whole:
        return None
    return tuple(f"class {n}" for n in sorted(numbers))


def _classified(
    pair: Pair, volume: LabelledVolume, names: Sequence[str], unlabelled: int | None,
    numbered: tuple[str, ...] | None,
) -> Pair:  # fmt: skip
    """The pair with ``UNLABELLED``, the names of its classes, and what was taken for granted."""
    said = list(numbered or volume.names)
    if not numbered:
        nobody = f"class {UNLABELLED if unlabelled is None else unlabelled}"
        said = [n for n in said if n != nobody or len(said) <= 2]
    if names and len(names) < len(said):
        raise ValueError(f"{pair.name}: {len(said)} classes for the names {list(names)}")
    places = [said.index(name) if name in said else UNLABELLED for name in volume.names]
    classes, notes = np.array(places, np.uint8)[volume.classes], tuple[str, ...]()
    if unlabelled is None and (empty := _empty_slices(classes)):
        classes[empty] = UNLABELLED
        notes = (f"{pair.name}: slices of {said[0]} alone are taken as not labelled: {empty}",)
    return replace(pair, classes=classes, names=tuple(names or said), notes=(*pair.notes, *notes))


def _empty_slices(classes: NDArray[np.uint8]) -> list[int]:
    """Slices wholly of class 0, where others are not: what napari and Fiji leave untouched."""
    untouched = [z for z, part in enumerate(classes) if not part.any()]
    return untouched if 0 < len(untouched) < len(classes) else []
