"""The base of everything people write: a value that is frozen and checks itself."""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

type Value = bool | int | float | str
type Point = dict[str, Value]
"""Values for all parameters of a campaign, by name, in the units of the campaign."""


class Frozen(BaseModel):
    """Unknown fields, NaN and infinity are refused; nothing changes after construction."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


def plain_data(value: BaseModel) -> dict[str, Any]:
    """A value as it is written in JSON: its fields in order, without those that were not said."""
    return value.model_dump(mode="json", by_alias=True, exclude_unset=True)


def shown(value: object) -> str:
    """A value as people write it: ``12.5``, ``SPS``, ``{T: 600, route: SPS}``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    return str(value)


def counted(n: int, what: str, more: str = "") -> str:
    """A number of things, with their plural (``more``) where there is not one."""
    return f"{n} {what if n == 1 else more or what + 's'}"


def with_spread(mean: float, sd: float) -> str:
    """A mean with as many digits as its standard deviation supports.

    >>> with_spread(0.64031, 0.2512), with_spread(12345.6, 210.0), with_spread(4, 0)
    ('0.64 ± 0.25', '12350 ± 210', '4 ± 0')
    """
    if not (sd > 0 and math.isfinite(sd) and math.isfinite(mean)):
        return f"{mean:.4g} ± {sd:.2g}"
    last = math.floor(math.log10(float(f"{sd:.1e}"))) - 1
    if not -6 <= last <= 3:
        return f"{mean:.4g} ± {sd:.2g}"
    digits = max(0, -last)
    return f"{round(mean, -last):.{digits}f} ± {round(sd, -last):.{digits}f}"
