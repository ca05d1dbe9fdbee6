"""The panel and an instrument PC start without the heavy libraries."""

import subprocess
import sys

import pytest

HEAVY = {"ax", "botorch", "torch", "prefect", "streamlit"}


@pytest.mark.parametrize(
    "module", ["planner.campaign.campaign", "planner.store", "executors.people.manual"]
)
def test_light_modules_load_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert HEAVY.isdisjoint(loaded.split())
