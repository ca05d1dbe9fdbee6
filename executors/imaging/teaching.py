"""A model that goes on learning from what a person labelled, scored where nobody learned."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from executors.imaging.model_file import write_model
from executors.imaging.shipped import model_called
from executors.imaging.training import FINE_TUNING
from executors.imaging.training_pairs import Pair, read_pair, read_pairs
from executors.imaging.voxel import Given

if TYPE_CHECKING:
    from models.imaging.unet.examples import Example

LICENCE = "own"
"""Of what people of the laboratory labelled."""


@dataclass(frozen=True)
class Teaching:
    """What there is to learn from, and from where."""

    stack: Path
    labels: Path
    held_out: Path | None
    """A folder with a stack and labels that nobody learns from; None: a fifth of the rows."""
    start: str | None
    """A model file, ``simulated``, or None: random weights."""
    classes: tuple[str, ...]
    voxel: Given | None
    steps: int
    seed: int
    name: str
    """Of the stack, so that what is held out of it is told from that of another."""


@dataclass(frozen=True)
class Taught:
    """A new version of a model, and how it does beside the one before on the same voxels."""

    model: Path
    held_out: str
    mean_iou: float
    mean_iou_before: float | None
    """None where there was none, or it knew other classes."""

    @property
    def is_better(self) -> bool:
        """Whether it does at least as well."""
        return self.mean_iou_before is None or self.mean_iou >= self.mean_iou_before


def teach(asked: Teaching, to: Path) -> Taught:
    """Train, write the model, and compare. ValueError names a file that does not fit."""
    from models.imaging.unet.learning import learn, scores_on
    from models.imaging.unet.training import Plan

    start = model_called(asked.start)
    pair = read_pair(asked.stack, asked.labels, asked.voxel, asked.classes)
    learned, held, told = _parts(asked, pair)
    model = learn(
        learned, held, told, pair.names,
        Plan(steps=asked.steps, seed=asked.seed, rate=FINE_TUNING if start else Plan.rate),
        start=start, licences=(LICENCE,), voxel_m=pair.voxel_m,
    )  # fmt: skip
    write_model(to, model)
    comparable = start is not None and start.names == model.names
    before = scores_on(start, held, told).mean_iou if start and comparable else None
    return Taught(to, told, model.scores.mean_iou, before)


def _parts(asked: Teaching, pair: Pair) -> "tuple[list[Example], list[Example], str]":
    """What is learned from, what is held out, and how that is called."""
    from models.imaging.unet.examples import example, held_back

    learned = [example(pair.stack.grey, pair.classes, asked.name)]
    if asked.held_out is None:
        some, rest, told = held_back(learned)
        return some, rest, f"{told}, of {asked.name}"
    kept = read_pairs(asked.held_out, None, asked.classes)
    held = [example(part.stack.grey, part.classes, part.name) for part in kept]
    return learned, held, f"{asked.held_out.name}: {', '.join(part.name for part in kept)}"
