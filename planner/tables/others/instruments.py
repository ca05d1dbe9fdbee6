"""Files of instruments: one measurement of one sample, which is no table of experiments.

Quantum Design (MPMS, PPMS): everything up to a line that begins with ``[Data]`` is a header; the
next line names the columns.
"""

import csv
import re

from planner.tables.table import is_missing

_MEASURED = re.compile(r"moment|resist|voltage|suscept|heat cap|m['\"]* \(emu|conductivity",
                       re.IGNORECASE)  # fmt: skip
_SHOWN = 5


def is_quantum_design(text: str) -> bool:
    """Whether text is a file of such an instrument."""
    head = text.lstrip('\ufeff \r\n\t"')[:20].casefold()
    return head.startswith("[header]") and re.search(r"^\s*\[data\]", text, re.I | re.M) is not None


def what_it_holds(text: str) -> str:
    """What is in the file, and what to do instead of importing it."""
    after = re.split(r"^\s*\[data\][^\n]*\n", text, maxsplit=1, flags=re.IGNORECASE | re.MULTILINE)
    lines = after[1].splitlines()
    cut = "\t" if lines and lines[0].count("\t") > lines[0].count(",") else ","
    rows = list(csv.reader(lines, delimiter=cut))
    names, points = (rows[0], [r for r in rows[1:] if len(r) > 2]) if rows else ([], [])
    filled = [n.strip() for i, n in enumerate(names) if n.strip() and any(
        i < len(r) and not is_missing(r[i]) for r in points)]  # fmt: skip
    measured = [n for n in filled if _MEASURED.search(n)]
    shown = ", ".join((measured or filled)[:_SHOWN])
    return (
        f"is one curve of a Quantum Design instrument ({len(points)} points: {shown or 'nothing'}) "
        "and no table of experiments. Read from it what tells of the sample, such as Tc or a "
        "moment at one field, write it in a table with one row for each sample, and import that; "
        "the curve itself can be kept with its trial as a file"
    )
