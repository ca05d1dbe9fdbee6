"""A data folder as it stands on some day, for pictures of the panel: the synthetic Ba122 example
with claims, after its first design and one batch of the model; a campaign in the hands of people; a
past campaign with its replay. No number in it is a measurement.
"""

import time
from pathlib import Path

import numpy as np

from flows.turns.run import drive
from flows.turns.wiring import open_laboratory
from planner.campaign.campaign import Campaign, parse_campaign
from planner.campaign.file import read_campaign
from planner.importing.importing import import_table
from planner.loop.laboratory import utc_now
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.trial import TrialState
from planner.replay import background
from planner.settings import Settings, open_record
from planner.store import Store

EXAMPLE = Path(__file__).parents[1] / "examples" / "ba122.yaml"
CLAIMS = [
    {"kind": "near", "point": {"first_heat": 750, "second_heat": 660}, "width": 0.2,
     "strength": 0.6, "author": "Aki", "because": "the second heat heals what the first one grew"},
    {"kind": "trend", "outcome": "trapped_field", "parameter": "milling_energy", "sign": "peaks",
     "strength": 0.7, "author": "Mika", "because": "milling refines grains and brings in oxygen"},
    {"kind": "trend", "outcome": "trapped_field", "parameter": "hold_time", "sign": "rises",
     "strength": 0.5, "author": "Mika"},
    {"kind": "avoid", "within": {"hold_time": [40, 48]}, "strength": 0.6, "author": "Aki",
     "because": "grains grow too large"},
]  # fmt: skip
BY_HAND = {
    "name": "sintering",
    "title": "in the hands of people",
    "parameters": {
        "temperature": {"kind": "range", "low": 600, "high": 900, "unit": "degC", "step": 5},
        "hold_time": {"kind": "integer", "low": 1, "high": 48, "unit": "h"},
        "route": {"kind": "choice", "values": ["SPS", "HIP"]},
    },
    "outcomes": {
        "density": {"goal": "none", "unit": "percent", "at_least": 80},
        "strength": {"goal": "maximize", "unit": "MPa"},
    },
    "stages": [
        {"name": "synthesis", "executor": "manual", "gives": ["density"], "due_days": 7},
        {"name": "testing", "executor": "manual", "after": ["synthesis"], "gives": ["strength"]},
    ],
    "planner": {"batch": 2, "generator": "sobol"},
}


def prepare(settings: Settings) -> None:
    """Fill the folder."""
    with open_record(settings) as store:
        content = read_campaign(EXAMPLE).model_dump(mode="json")
        example = parse_campaign(content | {"hypotheses": CLAIMS})
        _drive(settings, store, example)  # the first design, and proposals of the model
        _approve(store, example.name, 5)
        _drive(settings, store, example)
        people = parse_campaign(BY_HAND)
        store.campaigns.add(people, author="Aki", at=utc_now())
        lab = open_laboratory(settings, store, people)
        advance(lab, people.name)
        _approve(store, people.name, 1)
        advance(lab, people.name)
    _past(settings.data)


def past_table() -> str:
    """A made-up series of 96 sintered samples as CSV, with a sample noted twice and one that
    failed."""
    rng = np.random.default_rng(1)
    plan = [(t, h, p, r) for t in (600, 650, 700, 750) for h in (1, 2, 4, 8)
            for p in (30, 60, 90) for r in ("SPS", "HIP")]  # fmt: skip
    lines = ["run,temperature (degC),hold (h),pressure (MPa),route,strength (MPa),remark"]
    for run, i in enumerate(rng.permutation(len(plan)), 1):
        heat, hold, pressure, route = plan[i]
        bend = (heat - 690) ** 2 / 200 + 6 * np.log(hold / 3) ** 2 + (pressure - 70) ** 2 / 150
        strength = 120 - bend + 5 * (route == "HIP") + rng.normal(scale=1.5)
        cells = "-,cracked" if run == 17 else f"{strength:.1f},"
        lines.append(f"{run},{heat},{hold},{pressure},{route},{cells}")
    again = lines[8].partition(",")[2]
    return "\n".join([*lines, f"{len(lines)},{again}"]) + "\n"


def _past(data: Path) -> None:
    """The table with its mapping, and a replay of it that is done."""
    place = data / "history" / "sintering (synthetic)"
    place.mkdir(parents=True)
    table = place / "synthetic-sintering.csv"
    table.write_text(past_table(), encoding="utf-8")
    (place / "mapping.yaml").write_text(import_table([table]).text, encoding="utf-8")
    folder = data / "replays" / place.name
    planners = ["kyoso", "gp-ei", "random"]
    request = {"source": str(place), "planners": planners, "seeds": 10, "budget": 25}
    background.begin(folder, request)
    while (now := background.standing(folder)).state == "running":
        time.sleep(0.5)
    if now.state != "done":
        raise RuntimeError(now.message)


def _drive(settings: Settings, store: Store, campaign: Campaign) -> None:
    lab = open_laboratory(settings, store, campaign)
    store.campaigns.add(campaign, author="Aki", at=utc_now())
    drive(lab, campaign.name, turns=40)


def _approve(store: Store, name: str, most: int) -> None:
    waiting = [t for t in store.snapshot(name).trials if t.state is TrialState.PROPOSED]
    for trial in waiting[:most]:
        store.trials.decide(
            name, trial.number, version=trial.version, verdict=Verdict.APPROVED, author="Aki",
            at=utc_now(),
        )  # fmt: skip
