"""Small pieces of examples, turned and changed as another microscope would: what each step sees."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.imaging.unet.architecture import Architecture
from models.imaging.unet.examples import Example
from models.imaging.volume import UNLABELLED, Greys

FULL_DEPTH = 9
"""Slices of a block for a 3-D network."""


@dataclass(frozen=True)
class Changes:
    """How much greys are changed, in units of the spread of the stack; 0 changes nothing.

    The least that helps: on further stacks of one simulated microscope, more than this lost up to
    three points of mean IoU. ``WIDE`` is for what shall carry over to other microscopes.
    """

    gain: float = 0.05
    """Standard deviation of the logarithm of contrast."""
    offset: float = 0.05
    gamma: float = 0.1
    """Greatest logarithm of the exponent of a grey scale from 0 to 1."""
    noise: float = 0.0
    """Most noise that is added."""
    blur: float = 0.0
    """Most blurring, in voxels."""
    between: float = 0.02
    """How much slices differ in brightness."""
    alone: float = 0.0
    """How often neighbours show the slice itself, as in single pictures."""
    zoom: float = 0.0
    """Greatest logarithm of a change of scale."""


WIDE = Changes(0.2, 0.2, 0.4, 0.4, 1.0, 0.05, 0.25, 0.3)
"""Other contrast, noise, sharpness and scale; single pictures as well as stacks."""


class Crops:
    """Batches of crops: the seed decides which and how they are changed."""

    def __init__(
        self, examples: Sequence[Example], architecture: Architecture, side: int, seed: int,
        changes: Changes | None = None,
    ) -> None:  # fmt: skip
        self.examples, self.architecture, self.side = list(examples), architecture, side
        self.changes = changes or Changes()
        self._random = np.random.default_rng(seed)
        counts = np.array([(part.classes != UNLABELLED).sum() for part in examples], float)
        self._share = counts / counts.sum()
        self._places = [_places(part, architecture.classes) for part in examples]

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Greys (n, channels, y, x) or (n, 1, z, y, x), and classes (n, y, x) or (n, z, y, x)."""
        zoom = np.exp(self._random.uniform(-1, 1) * self.changes.zoom)
        side = max(round(self.side * zoom), 16)
        pieces = [self._piece(side) for _ in range(count)]
        greys = torch.from_numpy(np.stack([grey for grey, _ in pieces]))
        classes = torch.from_numpy(np.stack([label for _, label in pieces]))
        return self._scaled(greys, classes)

    def _scaled(self, greys: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
        if greys.shape[-1] != self.side:
            size = (self.side, self.side)
            greys = functional.interpolate(greys, size, mode="bilinear", antialias=True)
            classes = functional.interpolate(classes, size, mode="nearest-exact")
        if self.architecture.deep:
            return greys[:, None], classes.long()
        return greys, classes[:, 0].long()

    def _piece(self, side: int) -> tuple[Greys, NDArray[np.uint8]]:
        """(slices, side, side) of greys and of classes."""
        number = self._random.choice(len(self.examples), p=self._share)
        part = self.examples[number]
        z, y, x = self._centre(number)
        rows, columns = _span(y, side, part.grey.shape[1]), _span(x, side, part.grey.shape[2])
        seen, told = self._slices(part, z)
        grey = part.grey[np.ix_(seen, rows, columns)]
        classes = part.classes[np.ix_(told, rows, columns)]
        return self._turned(self._changed(grey), classes)

    def _centre(self, number: int) -> tuple[int, int, int]:
        """A voxel of a class drawn evenly, so that rare ones are learned too."""
        places = self._places[number]
        place = places[self._random.integers(len(places))]
        z, y, x = place[self._random.integers(len(place))]
        shift = self._random.integers(-self.side // 3, self.side // 3 + 1, 2)
        return int(z), int(y + shift[0]), int(x + shift[1])

    def _slices(self, part: Example, z: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Slices that are seen, and slices whose classes are asked for."""
        last = len(part.grey) - 1
        if self.architecture.deep:
            around = np.arange(FULL_DEPTH) - FULL_DEPTH // 2 + z
            block = np.clip(around, 0, last)
            return block, block
        beside = np.arange(self.architecture.channels) - self.architecture.neighbours
        alone = not part.follows or self._random.random() < self.changes.alone
        return np.clip(z + beside * (not alone), 0, last), np.array([z])

    def _turned(self, grey: Greys, classes: NDArray[np.uint8]) -> tuple[Greys, NDArray[np.uint8]]:
        """Quarter turns, mirrored or not. Slices keep their order: pores show what lies behind."""
        turns, mirrored = self._random.integers([4, 2])
        both = [np.rot90(part, turns, (1, 2)) for part in (grey, classes)]
        both = [part[:, :, ::-1] if mirrored else part for part in both]
        return np.ascontiguousarray(both[0]), np.ascontiguousarray(both[1])

    def _changed(self, grey: Greys) -> Greys:
        """The same place under another microscope."""
        draw, by = self._random, self.changes
        grey = _curved(grey, np.exp(draw.uniform(-1, 1) * by.gamma))
        grey = _blurred(grey, draw.uniform(0, by.blur) * (draw.random() < 0.5))
        gain, offset = np.exp(draw.normal() * by.gain), draw.normal() * by.offset
        offsets = offset + draw.normal(size=(len(grey), 1, 1)) * by.between
        noise = draw.uniform(0, by.noise) * (draw.random() < 0.5)
        changed = grey * gain + offsets + noise * draw.standard_normal(grey.shape, np.float32)
        return np.asarray(changed, np.float32)


def _places(part: Example, classes: int) -> list[NDArray[np.intp]]:
    """Voxels of each class that occurs, at most a hundred thousand of each."""
    found = [np.argwhere(part.classes == number) for number in range(classes)]
    return [place[:: len(place) // 100_000 + 1] for place in found if len(place)]


def _span(centre: int, side: int, size: int) -> NDArray[np.intp]:
    """Indices of a crop; it lies inside where it can, and is mirrored at the rim where not."""
    first = min(max(centre - side // 2, 0), max(size - side, 0))
    along = np.arange(first, first + side)
    period = max(2 * (size - 1), 1)
    folded = along % period
    return np.where(folded >= size, period - folded, folded)


def _curved(grey: Greys, exponent: float) -> Greys:
    """Another gamma; darkest and lightest stay where they are."""
    low, high = float(grey.min()), float(grey.max())
    if high <= low:
        return grey
    shares = np.power((grey - low) / (high - low), np.float32(exponent))
    return np.asarray(shares * (high - low) + low, np.float32)


def _blurred(grey: Greys, sigma: float) -> Greys:
    """A Gaussian of ``sigma`` voxels within each slice."""
    if sigma < 0.3:
        return grey
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(grey, (0, sigma, sigma), truncate=3), np.float32)
