"""A small campaign and short words for its usual steps, for the tests of the store."""

from datetime import UTC, datetime, timedelta

from planner.campaign.campaign import Campaign, parse_campaign
from planner.executor import Measurement
from planner.record.decision import Verdict
from planner.record.job import Job
from planner.record.trial import Origin, Proposal, Trial
from planner.store import Store

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def campaign(name: str = "ba122", **changes: object) -> Campaign:
    return parse_campaign(
        {
            "name": name,
            "parameters": {
                "second_heat": {"kind": "range", "low": 600, "high": 750, "unit": "degC"},
                "hold_time": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
                "route": {"kind": "choice", "values": ["SPS", "HIP"]},
            },
            "outcomes": {
                "trapped_field": {"goal": "maximize", "unit": "T"},
                "density": {"goal": "none", "unit": "percent"},
            },
            "stages": [
                {"name": "synthesis", "executor": "manual", "gives": ["density"]},
                {
                    "name": "magnet",
                    "executor": "virtual",
                    "after": ["synthesis"],
                    "gives": ["trapped_field"],
                },
            ],
            **changes,
        }
    )


def proposal(second_heat: float = 700.0) -> Proposal:
    return Proposal(
        point={"second_heat": second_heat, "hold_time": 12, "route": "SPS"},
        generator="botorch",
        reason="expected improvement",
        prediction={"trapped_field": (0.1 + 0.2, 1e-17)},
        feasibility=0.9,
        acquisition=1e16,
        seed=2**40,
        packages={"botorch": "0.18"},
    )


def density(value: float = 87.5) -> Measurement:
    return Measurement("density", value, "percent", 0.5, method="Archimedes")


def field(value: float = 0.83) -> Measurement:
    return Measurement("trapped_field", value, "T")


class Bench:
    """A store with the usual steps of a campaign in one word each."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def proposed(self, count: int = 1) -> Trial:
        trials = self.store.trials.add(
            "ba122",
            [proposal()] * count,
            origin=Origin.PLANNER,
            author="planner",
            at=NOON,
            campaign_version=1,
        )
        return trials[-1]

    def approved(self) -> Trial:
        trial = self.proposed()
        return self.store.trials.decide(
            "ba122", trial.number, version=1, verdict=Verdict.APPROVED, author="mika", at=NOON
        )

    def ready(self, stage: str = "magnet") -> Job:
        return self.store.jobs.open("ba122", self.approved(), [(stage, "virtual", None)], NOON)[0]

    def running(self, stage: str = "magnet", holder: str = "loop-1") -> Job:
        job = self.store.jobs.claim(self.ready(stage), holder, later(5), NOON)
        assert job is not None
        return job
