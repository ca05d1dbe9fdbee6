"""Puts the parts together: the store, the executors and the learners of a campaign."""

import os
import socket
from pathlib import Path
from uuid import uuid4

from planner.campaign.campaign import Campaign, Review
from planner.door.whole import sweep
from planner.executor import Executor, build_executor
from planner.learner import installed_learners
from planner.loop.laboratory import Laboratory
from planner.settings import Settings, open_record, private_folder
from planner.store import Store

__all__ = ["Settings", "executors_of", "open_laboratory", "open_record", "swept"]
_LOOKED_AFTER = ("files", "prefect")
"""Folders of the data folder that clean up themselves."""


def open_laboratory(
    settings: Settings, store: Store, campaign: Campaign, review: Review | None = None
) -> Laboratory:
    """Everything a turn of this campaign needs."""
    private_folder(settings, "executors")
    return Laboratory(
        store=store,
        executors=executors_of(campaign, settings.data),
        learners=installed_learners(),
        review=review,
        holder=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}",
    )


def swept(settings: Settings, store: Store) -> int:
    """Remove what programs that were killed have left unfinished in the data folder, once it is
    old: how many files it was."""
    return len(store.files.sweep()) + len(sweep(settings.data, _LOOKED_AFTER))


def executors_of(campaign: Campaign, data: Path) -> dict[str, Executor]:
    """The executor of each stage; each has a folder of its own."""
    return {
        s.name: build_executor(s, data / "executors" / campaign.name / s.name)
        for s in campaign.stages
    }
