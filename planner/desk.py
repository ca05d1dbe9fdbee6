"""What people hand in: results, failures, corrections. Checked first, stored in one go."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from planner.campaign import Campaign, parse_campaign
from planner.executor import Measurement
from planner.hypothesis import Hypothesis
from planner.record import Record
from planner.store import NotFound, Store
from planner.summary import MODEL_FAILED, model_trouble
from planner.trial import Job, JobState, Result
from planner.vetoes import in_force
from planner.work import check_as_run, in_campaign_units


def campaign_today(store: Store, name: str, day: date) -> Campaign:
    """The campaign as it binds people on this day: hard hypotheses and vetoed regions included."""
    campaign = store.campaigns.get(name)
    return in_force(campaign, store.snapshot(name), day, people=True)[0]


def trouble_of(store: Store, campaign: Campaign, record: Record) -> str:
    """Why the model of a campaign does not plan at present; empty where it does, or where nothing
    more is to be planned."""
    if store.campaigns.status(campaign.name).is_at_rest:
        return ""
    return model_trouble(campaign, record, store.events.last(campaign.name, MODEL_FAILED))


def add_claim(store: Store, name: str, content: Any, who: str, at: datetime) -> Hypothesis:
    """Add a hypothesis (plain data, as in a campaign file) to a campaign, in a new version of it.

    Its author is ``who`` and it starts today, where it does not say otherwise. CampaignError says
    what is wrong with it.
    """
    if not isinstance(content, Mapping):
        raise ValueError("a claim has fields such as 'kind', as in a campaign file")
    version = store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    claim = {"author": who, "start": at.date(), **content}
    plain = before.model_dump()
    after = parse_campaign({**plain, "hypotheses": [*plain["hypotheses"], claim]})
    store.campaigns.revise(after, version, author=who, at=at)
    return after.hypotheses[-1]


def remove_claim(store: Store, name: str, title: str, who: str, at: datetime) -> None:
    """Take a hypothesis out of a campaign, by its title. NotFound where there is none."""
    version = store.campaigns.version(name)
    before = store.campaigns.get(name, version)
    left = [h for h in before.hypotheses if h.title != title]
    if len(left) == len(before.hypotheses):
        there = "; ".join(h.title for h in before.hypotheses) or "none"
        raise NotFound(f"{name} has no claim {title!r}; there are: {there}")
    store.campaigns.revise(before.holding(left), version, author=who, at=at)


def record_results(
    store: Store,
    name: str,
    trial: int,
    stage: str | None,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    author: str,
    at: datetime,
    partial: bool = False,
) -> list[Result]:
    """Store measurements of one stage; the job of a person ends with them unless ``partial``.

    ValueError where nothing came, the stage is not clear, or a value is not valid.
    """
    campaign, record = store.campaigns.get(name), store.snapshot(name)
    if not measurements:
        raise ValueError(f"no value came; the outcomes are {', '.join(campaign.outcomes)}")
    stage = stage or _stage_of(campaign, [m.outcome for m in measurements])
    if stage not in {s.name for s in campaign.stages}:
        names = ", ".join(s.name for s in campaign.stages)
        raise NotFound(f"campaign {name!r} has no stage {stage!r}; there are {names}")
    found = in_campaign_units(campaign, stage, measurements)
    changed = check_as_run(campaign, store.trials.get(name, trial).point, as_run)
    job = _job(record, trial, stage)
    if job.state.is_open and not partial:
        before = {r.number for r in record.results}
        store.jobs.finish(
            job,
            JobState.COMPLETED,
            person=author,
            author=author,
            at=at,
            measurements=found,
            as_run=changed,
        )
        return [r for r in store.snapshot(name).results if r.number not in before]
    return store.results.record(name, trial, stage, found, changed, author, at)


def record_failure(
    store: Store,
    name: str,
    trial: int,
    stage: str | None,
    failed: str,
    abandoned: str,
    author: str,
    at: datetime,
) -> Job:
    """End the open job of a trial: ``failed`` is data on the sample, ``abandoned`` is not."""
    if failed and abandoned:
        raise ValueError("failed and abandoned are two things; say one")
    record = store.snapshot(name)
    open_jobs = [job for job in record.jobs_of(trial).values() if job.state.is_open]
    chosen = [job for job in open_jobs if stage in (None, job.stage)]
    if len(chosen) != 1:
        names = ", ".join(job.stage for job in open_jobs) or "none"
        raise ValueError(f"trial {trial}: name one stage that is open ({names})")
    state = JobState.FAILED if failed else JobState.ABANDONED
    return store.jobs.finish(
        chosen[0], state, person=author, author=author, at=at, message=failed or abandoned
    )


def correct_result(
    store: Store,
    name: str,
    number: int,
    measured: Measurement,
    author: str,
    at: datetime,
    reason: str,
    as_run: Mapping[str, Any] | None = None,
) -> Result:
    """Supersede a result by another value of the same outcome, and say with ``as_run`` what was
    really different when the sample was made."""
    campaign = store.campaigns.get(name)
    wrong = next((r for r in store.snapshot(name).results if r.number == number), None)
    if wrong is None:
        raise NotFound(f"{name} has no current result number {number}")
    value, error = campaign.outcomes[wrong.outcome].read(
        measured.value, measured.standard_error, measured.unit
    )
    planned = store.trials.get(name, wrong.trial).point | (wrong.as_run or {})
    changed = check_as_run(campaign, planned, as_run or {})
    return store.results.correct(
        name,
        number,
        value=value,
        standard_error=error,
        unit=wrong.unit,
        author=author,
        at=at,
        reason=reason,
        as_run={**(wrong.as_run or {}), **changed} if changed else None,
    )


def missing_outcomes(store: Store, name: str, trial: int, stage: str) -> list[str]:
    """The outcomes of a stage that have no result yet."""
    results = store.snapshot(name).results_of.get(trial, [])
    known = {result.outcome for result in results}
    return [o for o in store.campaigns.get(name).stage(stage).gives if o not in known]


def _stage_of(campaign: Campaign, outcomes: Sequence[str]) -> str:
    stages = {s.name for s in campaign.stages for name in outcomes if name in s.gives}
    unknown = [name for name in outcomes if name not in campaign.outcomes]
    if unknown:
        allowed = ", ".join(campaign.outcomes)
        raise ValueError(f"{unknown[0]}: no such outcome; there are {allowed}")
    if len(stages) != 1:
        raise ValueError(f"these outcomes belong to several stages: {', '.join(sorted(stages))}")
    return stages.pop()


def _job(record: Record, trial: int, stage: str) -> Job:
    jobs = record.jobs_of(trial)
    if stage not in jobs:
        begun = ", ".join(jobs) or "none"
        raise NotFound(f"trial {trial} has no job {stage!r} yet; begun stages: {begun}")
    return jobs[stage]
