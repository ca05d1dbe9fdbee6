"""The page docs/add-a-panel-page.md tells the truth: its view and its page work on a record."""

import sys
from types import ModuleType

import pytest

from tests.pages import example

EXAMPLE = example("add-a-panel-page.md")
test_waits_are_shown = EXAMPLE["test_waits_are_shown"]


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example stands where its page says that it stands."""
    module = ModuleType("ui.pages.waits")
    vars(module).update(EXAMPLE)
    monkeypatch.setitem(sys.modules, "ui.pages.waits", module)
