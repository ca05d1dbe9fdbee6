"""A hundred SYNTHETIC micrographs of known state, measured back: ``make bench-micrographs``.

``--renderings`` takes pictures of another kind (``benchmarks.renderings``) that chose nothing.
For porosity, grain size and clean share: how many lie within 2 standard errors of the truth (90 of
100 are wanted for the first two; 95 would be exact), and how large those errors are.
"""

import argparse

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.renderings import random_rendering, render
from models.micrograph.drawn import Appearance, draw
from models.micrograph.microstructure import measure

PIXEL = 20e-9
"""Width of a pixel in metres; only ratios matter."""


def main() -> None:
    """Print the table."""
    asked = _arguments()
    if asked.renderings:
        return renderings(asked)
    rows = np.array([one(seed, asked.size) for seed in track(range(asked.pictures), "pictures")])
    table = Table(title=f"{asked.pictures} micrographs of {asked.size} x {asked.size} pixels")
    for heading in ("measured", "within 2 errors", "mean z", "sd of z", "median relative error"):
        table.add_column(heading, justify="right")
    for name, (true, value, error) in zip(
        ("porosity", "grain size", "clean boundaries"), np.moveaxis(rows, 0, 2), strict=True
    ):
        z = (value - true) / error
        table.add_row(
            name, f"{np.mean(np.abs(z) <= 2):.0%}", f"{z.mean():+.2f}", f"{z.std():.2f}",
            f"{np.median(error / true):.1%}",
        )  # fmt: skip
    Console().print(table)


def renderings(asked: argparse.Namespace) -> None:
    """The same over the family of renderings: what is refused, and how honest the rest is."""
    rows, refused = [], 0
    for seed in track(range(asked.pictures), "renderings"):
        random = np.random.default_rng([20261127, seed])
        told = random_rendering(random)
        try:
            found, _ = measure(render(told, asked.size, random), PIXEL)
        except ValueError:
            refused += 1
            continue
        rows.append(
            [(told.porosity, *found.porosity), (told.grain_size * PIXEL, *found.grain_size)]
        )
    say = Console().print
    say(f"{refused} of {asked.pictures} refused: the grains are not seen clearly, or too few")
    table = np.array(rows)
    for name, (true, value, error) in zip(
        ("porosity", "grain size"), np.moveaxis(table, 0, 2), strict=True
    ):
        z = (value - true) / error
        say(f"{name}: {np.mean(np.abs(z) <= 2):.0%} within 2 errors, mean z {z.mean():+.2f}, "
            f"sd of z {z.std():.2f}")  # fmt: skip
    off, told_error = table[:, 1, 1:].T / table[:, 1, 0]
    off -= 1
    say(f"grain size off by {off.min():+.0%} to {off.max():+.0%}, half of them within "
        f"{np.median(np.abs(off)):.1%}; told {np.median(told_error):.1%}")  # fmt: skip
    none = table[table[:, 0, 0] == 0, 0]
    say(f"without pores: {np.mean(none[:, 1] <= 2 * none[:, 2]):.0%} of {len(none)} within 2 "
        f"errors of 0, {np.mean(none[:, 1] == 0):.0%} exactly 0")  # fmt: skip


def one(seed: int, size: int) -> list[tuple[float, float, float]]:
    """True value, measured value and its standard error of each quantity of one picture."""
    random = np.random.default_rng([2024, seed])
    texture = Appearance(
        random.uniform(28, 40), random.uniform(0.02, 0.25), random.uniform(0.1, 0.98)
    )
    found, _ = measure(draw(texture, size, 0.04, random)[0], PIXEL)
    return [
        (texture.porosity, *found.porosity),
        (texture.grain_size * PIXEL, *found.grain_size),
        (1 - texture.wetted, *found.clean_boundaries),
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--renderings", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
