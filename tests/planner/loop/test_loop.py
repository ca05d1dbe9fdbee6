from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from executors.testing.laboratory import (
    BY_HAND,
    Clock,
    decide,
    inject,
    laboratory,
    turns,
    two_stages,
)
from planner.campaign.campaign import Campaign
from planner.desk.today import trouble_of
from planner.executor import Answer, Finished, Lost, Measurement, Running, WorkOrder
from planner.learner import Lesson, ModelFile
from planner.loop.jobs import due_stages, settled
from planner.loop.laboratory import Laboratory
from planner.loop.turn import advance
from planner.proposals.failure import PlanningError
from planner.record.decision import Verdict
from planner.record.job import Job, JobState
from planner.record.measured import in_campaign_units
from planner.record.record import Record
from planner.record.trial import Proposal, TrialState
from planner.space.design import first_design
from planner.store import CampaignStatus, StoreError


def states(lab: Laboratory) -> list[TrialState]:
    return [trial.state for trial in lab.store.snapshot("test").trials]


def results(lab: Laboratory) -> dict[tuple[int, str], float]:
    return {(r.trial, r.outcome): r.value for r in lab.store.snapshot("test").results}


def test_a_campaign_runs_through_all_stages_until_the_budget_is_spent(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages())
    turns(lab, "test")
    assert states(lab) == [TrialState.COMPLETED] * 6
    assert len(results(lab)) == 12


def test_the_same_seed_gives_the_same_campaign(tmp_path: Path) -> None:
    labs = [laboratory(tmp_path / name, two_stages()) for name in ("a", "b")]
    for lab in labs:
        turns(lab, "test")
    first, second = (lab.store.snapshot("test") for lab in labs)
    assert first.trials == second.trials
    assert first.results == second.results


def test_nothing_starts_before_somebody_approves(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(), review=BY_HAND)
    turns(lab, "test")
    assert states(lab) == [TrialState.PROPOSED] * 3
    decide(lab.store, lab.store.trials.get("test", 2), Verdict.APPROVED)
    turns(lab, "test")
    assert states(lab) == [
        TrialState.PROPOSED,
        TrialState.COMPLETED,
        TrialState.PROPOSED,
        TrialState.PROPOSED,
    ]


def test_a_veto_excludes_its_point_and_frees_its_place(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(), review=BY_HAND)
    advance(lab, "test")
    vetoed = decide(lab.store, lab.store.trials.get("test", 1), Verdict.VETOED, reason="no")
    turns(lab, "test")
    trials = lab.store.snapshot("test").trials
    assert [t.state for t in trials] == [TrialState.VETOED] + [TrialState.PROPOSED] * 3
    assert all(t.point != vetoed.point for t in trials[1:])


def test_an_edited_away_point_does_not_come_back(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(), review=BY_HAND)
    advance(lab, "test")
    campaign, trial = lab.campaign("test"), lab.store.trials.get("test", 1)
    decide(lab.store, trial, Verdict.EDITED, point=campaign.complete({"T": 650, "x": 1}))
    decide(lab.store, lab.store.trials.get("test", 1), Verdict.APPROVED)
    turns(lab, "test")
    points = [t.point for t in lab.store.snapshot("test").trials]
    assert points[0] == {"T": 650, "x": 1}
    assert trial.point not in points


def test_a_failed_sample_is_data_and_its_later_stages_never_begin(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"fails_when": "T - 600"}))
    turns(lab, "test")
    assert set(states(lab)) == {TrialState.FAILED}
    record = lab.store.snapshot("test")
    assert all(o.failed for o in record.observations)
    assert {job.stage for job in record.jobs} == {"making"}


def test_a_technical_fault_is_no_data_and_costs_no_budget(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"crash": 0.4}, budget={"trials": 5}))
    turns(lab, "test")
    assert states(lab).count(TrialState.COMPLETED) == 5
    assert TrialState.ABANDONED in states(lab)
    assert len(lab.store.snapshot("test").observations) == 5


