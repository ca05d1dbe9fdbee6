"""The base of everything people write: a value that is frozen and checks itself."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

type Value = bool | int | float | str
type Point = dict[str, Value]
"""Values for all parameters of a campaign, by name, in the units of the campaign."""


class Frozen(BaseModel):
    """Unknown fields, NaN and infinity are refused; nothing changes after construction."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def shown(value: object) -> str:
    """A value as people write it: ``12.5``, ``SPS``, ``{T: 600, route: SPS}``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    return str(value)
