"""What every record has in common: checked when it is made, frozen afterwards."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _in_utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError("a time needs its zone")
    return time.astimezone(UTC)


type Time = Annotated[datetime, AfterValidator(_in_utc)]
"""A time with its zone, kept in UTC."""


class Entry(BaseModel):
    """Base of the records: validated when made, frozen afterwards. ``planner.store.schema`` makes a
    table of each, so no field is written twice."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)
