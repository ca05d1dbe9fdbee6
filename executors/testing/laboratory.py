"""A small laboratory for tests: a real SQLite file, real executors, a clock that tests set."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from planner.campaign.campaign import Campaign, Review, parse_campaign
from planner.executor import build_executor
from planner.learner import installed_learners
from planner.loop.laboratory import Laboratory
from planner.loop.turn import Turn, advance
from planner.record.decision import Verdict
from planner.record.trial import Origin, Proposal, Trial
from planner.store import Store, open_store

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Clock:
    """Tells a time that rises by a second at every look, so that runs repeat exactly."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def two_stages(**changes: Any) -> dict[str, Any]:
    """A campaign of two virtual stages, as plain data. ``options`` are those of the first stage."""
    options = changes.pop("options", {})
    formulas = {"outcomes": {"density": "70 + T/100 - x"}, "noise": {"density": 0.1}}
    second = {"outcomes": {"strength": "10 - (x - 3)**2 - ((T - 700)/100)**2"}}
    return {
        "name": "test",
        "parameters": {
            "T": {"kind": "range", "low": 600, "high": 900, "unit": "degC"},
            "x": {"kind": "range", "low": 0, "high": 10},
        },
        "outcomes": {
            "density": {"goal": "none", "unit": "percent"},
            "strength": {"goal": "maximize", "unit": "MPa"},
        },
        "stages": [
            {"name": "making", "executor": "virtual", "gives": ["density"],
             "options": {**formulas, **options}},
            {"name": "testing", "executor": "virtual", "after": ["making"], "gives": ["strength"],
             "options": second},
        ],
        "review": {"autonomy": "automatic"},
        "budget": {"trials": 6},
        "planner": {"batch": 3, "generator": "sobol"},
        **changes,
    }  # fmt: skip


def laboratory(folder: Path, content: dict[str, Any], **changes: Any) -> Laboratory:
    """The laboratory of a campaign whose record lies in ``folder``."""
    campaign = parse_campaign(content)
    store = open_store(f"sqlite:///{folder / 'kyoso.db'}", folder / "files")
    clock = Clock()
    store.campaigns.add(campaign, author="test", at=clock())
    executors = {
        stage.name: build_executor(stage, folder / "executors" / campaign.name / stage.name)
        for stage in campaign.stages
    }
    lab = Laboratory(store, executors, installed_learners(), now=clock)
    return replace(lab, **changes)


def turns(lab: Laboratory, name: str, most: int = 60) -> list[Turn]:
    """Turns until five in a row changed nothing."""
    done: list[Turn] = []
    while len(done) < most and not (len(done) > 5 and not any(t.moved for t in done[-5:])):
        done.append(advance(lab, name))
    return done


def inject(store: Store, campaign: Campaign, **values: Any) -> Trial:
    """A researcher's own condition."""
    proposal = Proposal(point=campaign.complete(values), generator="researcher")
    return store.trials.add(
        campaign.name,
        [proposal],
        origin=Origin.RESEARCHER,
        author="Aki",
        at=START,
        campaign_version=store.campaigns.version(campaign.name),
    )[0]


def decide(store: Store, trial: Trial, verdict: Verdict, **more: Any) -> Trial:
    """A decision on the trial as it was seen."""
    return store.trials.decide(
        trial.campaign, trial.number, version=trial.version, verdict=verdict,
        author="Aki", at=START, **more,
    )  # fmt: skip


BY_HAND = Review(autonomy="by-hand")
