"""Thirty parameters with long names, in a window wide and narrow: every value is in sight."""

from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, two_stages
from planner.loop.turn import advance
from scripts.browser import enter, opened, why_no_browser
from tests.stories.panel_alone import panel_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
]
NAME = "a-campaign-with-a-name-that-nobody-would-type-twice"
PARAMETERS = {
    f"concentration_of_component_number_{i}": {"kind": "range", "low": 0, "high": 1e-3 * (i + 1)}
    for i in range(30)
}
OVERFLOWS = """tables => tables.map(t => t.querySelector("table"))
    .filter(t => t.scrollWidth > t.parentElement.clientWidth + 1).length"""


def test_every_value_is_in_sight_and_fields_stand_in_order(tmp_path: Path) -> None:
    content = two_stages(name=NAME, parameters=PARAMETERS, review={"autonomy": "by-hand"})
    stages = [{**s, "executor": "manual", "options": {}} for s in content["stages"]]
    lab = laboratory(tmp_path, {**content, "stages": stages})
    advance(lab, NAME)
    lab.store.close()
    with panel_on(tmp_path) as address, opened() as browser:
        page = enter(browser, address, "Aki")
        for width in (1400, 800):
            page.set_viewport_size({"width": width, "height": 1000})
            go(page, "Inbox")
            assert page.get_by_test_id("stTable").count() > 0
            assert page.get_by_test_id("stTable").evaluate_all(OVERFLOWS) == 0, width
        go(page, "Inject")
        labels = page.get_by_role("textbox").evaluate_all("all => all.map(e => e.ariaLabel)")
        assert labels[:30] == list(PARAMETERS)  # where columns wrap, and for the tabulator


def go(page: Any, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()
    page.wait_for_timeout(2500)
