"""Pictures of the panel for the documentation: ``make screenshots``.

The record behind them is made afresh; see ``sample_record``.
"""

import argparse
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from flows.reach import free_port
from flows.server import programs
from planner.settings import Settings
from scripts.browser import enter, opened
from scripts.sample_record import past_table, prepare

ROOT = Path(__file__).parents[1]
WIDTH = 1400
PAGES = {
    "inbox": ("Inbox", "ba122", 1180),
    "tasks": ("Inbox", "sintering", 900),
    "inject": ("Inject", "ba122", 620),
    "hypotheses": ("Hypotheses", "ba122", 1245),
    "trials": ("Trials", "ba122", 2820),
    "campaign": ("Campaign", "ba122", 1420),
    "audit": ("Audit", "ba122", 900),
    "import": ("Import", "ba122", 1250),
    "replay": ("Replay", "ba122", 1425),
}
"""Picture: page, campaign, and the height of the window in pixels."""


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
    if title == "Import":
        table = past_table().encode()
        page.locator("input[type=file]").first.set_input_files(
            {"name": "synthetic-sintering.csv", "mimeType": "text/csv", "buffer": table}
        )
        page.get_by_role("button", name="Keep table").wait_for()
    page.wait_for_timeout(1000)  # until a run has begun
    page.locator("[data-test-script-state='notRunning']").wait_for(timeout=120_000)
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
