"""The parts of a magnet's history without corners: ramps of the field, cooling, hold.

Ramps run in time, the hold in tau = ln(1 + t / t0), because creep is a power of time and smooth in
tau; t0 is the time in which the electric field of the ramp dies away.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.magnet.problem import EC, Problem, Protocol

FIRST, LATER = 0.1, 1e-3
"""First step of a ramp relative to it: into virgin material, and after a corner, where E falls
within a small part of the ramp."""
LONGEST = 2.0
"""Longest step of the hold in units of ``time_step``: it has two stages."""
LEAST_TIME = 1e-6
"""Shortest t0 relative to the hold."""


@dataclass(frozen=True)
class Leg:
    """A part of the history without corners."""

    start: float
    end: float
    """Seconds from the end of the ramp."""
    applied: Callable[[float], float]
    temperature: Callable[[float], float]
    first: float
    longest: float
    """First and longest step in the variable that the leg runs in."""
    t0: float | None = None
    """Time constant of the logarithm; None: the leg runs in time itself."""

    def variable(self, t: float) -> float:
        """tau at a time."""
        return t if self.t0 is None else float(np.log1p((t - self.start) / self.t0))

    def time(self, tau: float) -> float:
        """The time at tau; the end itself where only rounding is between them."""
        t = tau if self.t0 is None else self.start + self.t0 * float(np.expm1(tau))
        return t if t < self.end - 1e-12 * (self.end - self.start) else self.end

    def pace(self, t: float) -> float:
        """dt / dtau."""
        return 1.0 if self.t0 is None else t - self.start + self.t0


def ramps(protocol: Protocol) -> list[Leg]:
    """The legs of the applied field."""
    p, warm = protocol, _constant(protocol.temperature)
    if p.kind == "fully-magnetised":
        return []
    first, later = FIRST * p.ramp, LATER * p.ramp
    up = Leg(
        -2 * p.ramp, -p.ramp, lambda t: p.applied_field * (2 + t / p.ramp), warm, first, p.ramp
    )
    down = Leg(-p.ramp, 0.0, lambda t: -p.applied_field * t / p.ramp, warm, later, p.ramp)
    return [up, down] if p.kind == "zero-field-cooling" else [replace(down, first=first)]


def hold(problem: Problem, size: float, potential: float) -> list[Leg]:
    """The legs after the ramp; ``size`` is the radius in m, ``potential`` the largest A in T m."""
    p, step = problem.protocol, LONGEST * problem.time_step
    if p.hold <= 0:
        return []
    t0 = max(_decay_time(p, size, potential), LEAST_TIME * p.hold)
    none, cold = _constant(0.0), _constant(p.last_temperature)
    if p.cooling <= 0:
        return [Leg(0.0, p.hold, none, cold, step, step, t0)]

    def cooling(t: float) -> float:
        share = min(t / p.cooling, 1.0)
        return p.temperature + share * (p.last_temperature - p.temperature)

    legs = [Leg(0.0, p.cooling, none, cooling, step, step, t0)]
    if p.hold > p.cooling:
        legs.append(Leg(p.cooling, p.hold, none, cold, step, step, p.cooling))
    return legs


def _constant(value: float) -> Callable[[float], float]:
    return lambda t: value


def _decay_time(protocol: Protocol, size: float, potential: float) -> float:
    """Seconds in which creep lowers E by half, roughly: A / (n E) with n of the order of 100."""
    field = EC
    if protocol.ramp > 0:
        field = size / 2 * protocol.applied_field / protocol.ramp
    return potential / (100 * field)
