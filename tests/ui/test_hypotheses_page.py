"""Claims and vetoes at the panel: each is clicked, and the database is looked at."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from executors.testing.laboratory import START
from planner import desk
from planner.campaign.hypothesis import OWN, Claim, Near, Region, name_of
from planner.loop.laboratory import Laboratory
from planner.record.decision import VetoCode
from planner.record.trial import Guidance, Origin, Proposal, Trial, TrialState
from tests.planner.campaign.plug_in import install
from tests.ui.test_pages import button, labels
from ui.views import belief_charts, beliefs

Panel = Callable[..., AppTest]
NEAR = {"kind": "near", "point": {"T": 700, "x": 3}, "strength": 0.8, "because": "an old series"}
RISES = {"kind": "trend", "outcome": "strength", "parameter": "T", "sign": "rises"}


@pytest.fixture
def claimed(lab: Laboratory) -> Laboratory:
    for content in (NEAR, RISES):
        desk.claim(lab.store, "test", content, "Aki", START)
    return lab


def test_the_page_says_where_claims_come_from_when_there_are_none(panel: Panel) -> None:
    assert "Nobody has claimed anything yet" in labels(panel("hypotheses"))


def test_the_ledger_shows_each_claim_and_one_can_be_retracted(
    panel: Panel, claimed: Laboratory
) -> None:
    app = panel("hypotheses")
    table = app.dataframe[0].value
    assert table.claim.tolist() == ["the optimum lies near T = 700, x = 3", "strength rises with T"]
    assert table.credence.tolist() == pytest.approx([0.8, 0.5])
    app.selectbox(key="claim").set_value("strength rises with T").run()
    button(app, "Retract").click().run()
    assert [h.kind for h in claimed.campaign("test").hypotheses] == ["near"]
    assert "retracted" in app.success[0].value


def test_a_claim_is_built_with_a_picture_and_entered(panel: Panel, lab: Laboratory) -> None:
    app = panel("inject")
    app.text_input(key="build:test:0:T:at").set_value("973.15 K").run()
    assert "It speaks for" in labels(app)
    app.slider(key="build:test:0:strength").set_value(0.7)
    app.text_input(key="build:test:0:because").set_value("an old series").run()
    button(app, "Enter the claim").click().run()
    (claim,) = lab.campaign("test").hypotheses
    assert (claim.kind, claim.author, claim.strength) == ("near", "Aki", 0.7)
    assert isinstance(claim, Near)
    assert claim.point == {"T": "973.15 K"}
    assert app.text_input(key="build:test:1:T:at").value == ""  # a fresh form


def test_a_bad_claim_is_told_and_kept(panel: Panel, lab: Laboratory) -> None:
    app = panel("inject")
    button(app, "Enter the claim").click().run()
    assert "point: at least 1 is needed, but nothing came" in app.error[0].value
    app.text_input(key="build:test:0:T:at").set_value("2000").run()
    assert "outside 600 to 900" in app.warning[0].value
    button(app, "Enter the claim").click().run()
    assert lab.campaign("test").hypotheses == ()
    assert app.text_input(key="build:test:0:T:at").value == "2000"


def test_a_region_is_vetoed_after_a_dry_run(
    panel: Panel, propose: Callable[..., Trial], lab: Laboratory
) -> None:
    for temperature in (700, 705, 880):
        propose(temperature)
    app = panel()
    app.selectbox(key="veto:test:1:1:kind").set_value("unsafe")
    app.text_area(key="veto:test:1:1:why").set_value("it cracks")
    app.checkbox(key="veto:test:1:1:region").check().run()
    app.text_input(key="veto:test:1:1:x:from").set_value("0")
    app.text_input(key="veto:test:1:1:x:to").set_value("10").run()
    button(app, "Dry run").click().run()
    assert "in it: open trials 1, 2" in app.info[0].value
    button(app, "Veto trial 1").click().run()
    record = lab.store.snapshot("test")
    assert [t.state for t in record.trials] == [
        TrialState.VETOED,
        TrialState.VETOED,
        TrialState.PROPOSED,
    ]
    decision = record.decisions[0]
    assert (decision.code, decision.reason) == (VetoCode.UNSAFE, "unsafe: it cracks")
    assert decision.scope == {"within": {"T": [670, 730], "x": [0, 10]}}


def test_a_veto_takes_its_limits_as_they_are_when_it_is_clicked(
    panel: Panel, propose: Callable[..., Trial], lab: Laboratory
) -> None:
    """Also where nothing was drawn anew between the last key and the click."""
    propose()
    app = panel()
    app.checkbox(key="veto:test:1:1:region").check().run()
    app.text_area(key="veto:test:1:1:why").set_value("it cracks")
    app.text_input(key="veto:test:1:1:x:from").set_value("abc")
    button(app, "Veto trial 1").click().run()
    assert "low 'abc': 'abc' is not a number" in app.error[0].value
    app.text_input(key="veto:test:1:1:x:from").set_value("2,5")
    app.date_input(key="veto:test:1:1:until").set_value(START.date())
    button(app, "Veto trial 1").click().run()
    (veto,) = lab.store.snapshot("test").vetoes
    assert (veto.scope or {})["within"]["x"][0] == 2.5
    assert veto.expires == START.date()


def test_a_claim_is_entered_as_it_is_when_it_is_clicked(panel: Panel, lab: Laboratory) -> None:
    app = panel("inject")
    app.text_input(key="build:test:0:T:at").set_value("700")
    app.text_input(key="build:test:0:because").set_value("an old series")
    button(app, "Enter the claim").click().run()
    (claim,) = lab.campaign("test").hypotheses
    assert (claim.because, claim.author) == ("an old series", "Aki")


def test_what_is_not_in_stock_needs_a_day(
    panel: Panel, propose: Callable[..., Trial], lab: Laboratory
) -> None:
    propose()
    app = panel()
    app.selectbox(key="veto:test:1:1:kind").set_value("material not in stock").run()
    button(app, "Veto trial 1").click().run()
    assert "needs the day" in app.error[0].value
    app.date_input(key="veto:test:1:1:until").set_value(START.date()).run()
    button(app, "Veto trial 1").click().run()
    assert lab.store.snapshot("test").decisions[0].expires == START.date()


def test_a_card_tells_what_moved_its_proposal(panel: Panel, lab: Laboratory) -> None:
    campaign = lab.campaign("test")
    told: Guidance = {
        "moved_by": {"near it": {"credence": 0.7, "weight": 1.1, "gain": 2.5}},
        "without": campaign.complete({"T": 650, "x": 9}), "score": -2.0, "score_without": -1.5,
    }  # fmt: skip
    proposal = Proposal(
        point=campaign.complete({"T": 700, "x": 3}), generator="botorch", guidance=told
    )
    lab.store.trials.add("test", [proposal], origin=Origin.PLANNER, author="planner", at=START, campaign_version=1)  # fmt: skip
    app = panel()
    text = labels(app)
    assert "Without hypotheses: T = 650" in text
    assert any("near it" in str(table.value) for table in app.table)


def test_a_picture_of_a_claim_is_highest_where_it_says_most(lab: Laboratory) -> None:
    desk.claim(lab.store, "test", NEAR, "Aki", START)
    campaign, record = lab.campaign("test"), lab.store.snapshot("test")
    (claim,) = campaign.hypotheses
    assert beliefs.axes_of(campaign, claim) == ("T", "x")
    shown = beliefs.picture(campaign, claim, ("T", "x"), beliefs.held_at(campaign, record, claim))
    top = np.unravel_index(shown.says.argmax(), shown.says.shape)
    assert (shown.x[top[1]], shown.y[top[0]]) == pytest.approx((700, 3), abs=5)
    figure = belief_charts.claim(shown, beliefs.trials_at(campaign, record, ("T", "x")), campaign)
    assert figure.layout.xaxis.title.text == "T (degC)"


def test_a_claim_of_one_parameter_is_a_curve(lab: Laboratory) -> None:
    campaign, record = lab.campaign("test"), lab.store.snapshot("test")
    claim = Region(author="Aki", within={"T": (650, 700)})
    shown = beliefs.picture(campaign, claim, ("T", "T"), beliefs.held_at(campaign, record, claim))
    figure = belief_charts.along(shown, beliefs.trials_at(campaign, record, ("T", "T")), campaign)
    says = dict(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert (says[600.0], says[675.0], says[900.0]) == pytest.approx((0, 1, 0), abs=0.05)
    assert figure.layout.xaxis.title.text == "T (degC)"


def test_the_builder_asks_for_what_the_kind_of_a_plug_in_needs(
    panel: Panel, lab: Laboratory, tmp_path: Path
) -> None:
    with install(tmp_path):
        app = panel("inject")
        app.selectbox(key="build:test:0:kind").set_value("middle").run()
        app.selectbox(key="build:test:0:best").set_value("at the ends").run()
        assert "T is best at the ends. It speaks for" in labels(app)
        button(app, "Enter the claim").click().run()
        (claim,) = lab.campaign("test").hypotheses
        assert (claim.kind, claim.title) == ("middle", "T is best at the ends")
        assert not panel("hypotheses").exception
    assert "middle" in lab.store.campaigns.damaged()["test"]


@pytest.mark.parametrize("kind", OWN)
def test_the_builder_shows_the_form_of_every_kind(panel: Panel, kind: type[Claim]) -> None:
    app = panel("inject")
    app.selectbox(key="build:test:0:kind").set_value(name_of(kind)).run()
    assert not app.exception
    fields = [*app.selectbox, *app.slider, *app.checkbox, *app.text_area, *app.text_input]
    assert {entry.label for entry in kind.form} - {field.label for field in fields} <= {""}


@pytest.mark.parametrize("kind", ["hunch", "[near]", "{near: 1}", "3"])
def test_a_written_claim_of_no_kind_is_told_with_the_kinds_there_are(
    panel: Panel, kind: str
) -> None:
    app = panel("inject")
    app.selectbox(key="build:test:0:kind").set_value("written").run()
    app.text_area(key="build:test:0:written").set_value(f"{{kind: {kind}}}").run()
    assert not app.exception
    assert "'kind' must be one of avoid, candidates, near, region, trend" in app.warning[0].value
