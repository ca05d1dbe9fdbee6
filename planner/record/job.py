"""Jobs: a stage of one trial, given to an executor; and the files that belong to it."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from planner.campaign.values import Point
from planner.record.entry import Entry, Time


class JobState(StrEnum):
    """READY --> RUNNING --> COMPLETED | FAILED (the sample) | ABANDONED (a technical fault)."""

    READY = "ready"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it or has to."""
        return self in (JobState.READY, JobState.RUNNING)


LONGEST_LEASE = timedelta(minutes=10)
"""No lease is so long (the loop's are of a minute): one that seems so was written by a clock that
was wrong, and is not believed."""


class Job(Entry):
    """A stage for one trial, given to an executor. Its id is the same for every attempt; one that
    is opened again after its end is a new job for the executor, with another id."""

    campaign: str
    trial: int
    stage: str
    executor: str
    state: JobState = JobState.READY
    attempt: int = 0
    """How often it was submitted."""
    reopened: int = 0
    """How often it was opened again after its end."""
    fence: int = 0
    """Rises with every claim; whoever holds an older fence can no longer write."""
    holder: str | None = None
    lease_until: Time | None = None
    """When another process may take the job over; none for the work of people."""
    due: Time | None = None
    progress: float | None = Field(default=None, ge=0, le=1)
    as_run: Point | None = None
    """The parameters that were really different from the plan, as the executor told at the end."""
    created_at: Time
    ended_at: Time | None = None
    message: str = ""

    @property
    def id(self) -> str:
        """The idempotency key that executors see: ``campaign/trial/stage``, or
        ``campaign/trial/stage (2)`` of one that was opened again."""
        again = f" ({self.reopened + 1})" if self.reopened else ""
        return f"{self.campaign}/{self.trial}/{self.stage}{again}"

    def is_held_by_another(self, holder: str, at: datetime) -> bool:
        """Whether it runs under a lease of somebody else that can be believed."""
        if self.state is not JobState.RUNNING or self.lease_until is None or self.holder == holder:
            return False
        return timedelta() <= self.lease_until - at <= LONGEST_LEASE


class Artifact(Entry):
    """A file that belongs to a job, stored once by the hash of its content."""

    campaign: str
    trial: int
    stage: str
    name: str
    sha256: str = Field(min_length=64, max_length=64)
    size: int
    """Bytes."""
    at: Time

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return f"the file {self.name} of {self.stage} of trial {self.trial}"
