"""``make bench-roles``: how many columns get their right role, in each form of each table.

The tables are synthetic (``role_tables``), and the published ones where KYOSO_SHARED has them. A
form changes what says nothing about roles: the order of the columns, how names are spelt, units,
which rows are there. Nameless, only the numbers are left: what can be told then is told last.
"""

import csv
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.role_tables import LETTERS, MADE
from planner.importing.guess.guessing import guess_roles
from planner.tables.numbers import is_number
from planner.tables.reading import read_table
from planner.tables.table import Table

SEEDS = range(2)
PUBLISHED = {  # what the notes on these tables say of their columns, in the letters of LETTERS
    "agnp/raw.csv": "p p p p p o",
    "concrete_boxcrete/data.csv": "t i p p p p p p p p p p od d ci i ci i ci i ci i o s c x",
    "concrete_boxcrete/raw_long.csv": "i p p d p p p d p pi p pd p p p p p cp o r r r o s n oc",
    "crossed_barrel/raw.csv": "p p p p o",
    "direct_arylation/raw.csv": "ti p p p p p o o",
    "edbo_mitsunobu/data.csv": "t b ic p p p p p p p o",
    "oer_mobo/raw_mobo.tsv": "t p p p p p o s o s b",
    "oer_mobo/raw_grid.tsv": "t p p p p p o s o s",
    "pedot_polybot/raw.csv": "t a i i p p p p p p p o s o s",
    "perovskite/raw.csv": "p p p o",
    "reizman_suzuki_1/raw.csv": "t p p p p o o",
}
UNSCALED = {"order", "batch", "n", "ignore", "status", "arm"}
SPELT = {"temperature": "temp.", "temp": "temperature", "time": "duration", "pressure": "press.",
         "concentration": "conc.", "conc": "concentration", "speed": "velocity", "hardness": "HV",
         "yield": "yld", "conversion": "conv.", "strength": "UCS", "density": "rho",
         "thickness": "thk", "solvent": "medium", "catalyst": "cat.", "power": "watts",
         "loading": "load", "overpotential": "eta", "conductivity": "cond."}  # fmt: skip


class Known(NamedTuple):
    """A table with the roles that are right for each of its columns."""

    names: list[str]
    cells: list[list[str]]
    """By column."""
    right: list[set[str]]


type Form = Callable[[Known, np.random.Generator], Known]


def tables() -> Iterator[tuple[str, Known]]:
    """Every table with its truth, by name."""
    for name, make in MADE.items():
        columns = make(np.random.default_rng(len(name)))
        cells = [[str(c) for c in column] for _, column in columns.values()]
        yield name, Known(list(columns), cells, [_roles(x) for x, _ in columns.values()])
    shared = Path(os.environ.get("KYOSO_SHARED", "shared")) / "campaigns"
    for name, letters in PUBLISHED.items() if shared.is_dir() else ():
        table = read_table(shared / name)
        cells = [table.column(c) for c in table.columns]
        yield name, Known(list(table.columns), cells, [_roles(x) for x in letters.split()])


def _roles(letters: str) -> set[str]:
    return {LETTERS[letter] for letter in letters}


def permuted(known: Known, rng: np.random.Generator) -> Known:
    """The columns in another order."""
    order = rng.permutation(len(known.names)).tolist()
    names, cells, right = ([part[i] for i in order] for part in known)
    return Known(names, cells, right)  # type: ignore[arg-type]


def renamed(known: Known, rng: np.random.Generator) -> Known:
    """Names in another spelling, with other words for the same, without units."""
    return known._replace(names=_distinct([_respelt(n, int(rng.integers(3))) for n in known.names]))


def _respelt(name: str, style: int) -> str:
    bare = re.sub(r"[(\[].*?[)\]]", " ", name)
    words = [SPELT.get(w.lower(), w) for w in re.split(r"[\s_]+", bare) if w]
    return ["_".join(words).lower(), " ".join(words), " ".join(words).title()][style]


def _distinct(names: Sequence[str]) -> list[str]:
    return [f"{n} {i}" if names.index(n) != i else n for i, n in enumerate(names)]


def rescaled(known: Known, rng: np.random.Generator) -> Known:
    """All amounts in another unit, so that digits and whole numbers say nothing."""
    factor = float(rng.choice([0.1, 2.54, 4.184, 60.0]))
    cells = [
        column if right & UNSCALED else [_times(c, factor) for c in column]
        for column, right in zip(known.cells, known.right, strict=True)
    ]
    return known._replace(cells=cells)


def _times(cell: str, factor: float) -> str:
    return f"{float(cell) * factor:.7g}" if is_number(cell) else cell


def thinned(known: Known, rng: np.random.Generator) -> Known:
    """Three quarters of the rows."""
    rows = len(known.cells[0])
    kept = np.sort(rng.choice(rows, max(8, 3 * rows // 4), replace=False)).tolist()
    return known._replace(cells=[[column[i] for i in kept] for column in known.cells])


def nameless(known: Known, rng: np.random.Generator) -> Known:
    """Names that say nothing."""
    return known._replace(names=[f"column {chr(65 + i)}" for i in range(len(known.names))])


def together(known: Known, rng: np.random.Generator) -> Known:
    """Renamed, permuted, rescaled and thinned."""
    for form in (renamed, permuted, rescaled, thinned):
        known = form(known, rng)
    return known


FORMS: dict[str, Form] = {
    "as it is": lambda known, _: known, "permuted": permuted, "renamed": renamed,
    "rescaled": rescaled, "thinned": thinned, "together": together, "nameless": nameless,
}  # fmt: skip


def as_read(known: Known) -> Table:
    """The table as it is read from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([known.names, *zip(*known.cells, strict=True)])
        return read_table(path)


def wrong(known: Known) -> list[str]:
    """Columns whose guessed role is none of the right ones."""
    table = as_read(known)
    roles = guess_roles(table).roles
    return [
        f"{name}: {roles[column].role} ({roles[column].why})"
        for name, column, right in zip(known.names, table.columns, known.right, strict=True)
        if roles[column].role not in right
    ]


def main() -> None:
    """Print right roles of all, by table and form; with ``-v`` also what is wrong."""
    total = dict.fromkeys(FORMS, 0.0)
    columns = 0
    print(f"{'right of':34}" + "".join(f"{form:>10}" for form in FORMS))
    for name, known in tables():
        columns += len(known.names)
        line = f"{name:28} {len(known.names):4} "
        for form, change in FORMS.items():
            forms = [change(known, np.random.default_rng(seed)) for seed in SEEDS]
            faults = [wrong(f) for f in forms]
            right = len(known.names) - float(np.mean([len(f) for f in faults]))
            total[form] += right
            line += f"{right:10.1f}"
            if "-v" in sys.argv:
                for fault in sorted({text for texts in faults for text in texts}):
                    print(f"   {form:10} {fault}")
        print(line, flush=True)
    print(f"{'all':28} {columns:4} " + "".join(f"{right:10.1f}" for right in total.values()))


if __name__ == "__main__":
    main()
