"""Columns of record keeping: order, batch, arm, state, names of rows, what was noted beside."""

import re

import numpy as np

from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.roles import Guess
from planner.importing.guess.signs import is_dates, rises
from planner.importing.guess.wording import says
from planner.tables.table import is_missing

NEARLY = 0.85
"""Share of the rows of which the number is one above that before, in a count with slips."""


def by_format(guess: Guess) -> None:
    """What the file's format says."""
    for name, hint in guess.table.hints.items():
        if hint.startswith("standard error of "):
            guess.give(name, "sd", "the file's format says so", hint.removeprefix(
                "standard error of "))  # fmt: skip
        else:
            guess.give(name, hint.partition(":")[0], "the file's format says so")

    for p in guess.open:
        if p.name == "FitNr" and "BatchNr" in guess.columns:
            guess.give(p.name, "ignore", "BayBE counts its fits")


def status(guess: Guess) -> None:
    """The column that says how each trial ended."""

    def fits(p: ColumnProfile) -> bool:
        values = {c.lower() for c in p.filled}
        return not p.is_numeric and (
            (p.named.has(words.STATUS) and len(values) <= 8)
            or (bool(values) and values <= words.STATUS_VALUES)
        )

    guess.first("status", "words such as completed or failed", fits)


def arm(guess: Guess) -> None:
    """The column that tells campaigns in one table apart."""

    def fits(p: ColumnProfile) -> bool:
        values = {w for c in p.filled for w in re.split(r"[^a-z]+", c.lower()) if w}
        few = not p.is_numeric and 2 <= len(p.levels) <= 8 and not p.missing
        known = values & words.ARM_VALUES
        return few and (
            (p.named.has(words.ARM) and bool(known)) or len(known) >= max(2, len(p.levels) - 1)
        )

    guess.first("arm", "tells campaigns in one table apart", fits)


def constant(guess: Guess) -> None:
    """Columns with one value, or none."""
    for p in guess.open:
        if all(map(is_missing, p.cells)) and says(p) > 0:
            guess.give(p.name, "outcome", "a result that nobody has measured yet")
        elif len(p.levels) < 2:
            value = f"always {p.levels[0]}" if p.levels else "empty"
            guess.give(p.name, "ignore", value)


def order(guess: Guess) -> None:
    """What counts or dates the rows; what else names them."""
    groups = guess.groups()

    def counting(p: ColumnProfile) -> bool:
        return p.named.has(words.ORDER) and (
            p.counts_up() or p.counts_up(groups) or rises(p)
        ) and not p.named.has(words.BATCH - words.ORDER)  # fmt: skip

    guess.first("order", "counts the rows", counting)
    guess.first("order", "dates or times that rise", is_dates)
    guess.first("order", "counts the rows", _only_counts)
    for p in guess.open:
        names_rows = p.named.has(words.ORDER) and not p.named.has(
            (words.OUTCOME | words.MEASURED_KINDS) - words.ORDER
        )
        alone = not p.named.unit and set(p.named.words) <= words.ORDER | words.FILLING
        called = alone or set(p.named.words[-1:]) & {"index", "idx", "id", "no", "nr", "number"}
        if names_rows and p.is_unique and (not p.is_numeric or (p.is_whole and called)):
            guess.give(p.name, "ignore", "a name of each row")
        elif names_rows and p.is_whole and _nearly_counts(p):
            guess.give(p.name, "ignore", "a number of each row, some of them twice")
        elif (
            names_rows
            and not p.is_numeric
            and len(p.levels) >= words.SAMPLES
            and not p.named.has((words.PARAMETER | words.SET_KINDS) - words.ORDER)
        ):
            guess.give(p.name, "ignore", "names samples")
        elif p.named.has(words.TIME) and not p.is_numeric:
            guess.give(p.name, "context", "a date")


def _only_counts(p: ColumnProfile) -> bool:
    """Whether a column goes up from 0 or 1 with the rows, and has the name of no amount."""
    starts = p.counts_up() and p.numbers[0] in (0, 1)
    return bool(starts) and not p.named.unit and not says(p)


def _nearly_counts(p: ColumnProfile) -> bool:
    """Whether a column that is called nothing but a count goes up by one almost everywhere."""
    counts = words.ORDER - words.BATCH - words.PARAMETER - words.SET_KINDS
    called = not p.named.unit and all(word in counts for word in p.named.words)
    return called and float(np.mean(np.diff(p.numbers) == 1)) >= NEARLY


def batch(guess: Guess) -> None:
    """A number that many rows share."""

    def fits(p: ColumnProfile) -> bool:
        levels = len(p.levels)
        return p.is_whole and p.named.has(words.BATCH) and 1 < levels < len(p.filled)

    guess.first("batch", "a number that many rows share", fits)


def context(guess: Guess) -> None:
    """What was recorded beside, and progress."""
    for p in guess.open:
        if p.named.has(words.CONTEXT):
            guess.give(p.name, "context", "recorded, not set")
        elif p.named.has(words.PROGRESS):
            guess.give(p.name, "context", "progress, computed from the results so far")
