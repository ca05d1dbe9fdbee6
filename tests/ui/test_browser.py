"""One story in a real browser: the panel as its own process, live refreshes, two people."""

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from flows.cli.panel import panel_command
from planner.laboratory import Laboratory
from planner.loop import advance
from planner.trial import State, Trial, Verdict
from tests.laboratory import decide, inject
from ui import desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture
def address(lab: Laboratory) -> Iterator[str]:
    """Where a panel on the laboratory's record answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(panel_command(port), stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
def browser() -> Iterator[Any]:
    """Debian's chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def test_a_day_at_the_panel(
    browser: Any, address: str, lab: Laboratory, propose: Callable[..., Trial], tmp_path: Any
) -> None:
    task = inject(lab.store, lab.campaign("test"), T=650, x=1)
    decide(lab.store, task, Verdict.APPROVED)
    advance(lab, "test")  # trial 1 is in the hands of people
    for temperature in (700, 710, 720):
        propose(temperature)
    aki, mika = _enter(browser, address, "Aki"), _enter(browser, address, "Mika")

    aki.get_by_role("button", name="Approve", exact=True).first.click()
    aki.get_by_text("trial 2 is approved").wait_for()
    assert lab.store.trials.get("test", 2).state is State.APPROVED

    mika.get_by_role("button", name="Approve", exact=True).first.click()  # still sees trial 2
    mika.get_by_text("approved by Aki").wait_for()

    aki.get_by_role("button", name="Veto", exact=True).first.click()
    reason = aki.get_by_role("textbox", name="In your words")
    for word in ("the ", "die ", "cannot ", "stand ", "it"):  # over several live refreshes
        reason.press_sequentially(word)
        propose(730)
        time.sleep(2)
    aki.get_by_text("5 new proposals").wait_for()
    assert reason.input_value() == "the die cannot stand it"
    aki.get_by_role("button", name="Veto trial 3").click()
    aki.get_by_text("trial 3 is vetoed").wait_for()
    assert lab.store.trials.get("test", 3).message == "the die cannot stand it"

    photo = tmp_path / "pellet.txt"
    photo.write_text("a picture")
    mika.get_by_role("textbox", name="density").fill("81.5")
    mika.locator("input[type=file]").set_input_files(photo)
    mika.get_by_text("pellet.txt").wait_for()
    mika.get_by_role("button", name="Hand in").click()
    mika.get_by_text("making of trial 1 is stored").wait_for()
    (result,) = lab.store.snapshot("test").results
    assert (result.value, result.author) == (81.5, "Mika")
    assert [file.name for file in desk.artifacts_of(lab.store, "test", 1)] == ["pellet.txt"]


def _enter(browser: Any, address: str, name: str) -> Any:
    """A page of its own in which somebody has told the name."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(40_000)
    page.goto(address, wait_until="domcontentloaded")
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="To decide").wait_for()
    return page


def _wait_for(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError(url)
