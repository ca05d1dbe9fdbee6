"""A person at the bench, who tells results with ``kyoso record``. Nothing is kept here."""

from pathlib import Path

from planner.executor import Answer, Running, WorkOrder


class Manual:
    """Every job is in the hands of people until they record its results. No options."""

    human = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def submit(self, order: WorkOrder) -> None:
        """Nothing to do: open jobs are listed for people anyway."""

    def poll(self, job: str) -> Answer:
        """Always running, also for a job never heard of: people know more than this object."""
        return Running()

    def cancel(self, job: str) -> None:
        """Nothing to do: a cancelled job is no longer listed."""
