"""Jc and n as measured: tables of field and temperature, and their interpolation. SI units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.arrays import Flags, Floats
from models.magnet.failure import MagnetFailure
from models.magnet.laws import check_exponents


@dataclass(frozen=True, eq=False)
class JcCurves:
    """Logarithms measured at fields and temperatures: monotone (PCHIP) in B, linear in T.

    Each temperature has a curve of its own; outside of it its end stands.
    """

    b: Floats
    """(k,) in T."""
    t: Floats
    """(k,) in K."""
    log: Floats
    """(k,)"""

    def __post_init__(self) -> None:
        if len(self.b) == 0 or not all(np.isfinite(a).all() for a in (self.b, self.t, self.log)):
            raise MagnetFailure("bad-input", "a table needs rows of finite numbers above 0")
        if (self.b < 0).any() or (self.t < 0).any():
            raise MagnetFailure("bad-input", "fields and temperatures of a table must be >= 0")
        if len({*zip(self.b, self.t, strict=True)}) < len(self.b):
            raise MagnetFailure("bad-input", "a table has two rows of one field and temperature")

    def _curve(self, t: float, b: Floats) -> tuple[Floats, Floats]:
        from scipy.interpolate import PchipInterpolator

        mine = np.flatnonzero(self.t == t)
        mine = mine[np.argsort(self.b[mine])]
        if len(mine) == 1:
            return np.full(np.shape(b), self.log[mine[0]]), np.zeros(np.shape(b))
        low, high = self.b[mine[[0, -1]]]
        curve, at = PchipInterpolator(self.b[mine], self.log[mine]), np.clip(b, low, high)
        return curve(at), np.where((b < low) | (b > high), 0.0, curve(at, 1))

    def _around(self, temperature: float) -> tuple[float, float, float]:
        """The neighbouring temperatures, and the weight of the second."""
        known = np.unique(self.t)
        at = float(np.clip(temperature, known[0], known[-1]))
        upper = int(np.clip(np.searchsorted(known, at), min(1, len(known) - 1), len(known) - 1))
        one, other = known[max(upper - 1, 0)], known[upper]
        return one, other, float((at - one) / (other - one)) if other > one else 0.0

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """The logarithm and its slope in B."""
        one, other, weight = self._around(temperature)
        value, slope = self._curve(one, b)
        if weight == 0:
            return value, slope
        value_2, slope_2 = self._curve(other, b)
        return (1 - weight) * value + weight * value_2, (1 - weight) * slope + weight * slope_2

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Where a curve that counts is extrapolated, or the temperature is."""
        if not self.t.min() - 1e-9 <= temperature <= self.t.max() + 1e-9:
            return np.ones(np.shape(b), dtype=bool)
        one, other, weight = self._around(temperature)
        out = np.zeros(np.shape(b), dtype=bool)
        for t in {one} if weight == 0 else {one, other} if weight < 1 else {other}:
            fields = self.b[self.t == t]
            out |= (b > fields.max() * (1 + 1e-9)) | (b < fields.min() - 1e-3)
        return out


@dataclass(frozen=True, eq=False)
class MeasuredJc:
    """Jc as measured, row by row."""

    b: Floats
    t: Floats
    jc: Floats
    sd: Floats
    """(k,) standard errors in A/m^2; 0 where there are none."""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.jc).all() and (self.jc > 0).all()):
            raise MagnetFailure("bad-input", "Jc in a table must be above 0")
        if not (np.isfinite(self.sd).all() and (self.sd >= 0).all()):
            raise MagnetFailure("bad-input", "standard errors in a table must be 0 or above")
        JcCurves(self.b, self.t, np.log(self.jc))

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc and its slope."""
        log, slope = JcCurves(self.b, self.t, np.log(self.jc))(b, temperature)
        return np.exp(log), np.exp(log) * slope

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Where the table is extrapolated."""
        return JcCurves(self.b, self.t, self.jc).outside(b, temperature)

    def parameters(self) -> dict[str, tuple[float, float]]:
        """Each row is a parameter."""
        rows = zip(self.b, self.t, self.jc, self.sd, strict=True)
        return {f"Jc({b:g} T, {t:g} K)": (float(j), float(s)) for b, t, j, s in rows}

    def with_parameters(self, values: Mapping[str, float]) -> "MeasuredJc":
        """The same places with other values."""
        mine: dict[str, Any] = dict.fromkeys(self.parameters())
        return replace(self, jc=np.array([values[name] for name in mine]))


@dataclass(frozen=True, eq=False)
class TableExponent:
    """n as measured, interpolated like Jc."""

    b: Floats
    t: Floats
    n: Floats

    def __post_init__(self) -> None:
        check_exponents(self.n)
        JcCurves(self.b, self.t, np.log(self.n))

    def __call__(self, b: Floats, temperature: float) -> Floats:
        """n at each field."""
        return np.exp(JcCurves(self.b, self.t, np.log(self.n))(b, temperature)[0])
