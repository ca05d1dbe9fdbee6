"""Trials: proposed, decided by people or policy, and moved through their life."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from planner.campaign.values import Point, shown
from planner.record.decision import Decision, Ruling, Verdict
from planner.record.event import EventKind
from planner.record.status import CampaignVersion
from planner.record.trial import MOVES, Origin, Proposal, Trial, TrialState
from planner.store.engine import Database, get_head
from planner.store.rows import Conflict, NotFound, change, find, first, insert, next_number, note
from planner.store.taking_back import back_to, open_again_what_failed

_AFTER = {Verdict.APPROVED: TrialState.APPROVED, Verdict.VETOED: TrialState.VETOED}
_SEEN = {"campaign", "packages"}
"""What a decision need not repeat of the trial."""


class Trials:
    """The trials of all campaigns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        campaign: str,
        proposals: Sequence[Proposal],
        *,
        origin: Origin,
        author: str,
        at: datetime,
        campaign_version: int,
        last_seen: int | None = None,
    ) -> list[Trial]:
        """Store proposals as trials, with the next numbers.

        ``last_seen`` is the highest number that the proposals took into account (0: none); Conflict
        where others were added since, and then nothing is.
        """
        with self._database.write(campaign) as db:
            _check_version(db, campaign, campaign_version)
            start = next_number(db, Trial, campaign=campaign)
            if last_seen is not None and last_seen != start - 1:
                raise Conflict(
                    f"campaign {campaign!r}: trial {last_seen} was expected to be the last one, "
                    f"but there is trial {start - 1} by now"
                )
            trials = [
                Trial(
                    **proposal.model_dump(include={*Proposal.model_fields}),
                    campaign=campaign,
                    number=number,
                    origin=origin,
                    campaign_version=campaign_version,
                    author=author,
                    created_at=at,
                )
                for number, proposal in enumerate(proposals, start)
            ]
            insert(db, trials)
            for t in trials:
                note(db, campaign, at, EventKind.PROPOSED, author, trial=t.number, origin=origin)
            return trials

    def get(self, campaign: str, number: int) -> Trial:
        """One trial; NotFound where there is none with this number."""
        with self._database.read() as db:
            return get_trial(db, campaign, number)

    def decide(
        self,
        campaign: str,
        number: int,
        *,
        version: int,
        verdict: Verdict,
        author: str,
        at: datetime,
        reason: str = "",
        point: Point | None = None,
    ) -> Trial:
        """Approve, edit or veto the version of a trial that the reviewer saw, or take back what was
        decided or said last of it.

        An edit needs the new ``point``; the trial stays PROPOSED, its generator becomes
        ``researcher``, and what was predicted of the old point goes. Conflict names who
        decided meanwhile.
        """
        choice = Ruling(number, version, verdict, reason, point)
        return self.decide_all(campaign, [choice], author=author, at=at)[0]

    def decide_all(
        self, campaign: str, choices: Sequence[Ruling], *, author: str, at: datetime
    ) -> list[Trial]:
        """Several decisions one after the other, as ``decide`` makes them: all of them, or none.

        An edit and an approval of the same trial follow each other: the second is made on the next
        version.
        """
        for choice in choices:
            if (choice.point is None) == (choice.verdict is Verdict.EDITED):
                raise ValueError(
                    f"a point belongs to the verdict 'edited', and came with {choice.verdict!r}"
                )
        with self._database.write(campaign) as db:
            return [_decide(db, campaign, choice, author, at) for choice in choices]

    def move(
        self,
        campaign: str,
        number: int,
        *,
        version: int,
        state: TrialState,
        author: str,
        at: datetime,
        message: str = "",
    ) -> Trial:
        """Any other legal move; to approve or veto is a decision."""
        with self._database.write(campaign) as db:
            trial = get_trial(db, campaign, number)
            if trial.version != version:
                raise Conflict(_stale(db, trial, version))
            return move_trial(db, trial, state, author, at, message)


def get_trial(db: sa.Connection, campaign: str, number: int) -> Trial:
    """The trial as the transaction sees it."""
    trial = first(db, Trial, campaign=campaign, number=number)
    if trial is None:
        get_head(db, campaign)  # an unknown campaign is named first
        last = next_number(db, Trial, campaign=campaign) - 1
        there = f"there are 1 to {last}" if last else "there is none"
        raise NotFound(f"campaign {campaign!r} has no trial {number}; {there}")
    return trial


