"""Points of a space of which trying at random finds few: many parts of a whole, long chains of
inequalities, at most three components of ten.

Chains start between corners of the space, which a programme finds, and walk by hit and run
(R. L. Smith, Oper. Res. 32 (1984) 1296): along a random line, to a uniform place within what is
allowed of it. How much that is is found by shrinking towards the present place (R. M. Neal,
Ann. Statist. 31 (2003) 705), so that steps, choices, log scales, gaps and forbidden regions need no
treatment of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.campaign.campaign import Campaign
from planner.campaign.expression import Constraint
from planner.campaign.parameter import Free, ends, has_gap
from planner.campaign.programme import Programme
from planner.campaign.rules import CountConstraint
from planner.campaign.values import Point
from planner.space.encoding import ZERO_SHARE, Floats, decode
from planner.space.equalities import solved
from planner.space.membership import Columns, Marks, excess, keeps, near_to
from planner.space.places import is_continuous, nearest, places

WALKERS = 256
"""Chains side by side."""
SELECTIONS = 64
"""Draws of the components from which chains start, where some may be left out."""
PEAKED = 0.3
"""Of the Dirichlet weights of a mixture of corners: a few of them weigh most."""
CENTRAL = 0.1
"""The share of every corner in a mixture, together: from an edge there is no way along most
lines."""
APPROACHES = 500
"""Steps towards what formulas allow, at most."""
SHRINKS = 40
"""Tries of one step; a chain that finds nothing stays where it is."""
BLOCKS = 200
"""How often the places of all chains are given, at most."""


def blocks(campaign: Campaign, known: Sequence[Point], seed: int) -> Iterator[Columns]:
    """The places of all chains after many steps, and again after some more, and so on; nothing
    where neither a corner nor any of the ``known`` points is feasible."""
    chains = _Chains(campaign, np.random.default_rng(seed))
    rows = chains.starts(known)
    d = len(campaign.free)
    for steps in (20 * d + 40, *[2 * d + 4] * (BLOCKS - 1)) if len(rows) else ():
        for _ in range(steps):
            rows = chains.step(rows)
        yield chains.settings(rows)


@dataclass(frozen=True)
class _Chains:
    """How chains go through a space; their places are rows (n, d) as ``decode`` takes them."""

    campaign: Campaign
    rng: np.random.Generator

    def starts(self, known: Sequence[Point]) -> Floats:
        """Feasible rows: mixtures of corners, or corners, or known points, as often as needed."""
        found = [self._near(group) for group in _corners(self.campaign, self.rng)]
        if known:
            told = {n: _column(p, [k[n] for k in known]) for n, p in self._free.items()}
            found.append(self._rows(told))
        every = self._many(np.concatenate([np.zeros((0, len(self._free))), *found]))
        for _ in range(APPROACHES if len(every) else 0):
            if (good := keeps(self.campaign, decode(self.campaign, every))).any():
                return self._many(every[good])
            every = self.step(every)
        return every[:0]

    def _near(self, corners: Columns) -> Floats:
        """Mixtures of the corners that keep all but formulas; where none does, corners."""
        for columns in (self._mixed(corners), corners):
            if (good := near_to(self.campaign, columns)).any():
                return self._rows(columns)[good]
        return np.zeros((0, len(self._free)))

    def _many(self, rows: Floats) -> Floats:
        """As many rows as there are chains, at random."""
        if len(rows) > WALKERS:
            return self.rng.permutation(rows)[:WALKERS]
        return rows[np.arange(WALKERS) % len(rows)] if len(rows) else rows

    def step(self, rows: Floats) -> Floats:
        """Every chain one step further: along a line through continuous settings, or along one
        parameter alone."""
        alone = len(self._alone) / len(self._free)
        if self.rng.random() < alone:
            directions = np.zeros_like(rows)
            directions[:, self.rng.choice(self._alone)] = 1
            return self._moved(rows, directions, follow=True)
        return self._moved(rows, self._directions(rows))

    def settings(self, rows: Floats) -> Columns:
        """The settings at these rows, with what follows from others worked out exactly."""
        columns = decode(self.campaign, rows)
        exact = solved(self.campaign, columns)
        return {n: np.where(columns[n] == 0, 0.0, exact[n]) for n in columns}

    def _moved(self, rows: Floats, directions: Floats, follow: bool = False) -> Floats:
        """To a uniform place along each direction; ``follow``: what equalities tie to it goes
        along."""
        low, high = _chord(rows, directions)
        limit = excess(self.campaign, decode(self.campaign, rows))
        moved, left = rows.copy(), np.arange(len(rows))
        for _ in range(SHRINKS):
            t = self.rng.uniform(low[left], high[left])
            tried = np.clip(rows[left] + t[:, None] * directions[left], 0, 1)
            columns = decode(self.campaign, tried)
            if follow:
                columns = solved(self.campaign, columns)
                tried = self._rows(columns)
            good = near_to(self.campaign, columns)
            good &= excess(self.campaign, columns) <= np.maximum(limit[left], 0)
            moved[left[good]] = tried[good]
            below = t < 0
            low[left[below]], high[left[~below]] = t[below], t[~below]
            left = left[~good]
            if not len(left):
                break
        return moved

    def _directions(self, rows: Floats) -> Floats:
        """Random directions of continuous settings along all equalities; what a chain leaves out
        stays out."""
        absent = ((rows <= 0) & self._counted) | ((rows < ZERO_SHARE) & self._gaps)
        free = self._flows & ~absent
        moves = self.rng.standard_normal(rows.shape) * free
        slopes = self._slopes * free[:, None, :]
        along = np.einsum("nmd,nd->nm", slopes, moves)
        inverse = np.linalg.pinv(np.einsum("nmd,nkd->nmk", slopes, slopes))
        return np.asarray(moves - np.einsum("nmd,nmk,nk->nd", slopes, inverse, along))

    def _mixed(self, corners: Columns) -> Columns:
        """Between the corners: weighted means of continuous settings, the rest as at the corner
        that weighs most."""
        n = len(next(iter(corners.values())))
        weights = self.rng.dirichlet(np.full(n, PEAKED), WALKERS)
        weights = (1 - CENTRAL) * weights + CENTRAL / n
        most = weights.argmax(axis=1)
        mixed = {
            name: weights @ column if is_continuous(self._free[name]) else column[most]
            for name, column in corners.items()
        }
        return self.settings(self._rows(mixed))

    def _rows(self, columns: Columns) -> Floats:
        return np.stack([places(p, columns[n]) for n, p in self._free.items()], axis=1)

    @cached_property
    def _free(self) -> dict[str, Free]:
        return self.campaign.free

    @cached_property
    def _equalities(self) -> list[Constraint]:
        return [r for r in self.campaign.rules if isinstance(r, Constraint) and r.equality]

    @cached_property
    def _flows(self) -> Marks:
        """The columns that lines go through: continuous ones, as far as equalities are straight
        there."""
        bound = {n for rule in self._equalities for n in rule.names}
        return np.array(
            [
                is_continuous(p) and not (n in bound and getattr(p, "scale", "") == "log")
                for n, p in self._free.items()
            ]
        )

    @cached_property
    def _alone(self) -> list[int]:
        """The columns that are changed one at a time."""
        return [i for i, flows in enumerate(self._flows) if not flows or self._gaps[i]]

    @cached_property
    def _gaps(self) -> Marks:
        return np.array([has_gap(p) for p in self._free.values()])

    @cached_property
    def _counted(self) -> Marks:
        rules = [r for r in self.campaign.rules if isinstance(r, CountConstraint)]
        return np.array([any(n in rule.names for rule in rules) for n in self._free])

    @cached_property
    def _slopes(self) -> Floats:
        """How each equality changes along each column of a line, shape (equalities, d)."""
        wide = [ends(p)[1] - ends(p)[0] if is_continuous(p) else 0.0 for p in self._free.values()]  # type: ignore[arg-type]
        for i, p in enumerate(self._free.values()):
            if has_gap(p):
                wide[i] = (p.high - p.low) / (1 - ZERO_SHARE)
        rows = [[rule.coefficients.get(n, 0.0) for n in self._free] for rule in self._equalities]
        return np.asarray(np.array(rows).reshape(len(rows), len(wide)) * np.array(wide))


def _corners(campaign: Campaign, rng: np.random.Generator) -> Iterator[Columns]:
    """Corners of the space, in groups that have the same components."""
    programme = Programme(campaign.free, campaign.rules)
    pulls = [programme.towards(name, sign) for name in programme.values for sign in (1, -1)]
    for held in _selections(programme, rng):
        solved_ = [programme.corner(pull, held) for pull in pulls]
        corners = [programme.settings(x) for x in solved_ if x is not None]
        found = list({tuple(np.round([*c.values()], 6)): c for c in corners}.values())
        if not programme.values:  # choices alone: any are a corner
            found = [{}] * WALKERS
        elif not found:
            continue
        yield {
            name: nearest(p, np.array([f[name] for f in found]))
            if name in programme.values
            else np.floor(rng.random(len(found)) * p.count)
            for name, p in campaign.free.items()
        }


def _selections(programme: Programme, rng: np.random.Generator) -> Iterator[dict[int, float]]:
    """Which components there are, at random, each selection once; all where none is counted."""
    if not programme.switches:
        yield {}
        return
    seen = set()
    for _ in range(SELECTIONS):
        pull = np.zeros(programme.size)
        pull[programme.switches] = rng.standard_normal(len(programme.switches))
        if (found := programme.corner(pull.tolist())) is None:
            return
        held = {i: float(round(found[i])) for i in programme.switches}
        if (mark := tuple(held.values())) not in seen:
            seen.add(mark)
            yield held


def _column(parameter: Free, values: Sequence[object]) -> Floats:
    if parameter.kind == "choice":
        return np.array([parameter.values.index(v) for v in values], dtype=float)
    return np.array(values, dtype=float)


def _chord(rows: Floats, directions: Floats) -> tuple[Floats, Floats]:
    """How far each row can go back and forth along its direction within the unit cube."""
    with np.errstate(divide="ignore", invalid="ignore"):
        down, up = -rows / directions, (1 - rows) / directions
    still = directions == 0
    low = np.where(still, -np.inf, np.minimum(down, up)).max(axis=1)
    high = np.where(still, np.inf, np.maximum(down, up)).min(axis=1)
    stuck = still.all(axis=1)
    return np.where(stuck, 0.0, np.minimum(low, 0)), np.where(stuck, 0.0, np.maximum(high, 0))
