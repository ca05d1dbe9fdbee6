"""Messages to people, and two more statuses of a campaign: finishing and removed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUSES = ("active", "paused", "finishing", "stopped", "removed")


def upgrade() -> None:
    allowed = f"status IN ({', '.join(map(repr, STATUSES))})"
    if op.get_context().dialect.name == "sqlite":
        _replace_campaign(allowed)
    else:
        op.drop_constraint(op.f("ck_campaign_status"), "campaign", type_="check")
        op.create_check_constraint("status", "campaign", allowed)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.name"], name="fk_outbox_campaign"),
        sa.UniqueConstraint("campaign", "channel", "key", name="uq_outbox_campaign_channel_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_sent_at_next_at", "outbox", ["sent_at", "next_at"])


def downgrade() -> None:
    raise NotImplementedError("a record is not turned back; restore the backup made before")


def _replace_campaign(allowed: str) -> None:
    """SQLite cannot change a CHECK: the table is made again, while nobody looks at foreign keys
    (``planner.store.engine`` migrates without them and checks them afterwards)."""
    op.execute(
        "CREATE TABLE campaign_new (name VARCHAR NOT NULL, version INTEGER NOT NULL, "
        f"status VARCHAR(16) NOT NULL, CONSTRAINT ck_campaign_status CHECK ({allowed}), "
        "CONSTRAINT pk_campaign PRIMARY KEY (name))"
    )
    op.execute("INSERT INTO campaign_new SELECT name, version, status FROM campaign")
    op.execute("DROP TABLE campaign")
    op.execute("ALTER TABLE campaign_new RENAME TO campaign")
