"""Repair of SYNTHETIC stacks whose faults are known: how much of each fault is left.

python -m benchmarks.imaging_repair [--seeds 3]
"""

from dataclasses import replace

import numpy as np
from scipy import ndimage

from models.arrays import Floats
from models.imaging.repair.alignment import Alignment
from models.imaging.repair.light import EvenBrightness, EvenLight
from models.imaging.repair.repaired import RepairStep
from models.imaging.repair.stripes import Destriping
from models.imaging.simulated.microscope import Exposure
from models.imaging.simulated.recipe import StackRecipe
from models.imaging.simulated.simulate import exposed, photograph

SEEDS = (1, 2, 3)
RECIPE = StackRecipe(shape=(40, 224, 224))


def main() -> None:
    """A line for each figure."""
    for seed in SEEDS:
        shifts(seed)
        stripes(seed)
        brightness(seed)
        light(seed)


def shifts(seed: int) -> None:
    """Known drifts in parts of a pixel, of a stack with stripes, flicker and noise."""
    exposure = exposed(replace(RECIPE, drift_m=0.0), seed)
    truth = np.cumsum(np.random.default_rng(seed).normal(0, 0.6, (len(exposure.gain), 2)), axis=0)
    truth -= truth[0]
    moved = np.stack([ndimage.shift(s, d, order=3, mode="nearest")
                      for s, d in zip(exposure.fresh, truth, strict=True)])  # fmt: skip
    grey = photograph(RECIPE, replace(exposure, fresh=moved), seed)
    mending: tuple[tuple[str, tuple[RepairStep, ...]], ...] = (
        ("as it is", ()), ("after destriping", (EvenBrightness(), Destriping())),
    )  # fmt: skip
    for name, steps in mending:
        before = grey
        for step in steps:
            before = step.applied(before, step.measured(before))
        off = Alignment().measured(before)["position"] - truth
        between = np.sqrt((np.diff(off, axis=0) ** 2).mean(axis=0))
        print(f"seed {seed}: alignment {name}: rms between slices {between.round(3)} px (y, x), "
              f"largest of the sum {np.abs(off).max(axis=0).round(2)} px, "
              f"drift {np.abs(truth).max():.1f} px")  # fmt: skip


def stripes(seed: int) -> None:
    """Stripes that are known apart: strong and narrow, and the weak and wide ones of the recipe."""
    for name, recipe in (
        ("strong, narrow", replace(RECIPE, curtain=0.15, curtain_m=15e-9)),
        ("weak, wide", RECIPE),
    ):
        striped, free = exposed(recipe, seed), exposed(replace(recipe, curtain=0.0), seed)
        grey, clean = photograph(recipe, striped, seed), photograph(recipe, free, seed)
        step = Destriping()
        known, taken = striped.expected - free.expected, grey - step.applied(grey, {})
        from_clean = clean - step.applied(clean, {})
        left = 1 - float(((taken - from_clean) * known).sum() / (known**2).sum())
        error = [float((part - clean).std()) for part in (grey, grey - taken)]
        print(f"seed {seed}: stripes, {name} ({known.std():.3f}): {100 * left:.0f} % of their "
              f"amplitude left; all error {error[0]:.4f} before, {error[1]:.4f} after; a stack "
              f"without stripes changes by {from_clean.std():.4f}")  # fmt: skip


def brightness(seed: int) -> None:
    """Gains of slices up to a tenth off, beside a specimen whose porosity changes with depth."""
    exposure = exposed(replace(RECIPE, layering=0.9, curtain=0.0), seed)
    gain = 1 + np.random.default_rng(seed).normal(0, 0.05, len(exposure.gain))
    grey = photograph(RECIPE, _brighter(exposure, gain), seed)
    truth = exposure.gain.mean(axis=(1, 2)) * gain
    for name, found in (
        ("ratios", EvenBrightness().measured(grey)["gain"]),
        ("means of slices", grey.mean(axis=(1, 2)).astype(float)),
    ):
        rest = 100 * (found / truth / (found / truth).mean()).std()
        print(f"seed {seed}: brightness by {name}: {rest:.2f} % left of {100 * gain.std():.2f} %")


def _brighter(exposure: Exposure, gain: Floats) -> Exposure:
    return replace(exposure, gain=(exposure.gain * gain[:, None, None]).astype(np.float32))


def light(seed: int) -> None:
    """A slow slope and bow of 15 %."""
    recipe = replace(RECIPE, illumination=0.15, curtain=0.0, flicker=0.0)
    exposure = exposed(recipe, seed)
    grey = photograph(recipe, exposure, seed)
    step = EvenLight()
    found = step.light(grey.shape[1:], step.measured(grey))
    truth = exposure.gain.mean(axis=0)
    left = found / truth * truth.mean()
    print(f"seed {seed}: light: {100 * left.std():.2f} % left of {100 * truth.std():.2f} %")


if __name__ == "__main__":
    main()
