"""From a folder of stacks with labels to a model file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from executors.imaging.model_file import write_model
from executors.imaging.readers.look import AS_IT_IS, ReadingChoice
from executors.imaging.shipped import NAME, model_called
from executors.imaging.training_pairs import Pair, read_pairs
from executors.imaging.voxel import Given
from models.imaging.licences import NOT_SAID, check_shippable

if TYPE_CHECKING:
    from models.imaging.unet.examples import Example
    from models.imaging.unet.model import SegmentationModel
    from models.imaging.unet.training import Progress

START_NEW = "nothing"
FINE_TUNING = 1.5e-3
"""Greatest step of a weight that has learned already; less, or more changes, learned less."""


@dataclass(frozen=True)
class TrainingOrder:
    """What a person asks for."""

    folder: Path
    out: Path
    start: str = NAME
    """A model file, ``simulated`` for the one that is shipped, ``nothing`` for random weights."""
    kind: str = "2.5-D"
    """Of a network that starts from nothing."""
    steps: int = 400
    seed: int = 0
    names: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    shippable: bool = False
    held_out: str | None = None
    """The name of a stack; None: as ``held_back`` chooses."""
    unlabelled: int | None = None
    voxel: Given | None = field(default=None)
    reading: ReadingChoice = AS_IT_IS
    """Of the stacks; labels follow their voxels."""


def train(order: TrainingOrder, progress: "Progress | None" = None) -> dict[str, Any]:
    """Write the model and say how good it is. ValueError says what forbids it, before training."""
    from models.imaging.unet.examples import example, held_back
    from models.imaging.unet.learning import learn
    from models.imaging.unet.training import Plan

    start = model_called(None if order.start == START_NEW else order.start)
    licences = order.licences or (NOT_SAID,)
    if order.shippable:
        check_shippable((*licences, *(start.origin.licences if start else ())))
    pairs = read_pairs(order.folder, order.voxel, order.names, order.unlabelled, order.reading)
    examples = [example(pair.stack.grey, pair.classes, pair.name) for pair in pairs]
    learned, held, told = _parted(examples, order.held_out) or held_back(examples)
    model = learn(
        learned, held, told, pairs[0].names,
        Plan(steps=order.steps, seed=order.seed, rate=FINE_TUNING if start else Plan.rate),
        architecture=_architecture(order, len(pairs[0].names)), start=start, licences=licences,
        shippable=order.shippable, voxel_m=pairs[0].voxel_m, progress=progress,
    )  # fmt: skip
    write_model(order.out, model)
    return report(model, pairs)


def report(model: "SegmentationModel", pairs: Sequence[Pair]) -> dict[str, Any]:
    """What was learned from, and how good it is."""
    scores = model.scores
    return {
        "method": model.name,
        "version": model.version,
        "classes": list(model.names),
        "trained_on": list(model.origin.trained_on),
        "started_from": model.origin.started_from or None,
        "held_out": scores.held_out,
        "mean_iou": scores.mean_iou,
        "iou": dict(scores.iou),
        "calibration_error": dict(scores.calibration_error),
        "log_loss": scores.log_loss,
        "log_loss_of_class_shares": scores.share_log_loss,
        "licence": list(model.origin.licences),
        "shippable": model.origin.shippable,
        "notes": sorted({note for pair in pairs for note in pair.notes}),
    }


def _architecture(order: TrainingOrder, classes: int) -> Any:
    from models.imaging.unet.architecture import Architecture

    return Architecture(classes, order.kind, neighbours=2 if order.kind == "2.5-D" else 0)


def _parted(
    examples: Sequence["Example"], name: str | None
) -> "tuple[list[Example], list[Example], str] | None":
    """All but one stack, and that one; None where none was named."""
    if name is None:
        return None
    rest = [part for part in examples if part.name != name]
    if len(rest) == len(examples) or not rest:
        told = ", ".join(part.name for part in examples)
        raise ValueError(f"--held-out {name}: one of several stacks, which are {told}")
    return rest, [part for part in examples if part.name == name], f"stack {name}"
