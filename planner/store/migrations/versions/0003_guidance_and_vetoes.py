"""How hypotheses moved a proposal, and what a veto teaches: reason code, region, last day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODES = ("unsafe", "impossible", "not-in-stock", "already-known", "not-interesting", "other")


def upgrade() -> None:
    json = sa.JSON(none_as_null=True)
    op.add_column("trial", sa.Column("guidance", json, nullable=False, server_default="{}"))
    op.add_column("decision", sa.Column("scope", json, nullable=True))
    op.add_column("decision", sa.Column("expires", sa.Date(), nullable=True))
    allowed = f"code IN ({', '.join(map(repr, CODES))})"
    if op.get_context().dialect.name == "sqlite":  # it knows no ADD CONSTRAINT
        op.execute(
            "ALTER TABLE decision ADD COLUMN code VARCHAR(16) "
            f"CONSTRAINT ck_decision_code CHECK ({allowed})"
        )
    else:
        op.add_column("decision", sa.Column("code", sa.String(16), nullable=True))
        op.create_check_constraint("code", "decision", allowed)


def downgrade() -> None:
    raise NotImplementedError("a record is not turned back; restore the backup made before")
