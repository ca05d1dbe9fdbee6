"""How the panel says things: headings with units, quantities, limits, news. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable

from planner.campaign.campaign import Campaign
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import allowed
from planner.campaign.plain import plain as plain
from planner.campaign.values import Point, counted, shown
from planner.record.event import EventKind
from planner.record.trial import BOTORCH, EXACT, Trial
from planner.store import CampaignStatus, LoggedEvent

AUTONOMY = {
    "by-hand": "people decide on every proposal",
    "when-safe": "safe proposals are approved by themselves, once predictions have held",
    "automatic": "every proposal is approved by itself",
}
"""Who decides on proposals."""
MEANS = {
    CampaignStatus.ACTIVE: ("Resume", ":material/play_arrow:", "Propose and start trials again."),
    CampaignStatus.PAUSED: (
        "Pause",
        ":material/pause:",
        "Propose and start nothing new; results are still collected.",
    ),
    CampaignStatus.FINISHING: (
        "Stop after current",
        ":material/hourglass_bottom:",
        "Bring the trials that run to their end, begin none, then stop.",
    ),
    CampaignStatus.STOPPED: (
        "Stop",
        ":material/stop:",
        "Do nothing more, not even collect. It can be resumed.",
    ),
    CampaignStatus.REMOVED: (
        "Remove",
        ":material/delete:",
        "Stop it and show it no more. The record stays: `kyoso add FILE` brings it back.",
    ),
}
"""What leads to each status of a campaign, its sign, and what the loop then does."""


def heading(name: str, unit: str) -> str:
    """``temperature (degC)``; brackets of a plain label are not doubled."""
    return f"{name} ({unit.strip('[]')})" if unit else name


def quantity(value: object, unit: str) -> str:
    """``745 degC``, to six digits."""
    return f"{shown(value)} {unit.strip('[]')}".rstrip()


def in_badge(text: object) -> str:
    """``plain`` for ``st.badge``, which escapes square brackets by itself: twice would be never.

    >>> in_badge("[x] J_c*")
    '[x] J_c\\\\*'
    """
    return plain(text).replace("\\[", "[").replace("\\]", "]")


def in_lines(text: object) -> str:
    """``plain``, where each line stays one: a file may have several faults.

    >>> in_lines("a: missing" + chr(10) + "b: missing")
    'a: missing  \\nb: missing'
    """
    return plain(text).replace("\n", "  \n")


def limits(outcome: Outcome) -> dict[str, float]:
    """Threshold, target and requirements of an outcome, by name."""
    found = {
        "threshold": outcome.threshold,
        "target": outcome.value,
        "at least": outcome.at_least,
        "at most": outcome.at_most,
    }
    return {name: value for name, value in found.items() if value is not None}


def point_line(campaign: Campaign, point: Point) -> str:
    """The free parameters of a point on one line."""
    known = [name for name in campaign.free if name in point]
    return ", ".join(f"{n} = {quantity(point[n], campaign.unit(n))}" for n in known)


hint = allowed
"""What stands in the field of a parameter that is empty."""


def origin_of(trial: Trial) -> str:
    """Who or what a trial comes from, and what really made it."""
    made = {
        BOTORCH: "model",
        EXACT: "model",
        "sobol": "space-filling",
        "researcher": "edited",
        "hypotheses": "first design, seeded by hypotheses",
    }.get(trial.generator, trial.generator)
    if trial.origin.value == "planner":
        return f"planner · {made}"
    return f"{trial.origin.value} · {trial.author}"


def exact(value: object) -> str:
    """A value as text that reads back as the same number, for a field that may be edited."""
    return f"{value:.15g}" if isinstance(value, float) else shown(value)


def news(
    events: Iterable[LoggedEvent], people: Collection[str] = (), remarks: int = 0, files: int = 0
) -> str:
    """What has happened, in counts: ``2 new proposals, 1 result``. Empty where nothing that people
    look at. ``people`` are the stages in their hands; ``remarks`` on tasks and complaints about
    ``files`` are counted elsewhere."""
    words: dict[str, tuple[str, str]] = {
        EventKind.PROPOSED: ("new proposal", "new proposals"),
        EventKind.APPROVED: ("approval", "approvals"),
        EventKind.EDITED: ("edit", "edits"),
        EventKind.VETOED: ("veto", "vetoes"),
        EventKind.STARTED: ("trial started", "trials started"),
        EventKind.COMPLETED: ("trial completed", "trials completed"),
        EventKind.FAILED: ("trial failed", "trials failed"),
        EventKind.ABANDONED: ("trial abandoned", "trials abandoned"),
        EventKind.RECORDED: ("result", "results"),
        EventKind.CORRECTED: ("correction", "corrections"),
        EventKind.REVISED: ("revision of the campaign", "revisions of the campaign"),
        EventKind.RESUMED: ("resumption", "resumptions"),
        EventKind.PAUSED: ("pause", "pauses"),
        EventKind.STOPPED: ("stop", "stops"),
        EventKind.FINISHING: ("stop after current", "stops after current"),
        EventKind.REMOVED: ("removal", "removals"),
        EventKind.MODEL_FAILED: ("trouble with the model", "troubles with the model"),
        EventKind.NOTHING_PROPOSED: ("word that nothing is proposed",) * 2,
        EventKind.TAKEN_BACK: ("decision taken back", "decisions taken back"),
    }
    seen = list(events)
    counts = Counter(event.kind for event in seen if event.kind in words)
    tasks = [e for e in seen if e.kind == EventKind.JOB_OPENED and e.data.get("stage") in people]
    told = [f"{n} {words[kind][n > 1]}" for kind, n in counts.items()]
    told += [counted(len(tasks), "new task")] * bool(tasks)
    told += [counted(remarks, "remark on a task", "remarks on tasks")] * bool(remarks)
    told += [counted(files, "complaint about a file", "complaints about files")] * bool(files)
    return ", ".join(told)
