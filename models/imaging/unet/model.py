"""A trained network with all that must stay beside it: names, calibration, scores, licences."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from models.imaging.unet.architecture import Architecture
from models.imaging.unet.calibration import ScoreCalibration
from models.imaging.unet.fractions import FractionError
from models.imaging.unet.greys import view_of
from models.imaging.unet.inference import Inference
from models.imaging.unet.network import UNet, built
from models.imaging.volume import ImageStack, Probabilities, Voxel

type Weights = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class HeldOutScores:
    """How a model did where it had not learned."""

    held_out: str
    """Which part of the data that was."""
    iou: Mapping[str, float]
    """Of each class that truth or model has."""
    mean_iou: float
    calibration_error: Mapping[str, float]
    log_loss: float
    share_log_loss: float
    """Of one who knows the shares of the classes only."""


@dataclass(frozen=True)
class ModelOrigin:
    """Where a model comes from."""

    licences: tuple[str, ...]
    """Of all data that trained it, also of the model that it started from."""
    shippable: bool
    trained_on: tuple[str, ...]
    started_from: str
    """The name of a model, or nothing."""
    seed: int
    steps: int


@dataclass(frozen=True, eq=False)
class SegmentationModel:
    """A segmenter: the contract of all methods, with its numbers beside it."""

    version: int
    """Counts up with each training that goes on from another."""
    names: tuple[str, ...]
    architecture: Architecture
    calibration: ScoreCalibration
    errors: tuple[FractionError, ...]
    scores: HeldOutScores
    origin: ModelOrigin
    voxel_m: Voxel | None
    """Of the data that trained it; None where their files did not say."""
    weights: Weights = field(repr=False)

    @property
    def name(self) -> str:
        """For reports."""
        return f"U-Net {self.architecture.kind}, version {self.version}"

    def network(self) -> UNet:
        """The network with these weights."""
        return with_weights(self.architecture, self.weights)

    def probabilities(self, stack: ImageStack) -> Probabilities:
        """Of a stack that fits into memory."""
        scores = Inference(self.network()).whole(stack.grey, view_of(stack.grey))
        return Probabilities(self.calibration.probabilities(scores), self.names, stack.voxel_m)


def weights_of(network: UNet) -> dict[str, NDArray[np.float32]]:
    """All numbers of a network, by name."""
    return {
        name: value.detach().cpu().float().contiguous().numpy()
        for name, value in network.state_dict().items()
        if value.is_floating_point()
    }


def with_weights(architecture: Architecture, weights: Weights) -> UNet:
    """A network with these numbers. ValueError where a name or a shape does not fit."""
    network = built(architecture, seed=0)
    wanted = {n: v.shape for n, v in network.state_dict().items() if v.is_floating_point()}
    for name, shape in wanted.items():
        if name not in weights or weights[name].shape != tuple(shape):
            raise ValueError(f"the weights do not fit the network: {name} is not {tuple(shape)}")
    network.load_state_dict(
        {name: torch.from_numpy(np.array(weights[name])) for name in wanted}, strict=False
    )
    return network.eval()


def carried_over(start: SegmentationModel, names: tuple[str, ...], seed: int) -> UNet:
    """A network that begins as ``start`` and tells ``names`` apart: what classes of the same name
    had is kept, what is new begins at random."""
    network = built(replace(start.architecture, classes=len(names)), seed)
    kept = {n: np.array(w) for n, w in start.weights.items() if not n.startswith("head.")}
    for part in ("head.weight", "head.bias"):
        head = network.state_dict()[part].numpy().copy()
        for place, name in enumerate(names):
            if name in start.names:
                head[place] = start.weights[part][start.names.index(name)]
        kept[part] = head
    network.load_state_dict({n: torch.from_numpy(w) for n, w in kept.items()}, strict=False)
    return network
