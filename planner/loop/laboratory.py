"""The laboratory a campaign runs in: the record, who carries out each stage, who learns, and a
clock."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from planner.campaign.campaign import Campaign, Review
from planner.executor import Executor
from planner.learner import Learner
from planner.record.event import Event, EventKind
from planner.record.moment import Moment
from planner.store import Store


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Laboratory:
    """Everything a turn needs."""

    store: Store
    executors: Mapping[str, Executor]
    """The executor of each stage, by the stage's name."""
    learners: Sequence[Learner] = ()
    review: Review | None = None
    """A review policy that stands in for the campaign's own, for example in a rehearsal."""
    holder: str = "loop"
    """Names this process on the jobs it holds; no two processes share it."""
    lease: timedelta = timedelta(seconds=60)
    """How long a job stays with a process that no longer answers."""
    now: Callable[[], datetime] = utc_now
    submitted: Counter[str] = field(default_factory=Counter)
    """How often this process submitted each job; forgotten when it ends."""
    fences: dict[str, int] = field(default_factory=dict)
    """Under which fence this process claimed each job; forgotten when it ends."""

    def look(self, name: str) -> Moment:
        """A campaign and its record as they stand now, under this laboratory's review policy."""
        now = self.store.look(name)
        return now if self.review is None else replace(now, campaign=self._reviewed(now.campaign))

    def campaign(self, name: str) -> Campaign:
        """The campaign as it stands now, under this laboratory's review policy."""
        return self._reviewed(self.store.campaigns.get(name))

    def lease_until(self, stage: str) -> datetime | None:
        """Until when a job of this stage would be ours; people's tasks have no lease."""
        return None if self.executors[stage].human else self.now() + self.lease

    def _reviewed(self, campaign: Campaign) -> Campaign:
        return campaign.model_copy(update={"review": self.review}) if self.review else campaign

    def note(self, campaign: str, kind: EventKind, **data: object) -> None:
        """Add a line to the event log."""
        event = Event(campaign=campaign, at=self.now(), kind=kind, author="loop", data=data)
        self.store.events.add(event)
