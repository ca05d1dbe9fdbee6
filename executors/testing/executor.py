"""What every executor promises: submit, poll and cancel, also twice and after a restart."""

import time
from pathlib import Path

from planner.executor import (
    Abandoned,
    Answer,
    Executor,
    Failed,
    Finished,
    Lost,
    Measurement,
    Running,
    WorkOrder,
)

FINAL = (Finished, Failed, Abandoned)
JOBS = (
    "bulk/1/synthesis",
    "bulk/12/synthesis",
    "Ba122 バルク 試料/2/焼結",
    "a.b-c %41_D/3/x",
    "../4/..",
)


class ExecutorContract:
    """Override ``make``; ``order`` and ``answer`` where a job needs more than x in, y out."""

    patience = 20.0
    """Seconds for the far end to answer."""
    prompt = 2.0
    """Seconds within which ``submit`` returns."""

    def make(self, folder: Path) -> Executor:
        """A new executor on ``folder``; called again, it stands for a restart."""
        raise NotImplementedError

    def order(self, job: str) -> WorkOrder:
        """An order that this executor can carry out."""
        return WorkOrder(
            job, "bulk", 1, job.rpartition("/")[2], {"x": 0.5}, {"x": "mm", "y": "T"}, ("y",)
        )

    def answer(self, executor: Executor, order: WorkOrder) -> None:
        """Make the far end finish, where that takes a person: for example, write a result file."""

    def until_final(self, executor: Executor, job: str) -> Answer:
        """Poll until the job has ended; what it was for an executor that waits for people."""
        end = time.monotonic() + self.patience
        while isinstance(answer := executor.poll(job), Running | Lost) and not executor.human:
            assert time.monotonic() < end, f"{job} has not ended after {self.patience} s: {answer}"
            time.sleep(0.01)
        return answer

    def carry_out(self, executor: Executor, order: WorkOrder) -> Answer:
        """Submit (again, where the job is Lost), let the far end finish, and poll to the end."""
        executor.submit(order)
        if isinstance(executor.poll(order.job), Lost):
            executor.submit(order)
        self.answer(executor, order)
        return self.until_final(executor, order.job)

    def test_submit_returns_at_once(self, tmp_path: Path) -> None:
        executor, start = self.make(tmp_path), time.monotonic()
        executor.submit(self.order(JOBS[0]))
        assert time.monotonic() - start < self.prompt

    def test_an_unknown_job_is_lost_or_with_people(self, tmp_path: Path) -> None:
        executor = self.make(tmp_path)
        expected = Lost | Running if executor.human else Lost
        assert isinstance(executor.poll("never/1/submitted"), expected)

    def test_a_job_gets_an_answer_that_stays(self, tmp_path: Path) -> None:
        executor = self.make(tmp_path)
        answer = self.carry_out(executor, self.order(JOBS[0]))
        assert isinstance(answer, FINAL) or executor.human
        assert executor.poll(JOBS[0]) == answer == executor.poll(JOBS[0])

    def test_a_job_submitted_twice_has_one_answer(self, tmp_path: Path) -> None:
        executor = self.make(tmp_path)
        answer = self.carry_out(executor, self.order(JOBS[0]))
        executor.submit(self.order(JOBS[0]))
        assert self.until_final(executor, JOBS[0]) == answer

    def test_only_what_was_ordered_is_answered_in_a_finite_number_with_its_unit(
        self, tmp_path: Path
    ) -> None:
        order = self.order(JOBS[0])
        for m in measurements(self.carry_out(self.make(tmp_path), order)):
            assert m.outcome in order.gives
            assert m.unit or not order.units.get(m.outcome), f"{m.outcome} has no unit"
            assert abs(m.value) < float("inf")
            assert m.standard_error is None or 0 <= m.standard_error < float("inf")

    def test_a_restart_knows_the_job_or_says_lost(self, tmp_path: Path) -> None:
        order = self.order(JOBS[0])
        answer = self.carry_out(self.make(tmp_path), order)
        restarted = self.make(tmp_path)
        assert restarted.poll(order.job) in (answer, Lost())
        assert type(self.carry_out(restarted, order)) is type(answer)

    def test_a_cancelled_job_never_finishes(self, tmp_path: Path) -> None:
        executor, order = self.make(tmp_path), self.order(JOBS[0])
        executor.submit(order)
        executor.cancel(order.job)
        self.answer(executor, order)
        executor.submit(order)
        for _ in range(3):
            assert not isinstance(executor.poll(order.job), Finished)

    def test_cancelling_an_unknown_job_is_no_error(self, tmp_path: Path) -> None:
        executor = self.make(tmp_path)
        executor.cancel("never/1/submitted")
        assert not isinstance(executor.poll("never/1/submitted"), Finished)

    def test_jobs_of_any_name_do_not_disturb_each_other(self, tmp_path: Path) -> None:
        executor = self.make(tmp_path / "own")
        for job in JOBS:
            executor.submit(self.order(job))
        executor.cancel(JOBS[1])
        answers = [self.carry_out(executor, self.order(job)) for job in JOBS if job != JOBS[1]]
        assert not any(isinstance(answer, Lost) for answer in answers)
        assert len({type(answer) for answer in answers}) == 1
        assert [p.name for p in tmp_path.iterdir()] in ([], ["own"]), "files outside the folder"


def measurements(answer: Answer) -> tuple[Measurement, ...]:
    """What was measured, whatever the answer."""
    return getattr(answer, "measurements", ())
