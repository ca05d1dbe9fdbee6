"""The database itself: brought up to date when opened, and its history cannot be changed."""

import io
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from planner.record.decision import Verdict
from planner.record.job import JobState
from planner.store import CampaignStatus, Conflict, Store, StoreError, open_store
from planner.store.engine import MIGRATIONS, SCHEMA
from planner.store.schema import METADATA
from tests import postgres
from tests.planner.store.bench import NOON, Bench, campaign, field, later


def revisions(db: sa.Connection | None = None) -> Config:
    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", MIGRATIONS)
    return config


def test_the_migrations_make_the_tables_that_the_program_declares(store: Store) -> None:
    with store.database.engine.connect() as db:
        command.check(revisions(db))


def test_the_program_expects_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(revisions()).get_heads() == [SCHEMA]


def test_a_database_keeps_its_record_when_it_is_closed(
    store: Store, bench: Bench, url: str, tmp_path: Path
) -> None:
    bench.running()
    before = store.snapshot("ba122")
    store.close()
    with open_store(url, tmp_path / "files") as again:
        assert again.snapshot("ba122") == before


def test_a_current_database_opens_at_once(store: Store, url: str, tmp_path: Path) -> None:
    start = time.perf_counter()
    open_store(url, tmp_path / "files").close()
    assert time.perf_counter() - start < 0.5


@pytest.fixture
def old(tmp_path: Path) -> sa.Engine:
    """A database of the first revision, with a campaign."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as db:
        command.upgrade(revisions(db), "0001")
        db.execute(sa.text("INSERT INTO campaign VALUES ('ba122', 1, 'paused')"))
        row = {
            "content": json.dumps(campaign().model_dump(mode="json")),
            "at": "2026-01-05 12:00:00",
        }
        db.execute(
            sa.text("INSERT INTO campaign_version VALUES ('ba122', 1, :content, 'mika', :at)"), row
        )
    engine.dispose()
    return engine


def test_a_database_of_the_first_revision_is_brought_up_to_date(
    old: sa.Engine, tmp_path: Path
) -> None:
    """With its history, its foreign keys, and the statuses that came later."""
    with open_store(str(old.url), tmp_path / "files") as store:
        assert store.campaigns.status("ba122") is CampaignStatus.PAUSED
        store.campaigns.set_status("ba122", CampaignStatus.FINISHING, "mika", NOON)
        Bench(store).proposed()
        assert store.check() == []
        with pytest.raises(sa.exc.IntegrityError), store.database.begin() as db:
            db.execute(sa.text("DELETE FROM campaign"))


@pytest.mark.parametrize(
    "error",
    [
        CommandError("no such head"),
        sa.exc.OperationalError("CREATE INDEX", {}, Exception("disk I/O error")),
        KeyError("a slip"),
    ],
)
def test_a_migration_that_fails_leaves_all_as_it_was_and_says_so(
    old: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It is not taken for a database of a newer program."""

    def fail(*_: object, **__: object) -> None:
        raise error

    def everything() -> list[str]:
        with closing(sqlite3.connect(str(old.url.database))) as db:
            return list(db.iterdump())

    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_index", fail)  # of 0002, after it replaced a table
        with pytest.raises(
            StoreError, match="not be brought up to date, from revision 0001"
        ) as told:
            open_store(str(old.url), tmp_path / "files")
    assert "newer" not in str(told.value)
    assert f"to {SCHEMA}; it is as it was: " in str(told.value)
    assert everything() == before
    with open_store(str(old.url), tmp_path / "files") as store:
        assert store.campaigns.names() == ["ba122"]


def test_what_postgresql_is_told_names_the_constraint_that_is_there(tmp_path: Path) -> None:
    """Read, not run: alembic puts a naming convention on names that have it already."""
    told = io.StringIO()
    options = {"as_sql": True, "output_buffer": told, "target_metadata": METADATA}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    scripts = ScriptDirectory.from_config(revisions())
    with Operations.context(context):
        for script in reversed(list(scripts.walk_revisions())):
            script.module.upgrade()
    made, dropped = (
        told.getvalue().find(f"{verb} CONSTRAINT ck_campaign_status") for verb in ("ADD", "DROP")
    )
    assert 0 < dropped < made


