"""Repair of a stack before it is segmented, by the names of the steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from executors.imaging.readers import read_stack
from executors.imaging.voxel import Given
from executors.imaging.writers import write_stack
from models.imaging.repair.alignment import Alignment
from models.imaging.repair.light import EvenBrightness, EvenLight
from models.imaging.repair.repaired import RepairStep, repaired
from models.imaging.repair.stripes import Destriping

STEPS: dict[str, RepairStep] = {
    step.name: step for step in (EvenBrightness(), EvenLight(), Destriping(), Alignment())
}
"""In the order in which they usually come."""


def check_steps(names: Sequence[str]) -> None:
    """ValueError names what is no step."""
    for name in names:
        if name not in STEPS:
            raise ValueError(f"{name!r} is no repair; there are {', '.join(STEPS)}")


def mended(
    stack: Path, names: Sequence[str], voxel: Given | None, to: Path
) -> tuple[Path, list[dict[str, Any]]]:
    """Where the repaired stack lies in ``to`` (as it was, where there is nothing to do), and what
    was done, as plain data. Errors are those of the readers."""
    if not names:
        return stack, []
    check_steps(names)
    found = repaired(read_stack(stack, voxel), [STEPS[name] for name in names])
    path = to / f"{stack.stem}.tif"
    write_stack(path, found.stack)
    return path, [done.plain() for done in found.steps]
