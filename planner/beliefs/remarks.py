"""What the author of a claim should know before anything is measured. In words; pure."""

from collections.abc import Iterator

from planner.beliefs.credence import ground, weigh_observations
from planner.beliefs.weighing import Weighing
from planner.campaign.campaign import Campaign

WATCHED = (
    "is mostly watched: it has a say up to a few results beyond the first design{other}, and is "
    "scored by all results"
)
TURNED, SILENT = (
    ", the other way round where they speak against it",
    " while more than one half is believed of it",
)
AIMLESS = "has no say, as neither more nor less of {outcome} is better, and is scored"


def remarks(campaign: Campaign) -> list[str]:
    """Claims that exclude each other, claims that say the same, and trends, which are mostly
    watched."""
    if not campaign.hypotheses:
        return []
    found = {w.hypothesis.title: w for w in weigh_observations(campaign, [], ground(campaign))}
    return [line for weighing in found.values() for line in _about(weighing, found)]


def _about(weighing: Weighing, found: dict[str, Weighing]) -> Iterator[str]:
    """Of a pair, it is told once."""
    title, titles = weighing.hypothesis.title, [*found]
    for other in weighing.rivals:
        if titles.index(other) > titles.index(title):
            yield (
                f"{title!r} and {other!r} cannot both be true: weighed together, they begin at "
                f"{weighing.credence:.0%} and {found[other].credence:.0%}"
            )
    for other in weighing.twins:
        if titles.index(other) > titles.index(title):
            yield f"{title!r} and {other!r} say the same and count once"
    if weighing.course and weighing.prior:
        yield f"{title!r} {_watched(weighing, weighing.course.outcome)}"


def _watched(weighing: Weighing, outcome: str) -> str:
    if not weighing.is_aimed:
        return AIMLESS.format(outcome=outcome)
    return WATCHED.format(other=TURNED if weighing.is_turnable else SILENT)