def test_a_lost_job_is_submitted_again_under_the_same_id_with_one_effect(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"lose": 1.0, "delay": 2, "twice": True}))
    turns(lab, "test")
    assert states(lab) == [TrialState.COMPLETED] * 6
    jobs = lab.store.snapshot("test").jobs
    assert {job.attempt for job in jobs if job.stage == "making"} == {2}
    effects = (
        (tmp_path / "executors/test/making/effects.log").read_text().splitlines()
        if (tmp_path / "executors/test/making/effects.log").exists()
        else next(tmp_path.rglob("making/effects.log")).read_text().splitlines()
    )
    assert sorted(effects) == sorted(job.id for job in jobs if job.stage == "making")


def test_a_job_that_is_always_lost_is_given_up(tmp_path: Path) -> None:
    lab = laboratory(
        tmp_path, two_stages(budget={"trials": 1}, planner={"batch": 1, "generator": "sobol"})
    )
    lab.executors["making"].poll = lambda job: Lost()  # type: ignore[method-assign]
    lab.executors["making"].submit = lambda order: None  # type: ignore[method-assign]
    turns(lab, "test", most=8)
    record = lab.store.snapshot("test")
    assert record.trials[0].state is TrialState.ABANDONED
    assert "given up after 5 attempts" in record.trials[0].message


def test_a_job_lost_in_our_own_restarts_is_not_given_up(tmp_path: Path) -> None:
    content = two_stages(budget={"trials": 1}, options={"delay": 1})
    for _ in range(8):  # each process submits it once and is then killed
        lab = laboratory(tmp_path, content)
        lab.executors["making"].poll = lambda job: Lost()  # type: ignore[method-assign]
        advance(lab, "test")
    assert lab.store.jobs.list("test")[0].attempt == 8
    turns(laboratory(tmp_path, content), "test")
    assert states(lab) == [TrialState.COMPLETED]


def test_partial_results_arrive_early_and_only_once(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"delay": 3, "twice": True}))
    for _ in range(3):
        advance(lab, "test")
    running = lab.store.snapshot("test")
    assert {job.state for job in running.jobs} == {JobState.RUNNING}
    assert len(running.results) == 3
    assert len(running.pending(lab.campaign("test"))) == 3
    turns(lab, "test")
    assert len(results(lab)) == 12


def test_results_count_where_the_sample_was_really_made(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"drift": {"T": 8.0}}))
    turns(lab, "test")
    record = lab.store.snapshot("test")
    for trial, seen in zip(record.trials, record.observations, strict=True):
        assert seen.point["T"] != trial.point["T"]
        expected = (
            10 - (float(seen.point["x"]) - 3) ** 2 - ((float(seen.point["T"]) - 700) / 100) ** 2
        )
        assert seen.values["strength"][0] == pytest.approx(expected)


def test_an_executor_that_raises_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory(tmp_path, two_stages())
    whole = lab.executors["making"].poll

    def poll(job: str) -> Answer:
        if job.endswith("/1/making"):
            raise RuntimeError("the door is open")
        return whole(job)

    monkeypatch.setattr(lab.executors["making"], "poll", poll)
    done = turns(lab, "test", most=12)
    assert any("test/1/making: the door is open" in p for t in done for p in t.problems)
    assert states(lab)[1:] == [TrialState.COMPLETED] * 5
    assert states(lab)[0] is TrialState.RUNNING


def test_a_database_that_waits_too_long_for_its_turn_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lab = laboratory(tmp_path, two_stages())
    claim = lab.store.jobs.claim

    def locked(job: Job, *rest: Any) -> Job | None:
        if job.id == "test/1/making":
            raise StoreError("the database cannot be used: database is locked")
        return claim(job, *rest)

    monkeypatch.setattr(lab.store.jobs, "claim", locked)
    done = turns(lab, "test", most=12)
    assert any("test/1/making: the database cannot be used" in p for t in done for p in t.problems)
    assert states(lab)[1:] == [TrialState.COMPLETED] * 5
    assert "Traceback" not in caplog.text
    monkeypatch.undo()
    turns(lab, "test", most=12)
    assert states(lab) == [TrialState.COMPLETED] * 6


