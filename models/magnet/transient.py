"""The history of a magnet with a power law: ramps, cooling, hold. Adaptive second-order steps.

Ramps run in time, the hold in tau = ln(1 + t / t0), because creep is a power of time and smooth in
tau; t0 is the time in which the electric field of the ramp dies away. Both take the backward
differentiation formula of second order, and of first order after each corner. A step that does not
converge is halved, and grows again afterwards.
"""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Floats
from models.magnet.carriers import Carriers
from models.magnet.conductor import Conductor
from models.magnet.failure import MagnetFailure
from models.magnet.power_law import State, Step, solve_step
from models.magnet.problem import EC, Problem, Protocol

RAMP_STEPS = 4.0
"""Steps of a ramp times ``time_step``."""
HALVINGS = 14
LEAST_TIME = 1e-6
"""Shortest t0 relative to the hold."""


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


@dataclass(frozen=True)
class Leg:
    """A part of the history without corners."""

    start: float
    end: float
    """Seconds from the end of the ramp."""
    applied: Callable[[float], float]
    temperature: Callable[[float], float]
    first: float
    """Size of a step in the variable that it runs in."""
    t0: float | None = None
    """Time constant of the logarithm; None: the leg runs in time itself."""

    def variable(self, t: float) -> float:
        """tau at a time."""
        return t if self.t0 is None else float(np.log1p((t - self.start) / self.t0))

    def time(self, tau: float) -> float:
        """The time at tau."""
        return tau if self.t0 is None else self.start + self.t0 * float(np.expm1(tau))

    def pace(self, t: float) -> float:
        """dt / dtau."""
        return 1.0 if self.t0 is None else t - self.start + self.t0


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
    for leg in ramps(problem):
        moment = yield from _run(carriers, conductor, leg, moment, work)
    for leg in _hold(problem, carriers, moment):
        moment = yield from _run(carriers, conductor, leg, moment, work)


def ramps(problem: Problem) -> list[Leg]:
    """The legs of the applied field."""
    p = problem.protocol
    step = p.ramp * problem.time_step / RAMP_STEPS
    warm = _constant(p.temperature)
    down = (
        Leg(-p.ramp, 0.0, lambda t: -p.applied_field * t / p.ramp, warm, step) if p.ramp else None
    )
    if p.kind == "fully-magnetised" or down is None:
        return []
    if p.kind == "field-cooling":
        return [down]
    up = Leg(-2 * p.ramp, -p.ramp, lambda t: p.applied_field * (2 + t / p.ramp), warm, step)
    return [up, down]


def _constant(value: float) -> Callable[[float], float]:
    return lambda t: value


def _hold(problem: Problem, carriers: Carriers, moment: Instant) -> list[Leg]:
    p = problem.protocol
    if p.hold <= 0:
        return []
    t0 = max(_decay_time(p, carriers, moment), LEAST_TIME * p.hold)
    none, cold = _constant(0.0), _constant(p.last_temperature)
    if p.cooling <= 0:
        return [Leg(0.0, p.hold, none, cold, problem.time_step, t0)]

    def cooling(t: float) -> float:
        share = min(t / p.cooling, 1.0)
        return p.temperature + share * (p.last_temperature - p.temperature)

    legs = [Leg(0.0, p.cooling, none, cooling, problem.time_step, t0)]
    if p.hold > p.cooling:
        legs.append(Leg(p.cooling, p.hold, none, cold, problem.time_step, p.cooling))
    return legs


def _decay_time(protocol: Protocol, carriers: Carriers, moment: Instant) -> float:
    """Seconds in which creep lowers E by half, roughly: A / (n E) with n of the order of 100."""
    largest = float(np.abs(carriers.r * moment.state.u[carriers.node]).max())
    field = EC
    if protocol.ramp > 0:
        field = carriers.size / 2 * protocol.applied_field / protocol.ramp
    return largest / (100 * field)


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
    size, before, halved = leg.first, None, 0
    state = moment.state
    while tau < last * (1 - 1e-12) if last > 0 else tau < last - 1e-12 * abs(leg.start):
        if time.monotonic() > work.deadline:
            raise MagnetFailure("timeout", "the time limit is over", last_time=leg.time(tau))
        left = last - tau
        now = min(size, left if left < 1.5 * size else size)
        now = left if left < 1.2 * now else now
        end = leg.time(tau + now) if now < left else leg.end
        found = _advance(carriers, conductor, leg, state, before, tau, now, end)
        work.iterations += found[1] if found else 60
        if found is None:
            work.rejected += 1
            halved += 1
            size = now / 2
            if halved > HALVINGS:
                raise MagnetFailure(
                    "not-converged", f"no step succeeds after t = {leg.time(tau):.6g} s",
                    last_time=leg.time(tau),
                )  # fmt: skip
            continue
        before, state = (state, now), found[0]
        tau, size, halved = tau + now, min(leg.first, 2 * now), 0
        work.steps += 1
        moment = Instant(end, state)
        yield moment
    return moment


def _advance(
    carriers: Carriers,
    conductor: Conductor,
    leg: Leg,
    state: State,
    before: tuple[State, float] | None,
    tau: float,
    size: float,
    end: float,
) -> tuple[State, int] | None:
    """One step of the backward differentiation formula."""
    dt = size * leg.pace(end)
    if leg.t0 is not None and before is None:
        dt = end - leg.time(tau)
    v, old, guess = state.u, state.applied, state
    if before is not None:
        (u, applied), ratio = (before[0].u, before[0].applied), size / before[1]
        a = (1 + ratio) ** 2 / (1 + 2 * ratio)
        v, old = a * state.u + (1 - a) * u, a * state.applied + (1 - a) * applied
        dt *= (1 + ratio) / (1 + 2 * ratio)
        guess = replace(state, u=state.u + ratio * (state.u - u))
    step = Step(dt, v, leg.applied(end), old, leg.temperature(end))
    return solve_step(carriers, conductor, guess, step)
