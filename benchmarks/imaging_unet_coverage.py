"""How often the 90 % intervals of class fractions cover: ``make bench-imaging ARGS=unet_coverage``.

One network, its errors learned from a dozen held-out SYNTHETIC stacks; then many small stacks of
the same recipe. In the stack: against its own truth. Of the material: against the mean truth of
all stacks, which stands for what a stack without end would have.
"""

import argparse
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from executors.imaging.model_file import read_model
from executors.imaging.segment import SegmentOrder, report_of
from executors.imaging.shipped import SHIPPED
from executors.imaging.tiled_run import run_in_tiles
from executors.imaging.training import FINE_TUNING
from models.imaging.simulated.recipe import NAMES, StackRecipe
from models.imaging.simulated.simulate import simulate
from models.imaging.unet.examples import example
from models.imaging.unet.learning import learn
from models.imaging.unet.model import SegmentationModel
from models.imaging.unet.training import Plan
from models.imaging.volume import LabelledVolume

SMALL = replace(StackRecipe(), shape=(16, 112, 112))
LEARNED, HELD_OUT = 6, 12
ORDER = SegmentOrder(Path())


def main() -> None:
    """One line for each class and each kind of interval."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=200)
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_known_args()[0]
    model = _model(asked.steps)
    truths, reports = [], []
    for seed in range(asked.stacks):
        stack, truth = simulate(SMALL, 7000 + seed)
        with tempfile.TemporaryDirectory() as folder:
            found = run_in_tiles(stack.grey, model, Path(folder))
            volume = LabelledVolume(np.array(found.labels), NAMES, stack.voxel_m)
        reports.append(report_of(ORDER, volume, model, found)["phases"])
        truths.append({name: float(truth.where(name).mean()) for name in NAMES})
    material = {name: float(np.mean([part[name] for part in truths])) for name in NAMES}
    hits = defaultdict(list)
    for true, report in zip(truths, reports, strict=True):
        for name, phase in report.items():
            hits["in the stack", name].append(_holds(phase["in_stack"]["interval90"], true[name]))
            hits["of the material", name].append(_holds(phase["interval90"], material[name]))
    for (what, name), held in hits.items():
        print(f"unet_coverage, {what}, {name}: {np.mean(held):.1%} of {len(held)}", flush=True)


def _model(steps: int) -> SegmentationModel:
    scenes = [simulate(SMALL, 6000 + seed) for seed in range(LEARNED + HELD_OUT)]
    examples = [
        example(stack.grey, truth.classes.astype(np.uint8), str(number))
        for number, (stack, truth) in enumerate(scenes)
    ]
    plan = Plan(steps=steps, rate=FINE_TUNING)
    return learn(examples[:LEARNED], examples[LEARNED:], "a dozen stacks", NAMES, plan,
                 start=read_model(SHIPPED))  # fmt: skip


def _holds(interval: list[float] | None, value: float) -> bool:
    return interval is not None and interval[0] <= value <= interval[1]


if __name__ == "__main__":
    main()
