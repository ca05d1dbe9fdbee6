"""Pictures of the panel for the documentation: ``make screenshots``.

The record behind them is made afresh: the synthetic Ba122 example after its first design and one
batch of the model, and a campaign in the hands of people.
"""

import argparse
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from flows import programs
from flows.reach import free_port
from flows.run import drive
from flows.wiring import open_laboratory
from planner.campaign import Campaign, parse_campaign
from planner.laboratory import utc_now
from planner.loop import advance
from planner.settings import Settings, open_record
from planner.store import Store
from planner.trial import State, Verdict
from planner.yaml_file import read_campaign
from scripts.browser import enter, opened

ROOT = Path(__file__).parents[1]
WIDTH = 1400
PAGES = {
    "inbox": ("Inbox", "ba122", 1180),
    "tasks": ("Inbox", "sintering", 900),
    "inject": ("Inject", "ba122", 620),
    "trials": ("Trials", "ba122", 2820),
    "campaign": ("Campaign", "ba122", 1420),
    "audit": ("Audit", "ba122", 900),
}
"""Picture: page, campaign, and the height of the window in pixels."""
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


def main() -> None:
    """Make the record, open the panel, take every picture light and dark."""
    asked = _arguments()
    with TemporaryDirectory() as folder:
        settings = Settings(data=asked.data or Path(folder))
        if not (settings.data / "kyoso.db").exists():
            prepare(settings)
        port = free_port()
        program = programs.panel(settings, port)
        assert program is not None
        log = subprocess.DEVNULL
        with subprocess.Popen(program.command, env=program.environment, stdout=log) as process:
            try:
                while not program.is_well():
                    time.sleep(0.2)
                take(programs.panel_address(port), asked.out, asked.only or list(PAGES))
            finally:
                process.terminate()


def prepare(settings: Settings) -> None:
    """Two campaigns as they stand on some day."""
    with open_record(settings) as store:
        example = read_campaign(ROOT / "examples" / "ba122.yaml")
        _drive(settings, store, example)  # the first design, and proposals of the model
        _approve(store, example.name, 5)
        _drive(settings, store, example)
        people = parse_campaign(BY_HAND)
        store.campaigns.add(people, author="Aki", at=utc_now())
        lab = open_laboratory(settings, store, people)
        advance(lab, people.name)
        _approve(store, people.name, 1)
        advance(lab, people.name)


def _drive(settings: Settings, store: Store, campaign: Campaign) -> None:
    lab = open_laboratory(settings, store, campaign)
    store.campaigns.add(campaign, author="Aki", at=utc_now())
    drive(lab, campaign.name, turns=40)


def _approve(store: Store, name: str, most: int) -> None:
    waiting = [t for t in store.snapshot(name).trials if t.state is State.PROPOSED]
    for trial in waiting[:most]:
        store.trials.decide(
            name, trial.number, version=trial.version, verdict=Verdict.APPROVED, author="Aki",
            at=utc_now(),
        )  # fmt: skip


def take(address: str, out: Path, wanted: list[str]) -> None:
    """Every picture that is wanted, as ``NAME-light.png`` and ``NAME-dark.png``."""
    out.mkdir(parents=True, exist_ok=True)
    with opened() as browser:
        for scheme in ("light", "dark"):
            page = enter(browser, address, "Aki", color_scheme=scheme)
            for name in wanted:
                title, campaign, height = PAGES[name]
                page.set_viewport_size({"width": WIDTH, "height": height})
                _show(page, title, campaign)
                picture = out / f"{name}-{scheme}.png"
                page.screenshot(path=picture)
                _make_small(picture)
                print(picture, flush=True)


def _make_small(picture: Path) -> None:
    """At most 256 colours; this method keeps rare ones, such as a thin green line."""
    colours = Image.open(picture).convert("RGB")
    colours.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        picture, optimize=True
    )


def _show(page: Any, title: str, campaign: str) -> None:
    """Choose the campaign, go to the page, and wait until it rests."""
    chosen = page.get_by_test_id("stSelectbox").first
    if campaign not in chosen.inner_text():
        chosen.locator("input").click()
        page.get_by_role("option", name=campaign, exact=True).click()
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()
    page.wait_for_timeout(4000)  # figures are drawn after the page says that it is done
    page.mouse.move(0, 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--data", type=Path, help="a data folder to keep the record in")
    parser.add_argument("--only", nargs="*", choices=list(PAGES), help="only these pictures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
