"""Chords: what test lines along an axis cut out of a class, and those that the frame cuts."""

from dataclasses import dataclass, field

import numpy as np

from models.arrays import Flags, Floats, Integers


@dataclass(frozen=True, eq=False)
class Chords:
    """Along one axis, in voxels."""

    whole: Integers = field(repr=False)
    """Lengths of those that begin and end in the volume, (n,)."""
    cut: Integers = field(repr=False)
    """What is seen of those that the frame cuts at one end, (m,)."""


def chords(inside: Flags, axis: int) -> Chords:
    """Of a class (z, y, x) along an axis. ProbeLines that never leave it say nothing."""
    lines = np.moveaxis(inside, axis, -1)
    padded = np.zeros((*lines.shape[:-1], lines.shape[-1] + 2), dtype=np.int8)
    padded[..., 1:-1] = lines
    change = np.diff(padded, axis=-1).reshape(-1, lines.shape[-1] + 1)
    begin = np.nonzero(change == 1)[1]
    end = np.nonzero(change == -1)[1]
    length = end - begin
    ends = (begin == 0).astype(int) + (end == lines.shape[-1])
    return Chords(length[ends == 0], length[ends == 1])


def distribution(found: Chords) -> tuple[Integers, Floats]:
    """Lengths in voxels (k,) and the share of all chords that are not longer, (k,).

    A cut chord is longer than what is seen of it: the estimator of E. Kaplan and P. Meier (J. Am.
    Stat. Assoc. 53, 457, 1958). A whole chord is met from both of its ends, a cut one from one.
    Where the longest chord seen is a cut one the shares end below 1.
    """
    lengths = np.unique(found.whole)
    if not len(lengths):
        return lengths, np.zeros(0)
    ended = 2 * np.searchsorted(np.sort(found.whole), lengths, side="right")
    ended = np.diff(ended, prepend=0)
    at_risk = 2 * (found.whole.size - np.searchsorted(np.sort(found.whole), lengths)) + (
        found.cut.size - np.searchsorted(np.sort(found.cut), lengths)
    )
    return lengths, 1 - np.cumprod(1 - ended / at_risk)


def percentile(found: Chords, share: float) -> float | None:
    """Length in voxels that this share of chords does not exceed, within the step of a voxel; None
    where cut chords hide it. A chord of n voxels is n - 1/2 to n + 1/2 long."""
    lengths, upto = distribution(found)
    at = int(np.searchsorted(upto, share))
    if at == len(lengths):
        return None
    below = upto[at - 1] if at else 0.0
    return float(lengths[at] - 0.5 + (share - below) / (upto[at] - below))
