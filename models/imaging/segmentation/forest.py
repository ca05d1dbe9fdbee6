"""A random forest on filters: what can be had from a few labelled slices within seconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.arrays import Floats, Integers
from models.imaging.segmentation.features import features
from models.imaging.volume import Greys, ImageStack, LabelledVolume, Probabilities

AROUND = (-2, -1, 1, 2)
"""Neighbouring slices of a forest that sees what lies behind pores; () sees single slices."""
TREES = 60
LEAF = 8
"""Labelled pixels in a leaf at least: what a tree says is a share of so many."""


@dataclass(frozen=True, eq=False)
class LabelledSlices:
    """A stack of which a person labelled some slices."""

    stack: ImageStack
    truth: LabelledVolume
    slices: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Forest:
    """Fitted trees, the filters they look at, and the classes they know."""

    trees: Any = field(repr=False)
    names: tuple[str, ...]
    neighbours: tuple[int, ...] = AROUND
    name: str = "random forest"

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """Slice by slice, so that only one slice's filters are in memory."""
        shares = np.empty((len(self.names), *stack.shape), np.float32)
        for z in range(stack.shape[0]):
            shares[:, z] = self.in_slice(stack.grey, z)
        return Probabilities(shares, self.names, stack.voxel_m)

    def in_slice(self, grey: Greys, z: int) -> Greys:
        """Shares (class, y, x) of one slice of a stack (z, y, x)."""
        seen = features(grey, z, self.neighbours)
        told = self.shares(seen.reshape(-1, seen.shape[-1]))
        return np.asarray(told.T.reshape(len(self.names), *grey.shape[1:]), np.float32)

    def shares(self, seen: Greys) -> Floats:
        """Of pixels by their filters: (pixel, class). A class without labels has share 0."""
        shares = np.zeros((len(seen), len(self.names)))
        shares[:, self.trees.classes_.astype(int)] = self.trees.predict_proba(seen)
        return shares


def fit(
    labelled: Iterable[LabelledSlices],
    seed: int,
    neighbours: tuple[int, ...] = AROUND,
    pixels: int = 2000,
) -> Forest:
    """A forest from ``pixels`` random pixels of each labelled slice. ValueError without any, or
    where stacks name their classes differently."""
    random = np.random.default_rng(seed)
    seen, classes, names = [], [], set()
    for one in labelled:
        names.add(one.truth.names)
        for z in one.slices:
            filters, true = features(one.stack.grey, z, neighbours), one.truth.classes[z]
            at = random.choice(true.size, min(pixels, true.size), replace=False)
            seen.append(filters.reshape(true.size, -1)[at])
            classes.append(true.ravel()[at])
    if len(names) != 1:
        raise ValueError(f"a forest needs labelled slices of one set of classes, not {len(names)}")
    return grown(np.concatenate(seen), np.concatenate(classes), names.pop(), seed, neighbours)


def grown(
    seen: Greys, classes: Integers, names: tuple[str, ...], seed: int,
    neighbours: Sequence[int], trees: int = TREES,
) -> Forest:  # fmt: skip
    """A forest from filters (pixel, filter) and the classes of the same pixels."""
    from sklearn.ensemble import RandomForestClassifier

    most = min(len(seen), 40_000)
    forest = RandomForestClassifier(
        trees, min_samples_leaf=LEAF, max_samples=most, random_state=seed
    )
    return Forest(forest.fit(seen, classes), names, tuple(neighbours))