def test_a_database_of_a_newer_program_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    with store.database.engine.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ValueError, match=r"written by a newer Kyoso .* update Kyoso"):
        open_store(url, tmp_path / "files")


@pytest.mark.parametrize("table", ["event", "decision", "result"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET author = 'nobody'"])
def test_history_refuses_to_be_changed(bench: Bench, table: str, statement: str) -> None:
    bench.store.jobs.report(bench.running(), [field()], None, "virtual", NOON)
    with (
        pytest.raises(sa.exc.DBAPIError, match=f"rows of {table} are never changed"),
        bench.store.database.engine.begin() as db,
    ):
        db.execute(sa.text(statement.format(table)))


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    with (
        open_store(f"sqlite:///{tmp_path}/new/folder/kyoso.db", tmp_path) as store,
        store.database.read() as db,
    ):
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [db.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
    assert values == ["wal", 2, 1, 15000]


def test_a_snapshot_is_of_one_moment_and_waits_for_nobody(bench: Bench) -> None:
    bench.proposed()
    with bench.store.database.write("ba122"):
        assert len(bench.store.snapshot("ba122").trials) == 1


def test_of_many_reviewers_one_decides(bench: Bench) -> None:
    bench.proposed()

    def decide(who: int) -> bool:
        try:
            bench.store.trials.decide(
                "ba122", 1, version=1, verdict=Verdict.APPROVED, author=f"r{who}", at=NOON
            )
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(decide, range(8))) == 1
    assert len(bench.store.snapshot("ba122").decisions) == 1


def test_many_claimers_and_planners_get_in_nobodys_way(bench: Bench) -> None:
    job = bench.ready()

    def work(who: int) -> bool:
        bench.proposed()
        claimed = bench.store.jobs.claim(job, f"loop-{who}", later(5), NOON)
        if claimed is not None:
            bench.store.jobs.finish(
                claimed, JobState.COMPLETED, author="x", at=NOON, measurements=[field()]
            )
        return claimed is not None

    with ThreadPoolExecutor(8) as loops:
        assert sum(loops.map(work, range(8))) == 1
    record = bench.store.snapshot("ba122")
    assert [trial.number for trial in record.trials] == [*range(1, 10)]
    assert len(record.results) == 1


def test_many_may_add_the_same_new_campaign(store: Store) -> None:
    with ThreadPoolExecutor(8) as people:
        added = people.map(
            lambda who: store.campaigns.add(campaign("mgb2"), f"r{who}", NOON), range(8)
        )
    assert [*added] == [1] * 8
    assert len(store.events.list("mgb2")) == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/kyoso.db"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as url:
        yield url


def test_processes_that_start_together_share_one_new_database(empty: str, tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from planner.store import open_store;"
        f"print(open_store({empty!r}, Path({str(tmp_path)!r})).campaigns.names())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0] for process in started] == ["[]\n"] * 2


def test_a_damaged_database_and_a_missing_driver_are_named(tmp_path: Path) -> None:
    file = tmp_path / "kyoso.db"
    file.write_bytes(b"no database" * 500)
    with pytest.raises(StoreError, match=r"kyoso.db cannot be used: file is not a database"):
        open_store(f"sqlite:///{file}", tmp_path)
    with pytest.raises(StoreError, match=r"needs the package pymssql") as error:
        open_store("mssql+pymssql://u:secret@host/d", tmp_path)
    assert "secret" not in str(error.value)


def test_where_the_driver_of_postgresql_is_missing_it_is_said_how_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"psycopg.*pip install 'kyoso\[postgres\]'") as error:
        open_store("postgresql://u:secret@host/d", tmp_path)
    assert "secret" not in str(error.value)
