"""Past campaigns in the data folder, as the pages show them. Pure but for reading files."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from planner.door.names import file_name
from planner.importing.answers import answered, undecided
from planner.importing.importing import Import
from planner.tables.table import HistoryError
from ui.views.words import plain

LEVELS = {
    "error": ":red[:material/error:]", "warning": ":orange[:material/warning:]",
    "note": ":material/info:",
}  # fmt: skip


def roles(found: Import) -> pd.DataFrame:
    """One row a column of the table; ``role`` is what a person may correct."""
    guess = found.proposal.guess
    return pd.DataFrame(
        [
            {
                "column": name,
                "role": guess.roles[name].role,
                "unit": guess.columns[name].unit,
                "first cells": ", ".join(list(filter(None, guess.columns[name].cells))[:3]),
                "why": guess.roles[name].why,
            }
            for name in found.table.columns
        ]
    )


def findings(found: Import) -> list[str]:
    """What was noticed, as lines of a list: errors first."""
    rank = list(LEVELS)
    ordered = sorted(found.findings, key=lambda f: rank.index(f.level))
    return [f"- {LEVELS[f.level]} {plain(str(f))}" for f in ordered]


def keep(
    found: Import, files: Mapping[str, bytes], answers: dict[str, str], folder: Path, name: str
) -> Path:
    """The table, what came with it, and its mapping in a folder of their own; HistoryError where
    the name is taken."""
    if not re.fullmatch(r"[\w .-]{1,64}", name) or name != file_name(name):
        raise HistoryError(
            f"{name!r} is not a name: letters, digits, blanks, - and . only, 1 to 64 of them, and "
            "no blank or . at the ends"
        )
    place = folder / name
    if place.exists():
        raise HistoryError(f"there is a history {name!r} already; take another name")
    if questions := undecided(found.proposal, answers):
        raise HistoryError(f"answer first, a replay would stop there: {questions[0]}")
    text = answered(found.proposal, answers, name)
    place.mkdir(parents=True)
    for file, content in files.items():
        (place / file).write_bytes(content)
    (place / "mapping.yaml").write_text(text, encoding="utf-8")
    return place


def kept(folder: Path) -> dict[str, Path]:
    """Histories that were imported, by name."""
    found = sorted(folder.glob("*/mapping.yaml"))
    return {path.parent.name: path.parent for path in found}


def replays(folder: Path) -> dict[str, Path]:
    """Replays that were started, the newest first."""
    return {path.parent.name: path.parent for path in sorted(folder.glob("*/request.json"))[::-1]}
