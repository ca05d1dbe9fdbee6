"""Every installed executor has a test that inherits the contract."""

import re
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

from planner.executor import GROUP

TESTS = [
    test
    for path in Path(__file__).parents[1].rglob("test_*.py")
    for test in [path.read_text(encoding="utf-8")]
    if re.search(r"^class \w+\(ExecutorContract\)", test, re.M)
]


@pytest.mark.parametrize("entry", entry_points(group=GROUP), ids=lambda entry: entry.name)
def test_no_installed_executor_is_left_out(entry: EntryPoint) -> None:
    module, _, name = entry.value.partition(":")
    imported = rf"from {re.escape(module)} import [^\n]*\b{name}\b"
    assert any(re.search(imported, test) for test in TESTS), f"no test of {entry.value}"