def move_trial(
    db: sa.Connection, trial: Trial, state: TrialState, author: str, at: datetime, message: str = ""
) -> Trial:
    """Move a trial that was just read, with its event. Conflict where the move is not legal."""
    if state in _AFTER.values() or state not in MOVES[trial.state]:
        raise Conflict(f"trial {trial.number} is {trial.state}; it cannot just become {state}")
    note(
        db, trial.campaign, at, EventKind.trial(state), author, trial=trial.number, message=message
    )
    return change(db, trial, state=state, version=trial.version + 1, message=message)


def _decide(db: sa.Connection, campaign: str, choice: Ruling, author: str, at: datetime) -> Trial:
    """One decision with its event and its effect, inside a transaction."""
    trial = get_trial(db, campaign, choice.number)
    _check_decidable(db, trial, choice.version, choice.verdict)
    effect = _effect(db, trial, choice, author)
    decision = Decision(
        campaign=campaign,
        number=next_number(db, Decision, campaign=campaign),
        trial=choice.number,
        trial_version=choice.version,
        verdict=choice.verdict,
        author=author,
        at=at,
        reason=choice.reason,
        code=choice.code,
        scope=choice.scope,
        expires=choice.expires,
        seen=trial.model_dump(mode="json", exclude=_SEEN),
    )
    insert(db, [decision])
    kind, more = EventKind.trial(choice.verdict), _taught(choice)
    if choice.verdict is Verdict.TAKEN_BACK:
        more = {"was": trial.state}
    note(db, campaign, at, kind, author, trial=choice.number, reason=choice.reason, **more)
    if effect.get("state") is TrialState.RUNNING:
        open_again_what_failed(db, trial, author, at)
    return change(db, trial, version=choice.version + 1, **effect)


def _taught(choice: Ruling) -> dict[str, Any]:
    """What an event says of a veto beyond its reason."""
    found = {"code": choice.code, "scope": choice.scope, "expires": choice.expires}
    return {key: v if key == "scope" else str(v) for key, v in found.items() if v is not None}


def _effect(db: sa.Connection, trial: Trial, choice: Ruling, author: str) -> dict[str, Any]:
    match choice.verdict:
        case Verdict.EDITED:
            why = f": {choice.reason}" if choice.reason else ""
            return {
                "point": choice.point,
                "generator": "researcher",
                "reason": f"edited by {author}, from {shown(trial.point)}{why}",
                "prediction": {},
                "feasibility": None,
                "acquisition": None,
            }
        case Verdict.APPROVED:
            return {"state": TrialState.APPROVED}
        case Verdict.VETOED:
            return {"state": TrialState.VETOED, "message": choice.reason}
        case Verdict.TAKEN_BACK:
            message = f"taken back by {author}: {choice.reason}"
            return {"state": back_to(db, trial), "message": message}


def _check_decidable(db: sa.Connection, trial: Trial, version: int, verdict: Verdict) -> None:
    if trial.version != version:
        raise Conflict(_stale(db, trial, version))
    if verdict is Verdict.TAKEN_BACK:
        return  # looked at where it is known what it leads to
    allowed = (
        trial.state is TrialState.PROPOSED
        if verdict is Verdict.EDITED
        else _AFTER[verdict] in MOVES[trial.state]
    )
    if not allowed:
        raise Conflict(
            f"trial {trial.number} is {trial.state} and cannot be {verdict}{_decided(db, trial)}"
        )


def _check_version(db: sa.Connection, campaign: str, version: int) -> None:
    if not find(db, CampaignVersion, campaign=campaign, version=version):
        raise NotFound(f"campaign {campaign!r} has no version {version}")


def _stale(db: sa.Connection, trial: Trial, version: int) -> str:
    return (
        f"trial {trial.number}: version {version} was expected, but it is {trial.state} "
        f"in version {trial.version} by now{_decided(db, trial)}"
    )


def _decided(db: sa.Connection, trial: Trial) -> str:
    """Who decided last, to be added to a message; with what was taken back by it."""
    decisions = find(db, Decision, campaign=trial.campaign, trial=trial.number)
    last = decisions[-2 if decisions and decisions[-1].verdict is Verdict.TAKEN_BACK else -1 :]
    told = (
        f"{d.verdict.replace('-', ' ')} by {d.author} at {d.at:%Y-%m-%d %H:%M} UTC" for d in last
    )
    return f": {', '.join(told)}" if last else ""
