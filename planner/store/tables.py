"""The tables: each inherits its record and adds column types and keys, so no field stands twice.

Rows are never made or handed out: ``planner.store.rows`` reads and writes the records themselves.
JSON is kept as text on PostgreSQL too: JSONB would forget the order of parameters.
"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from planner.campaign.values import Point
from planner.record.decision import Decision, Verdict, VetoCode
from planner.record.event import LoggedEvent
from planner.record.job import Artifact, Job, JobState
from planner.record.letter import Posted
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignHead, CampaignStatus, CampaignVersion
from planner.record.trial import Origin, State, Trial

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _json() -> Any:
    return Field(sa_type=sa.JSON(none_as_null=True))


def _big() -> Any:
    return Field(sa_type=sa.BigInteger)


def _enum(kind: type[StrEnum], name: str) -> Any:
    words = [item.value for item in kind]
    column = sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda _: words,
    )
    return Field(sa_type=column)


def _belongs_to(table: str, *columns: str, to: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"{table}.{column}" for column in to])


class CampaignRow(CampaignHead, table=True):
    __tablename__ = "campaign"
    __table_args__ = (sa.PrimaryKeyConstraint("name"),)

    status: CampaignStatus = _enum(CampaignStatus, "status")


class CampaignVersionRow(CampaignVersion, table=True):
    __tablename__ = "campaign_version"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "version"),
        _belongs_to("campaign", "campaign", to=("name",)),
    )

    content: dict[str, Any] = _json()


class TrialRow(Trial, table=True):
    __tablename__ = "trial"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "number"),
        _belongs_to("campaign_version", "campaign", "campaign_version", to=("campaign", "version")),
    )

    point: Point = _json()
    prediction: dict[str, tuple[float, float]] = _json()
    guidance: dict[str, Any] = _json()
    packages: dict[str, str] = _json()
    origin: Origin = _enum(Origin, "origin")
    state: State = _enum(State, "state")
    seed: int | None = _big()


class DecisionRow(Decision, table=True):
    __tablename__ = "decision"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "number"),
        _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
        sa.UniqueConstraint("campaign", "trial", "trial_version"),
    )

    verdict: Verdict = _enum(Verdict, "verdict")
    code: VetoCode | None = _enum(VetoCode, "code")
    scope: dict[str, Any] | None = _json()
    seen: dict[str, Any] = _json()


class JobRow(Job, table=True):
    __tablename__ = "job"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "trial", "stage"),
        _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
        sa.Index(None, "campaign", "state"),
    )

    state: JobState = _enum(JobState, "state")
    as_run: Point | None = _json()


class ResultRow(Result, table=True):
    __tablename__ = "result"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "number"),
        _belongs_to("trial", "campaign", "trial", to=("campaign", "number")),
        _belongs_to("result", "campaign", "supersedes", to=("campaign", "number")),
        sa.UniqueConstraint("campaign", "supersedes"),
        sa.Index(
            "uq_result_first",
            "campaign",
            "trial",
            "outcome",
            unique=True,
            sqlite_where=sa.text("supersedes IS NULL"),
            postgresql_where=sa.text("supersedes IS NULL"),
        ),
    )

    as_run: Point | None = _json()


class ArtifactRow(Artifact, table=True):
    __tablename__ = "artifact"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "trial", "stage", "name"),
        _belongs_to("job", "campaign", "trial", "stage", to=("campaign", "trial", "stage")),
    )

    size: int = _big()


class ModelVersionRow(ModelVersion, table=True):
    __tablename__ = "model_version"
    __table_args__ = (
        sa.PrimaryKeyConstraint("campaign", "learner", "number"),
        _belongs_to("campaign", "campaign", to=("name",)),
    )

    scores: dict[str, float] = _json()
    state: dict[str, Any] = _json()


class EventRow(LoggedEvent, table=True):
    __tablename__ = "event"
    __table_args__ = (
        _belongs_to("campaign", "campaign", to=("name",)),
        sa.Index(None, "campaign", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True)
    data: dict[str, Any] = _json()


class OutboxRow(Posted, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        _belongs_to("campaign", "campaign", to=("name",)),
        sa.UniqueConstraint("campaign", "channel", "key"),
        sa.Index(None, "sent_at", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True)
    content: dict[str, Any] = _json()
