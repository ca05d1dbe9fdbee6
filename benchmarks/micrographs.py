"""A hundred SYNTHETIC micrographs of known state, measured back: ``make bench-micrographs``.

For porosity, grain size and clean share: how many lie within 2 standard errors of the truth (90 of
100 are wanted for the first two; 95 would be exact), and how large those errors are.
"""

import argparse

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.micrograph.drawn import Appearance, draw
from models.micrograph.microstructure import measure

PIXEL = 20e-9
"""Width of a pixel in metres; only ratios matter."""


def main() -> None:
    """Print the table."""
    asked = _arguments()
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
    return parser.parse_args()


if __name__ == "__main__":
    main()
