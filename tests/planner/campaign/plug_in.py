"""The kind of hypothesis of docs/add-a-hypothesis-kind.md, as if its package were installed."""

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.campaign import hypothesis

PAGE = Path(__file__).parents[3] / "docs" / "add-a-hypothesis-kind.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)


@contextmanager
def install(folder: Path, entry: str = "middle = middle_kind:Middle") -> Iterator[None]:
    """A file with the kind and an entry point for it, on the path as long as this lasts."""
    site = folder / "site"
    (site / "mylab-1.dist-info").mkdir(parents=True, exist_ok=True)
    (site / "mylab-1.dist-info" / "METADATA").write_text("Name: mylab\nVersion: 1\n")
    text = f"[{hypothesis.GROUP}]\n{entry}\n"
    (site / "mylab-1.dist-info" / "entry_points.txt").write_text(text)
    (site / "middle_kind.py").write_text(BLOCKS[0])
    sys.path.insert(0, str(site))
    _look_again()
    try:
        yield
    finally:
        sys.path.remove(str(site))
        sys.modules.pop("middle_kind", None)
        _look_again()


def _look_again() -> None:
    importlib.invalidate_caches()
    hypothesis.kinds.cache_clear()
