"""The laboratories of all campaigns in one long-lived process: executors keep their jobs between
turns, and Ax is imported once."""

import socket
from collections.abc import Callable
from dataclasses import replace

from flows.turns.locks import held
from flows.turns.wiring import executors_of, open_laboratory
from planner.campaign.campaign import Campaign
from planner.executor import Executor
from planner.loop.laboratory import Laboratory
from planner.loop.turn import Turn, advance
from planner.settings import Settings
from planner.store import Store

type Advance = Callable[[str], Turn]
"""Makes one turn of the campaign of that name."""


class Laboratories:
    """Makes turns. Whoever makes one holds the worker's lock, so no other process has its name: a
    job that a killed predecessor held is ours again at once, under a new fence."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._holder = f"{socket.gethostname()}:{settings.data.resolve()}"
        self._known: dict[str, tuple[Campaign, Laboratory]] = {}

    def advance(self, name: str) -> Turn:
        """One turn of a campaign; none while another process is at one."""
        lock = self._settings.data / "run" / "turns" / f"{name}.lock"
        with held(lock) as ours:
            return advance(self._laboratory(name), name) if ours else Turn()

    def _laboratory(self, name: str) -> Laboratory:
        """Built at the first turn; after a revision, with new executors where stages changed."""
        campaign = self._store.campaigns.get(name)
        if name not in self._known:
            lab = open_laboratory(self._settings, self._store, campaign)
            self._known[name] = campaign, replace(lab, holder=self._holder)
        before, lab = self._known[name]
        if before.stages != campaign.stages:
            lab = replace(lab, executors=self._revised(before, campaign, lab))
            self._known[name] = campaign, lab
        return lab

    def _revised(
        self, before: Campaign, campaign: Campaign, lab: Laboratory
    ) -> dict[str, Executor]:
        fresh = executors_of(campaign, self._settings.data)
        kept = {s.name for s in campaign.stages if s in before.stages}
        return {n: lab.executors[n] if n in kept else executor for n, executor in fresh.items()}
