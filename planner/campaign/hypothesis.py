"""What a researcher claims, as values. One idea is under all kinds: what a claim says about a
point, between 0 (nothing good here) and 1. Belief, evidence, picture and text follow from it.

A kind is one file; here is which kinds there are: our own, and those of plug-ins.
"""

import logging
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated, Any

from pydantic import SerializeAsAny, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticKnownError

from planner.campaign.hypotheses.avoid import Avoid
from planner.campaign.hypotheses.candidates import Candidates
from planner.campaign.hypotheses.claim import Claim
from planner.campaign.hypotheses.near import Near
from planner.campaign.hypotheses.region import Region
from planner.campaign.hypotheses.trend import Trend
from planner.campaign.values import shown

LOG = logging.getLogger(__name__)
GROUP = "kyoso.hypotheses"
OWN: tuple[type[Claim], ...] = (Near, Region, Trend, Avoid, Candidates)


@cache
def kinds() -> Mapping[str, type[Claim]]:
    """All kinds that can be used, by name. A plug-in that cannot be loaded is left out, which the
    log tells."""
    found = {name_of(kind): kind for kind in OWN}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            found |= {entry.name: _loaded(entry, found)}
        except Exception as error:  # whatever the import of somebody else's code can raise
            LOG.warning("the kind of hypothesis %r (%s) is left out: %s",
                        entry.name, entry.value, error)  # fmt: skip
    return found


def name_of(kind: type[Claim]) -> str:
    """How files call a kind. TypeError where it does not say."""
    field = kind.model_fields.get("kind")
    if field is None or not isinstance(field.default, str):
        raise TypeError(f"{kind.__name__} has no field 'kind' with its name")
    return field.default


def _loaded(entry: EntryPoint, known: Mapping[str, Any]) -> type[Claim]:
    kind = entry.load()
    if not (isinstance(kind, type) and issubclass(kind, Claim)):
        raise TypeError("it is no Claim")
    if entry.name != name_of(kind):
        raise TypeError(f"it calls itself {name_of(kind)!r}")
    if entry.name in known:
        raise TypeError("there is another of that name")
    return kind


def _read(given: Any, _: ValidatorFunctionWrapHandler) -> Claim:
    """A claim of the kind that it names. ValueError lists the kinds."""
    if isinstance(given, Claim):
        return given
    if not isinstance(given, Mapping):
        raise PydanticKnownError("model_attributes_type")
    kind = given.get("kind", "nothing")
    if not isinstance(kind, str) or kind not in kinds():
        known = f"'kind' must be one of {', '.join(sorted(kinds()))}, not {shown(kind)}"
        raise ValueError(known)
    return kinds()[kind].model_validate(dict(given))


type Hypothesis = Annotated[SerializeAsAny[Claim], WrapValidator(_read)]
"""A structured claim, as it stands in a campaign file."""

__all__ = [
    "GROUP", "OWN", "Avoid", "Candidates", "Claim", "Hypothesis", "Near", "Region", "Trend",
    "kinds", "name_of",
]  # fmt: skip
