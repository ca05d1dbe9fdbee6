"""How many slices a person has to label, chosen one by one or at random: ``make bench-imaging
ARGS=active``.

SYNTHETIC stacks of layers that differ, so that some slices teach more than others. A random forest
learns from the labelled slices and is scored on a grid of pixels over the whole stack (mean IoU of
the three classes). The score to reach is that of ``GOAL`` slices in random order; the figure is how
many chosen slices reach it, over ``GOAL``, for the mean curve over all stacks: a single stack's
curve goes up and down by 0.01 once it is flat.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from models.arrays import Floats, Integers
from models.imaging.active import HISTORY, doubt, expected_gain, looks, next_slice
from models.imaging.segmentation.features import features
from models.imaging.segmentation.forest import AROUND, grown
from models.imaging.segmentation.scores import overlap
from models.imaging.simulated.families import FAMILIES
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import simulate
from models.imaging.volume import Greys

DENSE = replace(FAMILIES["usual"], porosity=0.02, impurity=0.01)
"""A layer in which there is little to see."""
CHANGING = (
    (DENSE, 24),
    (FAMILIES["usual"], 12),
    (FAMILIES["other-contrast"], 6),
    (FAMILIES["fine-grains"], 6),
)
"""Layers of a stack, and their slices; their order is drawn."""
EVEN = ((FAMILIES["usual"], 48),)
"""A stack that is the same all through: there is less to choose."""
EDGE = 128
"""Rows and columns."""
GRID = 6
"""A pixel in so many along y and x is scored."""
GOAL = 15
ORDERS = 2
"""Random orders for each stack."""
PIXELS = 300
"""Labelled pixels that a slice gives to the forest."""
TREES = 20


type Layers = Sequence[tuple[StackRecipe, int]]


@dataclass(frozen=True, eq=False)
class Filtered:
    """A stack with its filters on a grid, and at random pixels of each slice, for labels."""

    grey: Greys
    grid: Greys
    """(z, y, x, filter)."""
    truth: Integers
    """(z, y, x) on the grid."""
    seen: Greys
    """(z, pixel, filter): what labels would be given to."""
    classes: Integers
    """(z, pixel)."""


def drawn(seed: int, layers: Layers) -> Filtered:
    """A stack whose layers follow each other in a random order."""
    random = np.random.default_rng((seed, 1))
    pairs = [
        simulate(replace(recipe, shape=(slices, EDGE, EDGE)), 1000 * seed + n)
        for n, (recipe, slices) in enumerate(layers[k] for k in random.permutation(len(layers)))
    ]
    grey = np.concatenate([stack.grey for stack, _ in pairs])
    classes = np.concatenate([truth.classes for _, truth in pairs])
    grid, seen, labels = [], [], []
    for z in range(len(grey)):
        filters = features(grey, z, AROUND)
        at = random.choice(EDGE * EDGE, PIXELS, replace=False)
        grid.append(filters[::GRID, ::GRID])
        seen.append(filters.reshape(EDGE * EDGE, -1)[at])
        labels.append(classes[z].ravel()[at])
    truth = classes[:, ::GRID, ::GRID]
    return Filtered(grey, np.stack(grid), truth, np.stack(seen), np.stack(labels))


def learnt(stack: Filtered, labelled: Sequence[int], seed: int) -> Greys:
    """Shares (class, z, y, x) on the grid after these slices."""
    chosen = list(labelled)
    forest = grown(
        np.concatenate(stack.seen[chosen]), np.concatenate(stack.classes[chosen]),
        NAMES, seed, AROUND, TREES,
    )  # fmt: skip
    flat = forest.shares(stack.grid.reshape(-1, stack.grid.shape[-1]))
    return flat.T.reshape(len(NAMES), *stack.truth.shape).astype(np.float32)


def mean_iou(shares: Greys, truth: Integers) -> float:
    """Over the classes."""
    found = shares.argmax(axis=0)
    return float(np.mean([overlap(found == c, truth == c) for c in range(len(NAMES))]))


def curve(stack: Filtered, seed: int, choose: Callable[[Greys | None, list[int]], int]) -> Floats:
    """The score after 1, 2 ... ``GOAL`` labelled slices."""
    labelled: list[int] = []
    shares: Greys | None = None
    scores = []
    for _ in range(GOAL):
        labelled.append(choose(shares, labelled))
        shares = learnt(stack, labelled, seed)
        scores.append(mean_iou(shares, stack.truth))
    return np.array(scores)


def chosen(stack: Filtered, seed: int) -> Floats:
    """The curve of active labelling."""

    def choose(shares: Greys | None, labelled: list[int]) -> int:
        if shares is None:
            shares = np.full((len(NAMES), *stack.truth.shape), 1 / len(NAMES), np.float32)
        return next_slice(doubt(shares), looks(stack.grey, shares), labelled)

    return curve(stack, seed, choose)


def at_random(stack: Filtered, seed: int) -> Floats:
    """The mean curve of random orders."""
    curves = []
    for order in range(ORDERS):
        slices = np.random.default_rng((seed, 2, order)).permutation(len(stack.grey))
        curves.append(curve(stack, seed, partial(_next_of, slices)))
    return np.asarray(np.mean(curves, axis=0))


def _next_of(slices: Integers, _: Greys | None, labelled: list[int]) -> int:
    return int(slices[len(labelled)])


def needed(scores: Floats, goal: float) -> int:
    """Labelled slices at which the score is reached; one more than all where it is not."""
    reached = np.flatnonzero(scores >= goal)
    return int(reached[0]) + 1 if len(reached) else len(scores) + 1


def main(stacks: int = 12, even: int = 3) -> None:
    """One line a stack, then the figures."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        changing = list(pool.map(partial(curves, layers=CHANGING), range(stacks)))
        same = list(pool.map(partial(curves, layers=EVEN), range(100, 100 + even)))
    for kind, found in (("changing", changing), ("even", same)):
        for n, (usual, picked) in enumerate(found):
            print(f"active labelling, {kind} stack {n}: {_figure(usual, picked)}")
        usual, picked = np.mean(found, axis=0)
        print(f"active labelling, {kind} stacks, mean curve of {len(found)}: "
              f"{_figure(usual, picked)}")  # fmt: skip
    print(_spread(np.array(changing)))
    off = np.concatenate([surprises(picked, 3) for _, picked in changing])
    print(f"gain of three more slices: {np.mean(np.abs(off) < 1.645):.0%} of {len(off)} lie in "
          f"their 90 % interval, sd of z {off.std():.2f}")  # fmt: skip


