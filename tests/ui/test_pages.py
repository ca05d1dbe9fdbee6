"""Each page is clicked, and the database is looked at."""

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, Element

import ui
from executors.testing.laboratory import START, decide, inject, laboratory
from planner import desk
from planner.campaign.campaign import parse_campaign
from planner.loop.laboratory import Laboratory
from planner.loop.trouble import write_file_troubles, write_troubles
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.event import EventKind
from planner.record.job import JobState
from planner.record.trial import Origin, Proposal, Trial, TrialState
from planner.store import CampaignStatus, StoreError
from planner.store.campaigns import Campaigns
from tests.damage import DAMAGES, damage
from tests.ui.conftest import by_people
from ui.views import waiting
from ui.views.words import news

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""The smallest picture."""
Panel = Callable[..., AppTest]
Propose = Callable[..., Trial]


def labels(app: AppTest) -> str:
    """All text on the page."""
    parts = [*app.markdown, *app.caption, *app.success, *app.warning, *app.error, *app.info]
    return " ".join(part.value for part in parts)


def button(app: AppTest, label: str) -> Button:
    """The first button that is called so."""
    return next(b for b in app.button if b.label == label)


@pytest.fixture
def task(lab: Laboratory) -> Trial:
    """A trial whose first stage is in the hands of people."""
    trial = inject(lab.store, lab.campaign("test"), T=700, x=3)
    decide(lab.store, trial, Verdict.APPROVED)
    advance(lab, "test")
    return trial


def fill(app: AppTest, trial: int, stage: str, field: str, value: str) -> None:
    """Type into a field of a task."""
    app.text_input(key=f"task:test/{trial}/{stage}:{field}").set_value(value)


def test_a_name_is_asked_for_once(panel: Panel, propose: Propose) -> None:
    propose()
    app = panel(who="")
    assert [b.label for b in app.button] == ["Go on"]
    app.text_input(key="typed_name").set_value("policy")
    button(app, "Go on").click().run()
    assert "another" in app.error[0].value
    app.text_input(key="typed_name").set_value(" Aki ")
    button(app, "Go on").click().run()
    assert app.session_state.who == "Aki"
    assert "Approve" in [b.label for b in app.button]


def test_approve(panel: Panel, propose: Propose, lab: Laboratory) -> None:
    trial = propose()
    app = panel()
    assert "synthetic" in labels(app)
    button(app, "Approve").click().run()
    assert lab.store.trials.get("test", trial.number).state is TrialState.APPROVED
    decision = lab.store.snapshot("test").decisions[0]
    assert (decision.author, decision.seen["point"]) == ("Aki", trial.point)
    assert "approved" in app.success[0].value
    app.run()
    assert not app.success  # said once


def test_edit_is_checked_and_approved(panel: Panel, propose: Propose, lab: Laboratory) -> None:
    propose()
    app = panel()
    app.text_input(key="edit:test:1:1:x").set_value("77")
    button(app, "Change and approve").click().run()
    assert "outside" in app.error[0].value
    assert app.text_input(key="edit:test:1:1:x").value == "77"  # still there, to be mended
    app.text_input(key="edit:test:1:1:x").set_value("4")
    app.text_input(key="edit:test:1:1:T").set_value("1000 K")
    app.text_input(key="edit:test:1:1:why").set_value("rounder")
    button(app, "Change and approve").click().run()
    trial = lab.store.trials.get("test", 1)
    assert trial.state is TrialState.APPROVED
    assert trial.point == {"T": pytest.approx(726.85), "x": 4.0}
    assert [d.reason for d in lab.store.snapshot("test").decisions] == ["rounder", "rounder"]


def test_an_edit_keeps_what_was_not_touched_to_the_last_digit(
    panel: Panel, propose: Propose, lab: Laboratory
) -> None:
    propose(temperature=700 + 1 / 3)
    app = panel()
    app.text_input(key="edit:test:1:1:x").set_value("4")
    button(app, "Change only").click().run()
    trial = lab.store.trials.get("test", 1)
    assert (trial.state, trial.point["T"], trial.prediction) == (
        TrialState.PROPOSED,
        700 + 1 / 3,
        {},
    )
    assert "edited by Aki" in labels(app)


def test_a_veto_needs_a_reason(panel: Panel, propose: Propose, lab: Laboratory) -> None:
    propose()
    app = panel()
    button(app, "Veto trial 1").click().run()
    assert "needs a reason" in app.error[0].value
    app.selectbox(key="veto:test:1:1:kind").set_value("unsafe")
    app.text_area(key="veto:test:1:1:why").set_value("too hot for the die")
    button(app, "Veto trial 1").click().run()
    trial = lab.store.trials.get("test", 1)
    assert (trial.state, trial.message) == (TrialState.VETOED, "unsafe: too hot for the die")


def test_a_stale_click_is_told_who_was_faster(
    panel: Panel, propose: Propose, lab: Laboratory
) -> None:
    trial = propose()
    app = panel(who="Mika")
    decide(lab.store, trial, Verdict.VETOED, reason="no powder")
    button(app, "Approve").click().run()
    assert "vetoed by Aki" in app.warning[0].value
    assert lab.store.trials.get("test", 1).state is TrialState.VETOED


def test_a_stale_veto_is_told_too(panel: Panel, propose: Propose, lab: Laboratory) -> None:
    trial = propose()
    app = panel(who="Mika")
    decide(lab.store, trial, Verdict.EDITED, point={**trial.point, "x": 2.0})
    app.text_area(key="veto:test:1:1:why").set_value("too hot")
    button(app, "Veto trial 1").click().run()
    assert "edited by Aki" in app.warning[0].value
    assert lab.store.trials.get("test", 1).state is TrialState.PROPOSED


def test_approve_several(panel: Panel, propose: Propose, lab: Laboratory) -> None:
    for temperature in (650, 700, 750):
        propose(temperature)
    app = panel()
    app.multiselect[0].unselect(desk.Seen("test", 2, 1))
    button(app, "Approve these").click().run()
    states = [t.state for t in lab.store.snapshot("test").trials]
    assert states == [TrialState.APPROVED, TrialState.PROPOSED, TrialState.APPROVED]


def test_what_is_chosen_and_typed_for_several_stays_when_another_proposal_comes(
    panel: Panel, propose: Propose, lab: Laboratory
) -> None:
    for temperature in (650, 700):
        propose(temperature)
    app = panel()
    app.multiselect[0].unselect(desk.Seen("test", 2, 1))
    app.text_input(key="several:test:0:why").set_value("a round number").run()
    propose(750)
    button(app.run(), "Approve these").click().run()
    states = [t.state for t in lab.store.snapshot("test").trials]
    assert states == [TrialState.APPROVED, TrialState.PROPOSED, TrialState.PROPOSED]
    assert lab.store.snapshot("test").decisions[0].reason == "a round number"


def test_a_task_is_handed_in_with_a_file(panel: Panel, lab: Laboratory, task: Trial) -> None:
    app = panel()
    button(app, "Hand in").click().run()
    assert "no value came" in app.error[0].value
    fill(app, 1, "making", "density:value", "74.5")
    fill(app, 1, "making", "density:error", "0.4")
    fill(app, 1, "making", "run:T", "705 degC")
    app.file_uploader[0].set_value([("log.txt", b"heated", "text/plain")])
    button(app, "Hand in").click().run()
    record = lab.store.snapshot("test")
    result = record.results[0]
    assert (result.value, result.unit) == (74.5, "percent")
    assert result.standard_error == pytest.approx(0.4)
    assert (result.author, record.as_run(task)["T"]) == ("Aki", 705)
    assert record.jobs[0].state is JobState.COMPLETED
    (file,) = lab.store.jobs.artifacts("test", 1)
    assert (file.name, lab.store.files.path(file.sha256).read_bytes()) == ("log.txt", b"heated")


def test_a_value_that_may_be_a_slip_is_stored_once_the_box_is_ticked(
    panel: Panel, lab: Laboratory, task: Trial
) -> None:
    app = panel()
    assert not [c for c in app.checkbox if c.label == "Store anyway"]
    fill(app, 1, "making", "density:value", "962")
    button(app, "Hand in").click().run()
    assert "962 is more than 100 %" in app.error[0].value
    assert not lab.store.snapshot("test").results
    next(c for c in app.checkbox if c.label == "Store anyway").check()
    button(app, "Hand in").click().run()
    assert lab.store.snapshot("test").results[0].value == 962


def test_a_tick_holds_for_the_value_it_was_asked_of(
    panel: Panel, lab: Laboratory, task: Trial
) -> None:
    app = panel()
    fill(app, 1, "making", "density:value", "962")
    button(app, "Hand in").click().run()
    next(c for c in app.checkbox if c.label == "Store anyway").check()
    fill(app, 1, "making", "density:value", "9620")
    button(app, "Hand in").click().run()
    assert "9620 is more than 100 %" in app.error[0].value
    assert not lab.store.snapshot("test").results


def test_a_fault_takes_away_what_was_told_of_the_action_before(
    panel: Panel, propose: Propose, lab: Laboratory
) -> None:
    for temperature in (650, 700):
        propose(temperature)
    app = panel()
    button(app, "Approve").click().run()
    assert "trial 1 is approved" in app.success[0].value
    button(app, "Veto trial 2").click().run()
    assert "needs a reason" in app.error[0].value
    assert not app.success


def test_a_failed_sample_is_data(panel: Panel, lab: Laboratory, task: Trial) -> None:
    app = panel()
    app.text_area(key="task:test/1/making:because").set_value("cracked")
    app.file_uploader(key="task:test/1/making:failed_files").set_value(
        [("crack.txt", b"X", "text/plain")]
    )
    button(app, "End the task").click().run()
    assert [file.name for file in lab.store.jobs.artifacts("test", 1)] == ["crack.txt"]
    advance(lab, "test")
    trial = lab.store.trials.get("test", 1)
    assert (trial.state, trial.message) == (TrialState.FAILED, "cracked")


def test_a_technical_fault_is_not_data(panel: Panel, lab: Laboratory, task: Trial) -> None:
    app = panel()
    app.radio[0].set_value("a technical fault (not data)")
    app.text_area(key="task:test/1/making:because").set_value("power cut")
    button(app, "End the task").click().run()
    advance(lab, "test")
    assert lab.store.trials.get("test", 1).state is TrialState.ABANDONED


def test_a_task_that_somebody_else_ended(panel: Panel, lab: Laboratory, task: Trial) -> None:
    app = panel()
    desk.end_without(lab.store, lab.store.jobs.list("test")[0], JobState.FAILED, "melted", "Mika")
    fill(app, 1, "making", "density:value", "74.5")
    button(app, "Hand in").click().run()
    assert "ended by Mika" in app.warning[0].value
    assert not lab.store.snapshot("test").results


def test_inject_one(panel: Panel, lab: Laboratory) -> None:
    app = panel("inject")
    app.text_input(key="inject:test:1:0:T").set_value("900")
    app.text_input(key="inject:test:1:0:x").set_value("9")
    button(app, "Propose").click().run()
    assert "constraint" in app.error[0].value
    app.text_input(key="inject:test:1:0:x").set_value("1")
    app.text_input(key="inject:test:1:0:why").set_value("a hunch")
    button(app, "Propose").click().run()
    (trial,) = lab.store.snapshot("test").trials
    assert (trial.point, trial.author, trial.reason) == ({"T": 900.0, "x": 1.0}, "Aki", "a hunch")


def test_inject_a_table_all_or_nothing(panel: Panel, lab: Laboratory) -> None:
    app = panel("inject")
    app.text_area(key="paste:test:0").set_value(
        "T (K)\tx\treason\n950\t2\tfirst\n9000\t3\tsecond"
    ).run()
    assert button(app, "Propose 1 conditions").disabled
    assert "outside" in app.dataframe[0].value["remark"].iloc[1]
    app.text_area(key="paste:test:0").set_value(
        "T (K)\tx\treason\n950\t2\tfirst\n960\t3\tsecond"
    ).run()
    button(app, "Propose 2 conditions").click().run()
    trials = lab.store.snapshot("test").trials
    assert [t.reason for t in trials] == ["first", "second"]
    assert trials[0].point["T"] == pytest.approx(676.85)


def test_a_table_that_was_changed_since_its_check_is_looked_at_once_more(
    panel: Panel, lab: Laboratory
) -> None:
    app = panel("inject")
    app.text_area(key="paste:test:0").set_value("T\tx\n700\t2").run()
    app.text_area(key="paste:test:0").set_value("T\tx\n710\t2")
    button(app, "Propose 1 conditions").click().run()
    assert "was changed since it was checked" in app.error[0].value
    button(app, "Propose 1 conditions").click().run()
    assert [t.point["T"] for t in lab.store.snapshot("test").trials] == [710]


def test_trials_shows_all_and_corrects_a_result(
    panel: Panel, lab: Laboratory, propose: Propose, task: Trial
) -> None:
    job = lab.store.jobs.list("test")[0]
    found = [desk.measurement("density", "74", "1", "percent")]
    picture = desk.Upload("sample.png", BytesIO(PIXEL))
    desk.hand_in(lab.store, job, found, {}, [picture], "Aki")
    propose()
    app = panel("trials")
    offered = [b.label for b in app.get("download_button") if isinstance(b, Element)]
    assert offered == ["Table as CSV", "sample.png (0 kB)"]
    app.selectbox(key="trial").set_value(1).run()
    key = "correct:test:1:1"
    app.text_input(key=f"{key}:value").set_value("75 percent")
    app.text_input(key=f"{key}:why").set_value("wrong scale")
    button(app, "Correct").click().run()
    (result,) = lab.store.snapshot("test").results
    assert (result.value, result.supersedes, result.reason) == (75, 1, "wrong scale")
    table = next(d.value for d in app.dataframe if "holds" in d.value)
    assert list(table["holds"]) == ["no: result 2 does", "yes"]


def test_a_file_that_is_handed_in_keeps_only_the_last_part_of_its_name(
    lab: Laboratory, task: Trial
) -> None:
    job = lab.store.jobs.list("test")[0]
    found = [desk.measurement("density", "74", "1", "percent")]
    names = ["../../map.ang", r"C:\films\試料.png", "x" * 300 + ".ctf"]
    files = [desk.Upload(name, BytesIO(name.encode())) for name in names]
    doubled = [*files, desk.Upload("/etc/map.ang", BytesIO())]
    with pytest.raises(ValueError, match=r"two files have the name map\.ang"):
        desk.hand_in(lab.store, job, found, {}, doubled, "Aki")
    desk.hand_in(lab.store, job, found, {}, files, "Aki")
    kept = lab.store.jobs.artifacts("test")
    told = {a.name: lab.store.files.path(a.sha256).read_text() for a in kept}
    assert told == dict(zip(["map.ang", "試料.png", "x" * 236 + ".ctf"], names, strict=True))


def test_a_task_says_into_which_folder_its_files_go(
    tmp_path: Path, panel: Panel, lab: Laboratory
) -> None:
    stages = [{"name": "making", "executor": "folder", "gives": ["density", "strength"]}]
    other = laboratory(tmp_path, by_people() | {"name": "films", "stages": stages})
    trial = inject(other.store, other.campaign("films"), T=700, x=3)
    decide(other.store, trial, Verdict.APPROVED)
    for _ in range(2):
        advance(other, "films")
    app = panel()
    app.selectbox(key="campaign").set_value("films").run()
    assert "folder: waiting for result.yaml in " in labels(app).replace("\\", "")
    (job,) = other.store.jobs.list("films")
    with pytest.raises(ValueError, match="folder reads files in its own folder: waiting for"):
        desk.hand_in(other.store, job, [], {}, [desk.Upload("map.ang", BytesIO(b"x"))], "Aki")
    other.store.close()


def test_campaign_is_paused_and_resumed(panel: Panel, lab: Laboratory) -> None:
    app = panel("campaign")
    button(app, "Pause").click().run()
    assert lab.store.campaigns.status("test") is CampaignStatus.PAUSED
    assert lab.store.events.list("test")[-1].author == "Aki"
    button(app, "Resume").click().run()
    assert lab.store.campaigns.status("test") is CampaignStatus.ACTIVE


def test_who_decides_is_changed_by_a_new_version(panel: Panel, lab: Laboratory) -> None:
    app = panel("campaign")
    app.radio(key="rules:test:1:autonomy").set_value("automatic")
    app.number_input(key="rules:test:1:trials").set_value(9)
    button(app, "Put in force").click().run()
    campaign = lab.store.campaigns.get("test")
    assert (campaign.review.autonomy, campaign.budget.trials) == ("automatic", 9)
    assert lab.store.campaigns.version("test") == 2
    button(app, "Put in force").click().run()
    assert "nothing was changed" in app.error[0].value


def test_a_campaign_is_finished_and_removed(panel: Panel, lab: Laboratory) -> None:
    app = panel("campaign")
    button(app, "Stop after current").click().run()
    assert lab.store.campaigns.status("test") is CampaignStatus.FINISHING
    button(app, "Remove test").click().run()
    assert lab.store.campaigns.names() == []
    assert "kyoso new" in app.code[0].value


def test_audit_is_filtered(panel: Panel, lab: Laboratory, propose: Propose) -> None:
    decide(lab.store, propose(650), Verdict.APPROVED)
    decide(lab.store, propose(700), Verdict.VETOED, reason="too hot")
    app = panel("audit")
    app.multiselect(key="decisions:verdict").set_value(["vetoed"]).run()
    assert list(app.dataframe[0].value["reason"]) == ["too hot"]
    app.text_input(key="events:words").set_value("trial.approved").run()
    assert list(app.dataframe[1].value["trial"]) == [1]


def test_news_wait_until_they_are_asked_for(
    panel: Panel, lab: Laboratory, propose: Propose
) -> None:
    app = panel()
    assert "Nothing waits for you" in labels(app)
    propose()
    app.run()
    assert "Approve" in [b.label for b in app.button]


def test_no_campaign_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, panel: Panel) -> None:
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path / "empty"))
    assert "kyoso new" in panel().code[0].value


def test_the_whole_panel_opens(lab: Laboratory, propose: Propose) -> None:
    propose()
    app = AppTest.from_file(Path(ui.__file__).with_name("app.py"), default_timeout=30)
    app.session_state.who = "Aki"
    app.run()
    assert not app.exception
    assert app.header[0].value == "Inbox"


PAGES = ["inbox", "inject", "hypotheses", "trials", "campaign", "audit"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_tells_that_the_model_does_not_plan(
    panel: Panel, lab: Laboratory, propose: Propose, page: str
) -> None:
    by_model = parse_campaign({**by_people(), "planner": {"batch": 3}})
    lab.store.campaigns.revise(by_model, 1, "Aki", START)
    lab.note("test", EventKind.MODEL_FAILED, error="RuntimeError: the [kernel](x) is singular.")
    (told,) = panel(page).warning
    assert told.value.startswith("**The model does not plan**: RuntimeError: the ")
    assert "singular. Until it plans again, space-filling points are proposed" in told.value
    assert "[kernel](x)" not in told.value  # names are text
    lab.store.trials.add(
        "test", [Proposal(point=propose().point | {"x": 4.0}, generator="botorch")],
        origin=Origin.PLANNER, author="planner", at=lab.now(), campaign_version=2,
    )  # fmt: skip
    assert not panel(page).warning


def test_a_damaged_event_is_told_on_the_audit_page_and_nowhere_else(
    panel: Panel, propose: Propose, tmp_path: Path
) -> None:
    propose()
    damage(tmp_path / "kyoso.db", "test", "event")
    assert not panel("inbox").error
    assert "cannot be read: campaign 'test': event: " in panel("audit").error[0].value


def test_what_stands_in_the_way_of_the_loop_is_named_and_explained(
    panel: Panel, propose: Propose, lab: Laboratory, tmp_path: Path
) -> None:
    propose()
    lab.store.campaigns.add(parse_campaign({**by_people(), "name": "sound"}), "Aki", START)
    write_troubles(tmp_path, {"test": "no executor named 'furnace'", "removed long ago": "x"})
    app = panel()
    app.selectbox(key="campaign").set_value("sound").run()
    assert "does not go on: test" in app.sidebar.caption[0].value
    assert not app.error
    app.selectbox(key="campaign").set_value("test").run()
    assert "no executor named 'furnace'" in app.error[0].value


def test_a_campaign_that_the_loop_paused_says_why(panel: Panel, lab: Laboratory) -> None:
    lab.store.campaigns.set_status(
        "test", CampaignStatus.PAUSED, "loop", START, because="5 technical faults in a row"
    )
    assert "Paused by the loop" in panel().warning[0].value
    lab.store.campaigns.set_status("test", CampaignStatus.ACTIVE, "Aki", START)
    lab.store.campaigns.set_status("test", CampaignStatus.PAUSED, "Aki", START)
    assert not panel().warning


def test_a_click_on_a_full_disk_is_answered_in_words(
    panel: Panel, lab: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the database cannot be used: database or disk is full")

    monkeypatch.setattr(Campaigns, "set_status", full)
    app = panel("campaign")
    app.button(key="status:paused").click().run()
    assert not app.exception
    assert "disk is full" in app.error[0].value


@pytest.mark.parametrize("what", [what for what in DAMAGES if what != "event"])
def test_a_campaign_that_cannot_be_loaded_is_named_and_the_others_are_shown(
    panel: Panel, lab: Laboratory, propose: Propose, tmp_path: Path, what: str
) -> None:
    propose()
    lab.store.campaigns.add(parse_campaign({**by_people(), "name": "sound"}), "Aki", START)
    damage(tmp_path / "kyoso.db", "test", what)
    app = panel()
    app.selectbox(key="campaign").set_value("test").run()
    assert not app.exception
    assert "campaign 'test' cannot be loaded" in app.error[0].value
    assert "kyoso remove test --as NAME" in app.code[0].value
    app.selectbox(key="campaign").set_value("sound").run()
    assert not app.exception
    assert not app.error
    assert "Nothing waits for you" in labels(app)
    if what not in ("trial", "point"):  # the head and its version are looked at
        assert "cannot be loaded: test" in app.sidebar.caption[0].value


def test_every_page_shows_a_campaign_that_got_another_parameter(
    panel: Panel, propose: Propose, lab: Laboratory, task: Trial
) -> None:
    propose()
    campaign = lab.campaign("test").model_dump(mode="json")
    route = {"kind": "choice", "values": ["PIT", "SPS"], "was": "SPS"}
    half = {"kind": "derived", "formula": "T / 2"}
    campaign["parameters"] |= {"route": route, "half": half}
    desk.revise(lab.store, parse_campaign(campaign), 1, "Aki")
    app = panel()
    fill(app, 1, "making", "density:value", "74.5")
    field = next(s for s in app.selectbox if str(s.key).endswith(":run:route"))
    assert field.value == "SPS"
    field.options.append("SPS2")  # as a browser does where somebody types another one
    field.set_value("SPS2")
    button(app, "Hand in").click().run()
    for page in ("inbox", "inject", "campaign", "hypotheses", "audit", "trials"):
        app = panel(page)
    app.selectbox(key="trial").set_value(task.number).run()
    told = [info.value for info in app.info]
    assert any("Nothing is learned from it: route was SPS2" in text for text in told), told


def test_a_name_that_the_browser_keeps_is_not_asked_for_until_one_leaves(
    panel: Panel, propose: Propose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.parts.who._kept", lambda: "Aki")
    propose()
    app = panel(who="")
    assert app.session_state.who == "Aki"
    button(app, "Somebody else").click().run()
    assert [b.label for b in app.button] == ["Go on"]
    app.text_input(key="typed_name").set_value("Mika")
    button(app, "Go on").click().run()
    assert app.session_state.who == "Mika"


def test_a_file_that_cannot_be_used_is_shown_where_there_is_no_campaign_too(
    panel: Panel, tmp_path: Path, lab: Laboratory
) -> None:
    write_file_troubles(tmp_path, {"broken.yaml": "parameters: something is wrong"})
    assert "broken.yaml" in panel().sidebar.expander[0].label
    assert "something is wrong" in labels(panel())
    lab.store.campaigns.set_status("test", CampaignStatus.REMOVED, "Aki", START)
    assert "something is wrong" in labels(panel())


def test_a_new_task_a_remark_on_it_and_a_complaint_about_a_file_are_news(
    panel: Panel, tmp_path: Path, lab: Laboratory
) -> None:
    trial = inject(lab.store, lab.campaign("test"), T=700, x=3)
    seen = lab.store.events.newest("test")
    before = lab.store.snapshot("test").jobs
    decide(lab.store, trial, Verdict.APPROVED)
    advance(lab, "test")
    (job,) = lab.store.jobs.list("test")
    lab.store.jobs.renew(job, None, START, message="result.yaml: 'x' is not a number")
    campaign = lab.campaign("test")
    remarks = waiting.new_remarks(campaign, before, lab.store.jobs.list("test"))
    people = waiting.human_stages(campaign)
    text = news(lab.store.events.list("test", seen), people, remarks, files=2)
    assert text == (
        "1 approval, 2 new proposals, 1 trial started, 1 new task, 1 remark on a task, "
        "2 complaints about files"
    )


def test_stop_asks_before_it_stops(panel: Panel, lab: Laboratory) -> None:
    app = panel("campaign")
    assert "Stop" not in [b.label for b in app.button]
    button(app, "Stop test").click().run()
    assert lab.store.campaigns.status("test") is CampaignStatus.STOPPED


def test_that_nothing_is_left_to_propose_stands_on_every_page(
    panel: Panel, lab: Laboratory
) -> None:
    lab.note("test", EventKind.NOTHING_PROPOSED, error="all is tried", last_trial=0)
    for page in ("inbox", "trials", "audit"):
        assert "**Nothing is proposed**: all is tried" in labels(panel(page))
