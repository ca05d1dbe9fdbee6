"""A browser on a record that is evil in all its words fetches nothing, and shows no link."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.reach import answers, free_port
from planner.loop.laboratory import Laboratory
from scripts.browser import enter, opened, why_no_browser
from tests.server import KYOSO
from tests.ui.hostile import HERE
from tests.ui.hostile_record import hostile_laboratory
from ui.parts.frame import LIVE_SECONDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
]
PAGES = ("Inbox", "Inject", "Hypotheses", "Trials", "Campaign", "Audit", "Start", "Replay")
TAKEN = f"a[href*='{HERE}'], img[src*='{HERE}'], image[href*='{HERE}']"


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[str]:
    """The address of a panel on the record."""
    lab: Laboratory = hostile_laboratory(tmp_path)
    lab.store.close()
    port = free_port()
    command = [*KYOSO, "panel", "--data", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(command, env=os.environ | {"KYOSO_DATA": str(tmp_path)}) as process:
        until = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert time.monotonic() < until
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_no_page_fetches_or_links(panel: str) -> None:
    with opened() as browser:
        page = enter(browser, panel, "Aki")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for title in PAGES:
            page.get_by_role("link", name=title, exact=True).click()
            page.get_by_role("heading", name=title, exact=True).wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)
            assert page.locator(TAKEN).count() == 0, title
        assert [
            url for url in asked if not url.startswith((panel, panel.replace("http", "ws")))
        ] == []


def test_a_table_is_taken_along_after_the_page_has_refreshed_itself(panel: str) -> None:
    with opened() as browser:
        page = enter(browser, panel, "Aki")
        page.get_by_role("link", name="Audit", exact=True).click()
        button = page.get_by_test_id("stDownloadButton").get_by_role("button").first
        button.wait_for()
        page.wait_for_timeout(1000 * (LIVE_SECONDS + 2))
        for _ in range(2):
            with page.expect_download() as download:
                button.click()
            assert download.value.suggested_filename == "test-decisions-synthetic.csv"
            head, *rows = download.value.path().read_text(encoding="utf-8").splitlines()
            assert head.startswith("decision,at (UTC),trial,version,verdict,by,reason,saw")
            assert rows
