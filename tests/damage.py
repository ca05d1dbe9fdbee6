"""Damage to one campaign of a record, as no program of ours does it."""

import sqlite3
from contextlib import closing
from pathlib import Path

DAMAGES = {
    "version": "UPDATE campaign SET version = 99 WHERE name = :name",
    "content": "UPDATE campaign_version SET content = json_set(content, '$.budget.trials', -1) "
    "WHERE campaign = :name",
    "status": "UPDATE campaign SET status = 'dreaming' WHERE name = :name",
    "name": "UPDATE campaign_version SET content = json_set(content, '$.name', 'another') "
    "WHERE campaign = :name",
    "head": "UPDATE campaign SET version = 'abc' WHERE name = :name",
    "event": "UPDATE event SET data = '[1]' WHERE campaign = :name",
    "trial": "UPDATE trial SET state = 'dreaming' WHERE campaign = :name",
    "point": "UPDATE trial SET point = '[1]' WHERE campaign = :name",
}
"""By what is wrong afterwards; ``point`` and ``trial`` want a campaign with trials."""


def damage(database: Path, name: str, what: str) -> None:
    """Damage a campaign in an SQLite file, past all that guards it."""
    with closing(sqlite3.connect(database)) as db, db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f'DROP TRIGGER "{trigger}"')
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(DAMAGES[what], {"name": name})
