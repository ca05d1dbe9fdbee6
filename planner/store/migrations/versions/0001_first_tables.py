"""The first tables, and the triggers that keep history as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UNCHANGEABLE = ("event", "decision", "result")


def upgrade() -> None:
    op.create_table(
        "campaign",
        _text("name"),
        _integer("version"),
        _word("status", "active", "paused", "stopped"),
        sa.PrimaryKeyConstraint("name", name="pk_campaign"),
    )
    op.create_table(
        "campaign_version",
        _text("campaign"),
        _integer("version"),
        _json("content"),
        _text("author"),
        _time("at"),
        sa.PrimaryKeyConstraint("campaign", "version", name="pk_campaign_version"),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaign.name"], name="fk_campaign_version_campaign"
        ),
    )
    op.create_table(
        "trial",
        _text("campaign"),
        _integer("number"),
        _word("origin", "planner", "researcher", "imported"),
        _word(
            "state",
            *("proposed", "approved", "running", "completed", "failed", "abandoned", "vetoed"),
        ),
        _integer("version"),
        _integer("campaign_version"),
        _json("point"),
        _text("generator"),
        _text("reason"),
        _json("prediction"),
        _float("feasibility", nullable=True),
        _float("acquisition", nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        _json("packages"),
        _text("author"),
        _time("created_at"),
        _text("message"),
        sa.PrimaryKeyConstraint("campaign", "number", name="pk_trial"),
        sa.ForeignKeyConstraint(
            ["campaign", "campaign_version"],
            ["campaign_version.campaign", "campaign_version.version"],
            name="fk_trial_campaign_campaign_version",
        ),
    )
    op.create_table(
        "decision",
        _text("campaign"),
        _integer("number"),
        _integer("trial"),
        _integer("trial_version"),
        _word("verdict", "approved", "edited", "vetoed"),
        _text("author"),
        _time("at"),
        _text("reason"),
        _json("seen"),
        sa.PrimaryKeyConstraint("campaign", "number", name="pk_decision"),
        _of_trial("decision"),
        sa.UniqueConstraint(
            "campaign", "trial", "trial_version", name="uq_decision_campaign_trial_trial_version"
        ),
    )
    op.create_table(
        "job",
        _text("campaign"),
        _integer("trial"),
        _text("stage"),
        _text("executor"),
        _word("state", "ready", "running", "completed", "failed", "abandoned"),
        _integer("attempt"),
        _integer("fence"),
        _text("holder", nullable=True),
        _time("lease_until", nullable=True),
        _time("due", nullable=True),
        _float("progress", nullable=True),
        _json("as_run", nullable=True),
        _time("created_at"),
        _time("ended_at", nullable=True),
        _text("message"),
        sa.PrimaryKeyConstraint("campaign", "trial", "stage", name="pk_job"),
        _of_trial("job"),
    )
    op.create_index("ix_job_campaign_state", "job", ["campaign", "state"])
    op.create_table(
        "result",
        _text("campaign"),
        _integer("number"),
        _integer("trial"),
        _text("stage"),
        _text("outcome"),
        _float("value"),
        _float("standard_error", nullable=True),
        _text("unit"),
        _text("method"),
        _text("source"),
        _json("as_run", nullable=True),
        _integer("supersedes", nullable=True),
        _text("author"),
        _time("at"),
        _text("reason"),
        sa.PrimaryKeyConstraint("campaign", "number", name="pk_result"),
        _of_trial("result"),
        sa.ForeignKeyConstraint(
            ["campaign", "supersedes"],
            ["result.campaign", "result.number"],
            name="fk_result_campaign_supersedes",
        ),
        sa.UniqueConstraint("campaign", "supersedes", name="uq_result_campaign_supersedes"),
    )
    is_first = sa.text("supersedes IS NULL")
    op.create_index(
        "uq_result_first",
        "result",
        ["campaign", "trial", "outcome"],
        unique=True,
        sqlite_where=is_first,
        postgresql_where=is_first,
    )
    op.create_table(
        "artifact",
        _text("campaign"),
        _integer("trial"),
        _text("stage"),
        _text("name"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _time("at"),
        sa.PrimaryKeyConstraint("campaign", "trial", "stage", "name", name="pk_artifact"),
        sa.ForeignKeyConstraint(
            ["campaign", "trial", "stage"],
            ["job.campaign", "job.trial", "job.stage"],
            name="fk_artifact_campaign_trial_stage",
        ),
    )
    op.create_table(
        "model_version",
        _text("campaign"),
        _text("learner"),
        _integer("number"),
        _time("at"),
        _integer("results"),
        _json("scores"),
        _json("state"),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "learner", "number", name="pk_model_version"),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_model_version_campaign"),
    )
    op.create_table(
        "event",
        _integer("id"),
        _text("campaign"),
        _time("at"),
        _text("kind"),
        _text("author"),
        _integer("trial", nullable=True),
        _json("data"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_event_campaign"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_campaign_id", "event", ["campaign", "id"])
    refuse = _refuse_on_postgresql if op.get_context().dialect.name == "postgresql" else _refuse
    for table in UNCHANGEABLE:
        refuse(table)


def downgrade() -> None:
    raise NotImplementedError("a record is not turned back; restore the backup made before")


def _refuse(table: str) -> None:
    """SQLite: one trigger for each kind of change."""
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def _refuse_on_postgresql(table: str) -> None:
    """PostgreSQL: the same with a function, and TRUNCATE with it."""
    op.execute(
        f"CREATE FUNCTION {table}_unchangeable() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'rows of {table} are never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_unchangeable()"
    )


def _of_trial(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["campaign", "trial"],
        ["trial.campaign", "trial.number"],
        name=f"fk_{table}_campaign_trial",
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _integer(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _float(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def _word(name: str, *allowed: str) -> sa.Column[str]:
    words = sa.Enum(*allowed, name=name, native_enum=False, create_constraint=True, length=16)
    return sa.Column(name, words, nullable=False)
