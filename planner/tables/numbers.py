"""Numbers as people write them, column by column: full-width digits, decimal commas, units."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from planner.tables.table import Finding, is_missing

PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_BLANKS = re.compile(r"[-+]?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_POWER = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*[x×*·]\s*10\s*\^?\s*([-+]?\d+)")
_WITH_UNIT = re.compile(rf"({PLAIN.pattern}|{_COMMA.pattern})\s*([^\d\s.,;+\-±(<>][^\d;±]*)")
_CENSORED = re.compile(rf"[<>≤≥~≈]\s*=?\s*(?:{PLAIN.pattern})")
_SPREAD = re.compile(rf"(?:{PLAIN.pattern})\s*(?:±|\+/-|\+-)\s*(?:{PLAIN.pattern}).*")
_SEVERAL = re.compile(rf"\[?\s*(?:{PLAIN.pattern})(?:\s*[;/|,]\s*(?:{PLAIN.pattern}))+\s*\]?")
_DATE = re.compile(r"\d{4}([/.-])\d{1,2}\1\d{1,2}|\d{1,2}([/.-])\d{1,2}\2\d{4}")
_NOTATIONS = (_COMMA, _THOUSANDS, _BLANKS, _POWER, _CENSORED)
_BROKEN = {"#n/a", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"}
_INFINITE = {"inf", "-inf", "+inf", "infinity", "-infinity"}
_MINUS = str.maketrans({"−": "-", "‐": "-", "–": "-", "ー": "-", "．": ".", "，": ","})

MOSTLY = 0.7
"""Share of a column's cells that must be numbers for it to be a column of numbers."""


class Column(NamedTuple):
    """Cells as plain numbers where they are numbers, a unit they carried, and what was noticed."""

    cells: list[str]
    unit: str
    findings: list[Finding]


def is_number(cell: str) -> bool:
    """Whether a cell is a plain number."""
    return PLAIN.fullmatch(cell) is not None and math.isfinite(float(cell))


def could_be_number(cell: str) -> bool:
    """Whether a cell, as it stands in a file, is a number in some notation."""
    text = _half_width(cell)
    return PLAIN.fullmatch(text) is not None or any(p.fullmatch(text) for p in _NOTATIONS)


def read_column(name: str, cells: Sequence[str], lines: Sequence[int], comma: bool) -> Column:
    """``comma``: whether a comma is a decimal point in this file where a column leaves it open."""
    found = _NumberForm(name, lines, comma)
    texts = [_half_width(cell) if not cell.isascii() and could_be_number(cell) else cell
             for cell in cells]  # fmt: skip
    found.note_changed("full-width", "digits are full-width; read as ordinary ones", cells, texts)
    filled = [text for text in texts if not is_missing(text)]
    numeric = sum(count for text, count in Counter(filled).items() if _numeric(text))
    if not filled or numeric < MOSTLY * len(filled):
        return Column(texts, "", found.findings)
    return found.read(texts)


