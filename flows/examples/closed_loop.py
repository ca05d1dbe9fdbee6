"""A closed loop in Python: plan, approve, carry out, learn, again. SYNTHETIC results.

    python examples/closed_loop.py

A made-up furnace stands in for the laboratory (the executor ``virtual``); put your own executor in
its place and the loop stays the same. 192 points are few enough to value each of them, so that a
proposal takes milliseconds.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from flows.turns.wiring import Settings, open_laboratory, open_record
from planner.campaign.campaign import parse_campaign
from planner.campaign.values import Point
from planner.loop.laboratory import utc_now
from planner.loop.turn import advance
from planner.record.trial import TrialState

CAMPAIGN = parse_campaign(
    {
        "name": "furnace",
        "synthetic": True,
        "parameters": {
            "T": {"kind": "range", "low": 600, "high": 900, "unit": "degC", "step": 20},
            "hold": {"kind": "ordered", "values": [1, 2, 4, 8, 16, 32], "unit": "h"},
            "route": {"kind": "choice", "values": ["SPS", "HIP"]},
        },
        "outcomes": {"strength": {"goal": "maximize", "unit": "MPa"}},
        "stages": [
            {
                "name": "sintering",
                "executor": "virtual",
                "gives": ["strength"],
                "options": {
                    "outcomes": {
                        "strength": "200*exp(-((T - 740)/70)**2 - (log10(hold) - 0.9)**2/0.3)"
                    },
                    "noise": {"strength": 2},
                },
            }
        ],
        "review": {"autonomy": "automatic"},
        "budget": {"trials": 20},
        "planner": {"batch": 1, "initial": 6, "seed": 1},
    }
)


def best_strength(folder: Path) -> tuple[float, Point]:
    """The strongest sample of a whole campaign, and how it was made."""
    settings = Settings(data=folder)
    with open_record(settings) as store:
        store.campaigns.add(CAMPAIGN, author="Aki", at=utc_now())
        laboratory = open_laboratory(settings, store, CAMPAIGN)
        while store.snapshot("furnace").count(TrialState.COMPLETED) < CAMPAIGN.budget.trials:
            advance(laboratory, "furnace")
        record = store.snapshot("furnace")
    best = max(record.observations, key=lambda observation: observation.values["strength"][0])
    return best.values["strength"][0], best.point


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        strength, point = best_strength(Path(folder))
    print(f"{strength:.0f} MPa with {point}")
