"""What a person's visit keeps from one run of a page to the next; it goes with the visit."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from planner.store.events import Events
from ui.views.tables import event_table


def kept[*Of, T](name: str, make: Callable[[*Of], T], *of: *Of) -> T:
    """What ``make`` gives for these, made anew only where they are others than at the last run.

    Nobody may change what comes back.
    """
    key = f"kept:{name}"  # no widget has such a key
    before = st.session_state.get(key)
    if before is None or before[0] != of:
        before = st.session_state[key] = of, make(*of)
    made: T = before[1]
    return made


class EventLog:
    """The events of a campaign as a table, newest first. They are only ever added, so none is read
    twice; a row of the table needs a twentieth of the memory of the event itself."""

    def __init__(self, events: Events, campaign: str) -> None:
        self._events = events
        self._campaign = campaign
        self._last = 0
        self.table = event_table([])
        self.faults: tuple[str, ...] = ()
        """What is wrong with those that cannot be read; oldest first."""

    def read_on(self) -> None:
        """Take in what is new."""
        part = self._events.part(self._campaign, self._last)
        if part.events:
            known = [] if self.table.empty else [self.table]
            self.table = pd.concat([event_table(part.events), *known], ignore_index=True)
        self.faults += part.faults
        self._last = part.last
