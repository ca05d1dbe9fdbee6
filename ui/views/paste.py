"""Conditions that somebody pasted, as they were understood. Pure."""

from collections.abc import Iterable

import pandas as pd

from planner.campaign.campaign import Campaign
from planner.desk.conditions import PastedLine
from ui.views.words import quantity


def row_table(campaign: Campaign, rows: Iterable[PastedLine]) -> pd.DataFrame:
    """The rows as they were understood, and what is wrong with them."""
    shown = [
        {
            "line": row.line,
            "": "✗" if row.problem else "✓",
            **_understood(campaign, row),
            "remark": row.problem or (f"same as trial {row.twin}" if row.twin else ""),
        }
        for row in rows
    ]
    return pd.DataFrame(shown)


def _understood(campaign: Campaign, row: PastedLine) -> dict[str, str]:
    if row.point is None:
        return {name: row.cells.get(name, "") for name in campaign.free}
    return {name: quantity(row.point[name], campaign.unit(name)) for name in campaign.free}
