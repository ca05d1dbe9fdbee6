"""The page docs/write-an-executor.md tells the truth: its example runs, and passes the contract."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "write-an-executor.md"
EXAMPLE: dict[str, Any] = {}
for block in re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S):
    exec(block, EXAMPLE)


TestBalance = EXAMPLE["TestBalance"]


def test_its_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="accuracy must be above 0 g, not -1"):
        EXAMPLE["Balance"](tmp_path, accuracy=-1)
