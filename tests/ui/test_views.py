"""Tables, rows and figures from records: pure, no panel."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import ui
from executors.testing.laboratory import two_stages
from planner.campaign.campaign import parse_campaign
from planner.campaign.parameter import Choice, Derived, Fixed, Integer, Ordered, Parameter, Range
from planner.desk import read_conditions
from planner.record.decision import Decision, Verdict
from planner.record.job import Job, JobState
from planner.record.record import Record
from planner.record.result import Result
from planner.record.trial import Origin, Trial, TrialState
from planner.store import LoggedEvent
from ui.views import charts, paste, progress, tables, words
from ui.views import waiting as views
from ui.views.words import hint

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HEAVY = {"ax", "botorch", "dolfinx", "prefect", "sklearn", "torch"}
CAMPAIGN = parse_campaign(
    two_stages(
        outcomes={
            "density": {"goal": "minimize", "unit": "percent", "threshold": 90},
            "strength": {"goal": "maximize", "unit": "MPa", "threshold": 1, "at_most": 50},
        },
        constraints=["T + 10*x <= 950"],
    )
)


def trial(number: int, state: TrialState = TrialState.COMPLETED, **more: Any) -> Trial:
    """A trial at T = 600 + number."""
    point = {"T": 600.0 + number, "x": 1.0}
    made = {"generator": "botorch", "origin": Origin.PLANNER, "author": "planner"}
    return Trial(
        campaign="test", number=number, state=state, campaign_version=1, created_at=NOON,
        **{"point": point, **made, **more},
    )  # fmt: skip


def results(*rows: tuple[int, float, float]) -> tuple[Result, ...]:
    """Density and strength of trials."""
    return tuple(
        Result(campaign="test", number=2 * n + i, trial=n, stage="s", outcome=name, value=value,
               unit=CAMPAIGN.unit(name), author="Aki", at=NOON)
        for n, density, strength in rows
        for i, (name, value) in enumerate({"density": density, "strength": strength}.items())
    )  # fmt: skip


RECORD = Record(
    trials=(*(trial(n) for n in (1, 2, 3, 4)),
            trial(5, TrialState.PROPOSED, prediction={"strength": (10.0, 2.0), "density": (80.0, 1.0)})),
    results=results((1, 85, 5), (2, 80, 4), (3, 70, 60), (4, 88, 3)),
)  # fmt: skip


def test_nothing_heavy_is_loaded_with_the_panel() -> None:
    place = Path(ui.__file__).parents[1]
    modules = [".".join(path.relative_to(place).with_suffix("").parts)
               for path in Path(ui.__file__).parent.rglob("[a-z]*.py")]  # fmt: skip
    program = (
        f"import sys, planner.executor, {', '.join(m for m in modules if m != 'ui.app')}\n"
        "for name in planner.executor.installed(): ui.views.waiting.by_people(name)\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert HEAVY.isdisjoint(loaded.split())


def test_what_is_expected_stands_beside_best_and_limits() -> None:
    strength = next(
        e for e in views.expectations(CAMPAIGN, RECORD, RECORD.trials[4]) if e.goal == "maximize"
    )
    assert (strength.mean, strength.best) == (10, 5)
    assert (strength.low, strength.high) == pytest.approx((6.08, 13.92))
    assert strength.limits == {"threshold": 1, "at most": 50}


def test_a_proposal_of_a_former_version_or_outside_is_flagged() -> None:
    odd = trial(6, TrialState.PROPOSED, point={"T": 900.0, "x": 9.0})
    (proposed,) = views.proposals(CAMPAIGN, Record(trials=(odd,)), version=2)
    assert "version 1" in proposed.flags[0]
    assert "no longer allows" in proposed.flags[1]


def test_tasks_come_by_due_date() -> None:
    stages = [{"name": "making", "executor": "folder", "gives": ["density"]},
              {"name": "testing", "executor": "manual", "gives": ["strength"]}]  # fmt: skip
    campaign = CAMPAIGN.model_copy(
        update={"stages": parse_campaign(two_stages(stages=stages)).stages}
    )
    jobs = [
        Job(campaign="test", trial=1, stage=stage, executor="x", state=JobState.RUNNING,
            created_at=NOON, due=due)
        for stage, due in (("making", None), ("testing", NOON))
    ]  # fmt: skip
    todo = views.tasks(campaign, Record(trials=(trial(1, TrialState.RUNNING),), jobs=tuple(jobs)))
    assert [t.job.stage for t in todo] == ["testing", "making"]
    assert todo[0].is_overdue(NOON.replace(hour=13))
    assert not todo[1].is_overdue(NOON)


def test_the_best_so_far_leaves_out_what_a_requirement_forbids() -> None:
    frame = progress.course(CAMPAIGN, RECORD, "strength")
    assert list(frame.best) == [5, 5, 5, 5]
    assert list(frame.allowed) == [True, True, False, True]


def test_front_and_hypervolume() -> None:
    front = progress.front(CAMPAIGN, RECORD)
    assert list(front[front.best].trial) == [1, 2]
    volume = progress.volume(CAMPAIGN, RECORD)
    assert list(volume.trial) == [1, 2, 4]
    # reference (90, 1): 5 * 4, then 10 * 3 + 5 * 1, then no more
    assert list(volume.volume) == [20, 35, 35]
    assert progress.volume_unit(CAMPAIGN) == "percent·MPa"
    assert list(progress.awaited(CAMPAIGN, RECORD).trial) == [5]


def test_figures_are_drawn_from_nothing_and_from_everything() -> None:
    strength = CAMPAIGN.outcomes["strength"]
    for record in (Record(), RECORD):
        front, awaited = progress.front(CAMPAIGN, record), progress.awaited(CAMPAIGN, record)
        charts.objective(progress.course(CAMPAIGN, record, "strength"), "strength", strength)
        charts.pareto(front, awaited, CAMPAIGN, "synthetic")
        charts.hypervolume(progress.volume(CAMPAIGN, record), "", "synthetic")
    figure = charts.pareto(front, awaited, CAMPAIGN, "synthetic")
    assert [t.name for t in figure.data] == [
        "measured", "a requirement fails", "nobody beats it", "expected, ± 1 sd"
    ]  # fmt: skip
    assert figure.layout.annotations[0].text == "synthetic"
    expected = charts.expected(views.expectations(CAMPAIGN, RECORD, RECORD.trials[4]))
    assert "strength (MPa) ↑" in [t.y[0] for t in expected.data]


def test_a_parameter_may_be_called_like_a_column() -> None:
    content = two_stages(
        parameters={"state": {"kind": "range", "low": 0, "high": 1},
                    "x": {"kind": "range", "low": 0, "high": 9}, "T": {"kind": "fixed", "value": 5}}
    )  # fmt: skip
    odd = trial(1, point={"state": 0.5, "x": 1.0, "T": 5.0})
    frame = tables.trials_table(parse_campaign(content), Record(trials=(odd,)))
    assert frame["state"][0] == "completed"
    assert frame["state*"][0] == 0.5


def test_tables_of_an_empty_record() -> None:
    assert tables.trials_table(CAMPAIGN, Record()).empty
    assert tables.health_table(Record()).empty
    assert tables.event_table([]).empty
    assert tables.decision_table(CAMPAIGN, []).empty
    assert list(tables.outcome_table(CAMPAIGN, Record())["best so far"]) == ["", ""]


def test_a_superseded_result_says_which_one_holds() -> None:
    (density, _) = results((1, 85, 5))
    later = density.model_copy(update={"number": 9, "supersedes": density.number})
    table = tables.result_table(CAMPAIGN, [density, later])
    assert list(table["holds"]) == ["no: result 9 does", "yes"]


def test_expected_and_found() -> None:
    done = trial(1, prediction={"strength": (4.0, 0.5)})
    table = tables.expected_and_found(
        CAMPAIGN, Record(trials=(done,), results=results((1, 85, 5))), done
    )
    assert dict(table.iloc[1].dropna()) == {
        "outcome": "strength (MPa)", "predicted": "4.00 ± 0.50", "measured": "5", "z": "+2.0"
    }  # fmt: skip


def test_a_search_finds_rows_by_words_and_values() -> None:
    decisions = [
        Decision(campaign="test", number=n, trial=n, trial_version=1, verdict=verdict, author=who,
                 at=NOON, reason=reason, seen={"point": {"T": 700.0}})
        for n, verdict, who, reason in (
            (1, Verdict.VETOED, "Aki", "too hot"), (2, Verdict.APPROVED, "Mika", "hot, but fine")
        )
    ]  # fmt: skip
    table = tables.decision_table(CAMPAIGN, decisions)
    assert list(tables.matching(table, "HOT aki").trial) == [1]
    assert list(tables.matching(table, "", by=["Mika"], verdict=[]).trial) == [2]
    assert tables.matching(table, "nothing of this").empty


def test_news_in_words() -> None:
    kinds = ["trial.proposed", "trial.proposed", "job.claimed", "result.recorded"]
    events = [
        LoggedEvent(id=i, campaign="test", at=NOON, kind=k, author="x") for i, k in enumerate(kinds)
    ]
    assert words.news(events) == "2 new proposals, 1 result"
    assert words.news(events[2:3]) == ""


def test_text_is_shown_letter_by_letter() -> None:
    assert words.plain("J_c*[x]") == r"J_c\*\[x\]"
    assert words.plain("_a_ :red[b] $c$ 12:30") == r"\_a\_ \:red\[b\] \$c\$ 12\:30"
    assert words.plain("hold_time (h)") == "hold_time (h)", "a screen reader reads the label"
    assert words.heading("purity", "[at.%]") == "purity (at.%)"


@pytest.mark.parametrize(
    "text", ["T\tx\n700\t1\n710\t2", "T;x\n700;1\n710;2", "T, x\n700, 1\n\n710, 2\n"]
)
def test_tables_are_read_with_any_separator(text: str) -> None:
    rows = read_conditions(CAMPAIGN, RECORD, text)
    assert [row.point for row in rows] == [{"T": 700.0, "x": 1.0}, {"T": 710.0, "x": 2.0}]


def test_units_of_a_heading_are_converted_and_twins_named() -> None:
    rows = read_conditions(CAMPAIGN, RECORD, "T (K),x,because\n874.15,1,once more\n,2,\n1,2,3,4")
    assert (rows[0].point, rows[0].twin, rows[0].reason) == (
        {"T": pytest.approx(601.0), "x": 1.0}, 1, "once more"
    )  # fmt: skip
    assert [row.problem for row in rows[1:]] == [
        "T: no value came; allowed: 600 to 900 degC", "4 cells came for 3 columns"
    ]  # fmt: skip
    assert list(paste.row_table(CAMPAIGN, rows)[""]) == ["✓", "✗", "✗"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("T\tx", "at least one line"), ("T\ty\n1\t2", "'y' is not a parameter"), ("T\n700", "lacks x"),
     ("T,x,T\n1,2,3", "T twice")],
)  # fmt: skip
def test_a_heading_that_is_not_understood(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_conditions(CAMPAIGN, RECORD, text)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (Range(low=600, high=900, unit="degC", step=5), "600 to 900 degC in steps of 5"),
        (Range(low=1, high=1000, scale="log"), "1 to 1000, log scale"),
        (Integer(low=1, high=48, unit="h"), "1 to 48 h, whole"),
        (Ordered(values=(0.1, 25), unit="MPa"), "one of 0.1, 25 MPa"),
        (Choice(values=("SPS", "HIP")), "one of SPS, HIP"),
        (Fixed(value=3, unit="h"), "fixed at 3 h"),
        (Derived(formula="energy / 12"), "= energy / 12"),
    ],
)  # fmt: skip
def test_what_a_parameter_allows_is_said(parameter: Parameter, words: str) -> None:
    assert hint(parameter) == words
