"""The page docs/write-an-executor.md tells the truth: its example runs, and passes the contract."""

from pathlib import Path

import pytest

from tests.pages import example

EXAMPLE = example("write-an-executor.md")
TestBalance = EXAMPLE["TestBalance"]


def test_its_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="accuracy must be above 0 g, not -1"):
        EXAMPLE["Balance"](tmp_path, accuracy=-1)
