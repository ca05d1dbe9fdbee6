"""The U-Net on SYNTHETIC stacks beside a random forest and the oracle, the same scored slices for
all: ``make bench-imaging ARGS=unet``. Hours on two cores; ``--seeds 1 --steps 800`` for a look.

For each seed: four stacks to learn from, one more to calibrate on, and a stack that nothing has
seen to be scored on; the weights are those after the last step. Then transfer: the network that is
shipped (SYNTHETIC stacks of other recipes) goes on from five labelled slices of the family ``far``,
beside a network that has these five alone.
"""

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from executors.imaging.model_file import read_model
from executors.imaging.shipped import SHIPPED
from executors.imaging.training import FINE_TUNING
from models.imaging.segmentation.forest import AROUND, LabelledSlices
from models.imaging.segmentation.forest import fit as grow_forest
from models.imaging.segmentation.scores import SegmentationScores, scored
from models.imaging.simulated.families import FAMILIES
from models.imaging.simulated.oracle import habits_of, oracle
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import exposed, photographed, simulate
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.examples import example, held_back
from models.imaging.unet.learning import learn
from models.imaging.unet.model import SegmentationModel
from models.imaging.unet.training import Plan
from models.imaging.volume import UNLABELLED, ImageStack, LabelledVolume, Probabilities

STEPS, EVERY = 2500, 4
LABELLED = (6, 19, 32, 45, 58)
"""Slices of the unseen stack that are labelled."""


class Scene(NamedTuple):
    """A stack with its truth."""

    stack: ImageStack
    truth: LabelledVolume


def main() -> None:
    """One line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--only", choices=["gap", "transfer"])
    asked = parser.parse_known_args()[0]
    if asked.only != "transfer":
        gap(asked.seeds, asked.steps)
    if asked.only != "gap":
        transfer(asked.seeds)


def gap(seeds: Sequence[int], steps: int) -> None:
    """How much of the way from the forest to the oracle; neighbours beside single slices."""
    rows = [row for seed in seeds for row in _one_stack(seed, steps)]
    means = {
        method: {n: float(np.mean([s.iou[n] for m, s in rows if m == method])) for n in NAMES}
        for method in dict(rows)
    }
    for method, iou in means.items():
        print(f"unet, mean of {len(seeds)}, {method}: mean IoU {np.mean(list(iou.values())):.4f}")
    low, high, ours = (means[m] for m in ("forest", "oracle", "U-Net 2.5-D"))
    for name in NAMES:
        print(f"unet, {name}: {(ours[name] - low[name]) / (high[name] - low[name]):.0%} of the gap")
    whole = [float(np.mean(list(part.values()))) for part in (low, high, ours)]
    print(f"unet, mean IoU: {(whole[2] - whole[0]) / (whole[1] - whole[0]):.0%} of the gap")
    single = float(np.mean(list(means["U-Net 2-D"].values())))
    print(f"unet, neighbours add {100 * (whole[2] - single):.2f} points of mean IoU", flush=True)


def _one_stack(seed: int, steps: int) -> list[tuple[str, SegmentationScores]]:
    recipe = StackRecipe()
    known = [Scene(*simulate(recipe, 1000 * seed + part)) for part in range(5)]
    exposure = exposed(recipe, seed)
    stack, truth = photographed(recipe, exposure, seed)
    some = LabelledVolume(truth.classes[::EVERY], NAMES, truth.voxel_m)
    rows = []

    def tell(method: str, found: Probabilities) -> None:
        score = scored(found, some)
        rows.append((method, score))
        iou = ", ".join(f"{name} {value:.4f}" for name, value in score.iou.items())
        print(f"unet, stack {seed}, {method}: IoU {iou}, mean {score.mean_iou:.4f}; log loss "
              f"{score.log_loss:.4f} (shares {score.share_log_loss:.3f}), calibration error "
              f"{max(score.calibration_error.values()):.4f}", flush=True)  # fmt: skip

    habits = habits_of(exposed(recipe, 1000 * seed + 9).classes)
    tell("oracle", _thinned(oracle(recipe, exposure, stack.grey, habits)))
    slices = tuple(range(0, recipe.shape[0], 2))
    forest = grow_forest([LabelledSlices(*scene, slices) for scene in known[:4]], seed, AROUND)
    tell("forest", _thinned(forest.probabilities(stack)))
    for neighbours in (2, 0):
        model = _trained(known, neighbours, seed, steps)
        tell(f"U-Net {model.architecture.kind}", _thinned(model.probabilities(stack)))
    return rows


def _trained(known: Sequence[Scene], neighbours: int, seed: int, steps: int) -> SegmentationModel:
    examples = [
        example(s.stack.grey, s.truth.classes.astype(np.uint8), str(n)) for n, s in enumerate(known)
    ]
    shape = Architecture(len(NAMES), "2.5-D" if neighbours else "2-D", neighbours)
    plan = Plan(steps=steps, seed=seed)
    return learn(examples[:4], examples[4:], "a fifth stack", NAMES, plan, architecture=shape)


def _thinned(found: Probabilities) -> Probabilities:
    return Probabilities(found.shares[:, ::EVERY], found.names, found.voxel_m)


def transfer(seeds: Sequence[int]) -> None:
    """Five labelled slices of a stack of other contrast, noise and grains, with and without what
    SYNTHETIC stacks of other recipes taught before."""
    shipped = read_model(SHIPPED)
    for seed in seeds:
        stack, truth = simulate(FAMILIES["far"], seed)
        told = np.full(truth.classes.shape, UNLABELLED, np.uint8)
        told[list(LABELLED)] = truth.classes[list(LABELLED)]
        learned, held, where = held_back([example(stack.grey, told, "far")])
        rest = [z for z in range(len(told)) if z not in LABELLED]
        unseen = LabelledVolume(truth.classes[rest], NAMES, truth.voxel_m)
        for what, start, plan in (
            ("not trained on it", shipped, None),
            ("from SYNTHETIC stacks on", shipped, Plan(steps=400, rate=FINE_TUNING, seed=seed)),
            ("these five alone", None, Plan(steps=400, seed=seed)),
            ("these five alone, longer", None, Plan(steps=1000, seed=seed)),
        ):
            model = learn(learned, held, where, NAMES, plan, start=start) if plan else shipped
            found = model.probabilities(stack)
            part = Probabilities(found.shares[:, rest], NAMES, stack.voxel_m)
            score = scored(part, unseen)
            iou = ", ".join(f"{name} {value:.4f}" for name, value in score.iou.items())
            print(f"unet, five slices of far {seed}, {what}: IoU {iou}, mean "
                  f"{score.mean_iou:.4f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
