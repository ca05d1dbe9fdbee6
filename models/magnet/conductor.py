"""The laws of all bodies at a set of points: what current they can carry there."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.arrays import Flags, Floats, Integers
from models.magnet.laws import JcLaw
from models.magnet.problem import Problem

STEP = 1e-5
"""Relative step of the central differences of a law in its parameters."""


@dataclass(frozen=True, eq=False)
class Conductor:
    """Points in the bodies of a problem."""

    problem: Problem
    r: Floats
    """(k,) in m."""
    z: Floats
    """(k,) in m, as in the problem."""
    body: Integers
    """(k,) number of the body that each point belongs to."""

    @cached_property
    def _parts(self) -> list[tuple[str, Integers]]:
        names = np.array([b.material for b in self.problem.bodies])[self.body]
        return [(name, np.flatnonzero(names == name)) for name in self.problem.materials]

    @cached_property
    def factor(self) -> Floats:
        """(k,) Jc relative to the law, by the maps."""
        factor = np.ones(len(self.r))
        for name, mine in self._parts:
            if (jc_map := self.problem.materials[name].jc_map) is not None:
                factor[mine] = jc_map(self.r[mine], self.z[mine])
        return factor

    def jc(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc in A/m^2 and dJc/dB at each point."""
        jc, slope = np.empty_like(b), np.empty_like(b)
        for name, mine in self._parts:
            jc[mine], slope[mine] = self.problem.materials[name].jc(b[mine], temperature)
        return jc * self.factor, slope * self.factor

    def n(self, b: Floats, temperature: float) -> Floats:
        """The exponent at each point."""
        n = np.empty_like(b)
        for name, mine in self._parts:
            n[mine] = self.problem.materials[name].n(b[mine], temperature)
        return n

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Where a law is extrapolated."""
        out = np.zeros(len(b), dtype=bool)
        for name, mine in self._parts:
            out[mine] = self.problem.materials[name].jc.outside(b[mine], temperature)
        return out

    def sensitivities(
        self, b: Floats, temperature: float
    ) -> tuple[list[tuple[str, str]], Floats, Floats]:
        """Material and name of each parameter (p), dJc/d parameter (p, k), standard errors (p,)."""
        names, rows, errors = [], [], []
        for name, mine in self._parts:
            law: JcLaw = self.problem.materials[name].jc
            known = law.parameters()
            values = {key: value for key, (value, _) in known.items()}
            for key, (value, sd) in known.items():
                up, down = (
                    law.with_parameters(values | {key: value * (1 + s)})(b[mine], temperature)[0]
                    for s in (STEP, -STEP)
                )
                row = np.zeros_like(b)
                row[mine] = (up - down) / (2 * STEP * value) * self.factor[mine]
                names.append((name, key))
                rows.append(row)
                errors.append(sd)
        return names, np.array(rows), np.array(errors)


def with_parameter(problem: Problem, material: str, name: str, value: float) -> Problem:
    """The problem with another value of one Jc parameter."""
    old = problem.materials[material]
    values = {key: v for key, (v, _) in old.jc.parameters().items()} | {name: value}
    new = replace(old, jc=old.jc.with_parameters(values))
    return replace(problem, materials={**problem.materials, material: new})
