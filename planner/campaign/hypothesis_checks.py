"""Whether claims make sense in their campaign, and what hard ones forbid. Listed in words."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.campaign.cube import Cube
from planner.campaign.expression import Constraint
from planner.campaign.hypotheses.claim import Claim, Escape
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import Parameter, to_unit
from planner.campaign.room import leaves_room
from planner.campaign.values import Point

COMBINED = 512
"""Ways out of several hard avoids that are looked at to find one that is open."""


def claim_problems(
    claims: Sequence[Claim],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
    constraints: Sequence[Constraint],
) -> list[str]:
    """What is wrong with each claim: the field, what came, what is allowed."""
    import numpy as np  # a claim needs it; most campaigns that are read have none

    cube = Cube(parameters, outcomes, np.zeros((1, 0)))
    problems = []
    for i, claim in enumerate(claims):
        found = [*_common_problems(claim), *claim.problems(cube, constraints)]
        problems += [f"hypotheses.{i}.{problem}" for problem in found]
    titles = [claim.title for claim in claims]
    problems += [
        f"hypotheses: {title!r} stands twice; give one of them another name"
        for title in dict.fromkeys(titles)
        if titles.count(title) > 1
    ]
    if not problems and not _ways_out(claims, cube, constraints):
        named = "; ".join(c.title for c in hard(claims))
        problems.append(f"hypotheses: hard avoids leave no point at all ({named})")
    return problems


def hard(claims: Iterable[Claim]) -> list[Claim]:
    """The claims that are constraints."""
    return [claim for claim in claims if claim.is_hard]


def forbidden_by(
    claims: Iterable[Claim],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
    point: Point,
) -> list[Claim]:
    """The hard claims that forbid a point."""
    if not (kept := hard(claims)):
        return []
    import numpy as np

    cube = Cube(parameters, outcomes, np.zeros(0))
    rows = np.array([to_unit(p, point[n]) for n, p in cube.free.items()])
    here = Cube(parameters, outcomes, rows)
    return [claim for claim in kept if claim.forbids(here)]


def hard_planes(
    claims: Iterable[Claim],
    parameters: Mapping[str, Parameter],
    outcomes: Mapping[str, Outcome],
) -> list[Constraint]:
    """The linear constraints that hard claims amount to, where only one way leads around them."""
    import numpy as np

    cube = Cube(parameters, outcomes, np.zeros(0))
    planes = [plane_of(claim, cube) for claim in hard(claims)]
    return [plane for plane in planes if plane is not None]


def plane_of(claim: Claim, cube: Cube) -> Constraint | None:
    """The half-space that a hard claim leaves; None where what is left has another shape."""
    ways = [way for way in claim.escapes(cube) or () if _open([way], cube, [])]
    return ways[0] if len(ways) == 1 and isinstance(ways[0], Constraint) else None


def _common_problems(claim: Claim) -> Iterator[str]:
    if not claim.author.strip():
        yield "author: a name is missing"
    if claim.start and claim.expiry and claim.start > claim.expiry:
        yield f"expiry: {claim.expiry} is before start, {claim.start}"


def _ways_out(claims: Sequence[Claim], cube: Cube, constraints: Sequence[Constraint]) -> bool:
    """Whether some point lies outside what every hard claim forbids: one way out of each."""
    told = [claim.escapes(cube) for claim in hard(claims)]
    escapes = [[*ways] for ways in told if ways is not None]
    if not escapes:
        return True
    ways = itertools.islice(itertools.product(*escapes), COMBINED)
    return any(_open(way, cube, constraints) for way in ways) or (
        math.prod(map(len, escapes)) > COMBINED
    )


def _open(way: Sequence[Escape], cube: Cube, constraints: Sequence[Constraint]) -> bool:
    planes = [step for step in way if isinstance(step, Constraint)]
    left: dict[str, frozenset[int]] = {}
    for step in way:
        if not isinstance(step, Constraint):
            left[step[0]] = left.get(step[0], step[1]) & step[1]
    return all(left.values()) and leaves_room(cube.free, [*constraints, *planes])
