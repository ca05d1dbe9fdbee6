"""What the usual methods reach on SYNTHETIC stacks, and what noise alone leaves open: ``make
bench-imaging ARGS=baselines``.

Thresholds see pores against the rest and are scored on whole stacks; Sauvola is tuned on the very
stack that it is scored on. Forests learn all three classes from two other stacks. They and the
oracle are scored on every ``EVERY``-th slice of the stacks of ``SEEDS``.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.arrays import Flags
from models.imaging.segmentation.forest import AROUND, LabelledSlices, fit
from models.imaging.segmentation.otsu import Otsu
from models.imaging.segmentation.sauvola import tuned
from models.imaging.segmentation.scores import scored
from models.imaging.segmentation.segmenter import Segmenter
from models.imaging.segmentation.watershed import Watershed
from models.imaging.simulated.oracle import habits_of, oracle
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import exposed, photographed, simulate
from models.imaging.volume import Greys, ImageStack, LabelledVolume, Probabilities

SEEDS = (1, 2, 3)
TRAINING = (101, 102)
HABITS = 103
"""The stack from which the oracle knows how classes lie beside each other."""
EVERY = 4


def main(seeds: Sequence[int] = SEEDS, recipe: StackRecipe | None = None) -> None:
    """One line for each method and stack, then the gap that is left."""
    recipe = recipe or StackRecipe()
    pairs = [simulate(recipe, seed) for seed in TRAINING]
    labelled = [LabelledSlices(*pair, tuple(range(0, recipe.shape[0], 2))) for pair in pairs]
    forests = {"forest, single slices": fit(labelled, 0, ()),
               "forest, 4 neighbours": fit(labelled, 0, AROUND)}  # fmt: skip
    habits = habits_of(exposed(recipe, HABITS).classes)
    rows: dict[str, list[Mapping[str, float]]] = {}
    for seed in seeds:
        exposure = exposed(recipe, seed)
        stack, truth = photographed(recipe, exposure, seed)
        for method in thresholds(stack, truth):
            _tell(seed, method.name, method.probabilities(stack), pores(truth))
        some = LabelledVolume(truth.classes[::EVERY], NAMES, truth.voxel_m)
        for name, forest in forests.items():
            slices = range(0, stack.shape[0], EVERY)
            shares = np.stack([forest.in_slice(stack.grey, z) for z in slices], axis=1)
            rows.setdefault(name, []).append(_tell(seed, name, _of(shares, recipe), some))
        best = oracle(recipe, exposure, stack.grey, habits).shares[:, ::EVERY]
        rows.setdefault("oracle", []).append(_tell(seed, "oracle", _of(best, recipe), some))
    for line in gaps(rows):
        print(line)


def thresholds(stack: ImageStack, truth: LabelledVolume) -> list[Segmenter]:
    """The methods that know no labels, and one whose two numbers do."""
    return [Otsu(), tuned(stack, truth, "pore", range(0, stack.shape[0], 8)), Watershed()]


def pores(truth: LabelledVolume) -> LabelledVolume:
    """Pores against the rest."""
    rest: Flags = ~truth.where("pore")
    return LabelledVolume(rest.astype(np.uint8), ("pore", "matrix"), truth.voxel_m)


def gaps(rows: Mapping[str, Sequence[Mapping[str, float]]]) -> Iterator[str]:
    """Means over the stacks, and what 80 % of the way from the better forest to the oracle is."""
    means = {
        method: {name: float(np.mean([row[name] for row in found])) for name in found[0]}
        for method, found in rows.items()
    }
    low, high = means["forest, 4 neighbours"], means["oracle"]
    goal = {name: low[name] + 0.8 * (high[name] - low[name]) for name in low}
    for method, found in (*means.items(), ("80 % of the gap", goal)):
        shown = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
        yield f"baselines, IoU over {len(rows['oracle'])} stacks, {method}: {shown}"


def _of(shares: Greys, recipe: StackRecipe) -> Probabilities:
    return Probabilities(shares, NAMES, recipe.voxel_m)


def _tell(seed: int, method: str, found: Probabilities, truth: LabelledVolume) -> dict[str, float]:
    score = scored(found, truth)
    overlaps = dict(score.iou) | {"mean": score.mean_iou}
    shown = ", ".join(f"{name} {value:.3f}" for name, value in overlaps.items())
    print(f"baselines, stack {seed}, {method}: IoU {shown}; log loss {score.log_loss:.3f} (shares "
          f"{score.share_log_loss:.3f}), calibration error "
          f"{max(score.calibration_error.values()):.3f}", flush=True)  # fmt: skip
    return overlaps


if __name__ == "__main__":
    main()
