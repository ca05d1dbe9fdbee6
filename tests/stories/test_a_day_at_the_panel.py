"""A day at the panel of a running ``kyoso up``, in a real browser, by two people at once.

What each of them did is then looked up in the record.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import inject, two_stages
from planner.campaign.file import write_yaml
from planner.record.decision import Verdict
from planner.record.trial import Origin, Trial, TrialState
from planner.settings import Settings, open_record
from scripts.browser import enter, opened, why_no_browser
from tests.server import Server, processes_of, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
]
STAGES = [
    {"name": "making", "executor": "manual", "gives": ["density"], "due_days": 7},
    {"name": "testing", "executor": "virtual", "after": ["making"], "gives": ["strength"],
     "options": {"outcomes": {"strength": "10 - (x - 3)**2"}}},
]  # fmt: skip
type People = tuple[Any, Any]
"""The pages of Aki and Mika."""
HEAVY = ("torch", "dolfinx", "petsc", "botorch")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path
    content = two_stages(
        stages=STAGES,
        review={"autonomy": "by-hand"},
        budget={"trials": 20},
        planner={"batch": 4, "generator": "sobol"},
    )
    (folder / "test.yaml").write_text(write_yaml(content))
    with serving(folder / "data", folder / "test.yaml") as server:
        server.wait(lambda: server.record().count(TrialState.PROPOSED) == 4)
        yield server


@pytest.fixture
def people(server: Server) -> Iterator[People]:
    with opened() as browser:
        yield tuple(enter(browser, server.address, name) for name in ("Aki", "Mika"))


def test_a_day_at_the_panel(server: Server, people: People, tmp_path: Path) -> None:
    of_two_people_on_one_proposal_one_decides_and_the_other_is_told(server, people, tmp_path)
    an_edit_is_put_in_force(server, people, tmp_path)
    a_veto_typed_for_fifteen_seconds_over_live_refreshes_is_not_lost(server, people, tmp_path)
    a_condition_of_ones_own_waits_in_the_inbox(server, people, tmp_path)
    a_task_is_finished_with_an_upload_and_the_loop_goes_on(server, people, tmp_path)
    the_panels_process_stays_light_after_all_this(server, people, tmp_path)


def trial(server: Server, number: int) -> Trial:
    return server.record().trials[number - 1]


def field(page: Any, label: str) -> Any:
    return page.get_by_role("textbox", name=label).first


def click(page: Any, trial: int, answer: str) -> None:
    """On the card of this trial: the one before it may still be on its way out."""
    card = page.locator(f"[class*='st-key-card-test-{trial}-']")
    card.get_by_role("button", name=answer, exact=True).click()


def of_two_people_on_one_proposal_one_decides_and_the_other_is_told(
    server: Server, people: People, folder: Path
) -> None:
    aki, mika = people
    click(aki, 1, "Approve")
    aki.get_by_text("trial 1 is approved").wait_for()
    click(mika, 1, "Approve")  # still sees it
    mika.get_by_text("approved by Aki").wait_for()
    (decision,) = server.record().decisions
    assert (decision.trial, decision.author, decision.verdict) == (1, "Aki", Verdict.APPROVED)


def an_edit_is_put_in_force(server: Server, people: People, folder: Path) -> None:
    aki, _ = people
    click(aki, 2, "Edit")
    field(aki, "x").fill("4.5")
    field(aki, "Why").fill("a rounder number")
    aki.get_by_role("button", name="Change and approve").click()
    aki.get_by_text("trial 2 is changed and approved").wait_for()
    assert trial(server, 2).point["x"] == 4.5
    edits = [d for d in server.record().decisions if d.trial == 2]
    assert [d.verdict for d in edits] == [Verdict.EDITED, Verdict.APPROVED]
    assert edits[0].reason == "a rounder number"


def a_veto_typed_for_fifteen_seconds_over_live_refreshes_is_not_lost(
    server: Server, people: People, folder: Path
) -> None:
    aki, _ = people
    click(aki, 3, "Veto")
    reason = field(aki, "In your words")
    start = time.monotonic()
    with open_record(Settings(data=server.data)) as store:
        for i, word in enumerate(["the", "die", "cannot", "stand", "this", "heat"]):
            reason.press_sequentially(f"{word} ")
            inject(store, store.campaigns.get("test"), T=700 + 10 * i, x=1)  # there is news
            time.sleep(2.6)
    assert time.monotonic() - start > 15
    aki.get_by_text("new proposals").first.wait_for()  # the page has refreshed meanwhile
    assert reason.input_value() == "the die cannot stand this heat "
    aki.get_by_role("button", name="Veto trial 3").click()
    aki.get_by_text("trial 3 is vetoed").wait_for()
    vetoed = trial(server, 3)
    assert (vetoed.state, vetoed.message) == (TrialState.VETOED, "the die cannot stand this heat")


def a_condition_of_ones_own_waits_in_the_inbox(
    server: Server, people: People, folder: Path
) -> None:
    _, mika = people
    mika.get_by_role("link", name="Inject").click()
    field(mika, "T (degC)").fill("815")
    field(mika, "x").fill("2.25")
    field(mika, "Why").fill("a hunch")
    mika.get_by_role("button", name="Propose").click()
    mika.get_by_text("it waits in the inbox").wait_for()
    mine = server.record().trials[-1]
    assert (mine.origin, mine.author, mine.reason) == (Origin.RESEARCHER, "Mika", "a hunch")
    assert (mine.point["T"], mine.point["x"], mine.state) == (815, 2.25, TrialState.PROPOSED)


def a_task_is_finished_with_an_upload_and_the_loop_goes_on(
    server: Server, people: People, folder: Path
) -> None:
    _, mika = people
    server.wait(lambda: server.record().jobs_of(1))
    photo = folder / "pellet.txt"
    photo.write_text("a picture")
    mika.get_by_role("link", name="Inbox").click()
    mika.get_by_text("making of trial 1").wait_for()
    field(mika, "density").fill("81.5")
    mika.locator("input[type=file]").first.set_input_files(photo)
    mika.get_by_text("pellet.txt").first.wait_for()
    mika.get_by_role("button", name="Hand in").first.click()
    mika.get_by_text("making of trial 1 is stored").wait_for()
    server.wait(lambda: trial(server, 1).state is TrialState.COMPLETED)
    made = next(r for r in server.record().results if r.outcome == "density")
    assert (made.value, made.author) == (81.5, "Mika")
    with open_record(Settings(data=server.data)) as store:
        (kept,) = store.jobs.artifacts("test", 1)
        assert (kept.name, store.files.path(kept.sha256).read_text()) == ("pellet.txt", "a picture")


def the_panels_process_stays_light_after_all_this(
    server: Server, people: People, folder: Path
) -> None:
    """Nothing heavy was loaded, whatever page was opened."""
    (panel,) = (
        pid
        for pid in processes_of(server.data)
        if b"streamlit" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    mapped = Path(f"/proc/{panel}/maps").read_text()
    assert not [name for name in HEAVY if f"/{name}" in mapped]
