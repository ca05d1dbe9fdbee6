"""What people do with a whole campaign: add, start from the past, revise, pause, resume, finish,
stop, remove."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planner.campaign.campaign import Campaign, CampaignError, parse_campaign
from planner.campaign.stage import Stage
from planner.desk.people import action, person
from planner.desk.rehearsal import sample_orders
from planner.executor import ChecksOrders, Executor, build_executor
from planner.loop.laboratory import utc_now
from planner.past.trials import PastTrial
from planner.record.revision import revision_problems
from planner.store import CampaignStatus, Store
from planner.store import past as with_past


@action
def add(store: Store, campaign: Campaign, who: str, at: datetime | None = None) -> int:
    """Add a campaign, or bring back one that was removed: its version. Conflict where another one
    has its name."""
    _check_authors(campaign)
    return take_in(store, campaign, who, at or utc_now(), bring_back=True)


@action
def start_from(
    store: Store,
    campaign: Campaign,
    past: Sequence[PastTrial],
    who: str,
    at: datetime | None = None,
) -> None:
    """Start a campaign with trials that somebody made before. Conflict where one of that name is
    there."""
    now = at or utc_now()
    with_past.start_from(store, _made_at(now, campaign), past, who, now)


@action
def revise(
    store: Store, campaign: Campaign, version: int, who: str, at: datetime | None = None
) -> int:
    """Put a campaign in force in place of the version that was seen: the number of the version that
    holds then, the same where nothing differs. ValueError where what is stored would lose its
    meaning."""
    old = store.campaigns.get(campaign.name, version)
    _check_authors(campaign, old)
    problems = revision_problems(old, campaign, store.snapshot(campaign.name))
    if problems := problems or [*filter(None, [store.why_not(campaign)])]:
        raise ValueError("\n".join(["refused, nothing was changed:", *problems]))
    now = at or utc_now()
    return store.campaigns.revise(_made_at(now, campaign, old), version, author=who, at=now)


@action
def pause(store: Store, name: str, who: str, at: datetime | None = None) -> None:
    """Propose and start nothing new; results are still collected."""
    _set(store, name, CampaignStatus.PAUSED, who, at)


@action
def resume(store: Store, name: str, who: str, at: datetime | None = None) -> None:
    """Go on after any of the others."""
    _set(store, name, CampaignStatus.ACTIVE, who, at)


@action
def finish(store: Store, name: str, who: str, at: datetime | None = None) -> None:
    """Bring the trials that run to their end, begin none, then stop."""
    _set(store, name, CampaignStatus.FINISHING, who, at)


@action
def stop(store: Store, name: str, who: str, at: datetime | None = None) -> None:
    """Do nothing more, not even collect; jobs at their executors go on."""
    _set(store, name, CampaignStatus.STOPPED, who, at)


@action
def remove(store: Store, name: str, who: str, at: datetime | None = None) -> None:
    """Stop a campaign and show it no more; its record stays."""
    _set(store, name, CampaignStatus.REMOVED, who, at)


LEADS_TO: Mapping[CampaignStatus, Callable[..., None]] = {
    CampaignStatus.ACTIVE: resume,
    CampaignStatus.PAUSED: pause,
    CampaignStatus.FINISHING: finish,
    CampaignStatus.STOPPED: stop,
    CampaignStatus.REMOVED: remove,
}
"""The action that leads to each status."""


def take_in(
    store: Store, campaign: Campaign, author: str, at: datetime, bring_back: bool = False
) -> int:
    """Add a campaign in the name of a person, or of the part of the program that found its file."""
    name = campaign.name
    is_gone = name not in store.campaigns.names() and name in store.campaigns.names(removed=True)
    version = store.campaigns.add(campaign, author=author, at=at)
    if bring_back and is_gone:
        store.campaigns.set_status(name, CampaignStatus.ACTIVE, author, at)
    return version


def with_parts(campaign: Campaign, **parts: Mapping[str, Any]) -> Campaign:
    """A campaign in which some fields of ``review``, ``budget`` or ``planner`` differ.
    CampaignError says what is wrong with them."""
    content = campaign.model_dump(mode="json")
    if unknown := [part for part in parts if part not in ("review", "budget", "planner")]:
        raise ValueError(f"{unknown[0]}: only review, budget and planner change without a file")
    return parse_campaign({**content, **{part: content[part] | parts[part] for part in parts}})


def check_runnable(campaign: Campaign) -> Campaign:
    """The campaign itself; CampaignError lists the stages whose executor is not there, does not
    take their options, or could not carry out their orders. Nothing is begun."""
    problems = _stage_problems(campaign.stages, partial(_check_orders, campaign))
    if problems := [*_room_problems(campaign), *problems]:
        raise CampaignError(problems)
    return campaign


def parse_runnable(content: Any) -> Campaign:
    """A campaign from plain data, as ``check_runnable`` wants it. CampaignError tells at once what
    is wrong with it and with the options of its stages."""
    try:
        campaign = parse_campaign(content)
    except CampaignError as error:
        stages = content.get("stages") if isinstance(content, Mapping) else None
        raise CampaignError([*error.problems, *_stage_problems(_readable(stages))]) from error
    return check_runnable(campaign)


def _readable(stages: Any) -> Iterator[Stage]:
    """The stages of a campaign file that are valid by themselves."""
    for content in stages if isinstance(stages, list) else ():
        with suppress(ValidationError, TypeError):
            yield Stage.model_validate(content)


def _room_problems(campaign: Campaign) -> Iterator[str]:
    """Formulas that leave no point; of all else it is known when the campaign is read."""
    if campaign.is_smooth:
        return
    from planner.space.design import first_design  # NumPy, which a status goes without

    try:
        first_design(campaign, [], 1, campaign.planner.seed)
    except ValueError as error:
        yield str(error)


def _stage_problems(
    stages: Iterable[Stage], check: Callable[[Stage, Executor], None] = lambda stage, executor: None
) -> list[str]:
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for stage in stages:
            try:
                check(stage, build_executor(stage, Path(folder) / stage.name))
            except (LookupError, ValueError) as error:
                problems.append(str(error.args[0]) if error.args else str(error))
    return problems


def _check_orders(campaign: Campaign, stage: Stage, executor: Executor) -> None:
    if isinstance(executor, ChecksOrders):
        for order in sample_orders(campaign, stage):
            try:
                executor.check(order)
            except ValueError as error:
                raise ValueError(f"stages.{stage.name}: {error}") from error


def _set(store: Store, name: str, status: CampaignStatus, who: str, at: datetime | None) -> None:
    store.campaigns.set_status(name, status, author=who, at=at or utc_now())


def _made_at(now: datetime, campaign: Campaign, before: Campaign | None = None) -> Campaign:
    """The campaign with the moment at which each claim was made: that of its version so far, now
    for one that is new. Without a version so far, dates that a claim brings are kept."""
    if before is None:
        return campaign.holding([h if h.moment else h.made_at(now) for h in campaign.hypotheses])
    same = [
        next((old for old in before.hypotheses if old.made_at(h.made) == h), h.made_at(now))
        for h in campaign.hypotheses
    ]
    return campaign.holding(same)


def _check_authors(campaign: Campaign, before: Campaign | None = None) -> None:
    """A claim that is new may not pass for one of the program."""
    for claim in campaign.hypotheses:
        if before is None or claim not in before.hypotheses:
            person(claim.author)
