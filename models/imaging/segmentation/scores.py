"""How good a segmentation is where the truth is known, for each class on its own.

The majority class alone says nothing: a picture that is all matrix overlaps with it by 0.8.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import Flags, Floats, Integers
from models.imaging.volume import Greys, LabelledVolume, Probabilities

BINS = 15
"""Of probability, for the calibration error."""
LEAST = 1e-6
"""A probability is not counted as smaller; a certain error would cost without end."""


@dataclass(frozen=True)
class SegmentationScores:
    """Against a known truth. Classes that neither has are left out of ``iou`` and its mean."""

    iou: Mapping[str, float]
    """Intersection over union of each class."""
    log_loss: float
    """Mean of -ln(probability of the true class)."""
    share_log_loss: float
    """The same of one who knows the shares of the classes, and no picture."""
    calibration_error: Mapping[str, float]
    """Mean distance of a class's told probability from how often it is true, over bins."""

    @property
    def mean_iou(self) -> float:
        """Over the classes, each counted once."""
        return float(np.mean(list(self.iou.values())))


def scored(found: Probabilities, truth: LabelledVolume) -> SegmentationScores:
    """ValueError where classes or shapes are not the same; the order of classes may differ."""
    if set(found.names) != set(truth.names):
        raise ValueError(f"classes {list(found.names)} cannot be scored by {list(truth.names)}")
    if found.shares.shape[1:] != truth.classes.shape:
        raise ValueError(f"shapes {found.shares.shape[1:]} and {truth.classes.shape} differ")
    shares = found.shares[[found.names.index(name) for name in truth.names]]
    classes, at = shares.argmax(axis=0), range(len(truth.names))
    seen = [c for c in at if (classes == c).any() or (truth.classes == c).any()]
    return SegmentationScores(
        {truth.names[c]: overlap(classes == c, truth.classes == c) for c in seen},
        log_loss(shares, truth.classes),
        _share_log_loss(truth.classes),
        {truth.names[c]: calibration_error(shares[c], truth.classes == c) for c in at},
    )


def overlap(found: Flags, true: Flags) -> float:
    """Intersection over union; 1 where both are empty."""
    union = int((found | true).sum())
    return int((found & true).sum()) / union if union else 1.0


def log_loss(shares: Greys, classes: Integers) -> float:
    """Mean of -ln(probability of the true class)."""
    told = np.take_along_axis(shares, classes[None].astype(np.intp), axis=0)
    return float(-np.log(np.maximum(told, LEAST)).mean())


def reliability(share: Greys, true: Flags) -> tuple[Floats, Floats, Integers]:
    """Told probability, frequency and voxels of each bin that has any."""
    bins = np.minimum((share.ravel() * BINS).astype(np.intp), BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    told = np.bincount(bins, share.ravel(), minlength=BINS)
    often = np.bincount(bins, true.ravel(), minlength=BINS)
    full = count > 0
    return told[full] / count[full], often[full] / count[full], count[full]


def calibration_error(share: Greys, true: Flags) -> float:
    """Mean over voxels of the distance between told and true frequency of their bin."""
    told, often, count = reliability(share, true)
    return float(np.abs(told - often) @ count / count.sum())


def _share_log_loss(classes: Integers) -> float:
    shares = np.bincount(classes.ravel()) / classes.size
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
