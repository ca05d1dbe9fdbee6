"""A real database for every test: an SQLite file, and PostgreSQL where KYOSO_TEST_POSTGRES is set.

For example ``KYOSO_TEST_POSTGRES=postgresql+psycopg://postgres@127.0.0.1/postgres``.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from planner.store import Store, open_store
from tests.planner.store.bench import NOON, Bench, campaign


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kyoso.db"
        return
    server = os.environ.get("KYOSO_TEST_POSTGRES")
    if not server:
        pytest.skip("KYOSO_TEST_POSTGRES is not set")
    schema = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(server)
    with engine.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {schema}"))
    yield f"{server}?options=-csearch_path={schema}"
    with engine.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(url, tmp_path / "files") as opened:
        opened.campaigns.add(campaign(), "mika", NOON)
        yield opened


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)
