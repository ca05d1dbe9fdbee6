"""Cells that only a person can explain: ``~97`` among numbers, an empty setting, ``none`` among
words, the ``-`` of a sample that may have cracked."""

import re
from collections.abc import Iterator, Sequence

from planner.campaign.parameter import read_number
from planner.importing.guess import lexicon as words
from planner.importing.guess.profile import ColumnProfile
from planner.importing.guess.roles import Guess
from planner.importing.guess.slips import slips
from planner.past.mapping import FAILED, LEFT_OUT, NO_VALUE, Question
from planner.tables.table import RAGGED, is_blank, is_missing, listed_rows

OPEN = "not decided"
"""Until a person answers, a replay stops at such a cell."""
A_KIND, THE_NUMBER, ANYWAY = "a kind of its own", "the number in it", "store anyway"
SODIUM = "Na"
"""Programs write NA and NaN for what is missing."""
SHOWN = 4
_NUMBER = re.compile(r"[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?")


def cell_questions(guess: Guess) -> Iterator[Question]:
    """A question for each column with cells that cannot be used, and one where cells may mean two
    things."""
    for name, role in guess.roles.items():
        p, is_setting = guess.columns[name], role.role == "parameter"
        if odd := unusable_cells(guess, name):
            field, one, where = f"cells.{name}", len(odd) == 1, _where(guess, p, odd)
            if is_setting and p.is_numeric:
                text = f"{where}: leave out the rows, or give a value?"
                yield Question(field, text, OPEN, (OPEN, LEFT_OUT, *_numbers(odd)), free=one)
            elif is_setting:
                text = f"{where}: a kind like others, or is the setting not known?"
                yield Question(field, text, OPEN, (OPEN, LEFT_OUT), free=one)
            else:
                text = f"{where}: leave out the rows, call it missing, or give a value?"
                allowed = (OPEN, LEFT_OUT, NO_VALUE, FAILED, *_numbers(odd))
                yield Question(field, text, OPEN, allowed, free=one)
        if marks := marked_cells(guess, name):
            field = f"marks.{name}" if odd else f"cells.{name}"
            one, where = len(marks) == 1, _where(guess, p, marks)
            if is_setting:
                text = f"{where}: a kind like others, or is the setting not known?"
                yield Question(field, text, A_KIND, (A_KIND, LEFT_OUT), free=one)
            else:
                text = f"{where}: not measured, or did the sample fail?"
                yield Question(field, text, NO_VALUE, (NO_VALUE, FAILED, LEFT_OUT))


def row_questions(guess: Guess) -> Iterator[Question]:
    """One question where rows have more or fewer cells than there are columns."""
    ragged = [f for f in guess.table.findings if f.code == RAGGED]
    if ragged:
        rows = listed_rows([line for f in ragged for line in f.rows])
        text = f"Other numbers of cells than columns ({rows}): leave these rows out?"
        yield Question("ragged_rows", text, OPEN, (OPEN, LEFT_OUT))


def slip_questions(guess: Guess) -> Iterator[Question]:
    """One question for each result, or setting that takes numbers, with values that may be
    slips."""
    for name in guess.named("outcome", "parameter"):
        p = guess.columns[name]
        found = slips(p) if p.is_numeric else {}
        if not found:
            continue
        rows = listed_rows([guess.table.lines[i] for i in found])
        text = f"{name}: {next(iter(found.values()))} ({rows}). Store it anyway?"
        not_measured = (NO_VALUE, FAILED) if guess.roles[name].role == "outcome" else ()
        allowed = (OPEN, ANYWAY, LEFT_OUT, *not_measured)
        yield Question(f"value.{name}", text, OPEN, allowed, free=len(found) == 1)


def slip_cells(p: ColumnProfile) -> list[str]:
    """The cells with values that may be slips, each once."""
    return list(dict.fromkeys(p.cells[i].strip() for i in slips(p)))


def asked_cells(guess: Guess, field: str) -> list[str]:
    """The cells that a question is about, by its field: ``cells.yield``, or ``marks.yield`` of the
    second question on a column."""
    section, _, name = field.partition(".")
    if section == "value":
        return slip_cells(guess.columns[name])
    unusable = unusable_cells(guess, name) if section == "cells" else []
    return unusable or marked_cells(guess, name)


def unusable_cells(guess: Guess, name: str) -> list[str]:
    """The cells of a column that a replay cannot use, each once."""
    p, role = guess.columns[name], guess.roles[name].role
    cells = _distinct(p)
    if role == "parameter" and not p.is_numeric:
        return [c for c in cells if is_blank(c)]
    if not p.is_numeric or role not in ("parameter", "outcome", "sd", "n"):
        return []
    lacking = [c for c in cells if is_missing(c)] if role == "parameter" else []
    return [*lacking, *(c for c in cells if not is_missing(c) and not _is_readable(c, p.unit))]


def marked_cells(guess: Guess, name: str) -> list[str]:
    """The cells of a column that may mean two things, each once."""
    p, role = guess.columns[name], guess.roles[name].role
    marks = [
        c
        for c in _distinct(p)
        if is_missing(c) and not is_blank(c) and c.lower() not in words.AWAITED
    ]
    if role == "parameter" and not p.is_numeric:
        return [c for c in marks if c != SODIUM]
    return marks if role == "outcome" and p.is_numeric else []


def _distinct(p: ColumnProfile) -> list[str]:
    return list(dict.fromkeys(c.strip() for c in p.cells))


def meaning(answer: str, odd: Sequence[str]) -> dict[str, str | float]:
    """What each of the odd cells stands for after an answer; ValueError where it is no number."""
    if answer in (OPEN, A_KIND):
        return {}
    if answer in (THE_NUMBER, ANYWAY):
        return {cell: _number_in(cell) for cell in odd}
    if answer in (LEFT_OUT, NO_VALUE, FAILED):
        return dict.fromkeys(odd, answer)
    try:
        return dict.fromkeys(odd, float(answer))
    except ValueError:
        return dict.fromkeys(odd, answer)


def _numbers(odd: Sequence[str]) -> tuple[str, ...]:
    return (THE_NUMBER,) if all(len(_NUMBER.findall(c)) == 1 for c in odd) else ()


def _number_in(cell: str) -> float:
    return float(_NUMBER.findall(cell)[0].replace(",", "."))


def _is_readable(cell: str, unit: str) -> bool:
    try:
        read_number(cell, unit)
    except ValueError:
        return False
    return True


def _listed(odd: Sequence[str]) -> str:
    shown = ", ".join(repr(c) if c else "an empty cell" for c in odd[:SHOWN])
    return shown + (f" and {len(odd) - SHOWN} more" if len(odd) > SHOWN else "")


def _where(guess: Guess, p: ColumnProfile, odd: Sequence[str]) -> str:
    return f"{_listed(odd)} in {p.name} ({listed_rows(_lines(guess, p, odd))})"


def _lines(guess: Guess, p: ColumnProfile, odd: Sequence[str]) -> list[int]:
    these = set(odd)
    return [n for n, c in zip(guess.table.lines, p.cells, strict=True) if c.strip() in these]
