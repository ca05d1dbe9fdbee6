"""The tables: each is made of its record and adds keys, so no field stands twice.

Rows are never handed out: ``planner.store.rows`` reads and writes the records themselves.
JSON is kept as text on PostgreSQL too: JSONB would forget the order of parameters.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeAliasType, get_args, get_origin, is_typeddict

import sqlalchemy as sa

from planner.record.decision import Decision
from planner.record.entry import Entry, Time
from planner.record.event import LoggedEvent
from planner.record.job import Artifact, Job
from planner.record.letter import Posted
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignHead, CampaignVersion
from planner.record.trial import Trial

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class InUtc(sa.TypeDecorator[datetime]):
    """A time with its zone. SQLite knows no zones: there it is UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value)


_TYPES: Mapping[Any, type[sa.types.TypeEngine[Any]]] = {
    str: sa.String,
    int: sa.Integer,
    float: sa.Float,
    bool: sa.Boolean,
    date: sa.Date,
    Time: InUtc,
}


def _table(name: str, record: type[Entry], *rules: Any, **special: sa.Column[Any]) -> sa.Table:
    """A table with a column for each field of a record, and its keys; ``special`` columns stand in
    for those that follow from their fields."""
    columns = [
        special[field] if field in special else _column(field, record)
        for field in record.model_fields
    ]
    return sa.Table(name, METADATA, *columns, *rules)


def _column(name: str, record: type[Entry]) -> sa.Column[Any]:
    kind: Any = record.model_fields[name].annotation
    nullable = type(None) in get_args(kind)
    if nullable:
        (kind,) = (part for part in get_args(kind) if part is not type(None))
    return sa.Column(name, _type(name, kind), nullable=nullable)


def _type(name: str, kind: Any) -> sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]:
    if kind in _TYPES:
        return _TYPES[kind]
    if isinstance(kind, TypeAliasType):
        kind = kind.__value__
    if get_origin(kind) is dict or is_typeddict(kind):
        return sa.JSON(none_as_null=True)
    if issubclass(kind, StrEnum):
        words = [item.value for item in kind]
        return sa.Enum(
            kind,
            name=name,
            native_enum=False,
            create_constraint=True,
            length=16,
            values_callable=lambda _: words,
        )
    raise TypeError(f"{name}: no column for {kind!r}")


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _counted(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, primary_key=True)


def _key(*columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns)


def _belongs_to(table: str, *columns: str, to: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"{table}.{column}" for column in to])


CAMPAIGN = _table("campaign", CampaignHead, _key("name"))
CAMPAIGN_VERSION = _table(
    "campaign_version",
    CampaignVersion,
    _key("campaign", "version"),
    _belongs_to("campaign", "campaign", to=("name",)),
)
TRIAL = _table(
    "trial",
    Trial,
    _key("campaign", "number"),
    _belongs_to("campaign_version", "campaign", "campaign_version", to=("campaign", "version")),
    seed=_big("seed", nullable=True),
)
DECISION = _table(
    "decision",
    Decision,
    _key("campaign", "number"),
    _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
    sa.UniqueConstraint("campaign", "trial", "trial_version"),
)
JOB = _table(
    "job",
    Job,
    _key("campaign", "trial", "stage"),
    _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
    sa.Index(None, "campaign", "state"),
)
RESULT = _table(
    "result",
    Result,
    _key("campaign", "number"),
    _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
    _belongs_to("result", "campaign", "supersedes", to=("campaign", "number")),
    sa.UniqueConstraint("campaign", "supersedes"),
    sa.Index(
        "uq_result_first",
        "campaign",
        "trial",
        "outcome",
        unique=True,
        # the migration says the same to PostgreSQL; said here, everybody would load its dialect
        sqlite_where=sa.text("supersedes IS NULL"),
    ),
)
ARTIFACT = _table(
    "artifact",
    Artifact,
    _key("campaign", "trial", "stage", "name"),
    _belongs_to("job", "campaign", "trial", "stage", to=("campaign", "trial", "stage")),
    size=_big("size"),
)
MODEL_VERSION = _table(
    "model_version",
    ModelVersion,
    _key("campaign", "learner", "number"),
    _belongs_to("campaign", "campaign", to=("name",)),
)
EVENT = _table(
    "event",
    LoggedEvent,
    _belongs_to("campaign", "campaign", to=("name",)),
    sa.Index(None, "campaign", "id"),
    id=_counted("id"),
)
OUTBOX = _table(
    "outbox",
    Posted,
    _belongs_to("campaign", "campaign", to=("name",)),
    sa.UniqueConstraint("campaign", "channel", "key"),
    sa.Index(None, "sent_at", "next_at"),
    id=_counted("id"),
)
for _with_ids in (EVENT, OUTBOX):
    _with_ids.dialect_options["sqlite"]["autoincrement"] = True  # ids are never used again
