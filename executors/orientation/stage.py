"""The grain network as a stage: an orientation map becomes outcomes and pictures of a trial.

The map is a file of an earlier stage of the trial (somebody uploaded it there), or one that is
dropped into the job's folder. A file that cannot be read is never taken in part: the job goes on
running with a note that says what is wrong, and waits for a better one.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from executors.computation import pool
from executors.files import answer_kept, job_folder, keep_order, mark_cancelled, write_whole
from executors.orientation.boundary_law import LawFile, read_law
from executors.orientation.grain_network import NetworkRequest
from executors.orientation.outcomes import UNITS, examine, whole_maps
from executors.orientation.readers import READERS
from executors.people.order import work_order
from planner.door.files import Inside, below, listed
from planner.door.refused import Refused
from planner.executor import Abandoned, Answer, Lost, Running, WorkOrder, read_options


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    law: LawFile | Path
    """The boundary law: the law itself, or the path of its file (``boundary_law``)."""
    field: float | None = None
    """Tesla, where the law has several conditions."""
    temperature: float | None = None
    """Kelvin, where the law has several conditions."""
    path: Path | None = None
    """Where ``orders/`` is, into which maps are dropped; by default in the data folder."""
    settle: float = Field(default=2.0, ge=0, le=3600)
    """Seconds for which a dropped map must rest before it is read."""
    electrodes: tuple[str, str] = ("left", "right")
    threshold: float = Field(default=5.0, gt=0, lt=180)
    """Degrees above which points belong to different grains."""
    min_pixels: int = Field(default=10, ge=1)
    fill: float = Field(default=1.5, ge=0)
    """Points by which grains grow into gaps before boundaries are taken."""
    angle_error: float = Field(default=0.5, ge=0)
    """Degrees by which a measured angle is off (standard deviation)."""
    draws: int = Field(default=200, ge=2)
    symmetry: str | None = None
    """In the place of what the files say: a rotation group or Laue class (422, 4/mmm, mmm, ...)."""
    spacing: float | None = Field(default=None, gt=0)
    """Metres between serial sections: all maps of a job are one then, in the order of names."""
    pictures: bool = True
    """Draw them: most of the seconds that a map takes."""

    @field_validator("path", "law")
    @classmethod
    def _stays_where_it_is(cls, given: LawFile | Path | None) -> LawFile | Path | None:
        if not isinstance(given, Path):
            return given
        if not given.expanduser().is_absolute():
            raise ValueError(f"{str(given)!r} must be absolute, such as /mnt/microscope")
        return given.expanduser()

    def question(self) -> NetworkRequest:
        """What is asked of a map."""
        return NetworkRequest(
            self.electrodes,
            self.threshold,
            self.min_pixels,
            self.fill,
            self.angle_error,
            self.draws,
        )


HOW_TO_ANSWER = f"""\
# Put the orientation map of this sample into this folder: {", ".join(READERS)}.
# It is read as soon as it rests; what is wrong with it is said where the job is shown, and a better
# one may take its place. "measure" below is what will be taken from it.

"""


class Orientation:
    """Gives what ``executors.orientation.outcomes`` lists, as far as the stage asks for it.

    Artifacts: the pictures, ``network.json`` with everything that was found, and a dropped map.
    """

    human = False

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        self.options = read_options(Options, options)
        told = self.options
        law = read_law(told.law, told.field, told.temperature)
        work = partial(
            examine, told.question(), law, told.symmetry, told.spacing, told.pictures, folder,
            orders_of(told.path, folder),
        )  # fmt: skip
        self._pool = pool.Computation(folder, work, told)
        self._tasks: dict[str, str] = {}
        """The task of the pool that each job waits for."""

    def check(self, order: WorkOrder) -> None:
        """ValueError where an outcome is not given here."""
        if unknown := [name for name in order.gives if name not in UNITS]:
            raise ValueError(f"{unknown[0]!r} is not given here, but {', '.join(UNITS)}")

    def submit(self, order: WorkOrder) -> None:
        """Keep the order and show where a map may be dropped."""
        self.check(order)
        keep_order(self._known(order.job), order)
        self.poll(order.job)

    def poll(self, job: str) -> Answer:
        """What the map says, or what is waited for."""
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
        return job_folder(self._orders, job)

    @property
    def _orders(self) -> Path:
        return orders_of(self.options.path, self.folder)

    def _answer(self, order: WorkOrder) -> Answer:
        place = self._place(order.job)
        try:
            fresh, odd = dropped(below(place, self._orders))
        except Refused as error:
            return Running(note=f"{place} {error}")
        maps = fresh or handed_on(order.files)
        if not maps:
            self._show(order, place / "order.yaml")
            wanted = f"waiting for an orientation map ({', '.join(READERS)}) in {place}"
            return Running(note="; ".join([wanted, *odd]))
        if len(whole_maps(maps)) > 1 and self.options.spacing is None:
            return Running(note=f"{' and '.join(whole_maps(maps))}: which one holds?")
        if any(not self._rests(path) for path in fresh.values()):
            return Running(note=f"{next(iter(maps))} has just come; waiting until it rests")
        return self._computed(order, maps)

    def _rests(self, path: Path) -> bool:
        return abs(time.time() - path.lstat().st_mtime) >= self.options.settle

    def _computed(self, order: WorkOrder, maps: Mapping[str, Path]) -> Answer:
        """The answer of the computation; another file, or the same one changed, is a new task."""
        stats = [(name, path.lstat()) for name, path in maps.items()]
        state = repr([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
        files = {name: str(path) for name, path in maps.items()}
        key = f"{order.job}#{sha256(state.encode()).hexdigest()[:12]}"
        task = replace(order, job=key, files=files)
        if self._tasks.get(order.job, key) != key:
            self._pool.cancel(self._tasks[order.job])
        self._tasks[order.job] = key
        answer = self._pool.poll(task.job)
        if isinstance(answer, Lost):
            self._pool.submit(task)
            answer = self._pool.poll(task.job)
        if isinstance(answer, Abandoned) and answer.why.startswith(
            ("ValueError", "Refused", "FileNotFoundError")
        ):
            why = answer.why.partition(": ")[2]
            return Running(note=f"{why}; a better map may be put into {self._place(order.job)}")
        return answer

    def _show(self, order: WorkOrder, path: Path) -> None:
        if self.options.path and not self.options.path.is_dir():
            raise FileNotFoundError(2, "cannot be reached")
        if not path.exists():
            write_whole(path, work_order(order, HOW_TO_ANSWER))


class MapFolder(Orientation):
    """The same where people bring every map: it is their task to put it into the job's folder.

    The command line and the panel then say that they are waited for, and for what. A map is read at
    once when it is found (``inline``): ``kyoso run``, which ends where it waits for people, would
    never see the answer of another process.
    """

    human = True

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, **{"inline": True} | options)


def orders_of(path: Path | None, folder: Path) -> Path:
    """Where people drop maps, a folder for each job."""
    return (path or folder) / "orders"


def dropped(place: Inside) -> tuple[dict[str, Path], list[str]]:
    """The files of maps in a folder by name, and what there is no plain file, in words."""
    files, odd = listed(place)
    return {f.name: f.path for f in files if f.path.suffix.lower() in READERS}, odd


def handed_on(files: Mapping[str, str]) -> dict[str, Path]:
    """The files of maps that earlier stages left, by name; the last one of a name holds."""
    found = {name.rpartition("/")[2]: Path(path) for name, path in files.items()}
    return {n: p for n, p in sorted(found.items()) if Path(n).suffix.lower() in READERS}
