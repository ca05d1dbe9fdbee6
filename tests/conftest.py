"""Settings for all tests: one thread for each process, how hard hypothesis tries, and what may be
skipped."""

import logging
import os
from collections.abc import Generator, Iterator

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy or torch is imported

import pytest
from hypothesis import settings

from tests import postgres

pytest.register_assert_rewrite("executors.testing")  # contracts show the values they compared
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

NEVER_SKIPPED = ("browser", "fem")
"""Stories that a build machine (CI) must see; at a desk they are skipped where a part is missing."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On a build machine a story that was skipped has failed."""
    report = yield
    must_be_seen = any(map(item.get_closest_marker, NEVER_SKIPPED))
    if os.environ.get("CI") and report.skipped and must_be_seen and not _is_opt_in(item):
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI asks for it: {report.longrepr}"
    return report


def _is_opt_in(item: pytest.Item) -> bool:
    return item.get_closest_marker("opt_in") is not None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL cluster for as long as the tests run: the URL of its first database."""
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.cluster(*postgres.NOT_FOR_KEEPS) as url:
        yield url


@pytest.fixture(autouse=True)
def _the_core_may_speak() -> Iterator[None]:
    """The command line silences it, in this process too where a test runs a command here."""
    core = logging.getLogger("planner")
    before = core.level
    yield
    core.setLevel(before)
