"""A folder between people: work orders go in as files, results come back as files.

Who does the work needs no account and no program but an editor: a technician, another laboratory,
an instrument that writes files. ``executors.people.reply`` says what a result file holds.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from executors.files import (
    answer_kept,
    is_cancelled,
    job_folder,
    keep_order,
    mark_cancelled,
    write_whole,
)
from executors.people.order import work_order
from executors.people.reply import RESULTS, answer, read_reply
from planner.campaign.values import Frozen
from planner.door.bounds import ARTIFACT
from planner.door.files import Inside, below, check_file, listed
from planner.door.refused import about
from planner.executor import Answer, Running, WorkOrder, read_options


class Options(Frozen):
    """Options of the stage."""

    path: Path | None = None
    """Where ``orders/`` is, for example on a shared drive; by default in the data folder."""
    settle: float = Field(default=2.0, ge=0, le=3600)
    """Seconds for which the files of a job must rest before they are read."""

    @field_validator("path")
    @classmethod
    def _stays_where_it_is(cls, path: Path | None) -> Path | None:
        if path is not None and not path.expanduser().is_absolute():
            raise ValueError(f"{str(path)!r} must be absolute, such as /mnt/laboratory")
        return path and path.expanduser()


class Folder:
    """Writes ``orders/<job>/order.yaml`` and waits for a result file next to it.

    Options: ``path``, ``settle``. Other files in the job's folder become its artifacts. A result
    that cannot be read or understood is never taken in part: the job goes on running with a note
    that says what is wrong. While ``path`` cannot be reached jobs wait, and no order is lost.
    """

    human = True

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.options = read_options(Options, options)
        self._sizes: dict[str, list[tuple[str, int]]] = {}

    def submit(self, order: WorkOrder) -> None:
        """Keep the order and show it, now or as soon as the folder can be reached."""
        keep_order(self._known(order.job), order)
        self.poll(order.job)

    def poll(self, job: str) -> Answer:
        """The answer of the result file, or a note on what is waited for."""
        return answer_kept(self._known(job), self._place(job), self._look)

    def cancel(self, job: str) -> None:
        """Rename the order, so that nobody begins it."""
        mark_cancelled(self._known(job))
        shown = self._place(job) / "order.yaml"
        if is_cancelled(self._known(job)) and shown.exists():
            shown.rename(shown.with_name("order.cancelled.yaml"))

    def _known(self, job: str) -> Path:
        return job_folder(self.folder / "jobs", job)

    def _place(self, job: str) -> Path:
        return job_folder(self._orders, job)

    @property
    def _orders(self) -> Path:
        return (self.options.path or self.folder) / "orders"

    def _look(self, order: WorkOrder) -> Answer:
        place = self._place(order.job)
        files, odd = listed(below(place, self._orders), deep=True)
        results = [file for file in files if file.path.parent == place and file.name in RESULTS]
        if not results:
            self._show(order, place / "order.yaml")
            return Running(note="; ".join([f"waiting for {RESULTS[0]} in {place}", *odd]))
        if len(results) > 1:
            return Running(note=f"{' and '.join(r.name for r in results)}: which one holds?")
        if not self._rests(order.job, files):
            return Running(note=f"{results[0].name} has just come; waiting until the files rest")
        try:
            return answer(read_reply(results[0], order), order, _artifacts(place, files))
        except ValueError as error:
            return Running(note=f"{results[0].name}: {error}")

    def _show(self, order: WorkOrder, path: Path) -> None:
        if self.options.path and not self.options.path.is_dir():
            raise FileNotFoundError(2, "cannot be reached")
        if not path.exists():
            write_whole(path, work_order(order))

    def _rests(self, job: str, files: Sequence[Inside]) -> bool:
        """Whether nothing changed for ``settle`` seconds, nor since the last look."""
        stats = {str(file.path): file.path.lstat() for file in files}
        sizes = [(name, stat.st_size) for name, stat in sorted(stats.items())]
        before, self._sizes[job] = self._sizes.get(job, sizes), sizes
        ages = [abs(time.time() - stat.st_mtime) for stat in stats.values()]
        return before == sizes and min(ages) >= self.options.settle


def _artifacts(place: Path, files: Sequence[Inside]) -> dict[str, Inside]:
    """All files of a job but the order, the result and what editors leave behind. ValueError names
    one that is too large to be kept."""
    own = {*RESULTS, "order.yaml"}
    named = {file.path.relative_to(place).as_posix(): file for file in files}
    kept = {
        name: file
        for name, file in named.items()
        if name not in own
        and not file.name.startswith((".", "~"))
        and not file.name.endswith(("~", ".tmp", ".part", ".swp"))
    }
    for name, file in kept.items():
        with about(name):
            check_file(file, ARTIFACT)
    return kept
