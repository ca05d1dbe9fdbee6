"""A person at the panel, in a real browser: who one is and what is half typed stays, a slip is asked
about or taken back, and nothing jumps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import laboratory, two_stages
from planner import desk
from planner.loop.laboratory import Laboratory
from planner.loop.trouble import write_file_troubles
from planner.loop.turn import advance
from planner.record.job import JobState
from planner.record.trial import TrialState
from planner.store import CampaignStatus
from scripts.browser import enter, opened, why_no_browser
from tests.stories.panel_alone import panel_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
]
STAGES = [
    {"name": "making", "executor": "manual", "gives": ["density"]},
    {"name": "testing", "executor": "manual", "after": ["making"], "gives": ["strength"]},
]
PARAMETERS = {
    "heat": {"kind": "ordered", "values": [675, 700, 725, 750, 775, 800], "unit": "degC"},
    "hold": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
    "x": {"kind": "range", "low": 0, "high": 10},
}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Laboratory]:
    """Trial 1 is a task, trial 2 a failure, trial 3 a proposal."""
    content = two_stages(parameters=PARAMETERS, stages=STAGES, review={"autonomy": "by-hand"},
                         planner={"batch": 1, "generator": "sobol"})  # fmt: skip
    lab = laboratory(tmp_path, content)
    points = [({"heat": 750, "hold": 9 + i, "x": 3}, "") for i in range(3)]
    desk.inject(lab.store, "test", points, "Mika")
    desk.approve(lab.store, [desk.Seen("test", n, 1) for n in (1, 2)], "Mika")
    advance(lab, "test")
    job = desk.open_job(lab.store, "test", 2)
    desk.end_without(lab.store, job, JobState.FAILED, "it cracked", "Mika")
    advance(lab, "test")
    yield lab
    lab.store.close()


def test_the_panel_remembers(lab: Laboratory, tmp_path: Path) -> None:
    with panel_on(tmp_path) as address, opened() as browser:
        page = enter(browser, address, "Aki")
        who_one_is_survives_reload_tab_and_link(page, address)
        what_is_half_typed_survives_a_look_at_another_page(page, tmp_path)
        a_link_waits_for_what_is_typed(page)
        an_error_closes_no_popover_and_a_notice_moves_no_tab(page)
        a_value_that_may_be_a_slip_is_asked_about(page, lab)
        a_value_with_a_decimal_comma_is_handed_in(page, lab)
        a_region_is_vetoed_by_its_levels_and_taken_back(page, lab)
        a_failure_that_was_none_is_taken_back(page, lab)
        a_new_task_and_a_broken_file_are_news(page, lab, tmp_path)
        stop_asks_before_it_stops(page, lab)
        leaving_is_remembered_too(page)


def go(page: Any, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()


def field(page: Any, label: str) -> Any:
    return page.get_by_role("textbox", name=label).first


def button(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True).first


def clicks(element: Any) -> str:
    return str(element.evaluate("element => getComputedStyle(element).pointerEvents"))


def who_one_is_survives_reload_tab_and_link(page: Any, address: str) -> None:
    page.wait_for_function("document.cookie.includes('kyoso_who=Aki')")
    page.reload()
    button(page, "Somebody else").wait_for()
    tab = page.context.new_page()
    tab.goto(f"{address}/trials?campaign=test&trial=2")
    button(tab, "Somebody else").wait_for()
    assert tab.get_by_text("Aki").count() > 0
    tab.close()


def what_is_half_typed_survives_a_look_at_another_page(page: Any, folder: Path) -> None:
    (folder / "pellet.txt").write_text("a picture")
    field(page, "density").fill("74,5")
    on_their_way: list[Any] = []
    page.route("**/upload_file/**", lambda route: on_their_way.append(route))
    page.locator("input[type=file]").first.set_input_files(folder / "pellet.txt")
    page.get_by_test_id("stFileChipIconSpinner").wait_for()
    assert clicks(button(page, "Hand in")) == "none"  # nothing is handed in without its file
    while not on_their_way:
        page.wait_for_timeout(50)
    on_their_way[0].continue_()
    page.get_by_test_id("stFileChipIconSpinner").wait_for(state="detached")
    go(page, "Trials")
    go(page, "Inbox")
    page.get_by_text("kept: pellet.txt").wait_for()
    assert field(page, "density").input_value() == "74,5"


def a_link_waits_for_what_is_typed(page: Any) -> None:
    """Also for the tap of a finger right after the last key, whatever the field."""
    go(page, "Inject")
    field(page, "Why").fill("a hunch")
    go(page, "Start")
    field(page, "Your name").fill("Mika")
    go(page, "Inject")
    assert field(page, "Why").input_value() == "a hunch"
    page.get_by_role("tab", name="A table").click()
    area = page.get_by_role("textbox", name="Paste from a spreadsheet")
    area.fill("heat")
    go(page, "Start")
    assert field(page, "Your name").input_value() == "Mika"
    go(page, "Inject")
    page.get_by_role("tab", name="A table").click()
    assert area.input_value() == "heat"
    go(page, "Inbox")


def an_error_closes_no_popover_and_a_notice_moves_no_tab(page: Any) -> None:
    button(page, "It came to nothing").click()
    button(page, "End the task").click()
    page.get_by_text("say what happened").wait_for()
    page.wait_for_timeout(500)
    assert button(page, "End the task").is_visible()
    page.keyboard.press("Escape")
    go(page, "Inject")
    page.get_by_role("tab", name="A table").click()
    area = page.get_by_role("textbox", name="Paste from a spreadsheet")
    area.fill("heat\thold\tx\n775\t5\t2,5")
    button(page, "Check").click()
    button(page, "Propose 1 conditions").click()
    page.get_by_text("1 conditions wait in the inbox").wait_for()
    assert area.is_visible()


def a_value_that_may_be_a_slip_is_asked_about(page: Any, lab: Laboratory) -> None:
    go(page, "Inbox")
    field(page, "density").fill("962")
    page.wait_for_timeout(1500)
    button(page, "Hand in").click()
    page.get_by_text("962 is more than 100 %").wait_for()
    page.get_by_text("Store anyway").first.wait_for()
    assert lab.store.snapshot("test").results == ()
    field(page, "density").fill("74,5")
    page.wait_for_timeout(1500)


def a_value_with_a_decimal_comma_is_handed_in(page: Any, lab: Laboratory) -> None:
    button(page, "Hand in").click()
    page.get_by_text("making of trial 1 is stored").wait_for()
    (result,) = lab.store.snapshot("test").results
    assert (result.value, result.author) == (74.5, "Aki")
    assert [a.name for a in lab.store.jobs.artifacts("test", 1)] == ["pellet.txt"]


def a_region_is_vetoed_by_its_levels_and_taken_back(page: Any, lab: Laboratory) -> None:
    card = page.locator("[class*='st-key-card-test-3-']")
    card.get_by_role("button", name="Veto", exact=True).click()
    field(page, "In your words").fill("the die cannot stand it")
    page.get_by_text("Not only this point: a region around it").click()
    hold = page.get_by_role("textbox", name="hold (h) from").first
    hold.wait_for()
    assert hold.input_value() == "7"
    button(page, "Veto trial 3").click()
    page.get_by_text("trial 3 is vetoed").wait_for()
    scope = lab.store.snapshot("test").vetoes[0].scope or {}
    assert (scope["within"]["heat"], scope["within"]["hold"]) == ([750, 750], [7, 15])
    go(page, "Hypotheses")
    page.get_by_text("heat is 750 and hold 7 to 15").first.wait_for()
    button(page, "Take back the veto").click()
    field(page, "Why").fill("another die came")
    button(page, "Take back trial 3").click()
    page.get_by_text("trial 3: taken back").wait_for()
    assert lab.store.snapshot("test").vetoes == ()


def a_failure_that_was_none_is_taken_back(page: Any, lab: Laboratory) -> None:
    go(page, "Trials")
    page.get_by_role("combobox", name="One trial in full").click()
    page.get_by_role("option", name="2", exact=True).click()
    page.get_by_text("Trial 2", exact=True).wait_for()
    page.wait_for_timeout(1500)  # until all of the other trial is gone
    button(page, "Take back").click()
    field(page, "Why").fill("it was another sample")
    page.wait_for_timeout(1500)  # what is typed is kept meanwhile, and no popover closes
    button(page, "Take back trial 2").click()
    page.get_by_text("trial 2: taken back").wait_for()
    assert lab.store.trials.get("test", 2).state is TrialState.RUNNING
    button(page, "Take back trial 2").wait_for(state="hidden")


def a_new_task_and_a_broken_file_are_news(page: Any, lab: Laboratory, folder: Path) -> None:
    advance(lab, "test")
    write_file_troubles(folder, {"broken.yaml": "parameters: this field is missing"})
    page.get_by_text("1 complaint about a file").first.wait_for()
    page.get_by_text("1 new task").first.wait_for()
    page.locator("[class*='st-key-news'] button").click()
    page.get_by_text("broken.yaml cannot be used").click()
    page.get_by_text("this field is missing").wait_for()


def stop_asks_before_it_stops(page: Any, lab: Laboratory) -> None:
    go(page, "Campaign")
    button(page, "Stop").click()
    assert lab.store.campaigns.status("test") is CampaignStatus.ACTIVE
    button(page, "Stop test").click()
    page.get_by_text("test is stopped").wait_for()
    assert lab.store.campaigns.status("test") is CampaignStatus.STOPPED


def leaving_is_remembered_too(page: Any) -> None:
    button(page, "Somebody else").click()
    field(page, "Your name").wait_for()
    page.wait_for_function("!document.cookie.includes('kyoso_who')")
    page.reload()
    field(page, "Your name").wait_for()
