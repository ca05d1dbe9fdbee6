"""Opt-in: an independent solver, GetDP (h-phi, first order), where it is installed."""

import shutil

import pytest

from benchmarks.getdp import by_getdp, by_kyoso
from tests.magnets import needs_fem


@pytest.mark.fem
@pytest.mark.opt_in
@needs_fem
@pytest.mark.skipif(shutil.which("getdp") is None, reason="getdp is not installed")
@pytest.mark.parametrize("n", [10, 20])
def test_getdp_agrees_within_a_percent(n: float) -> None:
    theirs, ours = by_getdp(1.5e-3, n=n)[0], by_kyoso(0.15, n=n)[0]
    assert theirs == pytest.approx(ours, rel=0.01)