class _NumberForm:
    """One column on its way to plain numbers."""

    def __init__(self, name: str, lines: Sequence[int], comma: bool) -> None:
        self.name, self.lines, self.comma = name, lines, comma
        self.findings: list[Finding] = []

    def read(self, texts: list[str]) -> Column:
        decimal = self._comma_is_decimal(texts)
        texts, unit = self._without_unit(texts, decimal)
        plain = [text if is_missing(text) else _plain(text, decimal) for text in texts]
        changed = [(a, b) for a, b in zip(texts, plain, strict=True) if a != b]
        if any("," in a for a, _ in changed):
            how = "decimal points" if decimal else "marks of thousands"
            code = "decimal-comma" if decimal else "thousands"
            self.note_changed(code, f"commas are read as {how}", texts, plain)
        elif changed:
            self.note_changed("notation", "numbers are written in another notation; read as such",
                              texts, plain)  # fmt: skip
        self._note_no_numbers(plain)
        return Column(plain, unit, self.findings)

    def note_changed(
        self, code: str, text: str, before: Sequence[str], after: Sequence[str]
    ) -> None:
        rows = [n for n, a, b in zip(self.lines, before, after, strict=True) if a != b]
        if rows:
            i = self.lines.index(rows[0])
            example = f", for example {before[i]!r} as {after[i]}"
            self.findings.append(Finding(code, text + example, "note", self.name, tuple(rows)))

    def _comma_is_decimal(self, texts: Sequence[str]) -> bool:
        """From the column itself where it says so; a group of three digits leaves it open."""
        with_comma = {t for t in texts if "," in t and could_be_number(t)}
        if any(_COMMA.fullmatch(t) and not _THOUSANDS.fullmatch(t) for t in with_comma):
            return True
        if any(t.startswith(("0,", "-0,")) for t in with_comma):
            return True
        if any(t.count(",") > 1 or "." in t for t in with_comma) or not with_comma:
            return False
        how = "decimal points" if self.comma else "marks of thousands"
        text = f"commas may be decimal points or marks of thousands; read as {how}"
        rows = tuple(n for n, t in zip(self.lines, texts, strict=True) if t in with_comma)
        self.findings.append(Finding("ambiguous-comma", text, "warning", self.name, rows))
        return self.comma

    def _without_unit(self, texts: list[str], decimal: bool) -> tuple[list[str], str]:
        """The numbers alone where every cell that has a unit has the same one."""
        matched = [_WITH_UNIT.fullmatch(t) for t in texts]
        units = Counter(m[2].strip() for m in matched if m)
        if not units:
            return texts, ""
        rows = tuple(n for n, m in zip(self.lines, matched, strict=True) if m)
        if len(units) > 1:
            text = f"cells carry different units: {', '.join(units)}"
            self.findings.append(Finding("mixed-units", text, "error", self.name, rows))
            return texts, ""
        (unit,) = units
        text = f"cells carry the unit {unit!r}; it is taken as the unit of the column"
        self.findings.append(Finding("unit-in-cells", text, "note", self.name, rows))
        bare = sum(not is_missing(t) and m is None for t, m in zip(texts, matched, strict=True))
        if bare:
            text = f"{bare} cells have no unit where the others are in {unit!r}"
            self.findings.append(Finding("unit-missing", text, "warning", self.name))
        return [m[1] if m else t for t, m in zip(texts, matched, strict=True)], unit

    def _note_no_numbers(self, plain: Sequence[str]) -> None:
        """What is left in a column of numbers and is none."""
        odd = {n: t for n, t in zip(self.lines, plain, strict=True)
               if not is_missing(t) and not is_number(t)}  # fmt: skip
        for code, text, test in (
            ("spreadsheet-error", "errors of a spreadsheet stand for values", _is_broken),
            ("not-finite", "{!r} is no finite number", _is_infinite),
            ("censored", "values are limits, such as {!r}, not measurements", _is_limit),
            ("spread-in-cell", "a value and its error stand in one cell, such as {!r}; split them "
             "into two columns", _is_spread),
            ("several-in-cell", "several numbers stand in one cell, such as {!r}; give each a "
             "column or a row", _is_several),
            ("not-a-number", "{!r} is not a number", lambda t: True),
        ):  # fmt: skip
            found = {n: t for n, t in odd.items() if test(t)}
            if found:
                said = text.format(next(iter(found.values())))
                self.findings.append(Finding(code, said, "error", self.name, tuple(found)))
            odd = {n: t for n, t in odd.items() if n not in found}


def _half_width(cell: str) -> str:
    if cell.isascii():  # as nearly all are
        return cell.strip()
    return unicodedata.normalize("NFKC", cell).translate(_MINUS).strip()


def _numeric(text: str) -> bool:
    if PLAIN.fullmatch(text):
        return True
    if _DATE.fullmatch(text):
        return False
    return could_be_number(text) or any(
        p.fullmatch(text) for p in (_WITH_UNIT, _SPREAD, _SEVERAL)
    ) or _is_broken(text) or _is_infinite(text)  # fmt: skip


def _plain(text: str, decimal: bool) -> str:
    """A number in our notation; what is none, as it is."""
    text = text.strip()
    if PLAIN.fullmatch(text):
        return text
    if found := _POWER.fullmatch(text):
        return f"{found[1].replace(',', '.')}e{int(found[2])}"
    if _BLANKS.fullmatch(text):
        return re.sub(r"[ '’\u00a0\u202f]", "", text).replace(",", ".")
    if decimal and re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return text.replace(".", "").replace(",", ".")
    if _COMMA.fullmatch(text) and decimal:
        return text.replace(",", ".")
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _is_broken(text: str) -> bool:
    return text.strip().lower() in _BROKEN


def _is_infinite(text: str) -> bool:
    return text.strip().lower() in _INFINITE or (
        PLAIN.fullmatch(text) is not None and math.isinf(float(text))
    )


def _is_limit(text: str) -> bool:
    return _CENSORED.fullmatch(text) is not None


def _is_spread(text: str) -> bool:
    return _SPREAD.fullmatch(text) is not None


def _is_several(text: str) -> bool:
    return _SEVERAL.fullmatch(text) is not None
