"""A step of a campaign's pipeline."""

from typing import Annotated, Any

from pydantic import Field

from planner.campaign.values import Frozen


class Stage(Frozen):
    """A step of the pipeline, and who carries it out."""

    name: Annotated[str, Field(pattern=r"^[\w][\w\-]{0,63}$")]
    executor: str
    after: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    due_days: float | None = Field(default=None, gt=0)
    """Days until a person's task is due; only a reminder."""
    options: dict[str, Any] = Field(default_factory=dict)
    """What the executor wants to know, for example a folder. See the executor's documentation."""
