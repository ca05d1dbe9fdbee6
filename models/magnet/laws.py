"""Laws of the critical current density Jc(B, T) and of the exponent n(B, T). SI units.

Every law tells Jc and its slope dJc/dB at arrays of |B| in T and one temperature in K, which points
lie outside of what it is known for, and its parameters with their standard errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import numpy as np

from models.arrays import Flags, Floats
from models.magnet.failure import MagnetFailure

LEAST = 1e-6
"""Jc never falls below this share of its value at zero field: a current needs somewhere to flow."""


class JcLaw(Protocol):
    """What every law of Jc does."""

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc in A/m^2 and dJc/dB in A/m^2/T, of the shape of ``b``."""

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Where the law is extrapolated."""

    def parameters(self) -> dict[str, tuple[float, float]]:
        """Value and standard error of each parameter."""

    def with_parameters(self, values: Mapping[str, float]) -> Self:
        """The same law with other values."""


class ExponentLaw(Protocol):
    """What every law of n does."""

    def __call__(self, b: Floats, temperature: float) -> Floats:
        """n, of the shape of ``b``."""


def _above_zero(**values: float) -> None:
    for name, value in values.items():
        if not (np.isfinite(value) and value > 0):
            raise MagnetFailure("bad-input", f"{name} must be above 0, not {value:g}")


@dataclass(frozen=True)
class _ByName:
    """A law whose fields are its parameters; ``sd`` holds standard errors by name."""

    sd: Mapping[str, float] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        values = self._values()
        if unknown := self.sd.keys() - values.keys():
            raise MagnetFailure("bad-input", f"no parameter {min(unknown)!r}; known: {[*values]}")
        if any(not (np.isfinite(s) and s >= 0) for s in self.sd.values()):
            raise MagnetFailure("bad-input", "standard errors must be 0 or above")
        _above_zero(**values)

    def _values(self) -> dict[str, float]:
        return {n: v for n, v in vars(self).items() if n != "sd" and v is not None}

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Nowhere: a named law holds everywhere."""
        return np.zeros(np.shape(b), dtype=bool)

    def parameters(self) -> dict[str, tuple[float, float]]:
        """Value and standard error of each parameter."""
        return {n: (v, self.sd.get(n, 0.0)) for n, v in self._values().items()}

    def with_parameters(self, values: Mapping[str, float]) -> Self:
        """The same law with other values."""
        changed: dict[str, Any] = dict(values)
        return replace(self, **changed)


@dataclass(frozen=True)
class _Softening(_ByName):
    """A law at the temperature at which it was measured, or, with Tc, falling with temperature.

    With ``tc`` and ``exponent``, ``value`` is meant at 0 K and multiplied by
    (1 - (T/Tc)^2)^exponent.
    """

    value: float
    """Jc at zero field in A/m^2."""
    tc: float | None = field(default=None, kw_only=True)
    exponent: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.tc is None) != (self.exponent is None):
            raise MagnetFailure(
                "bad-input", "critical temperature and temperature exponent belong together"
            )

    def at_zero(self, temperature: float) -> float:
        """Jc at zero field and this temperature."""
        if self.tc is None or self.exponent is None:
            return self.value
        if temperature >= self.tc:
            raise MagnetFailure("bad-input", f"{temperature:g} K is not below Tc, {self.tc:g} K")
        return self.value * float((1 - (temperature / self.tc) ** 2) ** self.exponent)


@dataclass(frozen=True)
class Constant(_Softening):
    """Jc = value (Bean)."""

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc and its slope."""
        return np.full(np.shape(b), self.at_zero(temperature)), np.zeros(np.shape(b))


@dataclass(frozen=True)
class Kim(_Softening):
    """Jc = value / (1 + B / b0)."""

    b0: float
    """In T."""

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc and its slope."""
        jc = self.at_zero(temperature) / (1 + b / self.b0)
        return jc, -jc / (self.b0 + b)


@dataclass(frozen=True)
class Exponential(_Softening):
    """Jc = value exp(-B / b0)."""

    b0: float
    """In T."""

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc and its slope."""
        top = self.at_zero(temperature)
        jc = np.maximum(top * np.exp(-b / self.b0), LEAST * top)
        return jc, np.where(jc > LEAST * top, -jc / self.b0, 0.0)


@dataclass(frozen=True)
class Pinning(_ByName):
    """Jc = F0 (Birr(T) / birr)^m b^p (1 - b)^q / B with b = B / Birr(T): Dew-Hughes and Fietz-Webb.

    Birr(T) = birr (1 - (T/Tc)^2)^exponent. Below ``self_field`` Jc stays as it is there.
    """

    force: float
    """F0 in N/m^3."""
    birr: float
    """Irreversibility field at 0 K in T."""
    tc: float
    """In K."""
    p: float
    q: float
    m: float
    exponent: float
    self_field: float
    """In T."""

    def birr_at(self, temperature: float) -> float:
        """In T."""
        if temperature >= self.tc:
            raise MagnetFailure("bad-input", f"{temperature:g} K is not below Tc, {self.tc:g} K")
        return self.birr * float((1 - (temperature / self.tc) ** 2) ** self.exponent)

    def __call__(self, b: Floats, temperature: float) -> tuple[Floats, Floats]:
        """Jc and its slope."""
        top = self.birr_at(temperature)
        if self.self_field >= top:
            raise MagnetFailure("bad-input", f"self_field must be below Birr, {top:g} T")

        def raw(field: Floats) -> Floats:
            x = field / top
            force: Floats = self.force * (top / self.birr) ** self.m * x**self.p * (1 - x) ** self.q
            return force / field

        least = LEAST * float(raw(np.array(self.self_field)))
        low, high = b < self.self_field, b >= top * (1 - 1e-9)
        at = np.clip(b, self.self_field, top * (1 - 1e-9))
        jc, x = raw(at), at / top
        slope = jc / at * (self.p - 1 - self.q * x / (1 - x))
        flat = low | high | (jc < least)
        return np.maximum(jc, least), np.where(flat, 0.0, slope)

    def outside(self, b: Floats, temperature: float) -> Flags:
        """Above Birr there is no critical current."""
        return np.asarray(b >= self.birr_at(temperature))


@dataclass(frozen=True)
class ConstantExponent:
    """n everywhere the same."""

    n: float

    def __post_init__(self) -> None:
        check_exponents(np.array([self.n]))

    def __call__(self, b: Floats, temperature: float) -> Floats:
        """n at each field."""
        return np.full(np.shape(b), self.n)


def check_exponents(n: Floats) -> None:
    """A flux creep exponent below 3 is no superconductor, one above 1000 no measurement."""
    if (wrong := n[~((n >= 3) & (n <= 1000))]).size:
        raise MagnetFailure("bad-input", f"n must be from 3 to 1000, not {wrong[0]:g}")
