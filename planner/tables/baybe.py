"""BayBE campaigns (``Campaign.to_json``): known when one comes, and never opened.

BayBE keeps measurements as a pickle, and a pickle can run any code.
"""

from collections.abc import Mapping
from typing import Any

NOT_OPENED = (
    "the measurements in this BayBE campaign are a pickle, which can run any code, so they are not "
    "opened; export them there: campaign.measurements.to_csv('measurements.csv', index=False), "
    "then here: kyoso import measurements.csv"
)
_MEASUREMENTS = ("measurements_exp", "_measurements_exp")


def is_baybe(content: Mapping[str, Any]) -> bool:
    """Whether JSON is a BayBE campaign."""
    return "searchspace" in content and any(key in content for key in _MEASUREMENTS)
