"""Columns by themselves and against each other: constants, sums, formulas, codes, spellings."""

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from planner.campaign.values import shown
from planner.importing.checks.columns_by_role import ColumnsByRole
from planner.importing.guess.direction import without_circles
from planner.importing.guess.guessed import is_code
from planner.tables.table import Finding


def check_columns_of(view: ColumnsByRole) -> Iterator[Finding]:
    """Everything that needs no order of the rows."""
    yield from _constants(view)
    yield from _compositions(view)
    yield from _derived(view)
    yield from _codes(view)
    yield from _percent(view)
    yield from _spellings(view)
    yield from _bounds(view)
    yield from _digits(view)


def _constants(view: ColumnsByRole) -> Iterator[Finding]:
    for name, p in view.columns.items():
        if view.guess.table.hints.get(name) == "ignore":
            continue  # a column of the program that wrote the file
        if len(p.levels) == 1 and len(p.filled) > 1 and name != view.rules.status:
            yield view.finding("constant", f"is always {p.levels[0]}", "note", name)
        elif not p.levels:
            yield view.finding("empty-column", "holds nothing", "note", name)


def _compositions(view: ColumnsByRole) -> Iterator[Finding]:
    for c in view.guess.compositions:
        names = " + ".join(c.columns)
        how = "" if c.exact else ", within a percent"
        yield view.finding("composition", f"{names} = {c.total:g} in every row{how}", "note")
        if c.odd:
            text = f"{names} is not {c.total:g} here"
            yield view.finding("sum-off", text, places=c.odd)


def _derived(view: ColumnsByRole) -> Iterator[Finding]:
    for relation in without_circles(view.guess.relations, view.columns):
        text = f"follows from other columns: {relation.formula}"
        yield view.finding("derived", text, "note", relation.column)
        if relation.odd:
            text = f"is not {relation.formula} here, as it is in the other rows"
            yield view.finding("derived-disagrees", text, column=relation.column,
                               places=relation.odd)  # fmt: skip


def _codes(view: ColumnsByRole) -> Iterator[Finding]:
    for p in view.parameters:
        if p.is_numeric and is_code(p):
            taken = "read as kinds" if view.is_choice(p) else "read as numbers: is there an order?"
            text = f"the codes {', '.join(sorted(p.levels, key=float))} look like names; {taken}"
            yield view.finding("nominal-code", text, column=p.name)


def _percent(view: ColumnsByRole) -> Iterator[Finding]:
    for p in [*view.parameters, *view.outcomes]:
        if "%" not in p.unit or not p.is_numeric or view.is_choice(p):
            continue
        values = p.numbers[np.isfinite(p.numbers)]
        if 0 < values.max() <= 1 and len(p.levels) > 2:
            text = f"the header says %, but no value is above {values.max():g}: fractions?"
            yield view.finding("fraction-under-percent", text, column=p.name)
        if values.max() > 100:
            high = p.numbers > 100
            text = f"values above 100 %, up to {values.max():g}; kept as they are"
            yield view.finding("above-100-percent", text, column=p.name, places=high)


def _spellings(view: ColumnsByRole) -> Iterator[Finding]:
    for p in view.parameters:
        if p.is_numeric:
            continue
        bare = {level: re.sub(r"[\s_-]+", "", level).lower() for level in p.levels}
        count = Counter(bare.values())
        alike = [level for level in p.levels if count[bare[level]] > 1 and bare[level]]
        if alike:
            text = f"{', '.join(map(repr, alike))}: one kind in different spellings?"
            places = [i for i, cell in enumerate(p.cells) if cell in alike]
            yield view.finding("spellings", text, column=p.name, places=places)
        numbers = [i for i, cell in enumerate(p.cells) if re.fullmatch(r"[-+]?\d+([.]\d+)?", cell)]
        if numbers:
            text = "numbers stand among words"
            yield view.finding("mixed-kinds", text, column=p.name, places=numbers)


def _bounds(view: ColumnsByRole) -> Iterator[Finding]:
    """Against the mapping, which says more than the table once a person has corrected it."""
    for p in view.parameters:
        declared = view.rules.parameters[p.name]
        low, high = getattr(declared, "low", None), getattr(declared, "high", None)
        if low is not None and high is not None and p.is_numeric:
            slack = 1e-9 * (high - low)
            outside = (p.numbers < low - slack) | (p.numbers > high + slack)
            if outside.any():
                worst = p.numbers[outside][0]
                text = f"{worst:g} is outside the declared {low:g} to {high:g}"
                yield view.finding("out-of-bounds", text, column=p.name, places=outside)
        elif hasattr(declared, "values"):
            known = {write(v) for v in declared.values for write in (shown, str)}
            known |= {f"{v:g}" for v in declared.values if isinstance(v, int | float)}
            odd = [
                i for i, c in enumerate(p.cells) if c and c not in known and _short(c) not in known
            ]
            if odd:
                text = f"{p.cells[odd[0]]!r} is none of the declared values"
                yield view.finding("out-of-bounds", text, column=p.name, places=odd)
        missing = [i for i, cell in enumerate(p.cells) if not cell]
        if missing:
            text = "the setting is missing; such a row cannot be replayed"
            yield view.finding("missing-setting", text, "error", p.name, missing)


def _digits(view: ColumnsByRole) -> Iterator[Finding]:
    """Settings with digits that nobody sets: they come out of a program."""
    for p in view.parameters:
        if not p.is_numeric or view.is_choice(p):
            continue
        long = [i for i, c in enumerate(p.cells) if len(re.sub(r"[^\d]", "", c).lstrip("0")) >= 12]
        if len(long) >= 3:
            text = (f"{len(long)} settings have 12 digits or more, such as {p.cells[long[0]]}: "
                    "proposals of a program? Then the pool is not a random one")  # fmt: skip
            yield view.finding("proposal-digits", text, "note", p.name, long)


def _short(cell: str) -> str:
    try:
        return f"{float(cell):g}"
    except ValueError:
        return cell
