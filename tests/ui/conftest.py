"""A real record for the panel, and a person in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from executors.testing.laboratory import START, laboratory, two_stages
from planner.loop.laboratory import Laboratory
from planner.record.trial import Origin, Proposal, Trial


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """Two objectives, people at the bench, everything decided by hand."""
    monkeypatch.setenv("KYOSO_DATA", str(tmp_path))
    monkeypatch.delenv("KYOSO_DATABASE", raising=False)
    lab = laboratory(tmp_path, by_people())
    yield lab
    lab.store.close()
    st.cache_resource.clear()


def by_people() -> dict[str, Any]:
    """Two stages in the hands of people; ``synthetic``, to see the label."""
    stages = [
        {"name": "making", "executor": "manual", "gives": ["density"], "due_days": 7},
        {"name": "testing", "executor": "manual", "after": ["making"], "gives": ["strength"]},
    ]
    outcomes = {
        "density": {"goal": "maximize", "unit": "percent", "at_least": 60},
        "strength": {"goal": "maximize", "unit": "MPa", "threshold": 2},
    }
    more = {"stages": stages, "outcomes": outcomes, "synthetic": True}
    return two_stages(**more, review={"autonomy": "by-hand"}, constraints=["T + 10*x <= 950"])


@pytest.fixture
def propose(lab: Laboratory) -> Callable[..., Trial]:
    """Stores a proposal of the planner with a prediction."""

    def add(temperature: float = 700, x: float = 3) -> Trial:
        proposal = Proposal(
            point=lab.campaign("test").complete({"T": temperature, "x": x}),
            generator="botorch",
            reason="largest expected gain",
            prediction={"strength": (9.0, 0.5), "density": (74.0, 1.0)},
            feasibility=0.97,
        )
        return lab.store.trials.add(
            "test",
            [proposal],
            origin=Origin.PLANNER,
            author="planner",
            at=START,
            campaign_version=lab.store.campaigns.version("test"),
        )[0]

    return add


@pytest.fixture
def panel(lab: Laboratory) -> Callable[..., AppTest]:
    """Opens a page of the panel, as a person who has told the name."""

    def open_page(page: str = "inbox", who: str = "Aki") -> AppTest:
        program = f"from ui.pages import {page}\nfrom ui.parts import frame\nframe.show({page}.page, 'A page', frame.visit())\n"
        app = AppTest.from_string(program, default_timeout=30)
        if who:
            app.session_state.who = who
        app.run()
        assert not app.exception
        return app

    return open_page