def test_two_loops_share_a_campaign_without_doing_anything_twice(tmp_path: Path) -> None:
    one = laboratory(tmp_path, two_stages(options={"delay": [0, 3]}), holder="one")
    two = laboratory(tmp_path, two_stages(options={"delay": [0, 3]}), holder="two")
    for _ in range(30):
        advance(one, "test")
        advance(two, "test")
    for lab in (one, two):
        assert isinstance(lab.now, Clock)
        lab.now.time += timedelta(days=1)
    turns(one, "test")
    assert states(one) == [TrialState.COMPLETED] * 6
    assert len(results(one)) == 12
    assert len(one.store.snapshot("test").decisions) == 6


def test_a_dead_process_loses_its_jobs_when_the_lease_is_over(tmp_path: Path) -> None:
    dead = laboratory(tmp_path, two_stages(options={"delay": 1}), holder="dead")
    advance(dead, "test")
    heir = laboratory(tmp_path, two_stages(options={"delay": 1}), holder="heir")
    for _ in range(5):
        advance(heir, "test")
    assert TrialState.COMPLETED not in states(heir)
    assert isinstance(heir.now, Clock)
    heir.now.time += timedelta(minutes=10)
    turns(heir, "test")
    assert states(heir) == [TrialState.COMPLETED] * 6


def test_a_paused_campaign_collects_and_a_stopped_one_rests(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"delay": 1}))
    advance(lab, "test")
    lab.store.campaigns.set_status("test", CampaignStatus.PAUSED, author="Aki", at=lab.now())
    turns(lab, "test")
    assert len(states(lab)) == 3
    assert len(results(lab)) == 3
    lab.store.campaigns.set_status("test", CampaignStatus.ACTIVE, author="Aki", at=lab.now())
    turns(lab, "test")
    assert states(lab) == [TrialState.COMPLETED] * 6


def test_a_finishing_campaign_ends_what_runs_begins_nothing_and_stops(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(options={"delay": 1}), review=BY_HAND)
    advance(lab, "test")
    decide(lab.store, lab.store.trials.get("test", 1), Verdict.APPROVED)
    advance(lab, "test")  # trial 1 runs its first stage of two
    decide(lab.store, lab.store.trials.get("test", 2), Verdict.APPROVED)
    lab.store.campaigns.set_status("test", CampaignStatus.FINISHING, author="Aki", at=lab.now())
    turns(lab, "test")
    assert states(lab) == [TrialState.COMPLETED, TrialState.APPROVED, TrialState.PROPOSED]
    assert lab.store.campaigns.status("test") is CampaignStatus.STOPPED
    lab.store.campaigns.set_status("test", CampaignStatus.ACTIVE, author="Aki", at=lab.now())
    turns(lab, "test")
    assert states(lab)[:2] == [TrialState.COMPLETED] * 2


def test_the_first_design_may_begin_by_itself_and_then_people_decide(tmp_path: Path) -> None:
    review = {"autonomy": "by-hand", "approve_first_design": True}
    more = {"batch": 3, "initial": 3, "generator": "sobol"}
    lab = laboratory(tmp_path, two_stages(review=review, planner=more))
    turns(lab, "test")
    assert states(lab) == [TrialState.COMPLETED] * 3 + [TrialState.PROPOSED] * 3


def test_a_revised_campaign_abandons_what_it_no_longer_allows(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(), review=BY_HAND)
    trial = inject(lab.store, lab.campaign("test"), T=890, x=1)
    decide(lab.store, trial, Verdict.APPROVED)
    narrow = two_stages()
    narrow["parameters"]["T"]["high"] = 800
    revised = lab.campaign("test").model_validate(narrow)
    lab.store.campaigns.revise(revised, 1, author="Aki", at=lab.now())
    advance(lab, "test")
    ended = lab.store.trials.get("test", trial.number)
    assert ended.state is TrialState.ABANDONED
    assert "T: 890 is outside 600 to 800 degC" in ended.message


def test_stages_are_due_when_those_before_them_are_done(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages())
    campaign = lab.campaign("test")
    assert [s.name for s in due_stages(campaign, {})] == ["making"]
    advance(lab, "test")
    jobs = lab.store.snapshot("test").jobs_of(1)
    assert due_stages(campaign, jobs) == []
    assert settled(campaign, jobs) is None
    done = {n: j.model_copy(update={"state": JobState.COMPLETED}) for n, j in jobs.items()}
    assert [s.name for s in due_stages(campaign, done)] == ["testing"]


