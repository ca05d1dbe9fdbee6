"""The history of a magnet with a power law, in steps of controlled error.

A step has the two implicit stages of Alexander's method (SDIRK, second order, L-stable). It needs
no past, and so begins anew at every corner. What it differs from a step of first order is kept
small: steps are short after a corner, where E relaxes, and where flux enters; and long elsewhere.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Floats
from models.magnet.carriers import Carriers
from models.magnet.conductor import Conductor
from models.magnet.failure import MagnetFailure
from models.magnet.legs import Leg, hold, ramps
from models.magnet.power_law import ITERATIONS, State, Step, solve_step
from models.magnet.problem import EC, Problem

GAMMA = 1 - 1 / np.sqrt(2)
"""Size of a stage relative to its step; the second stage ends with the step."""
ALLOWED = 0.04
"""Largest difference between the orders in a step, over ``time_step`` squared: root mean square of
2 A / r over the volume, relative to the largest field."""
GROWTH, CAUTION = 3.0, 0.85
"""Largest ratio of two steps, and the next step relative to what would be allowed."""
SHORTEST = 1e-7
"""Shortest step relative to its leg."""


@dataclass(frozen=True, eq=False)
class Instant:
    """A state and when it was, in seconds from the end of the ramp."""

    time: float
    state: State


@dataclass
class Cost:
    """What a history has cost so far."""

    steps: int = 0
    iterations: int = 0
    rejected: int = 0
    deadline: float = float("inf")


def history(
    carriers: Carriers, conductor: Conductor, critical: Floats, work: Cost
) -> Iterator[Instant]:
    """All moments of a problem, beginning with the first.

    ``critical`` is u (b,) of the critical state, from which ``fully-magnetised`` begins. A
    MagnetFailure tells the last time that was computed.
    """
    problem = conductor.problem
    moment = _beginning(carriers, conductor, critical)
    yield moment
    for leg in ramps(problem.protocol):
        moment = yield from _run(carriers, conductor, leg, moment, work)
    potential = float(np.abs(carriers.r * moment.state.u[carriers.node]).max())
    for leg in hold(problem, carriers.size, potential):
        moment = yield from _run(carriers, conductor, leg, moment, work)


def _beginning(carriers: Carriers, conductor: Conductor, critical: Floats) -> Instant:
    p = conductor.problem.protocol
    if p.kind == "fully-magnetised":
        bz = carriers.to_bz @ critical
        b = np.hypot(carriers.to_br @ critical, bz)
        j = conductor.jc(b, p.temperature)[0]
        return Instant(0.0, State(critical, j, 0.0))
    fc = p.kind == "field-cooling"
    b = np.full(len(carriers.r), p.applied_field)
    jc, n = conductor.jc(b, p.temperature)[0], conductor.n(b, p.temperature)
    e = carriers.r / 2 * p.applied_field / p.ramp
    j = (1 if fc else -1) * jc * (e / EC) ** (1 / n)
    start = -p.ramp if fc else -2 * p.ramp
    return Instant(start, State(np.zeros(len(carriers.inner)), j, p.applied_field if fc else 0.0))


def _run(
    carriers: Carriers, conductor: Conductor, leg: Leg, moment: Instant, work: Cost
) -> Generator[Instant, None, Instant]:
    """All moments of a leg after its first; the last one again in the end."""
    tau, last = leg.variable(leg.start), leg.variable(leg.end)
    span, size = last - tau, leg.first
    allowed = _allowed(conductor.problem, moment.state)
    while last - tau > 1e-10 * span:
        if time.monotonic() > work.deadline:
            raise MagnetFailure("timeout", "the time limit is over", last_time=leg.time(tau))
        now = _next(size, last - tau)
        found = _advance(carriers, conductor, leg, moment.state, tau, now, work)
        able = np.sqrt(allowed / max(found[1], 1e-300)) if found else 1 / GROWTH
        size = min(leg.longest, now * min(GROWTH, CAUTION * float(able)))
        if (found is None or able < 1 / 2) and now > SHORTEST * span:
            work.rejected += 1
            continue
        if found is None:
            raise MagnetFailure(
                "not-converged", f"no step succeeds after t = {leg.time(tau):.6g} s",
                last_time=leg.time(tau),
            )  # fmt: skip
        tau += now
        work.steps += 1
        moment = Instant(leg.time(tau), found[0])
        yield moment
    return moment


def _next(size: float, left: float) -> float:
    """The next step, so that the last one is no small rest."""
    if left < 1.1 * size:
        return left
    return left / 2 if left < 2 * size else size


def _allowed(problem: Problem, state: State) -> float:
    """Largest difference between the orders in a step, in T."""
    scale = max(problem.protocol.applied_field, 2 * float(np.abs(state.u).max()))
    return ALLOWED * problem.time_step**2 * scale


def _advance(
    carriers: Carriers,
    conductor: Conductor,
    leg: Leg,
    state: State,
    tau: float,
    size: float,
    work: Cost,
) -> tuple[State, float] | None:
    """The state after a step, and by how many T it differs from that of first order."""
    first = _stage(carriers, conductor, leg, state, state.whole, tau + GAMMA * size, size, work)
    if first is None:
        return None
    rate = (first.whole - state.whole) / GAMMA
    v = state.whole + (1 - GAMMA) * rate
    guess = replace(first, u=first.u + (1 / GAMMA - 1) * (first.u - state.u))
    second = _stage(carriers, conductor, leg, guess, v, tau + size, size, work)
    if second is None:
        return None
    change = second.whole - v - GAMMA * rate
    return second, 2 * _mean(carriers, change[carriers.node])


def _stage(
    carriers: Carriers,
    conductor: Conductor,
    leg: Leg,
    guess: State,
    v: Floats,
    tau: float,
    size: float,
    work: Cost,
) -> State | None:
    """An implicit stage that ends at tau, without flux motion at ``v``."""
    t = leg.time(tau)
    step = Step(GAMMA * size * leg.pace(t), v, leg.applied(t), leg.temperature(t))
    found = solve_step(carriers, conductor, guess, step)
    work.iterations += found[1] if found else ITERATIONS
    return found[0] if found else None


def _mean(carriers: Carriers, values: Floats) -> float:
    """Root mean square over the volume."""
    return float(np.sqrt(carriers.volume @ values**2 / carriers.volume.sum()))
