"""Workbooks by their parts, to say in one what a library should never see."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path) -> Path:
    """A sound one of twelve rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["T", "strength"])
    for i in range(12):
        sheet.append([600 + i, i * 7 % 5 + 0.5])
    book.save(path)
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same with one part changed."""
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    return path
