"""simulate-sem: a SYNTHETIC FIB-SEM stack whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.common import Complaint, complaints, say
from flows.cli.progress import progress

LEAST, MOST = 32, 2048
"""Rows and columns that a stack may have; slices may be fewer."""


def simulate_sem(
    out: Annotated[Path, typer.Option(help="Folder for the files.", show_default=False)],
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same stack.")] = 0,
    family: Annotated[
        str, typer.Option(help="How it looks: usual, other-contrast, noisy, fine-grains, far ...")
    ] = "usual",
    shape: Annotated[str, typer.Option(help="Slices, rows, columns.")] = "64,256,256",
) -> None:
    """Draw a SYNTHETIC FIB-SEM stack: pores that show what lies behind, stripes, noise."""
    from dataclasses import replace

    from executors.made_up.stack_files import STEPS, write_simulated
    from models.imaging.simulated.families import FAMILIES

    if family not in FAMILIES:
        raise Complaint(f"--family: one of {', '.join(FAMILIES)}, not {family!r}")
    with complaints():
        recipe = replace(FAMILIES[family], shape=_shape(shape))
        with progress(STEPS, "SYNTHETIC stack") as watch:
            paths = write_simulated(out, recipe, seed, watch)
    say(f"SYNTHETIC stack of {shape} voxels, seed {seed}:")
    for path in paths.values():
        say(f"  {path}")


def _shape(text: str) -> tuple[int, int, int]:
    """Slices, rows and columns; a Complaint tells the limits."""
    parts = text.split(",")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        raise Complaint(f"--shape: slices,rows,columns such as 64,256,256, not {text!r}")
    z, y, x = (int(part) for part in parts)
    if not (1 <= z <= MOST and min(y, x) >= LEAST and max(y, x) <= MOST):
        raise Complaint(f"--shape: 1 to {MOST} slices of {LEAST} to {MOST} rows and columns")
    return z, y, x
