"""Whatever people and loops do in whatever order: no result is lost, stored twice or changed."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from planner import desk
from planner.executor import Measurement
from planner.learner import Lesson
from planner.record.decision import Decision, Verdict
from planner.record.job import Job, JobState
from planner.record.result import Result
from planner.record.trial import MOVES, TrialState
from planner.store import Conflict, open_store
from planner.store.rows import find
from planner.store.snapshots import read_record
from planner.store.transfer import export_campaign, import_campaign
from tests.planner.store.bench import NOON, Bench, campaign

OUTCOMES = st.sampled_from(["trapped_field", "density"])
VALUES = st.floats(allow_nan=False, allow_infinity=False)
PICK = st.integers(min_value=0, max_value=99)
ENDS = {
    JobState.COMPLETED: TrialState.COMPLETED,
    JobState.FAILED: TrialState.FAILED,
    JobState.ABANDONED: TrialState.ABANDONED,
}


class AnyHistory(RuleBasedStateMachine):
    """Remembers every result that was accepted, and compares after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.store = open_store(f"sqlite:///{self.folder}/kyoso.db", self.folder / "files")
        self.store.campaigns.add(campaign(), "mika", NOON)
        self.bench = Bench(self.store)
        self.accepted: dict[int, Result] = {}
        self.claims: list[Job] = []
        self.decisions: tuple[Decision, ...] = ()
        self.now = NOON

    def teardown(self) -> None:
        """At last the campaign is carried to another database, and nothing of it changes."""
        first, second = self.folder / "1.zip", self.folder / "2.zip"
        export_campaign(self.store, "ba122", first)
        with open_store(f"sqlite:///{self.folder}/other.db", self.folder / "others") as other:
            import_campaign(other, first)
            export_campaign(other, "ba122", second)
        self.store.close()
        same = first.read_bytes() == second.read_bytes()
        shutil.rmtree(self.folder)
        assert same

    @rule()
    def propose(self) -> None:
        self.bench.proposed()

    @rule(pick=PICK, verdict=st.sampled_from([Verdict.APPROVED, Verdict.APPROVED, Verdict.VETOED]))
    def decide(self, pick: int, verdict: Verdict) -> None:
        trials = self.store.snapshot("ba122").trials
        if trials:
            trial = trials[pick % len(trials)]
            legal = TrialState(verdict) in MOVES[trial.state]
            self.attempt(
                lambda: self.store.trials.decide(
                    "ba122",
                    trial.number,
                    version=trial.version,
                    verdict=verdict,
                    author="mika",
                    at=self.now,
                ),
                must=legal,
            )

    @rule(pick=PICK)
    def take_back(self, pick: int) -> None:
        trials = self.store.snapshot("ba122").trials
        if trials:
            trial = trials[pick % len(trials)]
            seen = desk.Seen("ba122", trial.number, trial.version)
            self.attempt(lambda: desk.take_back(self.store, seen, "riku", "a slip", self.now))

    @rule(pick=PICK)
    def open(self, pick: int) -> None:
        trials = self.store.snapshot("ba122").trials
        if trials:
            stages = [("synthesis", "manual", None), ("magnet", "virtual", None)]
            trial = trials[pick % len(trials)]
            self.attempt(lambda: self.store.jobs.open("ba122", trial, stages, self.now))

    @rule(pick=PICK, holder=st.sampled_from(["loop-1", "loop-2"]), minutes=st.integers(0, 9))
    def claim(self, pick: int, holder: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        jobs = self.store.jobs.list("ba122")
        if jobs:
            until = self.now + timedelta(minutes=5)
            claimed = self.store.jobs.claim(jobs[pick % len(jobs)], holder, until, self.now)
            self.claims += [claimed] if claimed else []

    @rule(pick=PICK, state=st.sampled_from([*ENDS, None]), outcome=OUTCOMES, value=VALUES)
    def report_or_finish(
        self, pick: int, state: JobState | None, outcome: str, value: float
    ) -> None:
        if not self.claims:
            return
        job = self.claims[pick % len(self.claims)]
        measured = [Measurement(outcome, value, "T")]
        if state is None:
            self.attempt(lambda: self.store.jobs.report(job, measured, None, "x", self.now))
        else:
            self.attempt(
                lambda: self.store.jobs.finish(
                    job,
                    state,
                    author="x",
                    at=self.now,
                    measurements=measured,
                    trial_state=ENDS[state],
                )
            )

    @rule(pick=PICK, outcome=OUTCOMES, value=VALUES)
    def record(self, pick: int, outcome: str, value: float) -> None:
        trials = self.store.snapshot("ba122").trials
        if trials:
            number = trials[pick % len(trials)].number
            measured = [Measurement(outcome, value, "T")]
            self.attempt(
                lambda: self.store.results.record(
                    "ba122", number, "magnet", measured, None, "mika", self.now
                )
            )

    @rule(pick=PICK, value=VALUES)
    def correct(self, pick: int, value: float) -> None:
        if self.accepted:
            number = [*self.accepted][pick % len(self.accepted)]
            self.attempt(
                lambda: self.store.results.correct(
                    "ba122",
                    number,
                    value=value,
                    standard_error=None,
                    unit="T",
                    author="riku",
                    at=self.now,
                    reason="checked",
                )
            )

    @rule(learner=st.sampled_from(["model-health", "jc-law"]))
    def learn(self, learner: str) -> None:
        self.store.versions.add("ba122", learner, self.now, 1, Lesson(scores={"n": 1.0}))

    def attempt(self, act: Callable[[], object], must: bool = False) -> None:
        """Act; a refusal must leave everything as it was."""
        before = self.store.snapshot("ba122"), len(self.store.events.list("ba122"))
        try:
            act()
        except Conflict:
            assert not must
            assert before == (
                self.store.snapshot("ba122"),
                len(self.store.events.list("ba122")),
            )

    @invariant()
    def a_snapshot_that_reads_only_news_is_the_whole_record(self) -> None:
        with self.store.database.read() as db:
            whole = read_record(db, "ba122")
        assert self.store.snapshot("ba122") == self.store.look("ba122").record == whole
        assert self.store.snapshot("ba122") is self.store.snapshot("ba122")

    @invariant()
    def no_decision_is_lost_and_who_takes_back_took_back_something(self) -> None:
        decisions = self.store.snapshot("ba122").decisions
        assert decisions[: len(self.decisions)] == self.decisions
        self.decisions = decisions
        taken = [d for d in decisions if d.verdict is Verdict.TAKEN_BACK]
        assert all(d.author == "riku" and d.seen for d in taken)
        assert {d.trial for d in taken} <= {d.trial for d in decisions if d not in taken}

    @invariant()
    def no_result_is_lost_or_changed(self) -> None:
        record = self.store.snapshot("ba122")
        with self.store.database.read() as db:
            history = {result.number: result for result in find(db, Result, campaign="ba122")}
        assert self.accepted.items() <= history.items()
        self.accepted = history
        current = [(result.trial, result.outcome) for result in record.results]
        assert len(current) == len(set(current))
        assert set(current) == {(result.trial, result.outcome) for result in history.values()}


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
