"""The code of a documentation page, so that tests can run what the page shows."""

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: str, language: str = "python") -> list[str]:
    """The code blocks of a page in one language, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def example(page: str) -> dict[str, Any]:
    """All names that the Python blocks of a page define, run one after the other."""
    names: dict[str, Any] = {"__name__": f"docs.{Path(page).stem}"}
    for block in blocks(page):
        exec(block, names)
    return names
