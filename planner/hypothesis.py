"""A researcher's structured claim. Kept with the campaign; the planner does not weigh it yet."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from planner.values import Frozen


class Hypothesis(Frozen):
    """Who claims what, how strongly, and why. The claim's own fields depend on its kind."""

    model_config = ConfigDict(extra="allow")

    kind: Literal["near", "region", "trend", "avoid", "candidates"]
    author: str
    because: str = ""
    strength: float = Field(default=0.5, ge=0, le=1)
    start: date | None = None
    expiry: date | None = None
