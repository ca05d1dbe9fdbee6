"""The grain network as a stage: an orientation map becomes outcomes and pictures of a trial."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from executors import from_files
from executors.from_files import FromFiles, Subject, absolute, orders_of
from executors.orientation.boundary_law import LawFile, read_law
from executors.orientation.grain_network import NetworkRequest
from executors.orientation.outcomes import UNITS, examine, whole_maps
from executors.orientation.readers import READERS
from planner.campaign.values import Frozen
from planner.executor import Finished, WorkOrder, read_options

type Network = Callable[[WorkOrder], Finished]
"""Makes outcomes of the maps of an order."""


class MapOptions(Frozen):
    """What is asked of a map."""

    law: LawFile | Path
    """The boundary law: the law itself, or the path of its file (``boundary_law``)."""
    field: float | None = None
    """Tesla, where the law has several conditions."""
    temperature: float | None = None
    """Kelvin, where the law has several conditions."""
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

    @field_validator("law")
    @classmethod
    def _law_stays_where_it_is(cls, given: LawFile | Path) -> LawFile | Path:
        return absolute(given) if isinstance(given, Path) else given

    def network(self, folder: Path, orders: Path) -> Network:
        """What makes outcomes of maps. ValueError: the law cannot be read, or has no such
        condition."""
        law = read_law(self.law, self.field, self.temperature)
        asked = NetworkRequest(
            self.electrodes, self.threshold, self.min_pixels, self.fill, self.angle_error,
            self.draws,
        )  # fmt: skip
        return partial(
            examine, asked, law, self.symmetry, self.spacing, self.pictures, folder, orders
        )


class Options(from_files.Options, MapOptions):
    """Options of the stage, besides those of every computation on files."""


class Orientation(FromFiles):
    """Gives what ``executors.orientation.outcomes`` lists, as far as the stage asks for it.

    Artifacts: the pictures, ``network.json`` with everything that was found, and a dropped map.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        work = told.network(folder, orders_of(told.path, folder))
        super().__init__(folder, subject(told.spacing), work, told)


class MapFolder(Orientation):
    """The same where people bring every map: it is their task to put it into the job's folder.

    The command line and the panel then say that they are waited for, and for what. A map is read at
    once when it is found (``inline``): ``kyoso run``, which ends where it waits for people, would
    never see the answer of another process.
    """

    human = True

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, **{"inline": True} | options)


def subject(spacing: float | None) -> Subject:
    """Orientation maps; several are sections of one solid where their spacing is known."""
    doubt = partial(_which_one, spacing)
    return Subject("orientation map", tuple(READERS), UNITS, doubt)


def _which_one(spacing: float | None, maps: Mapping[str, Path]) -> str | None:
    whole = whole_maps(maps)
    return f"{' and '.join(whole)}: which one holds?" if len(whole) > 1 and not spacing else None
