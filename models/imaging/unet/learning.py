"""From labelled stacks to a model: train, calibrate and score where nothing was learned."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.imaging.licences import check_shippable, together
from models.imaging.segmentation.scores import scored
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.calibration import calibrated
from models.imaging.unet.examples import Example
from models.imaging.unet.fractions import fraction_errors
from models.imaging.unet.inference import Inference
from models.imaging.unet.model import (
    HeldOutScores,
    ModelOrigin,
    SegmentationModel,
    carried_over,
    weights_of,
)
from models.imaging.unet.network import UNet, built
from models.imaging.unet.training import Plan, Progress, fit
from models.imaging.volume import UNLABELLED, Greys, LabelledVolume, Probabilities, Voxel


def learn(
    learned: Sequence[Example], held: Sequence[Example], held_out: str, names: tuple[str, ...],
    plan: Plan, *, architecture: Architecture | None = None, start: SegmentationModel | None = None,
    licences: Sequence[str] = (), shippable: bool = False, voxel_m: Voxel | None = None,
    progress: Progress | None = None,
) -> SegmentationModel:  # fmt: skip
    """The model after the last step. ``start``: what it goes on from, architecture and all.

    ValueError where it shall be shippable and its data forbid it: before any work is done.
    """
    all_licences = together(licences, start.origin.licences if start else ())
    if shippable:
        check_shippable(all_licences)
    shape = architecture or Architecture(len(names))
    network = carried_over(start, names, plan.seed) if start else built(shape, plan.seed)
    fit(network, learned, plan, progress)
    origin = ModelOrigin(
        all_licences, shippable, tuple(part.name for part in learned),
        start.name if start else "", plan.seed, plan.steps,
    )  # fmt: skip
    version = (start.version if start else 0) + 1
    return finished(network, held, held_out, names, origin, version, voxel_m)


def finished(
    network: UNet, held: Sequence[Example], held_out: str, names: tuple[str, ...],
    origin: ModelOrigin, version: int, voxel_m: Voxel | None,
) -> SegmentationModel:  # fmt: skip
    """Calibrated and scored on what was held out."""
    running = Inference(network)
    scores = [running.whole(part.grey, part.view) for part in held]
    logits, classes = _known(scores, held)
    fitted = calibrated(logits, classes)
    shares = [fitted.probabilities(part) for part in scores]
    errors = fraction_errors([(s, p.classes) for s, p in zip(shares, held, strict=True)])
    return SegmentationModel(
        version, names, network.architecture, fitted, errors,
        score(fitted.probabilities(logits), classes, names, held_out), origin, voxel_m,
        weights_of(network),
    )  # fmt: skip


def scores_on(model: SegmentationModel, held: Sequence[Example], held_out: str) -> HeldOutScores:
    """How a model does on examples that it did not learn from."""
    running = Inference(model.network())
    logits, classes = _known([running.whole(part.grey, part.view) for part in held], held)
    return score(model.calibration.probabilities(logits), classes, model.names, held_out)


def score(
    shares: Greys, classes: NDArray[np.uint8], names: tuple[str, ...], held_out: str
) -> HeldOutScores:
    """Of probabilities (class, voxel) against classes (voxel,)."""
    line = (1.0, 1.0, 1.0)  # voxels in a row: scores know no neighbours
    found = Probabilities(shares[:, None, None], names, line)
    told = scored(found, LabelledVolume(classes[None, None], names, line))
    return HeldOutScores(
        held_out, dict(told.iou), told.mean_iou, dict(told.calibration_error), told.log_loss,
        told.share_log_loss,
    )  # fmt: skip


def _known(scores: Sequence[Greys], held: Sequence[Example]) -> tuple[Greys, NDArray[np.uint8]]:
    """Scores (class, voxel) and classes (voxel,) of all labelled voxels."""
    masks = [part.classes != UNLABELLED for part in held]
    logits = [score[:, mask] for score, mask in zip(scores, masks, strict=True)]
    classes = [part.classes[mask] for part, mask in zip(held, masks, strict=True)]
    return np.concatenate(logits, axis=1), np.concatenate(classes)
