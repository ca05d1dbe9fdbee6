"""A computation on the files of a sample: those of an earlier stage of its trial (somebody uploaded
them there), or what is dropped into the job's folder.

A file that cannot be read is never taken in part: the job goes on running with a note that says
what is wrong, and waits for a better one.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from pydantic import Field, field_validator

from executors.computation import pool
from executors.files import answer_kept, job_folder, keep_order, mark_cancelled, write_whole
from executors.people.order import work_order
from planner.door.files import Inside, below, listed
from planner.door.refused import Refused
from planner.executor import LEARNED, Abandoned, Answer, Lost, Running, WorkOrder


class Options(pool.Options):
    """Options of such a stage, besides those of every computation."""

    path: Path | None = None
    """Where ``orders/`` is, into which files are dropped; by default in the data folder."""
    settle: float = Field(default=2.0, ge=0, le=3600)
    """Seconds for which a dropped file must rest before it is read."""

    @field_validator("path")
    @classmethod
    def _stays_where_it_is(cls, given: Path | None) -> Path | None:
        return given and absolute(given)


def absolute(path: Path) -> Path:
    """The path, with ``~`` replaced. ValueError where it would depend on who runs."""
    if not path.expanduser().is_absolute():
        raise ValueError(f"{str(path)!r} must be absolute, such as /mnt/microscope")
    return path.expanduser()


@dataclass(frozen=True)
class Subject:
    """What the files are of which a stage makes outcomes."""

    thing: str
    """One of them, as people say it: ``orientation map``."""
    endings: tuple[str, ...]
    """Of the files that are taken, in small letters."""
    units: Mapping[str, str] = field(repr=False)
    """What is given, and in which unit."""
    doubt: Callable[[Mapping[str, Path]], str | None]
    """A question that the files leave open (``a.ctf and b.ctf: which one holds?``), or None."""

    @property
    def named(self) -> str:
        """With its article."""
        return f"a{'n' * (self.thing[0] in 'aeiou')} {self.thing}"

    @property
    def invitation(self) -> str:
        """What stands on top of an order."""
        return (
            f"# Put the {self.thing} of this sample into this folder: {', '.join(self.endings)}.\n"
            "# It is read as soon as it rests; what is wrong with it is said where the job is\n"
            '# shown, and a better one may take its place. "measure" below is what will be taken\n'
            "# from it.\n\n"
        )

    def takes(self, name: str) -> bool:
        """Whether a file of this name is one; hidden ones are what programs leave behind."""
        return name.lower().endswith(self.endings) and not name.startswith(".")


class FromFiles:
    """Shows where files may be dropped, waits until they rest, and has them computed."""

    human = False

    def __init__(
        self, folder: Path, subject: Subject, work: pool.Compute, options: Options
    ) -> None:
        self.folder, self.subject, self.options = folder, subject, options
        self._pool = pool.Computation(folder, work, options)
        self._tasks: dict[str, str] = {}
        """The task of the pool that each job waits for."""

    def check(self, order: WorkOrder) -> None:
        """ValueError where an outcome is not given here."""
        given = self.subject.units
        if unknown := [name for name in order.gives if name not in given]:
            raise ValueError(f"{unknown[0]!r} is not given here, but {', '.join(given)}")

    def submit(self, order: WorkOrder) -> None:
        """Keep the order and show where a file may be dropped."""
        self.check(order)
        keep_order(self._known(order.job), order)
        self.poll(order.job)

    def poll(self, job: str) -> Answer:
        """What the files say, or what is waited for."""
        return answer_kept(self._known(job), self._place(job), self._answer)

    def cancel(self, job: str) -> None:
        """Never answer the job with anything but that it was cancelled."""
        mark_cancelled(self._known(job))
        self._pool.cancel(self._tasks.get(job, job))

    def close(self) -> None:
        """End all processes."""
        self._pool.close()

    def _known(self, job: str) -> Path:
        return job_folder(self.folder / "jobs", job)

    def _place(self, job: str) -> Path:
        return job_folder(orders_of(self.options.path, self.folder), job)

    def _answer(self, order: WorkOrder) -> Answer:
        place = self._place(order.job)
        try:
            fresh, odd = self._dropped(place)
        except Refused as error:
            return Running(note=f"{place} {error}")
        files = fresh or self._handed_on(order.files)
        if not files:
            self._show(order, place / "order.yaml")
            endings = ", ".join(self.subject.endings)
            wanted = f"waiting for {self.subject.named} ({endings}) in {place}"
            return Running(note="; ".join([wanted, *odd]))
        if (question := self.subject.doubt(files)) is not None:
            return Running(note=question)
        if any(not self._rests(path) for path in fresh.values()):
            return Running(note=f"{next(iter(files))} has just come; waiting until it rests")
        return self._computed(order, files)

    def _dropped(self, place: Path) -> tuple[dict[str, Path], list[str]]:
        """The files in a folder by name, and what there is no plain file, in words."""
        files, odd = listed(below(place, orders_of(self.options.path, self.folder)))
        return {f.name: f.path for f in files if self.subject.takes(f.name)}, odd

    def _handed_on(self, files: Mapping[str, str]) -> dict[str, Path]:
        """The files that earlier stages left, by name; the last one of a name holds."""
        found = {n.rpartition("/")[2]: Path(path) for n, path in files.items() if not _learned(n)}
        return {name: path for name, path in sorted(found.items()) if self.subject.takes(name)}

    def _rests(self, path: Path) -> bool:
        return abs(time.time() - path.lstat().st_mtime) >= self.options.settle

    def _computed(self, order: WorkOrder, files: Mapping[str, Path]) -> Answer:
        """The answer of the computation; another file, or the same one changed, is a new task."""
        task = _task(order, files)
        if self._tasks.get(order.job, task.job) != task.job:
            self._pool.cancel(self._tasks[order.job])
        self._tasks[order.job] = task.job
        answer = self._pool.poll(task.job)
        if isinstance(answer, Lost):
            self._pool.submit(task)
            answer = self._pool.poll(task.job)
        if isinstance(answer, Abandoned) and answer.why.startswith(
            ("ValueError", "Refused", "FileNotFoundError")
        ):
            why = answer.why.partition(": ")[2]
            better = f"a better {self.subject.thing.split()[-1]}"
            return Running(note=f"{why}; {better} may be put into {self._place(order.job)}")
        return answer

    def _show(self, order: WorkOrder, path: Path) -> None:
        if self.options.path and not self.options.path.is_dir():
            raise FileNotFoundError(2, "cannot be reached")
        if not path.exists():
            write_whole(path, work_order(order, self.subject.invitation))


def _task(order: WorkOrder, files: Mapping[str, Path]) -> WorkOrder:
    """The order of a computation on these files, as they are now, and on what was learned."""
    stats = [(name, path.lstat()) for name, path in files.items()]
    state = repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
    key = f"{order.job}#{sha256(state.encode()).hexdigest()[:12]}"
    learned = {name: path for name, path in order.files.items() if _learned(name)}
    return replace(order, job=key, files={n: str(p) for n, p in files.items()} | learned)


def _learned(name: str) -> bool:
    return name.startswith(LEARNED)


def orders_of(path: Path | None, folder: Path) -> Path:
    """Where people drop files, a folder for each job."""
    return (path or folder) / "orders"


def sources(order: WorkOrder, orders: Path) -> dict[str, Path | Inside]:
    """The files of a task by name. No link is followed among those dropped into ``orders``."""
    paths = {name: Path(path) for name, path in order.files.items() if not _learned(name)}
    return {n: below(p, orders) if p.is_relative_to(orders) else p for n, p in paths.items()}


def to_keep(files: Mapping[str, Path | Inside]) -> dict[str, Path | Inside]:
    """Dropped files are kept with the trial; stored ones, which have no ending, are so already."""
    return {name: file for name, file in files.items() if Path(file.name).suffix}
