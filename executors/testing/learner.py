"""What every learner promises: the same record gives the same lesson, and a lesson is plain data
that the record can keep."""

import json
from copy import deepcopy
from math import isfinite
from pathlib import Path

from planner.campaign.campaign import Campaign, parse_campaign
from planner.learner import Learner, Lesson
from planner.past.as_record import WHEN, Experiment, record_of_experiments
from planner.record.record import Record
from planner.record.result import ModelVersion
from planner.record.trial import TrialState
from planner.store import open_store

ELSEWHERE = parse_campaign(
    {
        "name": "elsewhere",
        "parameters": {"speed": {"kind": "range", "low": 1, "high": 9}},
        "outcomes": {"noise": {"goal": "minimize", "unit": "dB"}},
        "stages": [{"name": "all", "executor": "manual", "gives": ["noise"]}],
    }
)
"""A campaign that no learner of a material knows."""


class LearnerContract:
    """Override ``make``, ``campaign`` and ``experiments``."""

    def make(self) -> Learner:
        """A new learner."""
        raise NotImplementedError

    def campaign(self) -> Campaign:
        """A campaign that this learner learns from."""
        raise NotImplementedError

    def experiments(self) -> list[Experiment]:
        """Experiments of that campaign, as many as teach it something."""
        raise NotImplementedError

    def record(self) -> Record:
        """The record that the lesson is made from. Override it where a lesson needs more than
        points and outcomes."""
        return record_of_experiments(self.campaign(), self.experiments())

    def lesson(self) -> Lesson:
        """What the learner makes of its record."""
        lesson = self.make().learn(self.campaign(), self.record())
        assert lesson is not None, "nothing was learned from experiments()"
        return lesson

    def version(self, lesson: Lesson, results: int) -> ModelVersion:
        """A lesson as the record keeps it."""
        return ModelVersion(
            campaign=self.campaign().name, learner=self.make().name, number=1, at=WHEN,
            results=results, scores=lesson.scores, state=lesson.state, used=lesson.better,
        )  # fmt: skip

    def test_it_has_a_name_of_its_own(self) -> None:
        name = self.make().name
        assert name
        assert name == name.strip()
        assert name == self.make().name

    def test_an_empty_record_teaches_nothing(self) -> None:
        assert self.make().learn(self.campaign(), Record()) is None

    def test_a_campaign_that_it_does_not_know_is_no_error(self) -> None:
        record = record_of_experiments(
            ELSEWHERE, [Experiment({"speed": 3}, {"noise": (7.0, None)})]
        )
        self.make().learn(ELSEWHERE, record)

    def test_the_same_record_gives_the_same_lesson(self) -> None:
        assert self.lesson() == self.lesson()

    def test_it_keeps_nothing_from_one_record_to_the_next(self) -> None:
        learner = self.make()
        first = learner.learn(self.campaign(), self.record())
        learner.learn(self.campaign(), Record())
        assert learner.learn(self.campaign(), self.record()) == first == self.lesson()

    def test_scores_are_finite_numbers(self) -> None:
        for name, score in self.lesson().scores.items():
            assert isinstance(score, float), f"{name} is {score!r}"
            assert isfinite(score), f"{name} is {score}"

    def test_the_state_is_plain_data(self) -> None:
        state = self.lesson().state
        assert json.loads(json.dumps(state, allow_nan=False)) == state

    def test_the_record_is_left_as_it_was(self) -> None:
        record = self.record()
        before = deepcopy(record)
        self.make().learn(self.campaign(), record)
        assert record == before

    def test_it_learns_on_from_its_own_version(self) -> None:
        record, lesson = self.record(), self.lesson()
        version = self.version(lesson, len(record.results))
        again = self.make().learn(
            self.campaign(), Record(record.trials, record.jobs, record.results, versions=(version,))
        )
        assert again is not None
        assert again.scores == lesson.scores

    def test_any_part_of_a_record_may_be_missing(self) -> None:
        """Results come late and in parts: each one is left out once."""
        record = self.record()
        for left_out in record.results:
            rest = tuple(r for r in record.results if r is not left_out)
            self.make().learn(self.campaign(), Record(record.trials, record.jobs, rest))

    def test_samples_that_failed_or_still_run_are_no_error(self) -> None:
        experiments = self.experiments()
        for state in (TrialState.FAILED, TrialState.ABANDONED, TrialState.RUNNING):
            more = [*experiments, Experiment(experiments[0].point, state=state)]
            self.make().learn(self.campaign(), record_of_experiments(self.campaign(), more))

    def test_the_record_keeps_the_lesson_as_it_is(self, tmp_path: Path) -> None:
        campaign, lesson = self.campaign(), self.lesson()
        store = open_store(f"sqlite:///{tmp_path / 'kyoso.db'}", tmp_path / "files")
        try:
            store.campaigns.add(campaign, author="test", at=WHEN)
            store.versions.add(campaign.name, self.make().name, WHEN, 1, lesson)
            (kept,) = store.snapshot(campaign.name).versions
        finally:
            store.close()
        assert (kept.scores, kept.state, kept.used) == (lesson.scores, lesson.state, lesson.better)
