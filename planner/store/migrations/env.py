"""Alembic's environment. The program migrates when it opens a database (planner.store.engine).

Developers: ``KYOSO_DATABASE=sqlite:///x.db alembic -c planner/store/migrations/alembic.ini
revision --autogenerate -m "what changes"``, then ``SCHEMA`` in planner.store.engine.
"""

import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from planner.store.schema import METADATA, InUtc


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Revisions name plain SQLAlchemy types, so that old ones stay readable."""
    if kind == "type" and isinstance(item, InUtc):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with sa.create_engine(os.environ["KYOSO_DATABASE"]).begin() as opened:
        migrate(opened)
