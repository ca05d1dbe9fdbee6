"""Magnets for tests: short to write, exact where there is something exact."""

from typing import Any

import pytest

from models.magnet.discrete import why_not
from models.magnet.laws import Constant, ConstantExponent, JcLaw
from models.magnet.problem import Body, Carrier, Fidelity, Problem, Protocol
from models.magnet.result import FieldResult
from models.magnet.solve import solve

needs_fem = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
JC = 3e8
DISC = Body(0.015, -0.01, 0.01)
"""The test disc of the reference: 4.504151 T at the centre."""
BEAN = 4.504151218
LONG = Body(0.005, endless=True)


def problem(
    *bodies: Body,
    law: JcLaw | None = None,
    n: float = 20,
    fidelity: Fidelity = "critical-state",
    **options: Any,
) -> Problem:
    """A problem of one material; no error estimate unless it is asked for."""
    material = Carrier(law or Constant(JC), ConstantExponent(n))
    return Problem(
        bodies or (DISC,), {"": material}, fidelity=fidelity, **{"estimate_error": False} | options
    )


def cooled(applied: float, *, ramp: float = 1000, hold: float = 0, **more: Any) -> Protocol:
    """Field cooling."""
    return Protocol("field-cooling", applied, ramp, hold, **more)


def solved(*bodies: Body, **options: Any) -> FieldResult:
    """The result of a problem, which must be there."""
    result = solve(problem(*bodies, **options)).result
    assert result.ok, result.message
    return result


def centre(*bodies: Body, **options: Any) -> float:
    """B_z in T at the centre."""
    field = solved(*bodies, **options).trapped_field_center
    assert field is not None
    return field
