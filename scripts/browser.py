"""Opens the system's chromium (Debian: ``apt install chromium``) through Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # it runs as root in containers, and sees only our own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def why_no_browser() -> str:
    """What is missing for a browser; nothing where all is there."""
    if _chromium() is None:
        return "chromium is not installed (Debian: apt install chromium; or set KYOSO_CHROMIUM)"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed; run make setup"
    return ""


@contextmanager
def opened() -> Iterator[Any]:
    """A browser, closed at the end. RuntimeError says what is missing."""
    if missing := why_no_browser():
        raise RuntimeError(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


def enter(browser: Any, address: str, name: str, **context: Any) -> Any:
    """A page of its own in which somebody has told the name."""
    page = browser.new_context(
        **{"viewport": {"width": 1400, "height": 1000}, **context}
    ).new_page()
    page.set_default_timeout(40_000)
    page.goto(address, wait_until="domcontentloaded")
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Somebody else").wait_for()
    return page


def _chromium() -> str | None:
    given = os.environ.get("KYOSO_CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)