@pytest.mark.parametrize(
    ("measurement", "message"),
    [
        (Measurement("density", 80.0, ""), "density: the value 80 came without a unit"),
        (
            Measurement("density", 80.0, "MPa"),
            "density: unit 'MPa' cannot be turned into 'percent'",
        ),
        (Measurement("density", float("nan"), "percent"), "density: nan is not a number"),
        (
            Measurement("density", 1.0, "percent", -1.0),
            "density: the standard error -1 is negative",
        ),
        (Measurement("strength", 1.0, "MPa"), "strength: stage 'making' does not give it"),
    ],
)
def test_a_measurement_that_makes_no_sense_is_refused(
    tmp_path: Path, measurement: Measurement, message: str
) -> None:
    campaign = laboratory(tmp_path, two_stages()).campaign("test")
    with pytest.raises(ValueError, match=message):
        in_campaign_units(campaign, "making", [measurement])
    converted = in_campaign_units(campaign, "making", [Measurement("density", 0.8, "", 0.01)][:0])
    assert converted == []


def test_an_empty_record_has_nothing_to_teach() -> None:
    assert Record().observations == []
    assert Record().excluded == []


def test_a_model_that_fails_is_said_and_replaced_by_space_filling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PlanningError("the kernel is not positive definite")

    monkeypatch.setattr("planner.loop.planning.propose", fail)
    lab = laboratory(tmp_path, two_stages())
    turn = advance(lab, "test")
    assert turn.problems == ("the model failed: the kernel is not positive definite",)
    trials = lab.store.snapshot("test").trials
    assert {t.generator for t in trials} == {"sobol"}
    assert all("a space-filling point instead" in t.reason for t in trials)
    assert "planner.failed" in [e.kind for e in lab.store.events.list("test")]


def test_the_same_failure_of_the_model_is_noted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PlanningError("singular")

    monkeypatch.setattr("planner.loop.planning.propose", fail)
    lab = laboratory(tmp_path, two_stages(planner={"batch": 3}))
    done = turns(lab, "test", most=12)
    assert sum(bool(t.problems) for t in done) == 2
    assert [e.kind for e in lab.store.events.list("test")].count("planner.failed") == 1


def test_a_failure_that_comes_again_after_the_model_planned_is_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory(
        tmp_path, two_stages(budget={"trials": 30}, planner={"batch": 3}), review=BY_HAND
    )

    def trouble() -> str:
        return trouble_of(lab.store, lab.look("test"))

    def turn(failing: str) -> None:
        def planned(campaign: Campaign, record: Record, n: int, seed: int) -> list[Proposal]:
            if failing:
                raise PlanningError(failing)
            (point,) = first_design(campaign, record.excluded, 1, seed)
            return [Proposal(point=point, generator="botorch")]

        monkeypatch.setattr("planner.loop.planning.propose", planned)
        advance(lab, "test")
        for trial in lab.store.snapshot("test").trials:
            if trial.state is TrialState.PROPOSED:
                decide(lab.store, trial, Verdict.VETOED, reason="next")

    for failing in ["", "singular", "singular", "flat", "", "flat"]:
        turn(failing)
        assert trouble() == failing
    kinds = [e.kind for e in lab.store.events.list("test")]
    assert kinds.count("planner.failed") == 3


def test_a_learner_that_fails_is_a_problem_and_nothing_more(tmp_path: Path) -> None:
    class Broken:
        name = "broken"

        def learn(self, campaign: Campaign, record: Record) -> None:
            raise ZeroDivisionError("no spread")

    lab = laboratory(tmp_path, two_stages(), learners=[Broken()])
    done = turns(lab, "test", most=12)
    assert any("the learner broken failed: no spread" in p for t in done for p in t.problems)
    assert states(lab) == [TrialState.COMPLETED] * 6


