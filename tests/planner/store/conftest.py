"""A real database for every test: an SQLite file, and one in a PostgreSQL cluster of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.store import Store, open_store
from tests import postgres
from tests.planner.store.bench import NOON, Bench, campaign


@pytest.fixture(scope="session")
def up_to_date(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database that holds empty tables: to copy it is quicker than to make them."""
    with postgres.database(postgres_server) as url:
        open_store(url, tmp_path_factory.mktemp("files")).close()
        yield str(sa.make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kyoso.db"
        return
    server, template = map(request.getfixturevalue, ("postgres_server", "up_to_date"))
    with postgres.database(server, template) as url:
        yield url


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(url, tmp_path / "files") as opened:
        opened.campaigns.add(campaign(), "mika", NOON)
        yield opened


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)
