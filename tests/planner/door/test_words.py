"""What an error of any library is in a log, or in a list of troubles."""

from typing import Any, Literal
from urllib.error import URLError

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, Field, ValidationError

from planner.door.refused import Refused
from planner.door.words import faults, in_a_line, plainly


class _Bath(BaseModel):
    temperature: float


class _Oven(BaseModel):
    goal: Literal["maximize", "minimize", "none"] = "none"
    zones: int = Field(default=1, ge=1, lt=9)
    gases: tuple[str, ...] = Field(default=("Ar", "N2"), min_length=2)


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ({"goal": "maximise"}, "goal: maximise is not one of maximize, minimize, none (did you mean maximize?)"),
        ({"goal": 7}, "goal: 7 is not one of maximize, minimize, none"),
        ({"goal": None}, "goal: nothing is not one of maximize, minimize, none"),
        ({"zones": 0}, "zones: must be at least 1, not 0"),
        ({"zones": 9}, "zones: must be less than 9, not 9"),
        ({"zones": "many"}, "zones: must be a whole number, not 'many'"),
        ({"gases": ["Ar"]}, "gases: at least 2 are needed, not 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_value_is_told_in_our_words(came: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        _Oven.model_validate(came)
    assert faults(caught.value) == [told]


def _of_pydantic() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        _Bath.model_validate({"temperature": "warm"})
    return caught.value


def _of_a_database() -> sa.exc.SQLAlchemyError:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as db, pytest.raises(sa.exc.OperationalError) as caught:
        db.execute(sa.text("SELECT secret FROM nowhere WHERE secret = :x"), {"x": "hidden"})
    return caught.value


ERRORS = [
    (Refused("is a link"), "Refused: is a link"),
    (ValueError("trial 3:\n  no"), "ValueError: trial 3: no"),
    (_of_pydantic(), "ValidationError: temperature: must be a number, not 'warm'"),
    (_of_a_database(), "OperationalError: no such table: nowhere"),
    (URLError(ConnectionRefusedError(111, "Connection refused")), "URLError: connection refused"),
    (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
]


@pytest.mark.parametrize(("error", "line"), ERRORS, ids=[type(e).__name__ for e, _ in ERRORS])
def test_an_error_is_a_line(error: Exception, line: str) -> None:
    assert in_a_line(error) == line


def test_an_error_of_ours_keeps_its_lines() -> None:
    assert plainly(ValueError("refused:\na")) == "refused:\na"
