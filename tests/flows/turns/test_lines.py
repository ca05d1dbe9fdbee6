"""The worker's log: where an error came from, and no values of the record."""

import logging
from io import StringIO

import sqlalchemy as sa

from flows.turns.lines import Lines


def test_a_log_tells_places_and_no_values() -> None:
    log = logging.getLogger("kyoso.test.lines")
    handler = logging.StreamHandler(written := StringIO())
    handler.setFormatter(Lines("%(levelname)s: %(message)s"))
    log.addHandler(handler)
    try:
        _fails({"x": "hid" + "den"})
    except RuntimeError:
        log.exception("turn of %s", "a")
    finally:
        log.removeHandler(handler)
    lines = written.getvalue().splitlines()
    assert lines[0] == "ERROR: turn of a"
    assert f'File "{__file__}"' in written.getvalue()
    assert "OperationalError: no such table: nowhere" in lines
    assert lines[-1] == "RuntimeError: the turn failed"
    assert "hidden" not in written.getvalue()


def _fails(values: dict[str, str]) -> None:
    with sa.create_engine("sqlite://").connect() as db:
        try:
            db.execute(sa.text("SELECT a FROM nowhere WHERE a = :x"), values)
        except sa.exc.OperationalError as error:
            raise RuntimeError("the turn failed") from error
