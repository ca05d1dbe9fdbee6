"""Train the network that is shipped, on SYNTHETIC stacks of many microscopes and specimens.

    python -m scripts.shipped_model --out executors/imaging/simulated.kyoso-model --workers 2

Nothing else trained it, so it may be handed on. Two cores need some hours, a GPU some minutes. The
shipped weights were drawn before the usual recipe got its light from deep pores (``shine_m``).
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from executors.imaging.model_file import write_model
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import simulate
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.crops import WIDE, Crops
from models.imaging.unet.examples import Example, example
from models.imaging.unet.learning import finished
from models.imaging.unet.model import ModelOrigin, SegmentationModel
from models.imaging.unet.network import built
from models.imaging.unet.training import Plan, fit_to

STACKS, HELD_OUT = 256, 24
SHAPE = (20, 192, 192)
ARCHITECTURE = Architecture(len(NAMES))
PLAN = Plan(steps=16_000, batch=16, changes=WIDE)


def any_recipe(seed: int) -> StackRecipe:
    """A specimen and a microscope drawn at random, far wider than one laboratory has."""
    draw = np.random.default_rng((seed, 17))

    def even(low: float, high: float) -> float:
        return float(draw.uniform(low, high))

    def scale(low: float, high: float) -> float:
        return float(np.exp(draw.uniform(np.log(low), np.log(high))))

    grey = even(0.3, 0.8)
    return replace(
        StackRecipe(),
        shape=SHAPE, voxel_m=(scale(10e-9, 50e-9), 20e-9, 20e-9),
        grain_m=scale(0.4e-6, 2.5e-6), porosity=even(0.04, 0.45), pore_m=scale(50e-9, 400e-9),
        pore_spread=even(0.1, 0.6), impurity=even(0.02, 0.3), impurity_m=scale(100e-9, 600e-9),
        elongation=even(1, 3), roughness=even(0.05, 0.35), roughness_m=scale(40e-9, 160e-9),
        grey=grey, contrast=even(0.04, 0.3) * grey, grain_contrast=even(0, 0.04),
        pore_grey=even(0.02, 0.45) * grey, wall=even(0.5, 1.0), wall_spread=even(0, 0.15),
        shine_m=scale(30e-9, 400e-9), edge=even(0, 0.2), edge_m=scale(15e-9, 80e-9),
        beam_m=scale(4e-9, 35e-9), noise=scale(0.015, 0.13), shot=even(0, 1),
        curtain=even(0, 0.07), curtain_m=scale(20e-9, 200e-9), charging=even(0, 0.12),
        charging_m=scale(60e-9, 600e-9), illumination=even(0, 0.12), flicker=even(0, 0.03),
        drift_m=even(0, 12e-9),
    )  # fmt: skip


def drawn(seed: int) -> Example:
    """A stack of a random recipe with its truth."""
    stack, truth = simulate(any_recipe(seed), seed)
    return example(stack.grey, truth.classes.astype(np.uint8), f"simulated {seed}")


class Batches(IterableDataset[tuple[Tensor, Tensor]]):
    """Batches without end; each worker has random numbers of its own."""

    def __init__(self, examples: list[Example], plan: Plan) -> None:
        self.examples, self.plan = examples, plan

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        worker = get_worker_info()
        seed = self.plan.seed * 1000 + (worker.id if worker else 0)
        crops = Crops(self.examples, ARCHITECTURE, self.plan.side, seed, self.plan.changes)
        while True:
            yield crops.batch(self.plan.batch)


def trained(workers: int, plan: Plan = PLAN) -> SegmentationModel:
    """The model, scored on stacks of other seeds."""
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        examples = list(pool.map(drawn, range(STACKS + HELD_OUT), chunksize=4))
    learned, held = examples[:STACKS], examples[STACKS:]
    loader = DataLoader(Batches(learned, plan), None, num_workers=workers, prefetch_factor=4)
    network, began = built(ARCHITECTURE, plan.seed), time.monotonic()

    def tell(done: int, total: int) -> None:
        if done % 500 == 0:
            left = (time.monotonic() - began) * (total - done) / done
            print(f"step {done} of {total}, about {left / 60:.0f} min left", flush=True)

    batches = (batch for batch, _ in zip(loader, range(plan.steps), strict=False))
    fit_to(network, batches, plan, tell)
    origin = ModelOrigin(
        ("SYNTHETIC",), True, (f"{STACKS} SYNTHETIC stacks",), "", plan.seed, plan.steps
    )
    told = f"{HELD_OUT} SYNTHETIC stacks of other recipes"
    return finished(network, held, told, NAMES, origin, version=1, voxel_m=None)


def main() -> None:
    """Train, say how good it is, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--steps", type=int, default=PLAN.steps)
    asked = parser.parse_args()
    torch.set_num_threads(max(asked.workers, 1))
    model = trained(asked.workers, replace(PLAN, steps=asked.steps))
    print(model.scores)
    write_model(asked.out, model)


if __name__ == "__main__":
    main()
