"""What a network learns from: greys with classes where a person, or a simulator, said them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import Flags
from models.imaging.unet.greys import View, view_of
from models.imaging.volume import UNLABELLED, Greys


@dataclass(frozen=True, eq=False)
class Example:
    """One stack with labels; ValueError where they do not fit or nothing is labelled."""

    grey: Greys = field(repr=False)
    """(z, y, x), in units of its own spread (``view_of``)."""
    classes: NDArray[np.uint8] = field(repr=False)
    """(z, y, x): numbers of classes, ``UNLABELLED`` elsewhere."""
    name: str = ""
    follows: bool = True
    """Whether neighbouring slices show neighbouring depths, and not other places."""

    def __post_init__(self) -> None:
        if self.grey.shape != self.classes.shape:
            raise ValueError(
                f"{self.name}: labels are {self.classes.shape} voxels, the stack {self.grey.shape}"
            )
        if not (self.classes != UNLABELLED).any():
            raise ValueError(f"{self.name}: no voxel is labelled")

    @property
    def view(self) -> View:
        """How a network looks at it."""
        return View(0.0, 1.0, self.follows)

    @property
    def labelled(self) -> list[int]:
        """Slices with labels."""
        return [int(z) for z in np.flatnonzero((self.classes != UNLABELLED).any(axis=(1, 2)))]


def example(grey: Greys, classes: NDArray[np.uint8], name: str = "") -> Example:
    """A stack and its labels, ready to learn from."""
    view = view_of(grey)
    return Example(view.of(grey), classes, name, view.follows)


def held_back(examples: Sequence[Example]) -> tuple[list[Example], list[Example], str]:
    """What is learned from, what is kept for scores and calibration, and which that is.

    Of four stacks or more, one in five is kept, the last ones. Of fewer, the last fifth of the
    rows of each: the same rows in all its slices, since neighbours show nearly the same.
    """
    if len(examples) >= 4:
        kept = max(len(examples) // 5, 1)
        names = ", ".join(part.name for part in examples[-kept:])
        return list(examples[:-kept]), list(examples[-kept:]), f"stacks {names}"
    learned, held = [], []
    for part in examples:
        below = np.zeros(part.grey.shape, bool)
        below[:, part.grey.shape[1] * 4 // 5 :] = True
        learned.append(_only(part, ~below))
        held.append(_only(part, below))
    return learned, held, "the last fifth of the rows of each stack"


def _only(part: Example, where: Flags) -> Example:
    classes = np.where(where, part.classes, np.uint8(UNLABELLED)).astype(np.uint8)
    return Example(part.grey, classes, part.name, part.follows)
