"""Imaging as a stage: a stack of pictures becomes classes, numbers and pictures of a trial; an
orientation map beside it becomes its grain network."""

from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from executors import from_files
from executors.from_files import FromFiles, Subject, absolute, orders_of
from executors.imaging.examination import ImagingRequest, examine
from executors.imaging.mending import check_steps
from executors.imaging.outcomes import units
from executors.imaging.samples import ENDINGS, MAPS, doubt
from executors.imaging.shipped import NAME
from executors.imaging.voxel import read_voxel
from executors.orientation import outcomes as grain_network
from executors.orientation.stage import MapOptions
from planner.executor import read_options

CLASSES = ("matrix", "pore", "impurity")


class Options(from_files.Options):
    """Options of the stage, besides those of every computation on files."""

    voxel: str | None = None
    """Edges of a voxel along z, y and x (``20nm,10nm,10nm``), where the files do not say them."""
    model: str | None = NAME
    """What tells the classes apart until a better one was trained in this campaign: ``simulated``
    (shipped, from SYNTHETIC stacks), or the path of a model file; null: a threshold."""
    classes: tuple[str, ...] = CLASSES
    """The classes that outcomes may be asked of."""
    grains_of: str | None = None
    """The class whose touching particles are told apart."""
    repair: tuple[str, ...] = ()
    """What is mended before, in this order: brightness, light, destriping, alignment."""
    network: MapOptions | None = None
    """With it orientation maps are taken, too: what the executor ``orientation`` is asked."""
    held_out: Path | None = None
    """A folder with a stack and labels that no model learns from: what new models are scored on.
    Without one a fifth of the rows of what was labelled."""
    training_steps: int = Field(default=400, ge=1, le=100_000)
    """Batches from which a model learns where labels come with a stack (``bulk_labels.tif``)."""
    pictures: bool = True

    @field_validator("voxel")
    @classmethod
    def _is_a_voxel(cls, given: str | None) -> str | None:
        return given if given is None or read_voxel(given) else None

    @field_validator("model")
    @classmethod
    def _model_stays_where_it_is(cls, given: str | None) -> str | None:
        return given if given in (None, NAME) else str(absolute(Path(str(given))))

    @field_validator("held_out")
    @classmethod
    def _held_out_stays_where_it_is(cls, given: Path | None) -> Path | None:
        return given and absolute(given)

    @field_validator("repair")
    @classmethod
    def _are_repairs(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        check_steps(given)
        return given

    def request(self) -> ImagingRequest:
        """What is asked of a sample."""
        return ImagingRequest(
            read_voxel(self.voxel) if self.voxel else None,
            self.model,
            self.classes,
            self.grains_of,
            self.repair,
            self.pictures,
            self.held_out,
            self.training_steps,
        )


class Imaging(FromFiles):
    """Gives what ``executors.imaging.outcomes`` lists of its classes; with ``network`` also what
    ``executors.orientation.outcomes`` lists.

    Artifacts: labels, ``quantities.json`` with every number and the method, pictures, and what was
    dropped.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        orders = orders_of(told.path, folder)
        network = told.network.network(folder, orders) if told.network else None
        given = units(told.classes) | (grain_network.UNITS if told.network else {})
        endings = (*ENDINGS, *(MAPS if told.network else ()))
        subject = Subject("image stack", endings, given, doubt)
        work = partial(examine, told.request(), network, folder, orders)
        super().__init__(folder, subject, work, told)


class StackFolder(Imaging):
    """The same where people bring every stack: it is their task to put it into the job's folder.

    The command line and the panel then say that they are waited for, and for what.
    """

    human = True

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, **{"inline": True} | options)
