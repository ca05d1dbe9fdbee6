"""What people do at the panel, as calls of the store. No widgets; the clock is asked here.

Each function checks first and stores in one go. ValueError says what is wrong with what came,
Conflict who was faster; either way nothing was changed.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from planner.campaign import parse_campaign
from planner.desk import (
    add_claim,
    campaign_today,
    correct_result,
    record_results,
    remove_claim,
)
from planner.executor import Measurement
from planner.hypothesis import Hypothesis
from planner.laboratory import utc_now
from planner.outside import file_name
from planner.revision import revision_problems
from planner.store import CampaignStatus, Choice, Conflict, Store
from planner.trial import Job, JobState, Origin, Proposal, Result, Trial, Verdict, VetoCode
from planner.units import split_quantity
from planner.values import Point
from planner.work import check_as_run, in_campaign_units

_ENDS = tuple(f"job.{state}" for state in JobState if not state.is_open)


class Seen(NamedTuple):
    """The trial that a person looked at when deciding."""

    campaign: str
    number: int
    version: int


class Upload(NamedTuple):
    """A file that somebody hands in."""

    name: str
    stream: BinaryIO


def decide(
    store: Store,
    seen: Seen,
    verdict: Verdict,
    who: str,
    reason: str = "",
) -> Trial:
    """Approve or veto the version that was seen. A veto needs a reason."""
    if verdict is Verdict.VETOED and not reason.strip():
        raise ValueError("a veto needs a reason")
    return store.trials.decide(
        seen.campaign,
        seen.number,
        version=seen.version,
        verdict=verdict,
        author=who,
        at=utc_now(),
        reason=reason.strip(),
    )


def veto(
    store: Store,
    seen: Seen,
    who: str,
    reason: str,
    code: VetoCode,
    scope: Mapping[str, Any] | None = None,
    expires: date | None = None,
) -> list[Trial]:
    """Veto the trial that was seen, and with a region (``scope``) all that wait in it."""
    from planner.vetoes import choices_of  # scipy, only where it is needed

    campaign, record = store.campaigns.get(seen.campaign), store.snapshot(seen.campaign)
    chosen = [(seen.number, seen.version)]
    choices = choices_of(campaign, record, chosen, reason, code, scope, expires)
    return store.trials.decide_all(seen.campaign, choices, author=who, at=utc_now())


def dry_run(store: Store, name: str, scope: Mapping[str, Any], code: VetoCode) -> str:
    """What a veto of a region would remove, in a sentence. Changes nothing."""
    from planner.vetoes import HARD, dry_run, scope_problems

    campaign = store.campaigns.get(name)
    if problems := scope_problems(campaign, scope, code in HARD):
        raise ValueError("; ".join(problems))
    return dry_run(campaign, store.snapshot(name), scope).shown


def claim(store: Store, name: str, content: Mapping[str, Any], who: str) -> Hypothesis:
    """Enter a hypothesis; it counts from the next proposal on."""
    return add_claim(store, name, content, who, utc_now())


def retract(store: Store, name: str, title: str, who: str) -> None:
    """Take a hypothesis out of the campaign."""
    remove_claim(store, name, title, who, utc_now())


def approve_all(store: Store, chosen: Sequence[Seen], who: str) -> list[Trial]:
    """Approve all that were chosen, or none where one is no longer as it was seen."""
    if not chosen:
        raise ValueError("no trial is chosen")
    choices = [Choice(seen.number, seen.version, Verdict.APPROVED) for seen in chosen]
    return store.trials.decide_all(chosen[0].campaign, choices, author=who, at=utc_now())


def edit(
    store: Store, seen: Seen, values: Mapping[str, Any], who: str, reason: str, approve: bool
) -> Trial:
    """Change the values of a proposal and, if wanted, approve it in the same breath."""
    name, number, version = seen
    point = campaign_today(store, name, utc_now().date()).complete(values)
    if point == store.trials.get(name, number).point:
        raise ValueError("nothing was changed")
    choices = [Choice(number, version, Verdict.EDITED, reason.strip(), point)]
    if approve:
        choices.append(Choice(number, version + 1, Verdict.APPROVED, reason.strip()))
    return store.trials.decide_all(name, choices, author=who, at=utc_now())[-1]


def inject(store: Store, name: str, wanted: Sequence[tuple[Point, str]], who: str) -> list[Trial]:
    """Add conditions (point and reason) of one's own: all of them, or none."""
    version = store.campaigns.version(name)
    campaign = campaign_today(store, name, utc_now().date())
    proposals = []
    for point, reason in wanted:
        given = {n: point[n] for n in campaign.free}
        proposals.append(
            Proposal(point=campaign.complete(given), generator="researcher", reason=reason)
        )
    return store.trials.add(
        name,
        proposals,
        origin=Origin.RESEARCHER,
        author=who,
        at=utc_now(),
        campaign_version=version,
    )


