"""What every way of segmenting has in common."""

from typing import Protocol

import numpy as np

from models.arrays import Floats
from models.imaging.volume import Greys, ImageStack, Probabilities


class Segmenter(Protocol):
    """Something that says how probable each class is in every voxel of a stack."""

    @property
    def name(self) -> str:
        """How it is called in reports."""

    @property
    def names(self) -> tuple[str, ...]:
        """The classes, in the order of its shares."""

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """Shares (class, z, y, x) that sum to 1."""


def softmax(scores: Floats) -> Greys:
    """Shares along the first axis from logarithms that lack a common term."""
    belief = np.exp(scores - scores.max(axis=0))
    return np.asarray(belief / belief.sum(axis=0), np.float32)
