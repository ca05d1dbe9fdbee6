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
    """One question for each column with such cells."""
    for name, role in guess.roles.items():
        p = guess.columns[name]
        odd = odd_cells(guess, name)
        if not odd:
            continue
        where = f"{_listed(odd)} in {name} ({listed_rows(_lines(guess, p, odd))})"
        field, one = f"cells.{name}", len(odd) == 1
        if role.role == "parameter" and p.is_numeric:
            text = f"{where}: leave out the rows, or give a value?"
            yield Question(field, text, OPEN, (OPEN, LEFT_OUT, *_numbers(odd)), free=one)
        elif role.role == "parameter":
            text = f"{where}: a kind like others, or is the setting not known?"
            usual = OPEN if all(map(is_blank, odd)) else A_KIND
            yield Question(field, text, usual, (usual, LEFT_OUT), free=one)
        elif all(map(is_missing, odd)):
            text = f"{where}: not measured, or did the sample fail?"
            yield Question(field, text, NO_VALUE, (NO_VALUE, FAILED, LEFT_OUT))
        else:
            text = f"{where}: leave out the rows, call it missing, or give a value?"
            allowed = (OPEN, LEFT_OUT, NO_VALUE, FAILED, *_numbers(odd))
            yield Question(field, text, OPEN, allowed, free=one)


def row_questions(guess: Guess) -> Iterator[Question]:
    """One question where rows have more or fewer cells than there are columns."""
    ragged = [f for f in guess.table.findings if f.code == RAGGED]
    if ragged:
        rows = listed_rows([line for f in ragged for line in f.rows])
        text = f"Other numbers of cells than columns ({rows}): leave these rows out?"
        yield Question("ragged_rows", text, OPEN, (OPEN, LEFT_OUT))


def slip_questions(guess: Guess) -> Iterator[Question]:
    """One question for each result with values that may be slips."""
    for name in guess.named("outcome"):
        p = guess.columns[name]
        found = slips(p)
        if not found:
            continue
        rows = listed_rows([guess.table.lines[i] for i in found])
        text = f"{name}: {next(iter(found.values()))} ({rows}). Store it anyway?"
        allowed = (OPEN, ANYWAY, LEFT_OUT, NO_VALUE, FAILED)
        yield Question(f"value.{name}", text, OPEN, allowed, free=len(found) == 1)


def slip_cells(p: ColumnProfile) -> list[str]:
    """The cells with values that may be slips, each once."""
    return list(dict.fromkeys(p.cells[i].strip() for i in slips(p)))


def odd_cells(guess: Guess, name: str) -> list[str]:
    """The cells of a column that a replay cannot use, or that may mean two things, each once."""
    p, role = guess.columns[name], guess.roles[name].role
    cells = list(dict.fromkeys(c.strip() for c in p.cells))
    unreadable = [c for c in cells if not is_missing(c) and not _is_readable(c, p.unit)]
    marks = [
        c for c in cells if is_missing(c) and not is_blank(c) and c.lower() not in words.AWAITED
    ]
    if role == "parameter":
        if not p.is_numeric:
            return [c for c in cells if is_blank(c)] or [c for c in marks if c != SODIUM]
        return [*(c for c in cells if is_missing(c)), *unreadable]
    if role in ("outcome", "sd", "n") and p.is_numeric:
        return unreadable or (marks if role == "outcome" else [])
    return []


def meaning(answer: str, odd: Sequence[str]) -> dict[str, str | float]:
    """What each of the odd cells stands for after an answer; ValueError where it is no number."""
    if answer in (OPEN, A_KIND, ANYWAY):
        return {}
    if answer == THE_NUMBER:
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


def _lines(guess: Guess, p: ColumnProfile, odd: Sequence[str]) -> list[int]:
    return [n for n, c in zip(guess.table.lines, p.cells, strict=True) if c.strip() in odd]