def measurement(
    outcome: str, value: str, error: str, unit: str, method: str = "", source: str = ""
) -> Measurement:
    """What was typed as a measurement; a unit behind the value holds rather than the field's."""
    try:
        number, own_unit = split_quantity(value)
        spread = split_quantity(error)[0] if error.strip() else None
    except ValueError as problem:
        raise ValueError(f"{outcome}: {problem}") from problem
    return Measurement(outcome, number, own_unit or unit.strip(), spread, method, source)


def hand_in(
    store: Store,
    job: Job,
    measurements: Sequence[Measurement],
    as_run: Mapping[str, Any],
    files: Iterable[Upload],
    who: str,
    partial: bool = False,
) -> None:
    """Store what was done for a job, and end it unless ``partial``."""
    files = list(files)
    if partial:
        if files:
            raise ValueError("files are kept when the task ends; hand them in with the last value")
        record_results(
            store, job.campaign, job.trial, job.stage, measurements, as_run, who, utc_now(), True
        )
        return
    campaign = store.campaigns.get(job.campaign)
    gives = campaign.stage(job.stage).gives
    if gives and not measurements and not _has_results(store, job):
        elsewhere = f" ({job.executor} reads files in its own folder: {job.message})"
        reads_itself = files and job.executor != "manual"
        raise ValueError(
            f"no value came; this stage gives {', '.join(gives)}{elsewhere if reads_itself else ''}"
        )
    found = in_campaign_units(campaign, job.stage, measurements)
    changed = check_as_run(campaign, store.trials.get(job.campaign, job.trial).point, as_run)
    with _on_disk(files) as paths, _naming_who_was_faster(store, job):
        store.jobs.finish(
            job,
            JobState.COMPLETED,
            author=who,
            at=utc_now(),
            measurements=found,
            as_run=changed,
            artifacts=paths,
            person=who,
        )


def end_without(
    store: Store, job: Job, state: JobState, because: str, who: str, files: Iterable[Upload] = ()
) -> Job:
    """End a job without results: FAILED is what happened to the sample (data), ABANDONED is a
    technical fault."""
    if not because.strip():
        raise ValueError("say what happened")
    with _on_disk(list(files)) as paths, _naming_who_was_faster(store, job):
        return store.jobs.finish(
            job,
            state,
            author=who,
            at=utc_now(),
            message=because.strip(),
            artifacts=paths,
            person=who,
        )


def correct(
    store: Store, name: str, number: int, value: str, error: str, unit: str, reason: str, who: str
) -> Result:
    """Supersede a result by a better one."""
    if not reason.strip():
        raise ValueError("a correction needs a reason")
    measured = measurement("value", value, error, unit)
    return correct_result(store, name, number, measured, who, utc_now(), reason.strip())


def set_status(store: Store, name: str, status: CampaignStatus, who: str) -> None:
    """Pause, resume, stop or remove a campaign."""
    store.campaigns.set_status(name, status, author=who, at=utc_now())


def revise(store: Store, name: str, version: int, who: str, **changes: Mapping[str, Any]) -> int:
    """Put a version in force in which some fields of ``review``, ``budget`` or ``planner`` differ
    from the version that was seen: its number."""
    old = store.campaigns.get(name, version)
    content = old.model_dump(mode="json")
    new = parse_campaign({**content, **{part: content[part] | changes[part] for part in changes}})
    if problems := revision_problems(old, new, store.snapshot(name)):
        raise ValueError("; ".join(problems))
    if store.campaigns.revise(new, version, author=who, at=utc_now()) == version:
        raise ValueError("nothing was changed")
    return version + 1


@contextmanager
def _naming_who_was_faster(store: Store, job: Job) -> Iterator[None]:
    """A Conflict over a job says who ended it, and when."""
    try:
        yield
    except Conflict as conflict:
        ends = [
            event
            for event in store.events.list(job.campaign)
            if event.kind in _ENDS
            and (event.trial, event.data.get("stage")) == (job.trial, job.stage)
        ]
        if not ends:
            raise
        end = ends[-1]
        raise Conflict(
            f"{job.stage} of trial {job.trial} was ended by {end.author} at "
            f"{end.at:%Y-%m-%d %H:%M} UTC: it is {end.kind.removeprefix('job.')}"
        ) from conflict


def _has_results(store: Store, job: Job) -> bool:
    history = store.results.history(job.campaign, job.trial)
    return any(result.stage == job.stage for result in history)


@contextmanager
def _on_disk(files: Sequence[Upload]) -> Iterator[dict[str, Path]]:
    """Files that were handed in, by a safe name, in a folder that goes away afterwards."""
    names = [file_name(file.name) for file in files]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two files have the name {', '.join(sorted(doubled))}")
    with tempfile.TemporaryDirectory() as folder:
        places = [_written(Path(folder) / str(i), file.stream) for i, file in enumerate(files)]
        yield dict(zip(names, places, strict=True))


def _written(path: Path, stream: BinaryIO) -> Path:
    with path.open("wb") as file:
        while block := stream.read(1 << 20):
            file.write(block)
    return path
