"""A model that fails is told on every page of its campaign, in a real browser, until it plans again;
and a link to any page leads there."""

from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, two_stages
from planner import desk
from planner.campaign.campaign import Campaign
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.proposals.failure import PlanningError
from planner.record.record import Record
from planner.record.trial import Proposal
from planner.space.design import first_design
from scripts.browser import enter, opened, why_no_browser
from tests.stories.panel_alone import panel_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
]
PAGES = ("Inbox", "Inject", "Hypotheses", "Trials", "Campaign", "Audit")
BANNER = "The model does not plan"


def test_every_page_says_so_until_it_plans_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = {"batch": 1, "generator": "model"}
    content = two_stages(review={"autonomy": "by-hand"}, planner=planner)
    lab = laboratory(tmp_path, content)
    turn_of_the_loop(lab, monkeypatch, fails=True)
    with panel_on(tmp_path) as address, opened() as browser:
        page = enter(browser, address, "Aki")
        page.wait_for_function("document.cookie.includes('kyoso_who=Aki')")
        for title in PAGES:
            go_by_address(page, address, title)
            page.get_by_text(BANNER).wait_for()
        desk.veto(lab.store, [desk.Seen("test", 1, 1)], "Mika", "another one, please")
        turn_of_the_loop(lab, monkeypatch, fails=False)
        page.get_by_role("button", name="show").click()
        page.get_by_text(BANNER).wait_for(state="detached")
        for title in PAGES:
            go_by_address(page, address, title)
            assert page.get_by_text(BANNER).count() == 0, title
    lab.store.close()


def turn_of_the_loop(lab: Laboratory, monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    def planned(campaign: Campaign, record: Record, n: int, seed: int) -> list[Proposal]:
        if fails:
            raise PlanningError("the kernel is singular")
        (point,) = first_design(campaign, record.excluded, 1, seed)
        return [Proposal(point=point, generator="botorch")]

    monkeypatch.setattr("planner.loop.planning.propose", planned)
    advance(lab, "test")


def go_by_address(page: Any, address: str, title: str) -> None:
    """A page by its own address; nothing says that there is none."""
    page.goto(f"{address}/{title.lower()}?campaign=test")
    page.get_by_role("heading", name=title, exact=True).wait_for()
    page.get_by_text("live, nothing new").wait_for()
    page.wait_for_timeout(500)
    assert page.get_by_role("dialog").count() == 0, title
