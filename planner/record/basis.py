"""On what a predicted feasibility rests: the trials of which it was known whether they held."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from planner.campaign.campaign import Campaign
from planner.campaign.values import counted
from planner.record.job import JobState
from planner.record.record import Observation, Record, is_feasible
from planner.record.trial import Trial

_CAME_BACK = (JobState.COMPLETED, JobState.FAILED)


def judged(campaign: Campaign, seen: Iterable[Observation]) -> list[Observation]:
    """The trials of which it is known whether they are feasible."""
    required = any((o.at_least, o.at_most) != (None, None) for o in campaign.outcomes.values())
    return [o for o in seen if (o.ended or required) and is_feasible(campaign, o) is not None]


def by_trials(campaign: Campaign, known: Iterable[Observation]) -> str:
    """As people read it: ``by 7 trials, 1 of them infeasible``."""
    held = [is_feasible(campaign, o) for o in known]
    if not held:
        return "by no trial yet"
    some = f"{held.count(False)} of them infeasible" if False in held else "none of them infeasible"
    return f"by {counted(len(held), 'trial')}, {some}"


@dataclass(frozen=True)
class Basis:
    """What was known when each trial was proposed, by the results that hold now."""

    campaign: Campaign
    record: Record

    def before(self, trial: Trial) -> list[Observation]:
        """The trials of which it was known then."""
        count = bisect_right(self._ends, trial.created_at, key=lambda end: end[0])
        return [observation for _, observation in self._ends[:count]]

    def shown(self, trial: Trial) -> str:
        """``feasible 96% by 7 trials, none of them infeasible``; empty where nothing was said."""
        if trial.feasibility is None:
            return ""
        return f"feasible {trial.feasibility:.0%} {by_trials(self.campaign, self.before(trial))}"

    @cached_property
    def _ends(self) -> list[tuple[datetime, Observation]]:
        """When what was known of each trial came, in order: a corrected result was known when its
        job ended."""
        found = []
        for o in judged(self.campaign, self.record.observations):
            jobs = self.record.jobs_of(o.trial).values()
            times = [j.ended_at for j in jobs if j.ended_at and j.state in _CAME_BACK]
            times += [result.at for result in self.record.results_of.get(o.trial, [])]
            found += [(min(times), o)] if times else []
        return sorted(found, key=lambda end: (end[0], end[1].trial))
