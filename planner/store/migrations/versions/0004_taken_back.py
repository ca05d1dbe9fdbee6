"""What was decided or said can be taken back, and a job opened again after its end."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

VERDICTS = ("approved", "edited", "vetoed", "taken-back")
COLUMNS = (
    "campaign, number, trial, trial_version, verdict, author, at, reason, seen, scope, "
    "expires, code"
)


def upgrade() -> None:
    op.add_column("job", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    allowed = f"verdict IN ({', '.join(map(repr, VERDICTS))})"
    if op.get_context().dialect.name == "sqlite":
        _replace_decision(allowed)
    else:
        op.drop_constraint(op.f("ck_decision_verdict"), "decision", type_="check")
        op.create_check_constraint("verdict", "decision", allowed)


def downgrade() -> None:
    raise NotImplementedError("a record is not turned back; restore the backup made before")


def _replace_decision(allowed: str) -> None:
    """SQLite cannot change a CHECK: the table is made again, with the triggers that keep it as it
    is (``planner.store.engine`` migrates without foreign keys and checks them afterwards)."""
    made = op.get_bind().scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'decision'")
    )
    triggers = op.get_bind().scalars(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decision'")
    )
    kept = list(triggers)
    before = "verdict IN ('approved', 'edited', 'vetoed')"
    assert made.count(before) == 1
    new = made.replace(before, allowed).replace("decision", "decision_new", 1)
    op.execute(new)
    op.execute(f"INSERT INTO decision_new ({COLUMNS}) SELECT {COLUMNS} FROM decision")
    op.execute("DROP TABLE decision")
    op.execute("ALTER TABLE decision_new RENAME TO decision")
    for trigger in kept:
        op.execute(trigger)