class Draws:
    """An executor that leaves a model with each sample, and notes what it was handed."""

    human = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders: dict[str, WorkOrder] = {}

    def submit(self, order: WorkOrder) -> None:
        self.orders[order.job] = order

    def poll(self, job: str) -> Answer:
        order = self.orders[job]
        model = self.folder / f"{order.trial}.txt"
        model.write_text(f"model of trial {order.trial}")
        found = [Measurement(name, 1.0, order.units[name]) for name in order.gives]
        return Finished(tuple(found), artifacts={"model.txt": model})

    def cancel(self, job: str) -> None: ...


class Keeps:
    """A learner whose version is the model that came with trial 1."""

    name = "keeps"

    def learn(self, campaign: Campaign, record: Record) -> Lesson | None:
        there = record.results_of.get(1) and not record.versions
        file = ModelFile(trial=1, stage="making", name="model.txt")
        return Lesson({"n": 1.0}, {"model_file": file}) if there else None


def test_the_file_of_a_model_in_use_is_handed_to_the_executors_from_then_on(tmp_path: Path) -> None:
    draws = Draws(tmp_path)
    lab = laboratory(
        tmp_path, two_stages(planner={"batch": 1, "generator": "sobol"}, budget={"trials": 2})
    )
    lab = replace(lab, executors=dict.fromkeys(lab.executors, draws), learners=[Keeps()])
    turns(lab, "test")
    first, second = (draws.orders[f"test/{n}/making"].files for n in (1, 2))
    assert first == {}
    assert Path(second["learned/keeps/model.txt"]).read_text() == "model of trial 1"


def test_a_result_that_differs_from_a_stored_one_is_said_in_every_turn(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}, options={"delay": 2}))
    advance(lab, "test")
    wrong = [Measurement("density", 1.0, "percent")]
    lab.store.results.record("test", 1, "making", wrong, None, "Aki", lab.now())
    done = turns(lab, "test", most=8)
    said = [p for t in done for p in t.problems]
    assert any("test/1/making: " in p and "density = 1 percent by Aki" in p for p in said)
    assert states(lab) == [TrialState.RUNNING]


def test_a_job_that_cannot_be_cancelled_ends_all_the_same_and_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = two_stages(budget={"trials": 1}, options={"fails_when": "1"})
    content["stages"][1] |= {
        "after": [],
        "options": {**content["stages"][1]["options"], "hang": 1.0},
    }
    lab = laboratory(tmp_path, content)

    def cancel(job: str) -> None:
        raise OSError("the line is dead")

    monkeypatch.setattr(lab.executors["testing"], "cancel", cancel)
    done = turns(lab, "test", most=10)
    said = [p for t in done for p in t.problems]
    assert said == ["test/1/testing: it could not be cancelled: the line is dead"]
    assert states(lab) == [TrialState.FAILED]
    assert not any(job.state.is_open for job in lab.store.snapshot("test").jobs)


def test_a_stage_without_executor_is_a_problem(tmp_path: Path) -> None:
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}, planner={"batch": 1}))
    lab = replace(lab, executors={"testing": lab.executors["testing"]})
    turn = advance(lab, "test")
    assert turn.problems == (
        "test/1/making: stage 'making' has no executor here; there are testing",
    )


def test_what_an_executor_notes_reaches_people_until_the_job_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = laboratory(tmp_path, two_stages(budget={"trials": 1}, options={"delay": 2}))
    whole = lab.executors["making"].poll

    def poll(job: str) -> Answer:
        answer = whole(job)
        return (
            replace(answer, note="waits for [furnace]") if isinstance(answer, Running) else answer
        )

    monkeypatch.setattr(lab.executors["making"], "poll", poll)
    advance(lab, "test")
    advance(lab, "test")
    assert lab.store.snapshot("test").jobs[0].message == "waits for [furnace]"
    turns(lab, "test")
    assert [job.message for job in lab.store.snapshot("test").jobs] == ["", ""]


def test_what_derives_from_a_parameter_follows_it_as_it_was_run(tmp_path: Path) -> None:
    content = two_stages(options={"drift": {"T": 8.0}})
    content["parameters"]["kelvin"] = {"kind": "derived", "formula": "T + 273.15"}
    lab = laboratory(tmp_path, content)
    turns(lab, "test")
    for seen in lab.store.snapshot("test").observations:
        assert seen.point["kelvin"] == pytest.approx(float(seen.point["T"]) + 273.15)
