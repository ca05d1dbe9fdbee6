"""What people take back: an approval that nobody acted on, a veto, a failure that was none. The
record keeps both, what was decided and that it was taken back."""

from datetime import datetime

from planner.desk.decisions import Seen
from planner.desk.people import action
from planner.loop.laboratory import utc_now
from planner.record.decision import Decision, Ruling, Verdict
from planner.record.record import Record
from planner.record.trial import Trial, TrialState
from planner.store import Conflict, Store

LEADS = {
    TrialState.APPROVED: "It waits for a decision again.",
    TrialState.RUNNING: "It waits for a decision again, where nobody has begun.",
    TrialState.FAILED: "It runs again: what failed is to be carried out, or its results entered.",
    TrialState.ABANDONED: "It runs again: what was abandoned is to be carried out anew.",
    TrialState.VETOED: "Its point, and the region if one went with it, may be proposed again.",
}
"""What it leads to, by the state of the trial."""


@action
def take_back(
    store: Store, seen: Seen, who: str, reason: str, at: datetime | None = None
) -> list[Trial]:
    """Take back what was decided, or said, last of a trial that was seen: those that changed. With
    the veto of a region goes all that was vetoed in it.

    ValueError where no reason came; Conflict where nothing of it can be taken back any more.
    """
    if not reason.strip():
        raise ValueError("say why it is taken back")
    record = store.snapshot(seen.campaign)
    wanted = [Ruling(seen.number, seen.version, Verdict.TAKEN_BACK, reason.strip())]
    for number in _vetoed_with(record, seen.number):
        version = record.trial(number).version
        wanted.append(Ruling(number, version, Verdict.TAKEN_BACK, reason.strip()))
    return store.trials.decide_all(seen.campaign, wanted, author=who, at=at or utc_now())


def can_be_taken_back(record: Record, trial: Trial) -> bool:
    """Whether it is worth offering; the store says whether it can be."""
    if trial.state is TrialState.VETOED:
        return any(veto.trial == trial.number for veto in record.vetoes)
    return trial.state in LEADS


def _vetoed_with(record: Record, number: int) -> list[int]:
    """The other trials that went with the region of a veto. Conflict where it is one of them."""
    veto = next((d for d in record.vetoes if d.trial == number), None)
    if veto is None:
        return []
    together = [d for d in record.vetoes if _breath(d) == _breath(veto)]
    region = next((d for d in together if d.scope), None)
    if region is None:
        return []
    if region is not veto:
        raise Conflict(
            f"trial {number} went with the region of the veto of trial {region.trial}; take that "
            "one back, and all that was vetoed with it is free"
        )
    return [d.trial for d in together if d is not veto]


def _breath(decision: Decision) -> tuple[object, ...]:
    return decision.author, decision.at, decision.code, decision.reason