def curves(seed: int, layers: Layers) -> tuple[Floats, Floats]:
    """Scores of slices in random order and of chosen ones."""
    stack = drawn(seed, layers)
    return at_random(stack, seed), chosen(stack, seed)


def _figure(usual: Floats, picked: Floats) -> str:
    n = needed(picked, usual[-1])
    many = f"{n} chosen ones" if n <= GOAL else f"more than {GOAL} chosen ones"
    return (f"mean IoU {usual[-1]:.3f} with {GOAL} random slices, or {many} ({n / GOAL:.0%}); "
            f"{GOAL} chosen: {picked[-1]:.3f}")  # fmt: skip


def _spread(found: Floats) -> str:
    """How far the figure depends on which stacks were drawn."""
    random, shares = np.random.default_rng(0), []
    for _ in range(1000):
        usual, picked = found[random.integers(len(found), size=len(found))].mean(axis=0)
        shares.append(needed(picked, usual[-1]) / GOAL)
    low, high = np.quantile(shares, (0.05, 0.95))
    return f"active labelling, other draws of the stacks: {low:.0%} to {high:.0%} (90 %)"


def surprises(scores: Floats, more: int) -> Floats:
    """By how many sd the gains of ``more`` slices were off, from each point of a curve."""
    off = []
    for n in range(HISTORY, len(scores) - more + 1):
        gain = expected_gain(np.arange(1, n + 1), scores[:n], more)
        true = scores[n + more - 1] - scores[n - 1]
        off.append((true - gain.mean) / np.hypot(gain.sd, gain.score_sd))
    return np.array(off)


if __name__ == "__main__":
    main()
