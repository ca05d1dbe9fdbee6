"""Opening a database, SQLite or PostgreSQL, and bringing it up to date. Its transactions.

The only place that knows which of the two it is, apart from the triggers in ``migrations``.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json

from planner.record.status import CampaignHead
from planner.store.rows import NotFound, StoreError, first, table_of

SCHEMA = "0004"
"""The newest revision in ``migrations``: what this program reads and writes."""
MIGRATIONS = "planner.store:migrations"
"""Where they lie, as Alembic names a folder of a package."""
_PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_HOW_IT_COMES = {"psycopg": ": pip install 'kyoso[postgres]'"}
"""How drivers that are extras are installed."""
_MIGRATION_LOCK = 5_079_276  # any number, the same in every process


class Database:
    """Opens transactions. Who changes a campaign locks its row first, so changes come in turn."""

    def __init__(self, url: str) -> None:
        self._place = place_of(url)
        with self._errors_named():
            self.engine = _engine(sa.make_url(url))
        try:
            with self._errors_named():
                _bring_up_to_date(self.engine, sa.make_url(url))
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees the database as it is at one moment, and stops nobody."""
        options: dict[str, Any] = {"reads": True}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with (
            self._errors_named(),
            self.engine.execution_options(**options).connect() as db,
            db.begin(),
        ):
            yield db

    @contextmanager
    def write(self, campaign: str) -> Iterator[sa.Connection]:
        """A transaction in which nobody else changes this campaign; an error undoes it."""
        with self.begin() as db:
            get_head(db, campaign, lock=True)
            yield db

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction that may write, in which no campaign is locked yet."""
        with self._errors_named(), self.engine.begin() as db:
            yield db

    def faults(self) -> list[str]:
        """Damage that the database itself finds (SQLite; PostgreSQL checks as it goes)."""
        if self.engine.dialect.name != "sqlite":
            return []
        with self.read() as db:
            damage = [str(line) for line in db.scalars(sa.text("PRAGMA integrity_check"))]
            strays = db.execute(sa.text("PRAGMA foreign_key_check")).all()
        return [line for line in damage if line != "ok"] + [f"stray row: {row}" for row in strays]

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        """What is wrong with the database, not with what is stored, becomes a StoreError."""
        try:
            yield
        except sa.exc.IntegrityError:
            raise
        except ModuleNotFoundError as error:
            raise StoreError(
                f"the database {self._place} needs the package {error.name}, which is not "
                f"installed{_HOW_IT_COMES.get(str(error.name), '')}"
            ) from error
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(f"the database {self._place} cannot be used: {_why(error)}") from error


def holds_record(url: str) -> bool:
    """Whether there is anything behind the URL; a server is taken at its word."""
    try:
        known = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreError(f"the database {place_of(url)} cannot be used: {error}") from error
    if known.get_backend_name() != "sqlite" or not known.database:
        return True
    file = Path(known.database)
    return file.is_file() and file.stat().st_size > 0


def place_of(url: str) -> str:
    """Where a database is, without a password: for messages."""
    try:
        known = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # a slip of the pen leaves a password anywhere in it
        return "that KYOSO_DATABASE names"
    is_file = known.get_backend_name() == "sqlite" and known.database
    bare = known.set(query={})  # a password may stand there, too
    return str(known.database) if is_file else bare.render_as_string(hide_password=True)


def _why(error: Exception) -> str:
    """What the driver says, or the error itself; the first line."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def get_head(db: sa.Connection, name: str, *, lock: bool = False) -> CampaignHead:
    """The campaign's row, with ``lock`` held until the transaction ends; or NotFound."""
    head = first(db, CampaignHead, lock=lock, name=name)
    if head is None:
        raise no_campaign(db, name)
    return head


def no_campaign(db: sa.Connection, name: str) -> NotFound:
    """The complaint that there is none of this name, with those that there are."""
    names = ", ".join(statuses(db))
    return NotFound(f"no campaign {name!r}; there {'are ' + names if names else 'is none'}")


def statuses(db: sa.Connection) -> dict[str, str]:
    """The status of every campaign by name, as it is stored: one that cannot be loaded has a name
    too."""
    heads = table_of(CampaignHead)
    status = sa.type_coerce(heads.c.status, sa.String)
    return {name: word for name, word in db.execute(sa.select(heads.c.name, status))}


def _engine(url: sa.URL, pragmas: Sequence[str] = _PRAGMAS) -> sa.Engine:
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        json_serializer=partial(json.dumps, ensure_ascii=False, allow_nan=False),
        json_deserializer=from_json,  # three times as fast as the one of the standard library
        connect_args={"isolation_level": None} if is_sqlite else {},
        pool_pre_ping=not is_sqlite,
    )
    if is_sqlite:
        sa.event.listen(engine, "connect", partial(_set_pragmas, pragmas))
        sa.event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(pragmas: Sequence[str], connection: Any, _: Any) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(db: sa.Connection) -> None:
    """Who may write takes the lock at once: two that upgrade later would block each other."""
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get("reads") else "BEGIN IMMEDIATE")


def _bring_up_to_date(engine: sa.Engine, url: sa.URL) -> None:
    """Migrate in one transaction. SQLite makes a table anew to change it, which foreign keys would
    refuse: they are off meanwhile, and checked before anything is kept."""
    with engine.connect() as db:
        if _revision(db) == SCHEMA:
            return
    if engine.dialect.name == "postgresql":
        with engine.begin() as db:
            db.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            _migrate(db)
        return
    bare = _engine(url, pragmas=_PRAGMAS[:-1])
    try:
        with bare.begin() as db:
            _migrate(db)
            if strays := db.execute(sa.text("PRAGMA foreign_key_check")).all():
                raise StoreError(f"the database {url.database} holds stray rows: {strays[:3]}")
    finally:
        bare.dispose()


def _revision(db: sa.Connection) -> str | None:
    """The revision of the database; None for an empty one."""
    if not sa.inspect(db).has_table("alembic_version"):
        return None
    revision: str | None = db.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def _migrate(db: sa.Connection) -> None:
    """Bring the database to ``SCHEMA``, within the transaction of the caller."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", MIGRATIONS)
    place, revision = place_of(str(db.engine.url)), _revision(db)
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if revision not in (None, *known):
        raise ValueError(
            f"the database {place} was written by a newer Kyoso (its revision is {revision}; this "
            f"one knows it up to {SCHEMA}); update Kyoso, or open another database"
        )
    try:
        command.upgrade(config, "head")
    except Exception as error:  # whatever a revision stumbles over
        raise StoreError(
            f"the database {place} could not be brought up to date, from revision "
            f"{revision or 'none'} to {SCHEMA}; it is as it was: {_why(error)}"
        ) from error
