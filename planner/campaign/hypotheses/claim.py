"""What all hypotheses have in common. A kind is a class beneath ``Claim`` in a file of its own;
what it does not say, it has from here. docs/add-a-hypothesis-kind.md shows one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import AwareDatetime, Field

from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.evidence import Evidence, Optimum
from planner.campaign.hypotheses.form import ClaimField
from planner.campaign.values import Frozen, Point

type Escape = Constraint | tuple[str, frozenset[int]]
"""How to leave a region: beyond a plane, or by a choice that is one of these, by index."""


_ABOUT = {"name", "author", "because", "strength", "start", "expiry", "made"}
"""The fields that are about a claim and no part of what it says."""


class Claim(Frozen):
    """Who claims something, how strongly, why, and from when to when."""

    about: ClassVar[str] = ""
    """What such claims are about, for people who choose a kind."""
    form: ClassVar[tuple[ClaimField, ...]] = ()
    """What a form asks for, besides what all claims have."""
    if TYPE_CHECKING:  # every kind says its own, after the fields that all have
        kind: str

    name: str = ""
    """How people call it; by default, the claim in words."""
    author: str
    because: str = ""
    strength: float = Field(default=0.5, ge=0, le=1)
    """Its author's belief that the claim is true when it was made: the prior probability, before
    any result that came later. 0 moves nothing."""
    start: date | None = None
    """Trials made from this day on count for how long the claim has been tried."""
    expiry: date | None = None
    """The last day on which the claim counts."""
    made: AwareDatetime | None = None
    """When it was made. What enters a claim into a campaign that runs sets it."""

    @property
    def moment(self) -> datetime | None:
        """When it was made, or the morning of its first day; None: before all results. Results that
        were there by then are no evidence for it."""
        if self.made or not self.start:
            return self.made
        return datetime.combine(self.start, time(), UTC)

    def made_at(self, moment: datetime | None) -> Self:
        """The same claim, made at another moment."""
        return self.model_copy(update={"made": moment})

    def holds_with(self, other: "Claim") -> bool:
        """Whether there is a day on which both count."""
        last = min(self.expiry or date.max, other.expiry or date.max)
        return max(self.start or date.min, other.start or date.min) <= last

    @property
    def content(self) -> dict[str, Any]:
        """What is claimed, whoever claims it, when, why and how strongly."""
        return self.model_dump(exclude=_ABOUT)

    @property
    def title(self) -> str:
        """What it is called in tables."""
        return self.name or self.words

    @property
    def words(self) -> str:
        """The claim as a sentence."""
        raise NotImplementedError

    def says(self, cube: Cube) -> Any:
        """How promising each point is if the claim is true, 0 to 1; shape (...) of the cube.

        Of arithmetic that NumPy and Torch share.
        """
        raise NotImplementedError

    def holds(self, cube: Cube) -> Any:
        """Of which points it is true that the optimum is there, if the claim is; shape (...)."""
        return self.says(cube) > 0.5

    def problems(self, cube: Cube, constraints: Sequence[Constraint]) -> Iterator[str]:
        """What does not fit the campaign: the field, what came, what is allowed.

        ``cube`` has no rows; ``constraints`` are those of the campaign's file.
        """
        yield from ()

    def in_units(self, parameters: Mapping[str, Any]) -> Self:
        """The same claim with its settings as the parameters have them; what cannot be read stays
        as it came, for ``problems`` to tell."""
        return self

    def met(self, point: Point) -> str:
        """Of a hard claim: by which settings a point lies in what it forbids, in words."""
        return ""

    @property
    def evidence(self) -> Evidence | None:
        """By what it is weighed; None of a hard claim: it is kept, whatever the results are."""
        return None if self.is_hard else Optimum()

    @property
    def conditions(self) -> Sequence[Point]:
        """Explicit conditions that it names, to be tried first."""
        return ()

    @property
    def axes(self) -> Sequence[str]:
        """The parameters that show most of it, the first two for a picture."""
        return ()

    def held(self, cube: Cube) -> Point:
        """Settings at which a picture of it holds the parameters that it does not show."""
        return {}

    def reversal(self, cube: Cube) -> dict[str, Any]:
        """The fields that its opposite has otherwise; without any it has no opposite."""
        return {}

    @property
    def is_hard(self) -> bool:
        """Whether it is a constraint, and not weighed."""
        return False

    def forbids(self, cube: Cube) -> Any:
        """Of a hard claim: which points must not be tried, shape (...)."""
        raise NotImplementedError

    def escapes(self, cube: Cube) -> Iterable[Escape] | None:
        """Of a hard claim: the ways to leave what it forbids; each is enough. None where that is
        no matter of planes and choices: then some way is taken to be open."""
        return None

    def holds_on(self, day: date) -> bool:
        """Whether the claim counts on this day."""
        return (self.start or day) <= day <= (self.expiry or day)
