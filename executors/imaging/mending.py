"""Repair of a stack before it is segmented, by the names of the steps."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from executors.imaging.greys_source import GreyVolume
from models.imaging.repair.alignment import Alignment
from models.imaging.repair.light import EvenBrightness, EvenLight
from models.imaging.repair.repaired import RepairStep, repaired
from models.imaging.repair.stripes import Destriping
from models.imaging.volume import ImageStack

STEPS: dict[str, RepairStep] = {
    step.name: step for step in (EvenBrightness(), EvenLight(), Destriping(), Alignment())
}
"""In the order in which they usually come."""


def check_steps(names: Sequence[str]) -> None:
    """ValueError names what is no step."""
    for name in names:
        if name not in STEPS:
            raise ValueError(f"{name!r} is no repair; there are {', '.join(STEPS)}")


def mended(stack: GreyVolume, names: Sequence[str]) -> tuple[GreyVolume, list[dict[str, Any]]]:
    """The repaired stack, and what was done, as plain data. ValueError where a step cannot be."""
    if not names:
        return stack, []
    check_steps(names)
    raw = ImageStack(np.asarray(stack.grey, np.float32), stack.voxel_m, stack.notes)
    found = repaired(raw, [STEPS[name] for name in names])
    done = [step.plain() for step in found.steps]
    return GreyVolume(found.stack.grey, found.stack.voxel_m, found.stack.notes), done
