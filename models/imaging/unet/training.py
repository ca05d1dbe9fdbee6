"""Training a network: cross-entropy and overlap of every class, one cycle, the last weights.

Never the weights that scored best on the way: what was chosen on a test says nothing by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from models.imaging.unet.crops import Changes, Crops
from models.imaging.unet.examples import Example
from models.imaging.unet.network import UNet
from models.imaging.unet.precision import best_device, has_bfloat16
from models.imaging.volume import UNLABELLED

type Progress = Callable[[int, int], None]
"""Called with steps done and steps in all."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast a network learns."""

    steps: int = 600
    batch: int = 8
    side: int = 128
    """Rows and columns of a crop; a multiple of the grain of the network."""
    rate: float = 4e-3
    """Greatest step of a weight, in the middle of the cycle."""
    seed: int = 0
    changes: Changes = field(default_factory=Changes)


def fit(
    network: UNet, examples: Sequence[Example], plan: Plan, progress: Progress | None = None
) -> UNet:
    """The network itself, trained in place. The same seed on the same machine: same weights."""
    crops = Crops(examples, network.architecture, plan.side, plan.seed, plan.changes)
    return fit_to(network, (crops.batch(plan.batch) for _ in range(plan.steps)), plan, progress)


def fit_to(
    network: UNet, batches: Iterable[tuple[Tensor, Tensor]], plan: Plan,
    progress: Progress | None = None,
) -> UNet:  # fmt: skip
    """The network itself, trained in place on ``plan.steps`` batches of greys and classes."""
    device = best_device()
    network.to(device).train()
    optimizer = torch.optim.AdamW(network.parameters(), plan.rate, weight_decay=1e-4)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, plan.rate, plan.steps + 1, pct_start=0.25
    )
    for step, (greys, classes) in enumerate(batches):
        loss = _loss(network, greys.to(device), classes.to(device))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        cycle.step()
        if progress:
            progress(step + 1, plan.steps)
    return network.to("cpu").eval()


def _loss(network: UNet, greys: Tensor, classes: Tensor) -> Tensor:
    """Bfloat16 for products, float32 for sums: 1.7 times as fast on a processor that has it."""
    device, deep = greys.device, network.architecture.deep
    memory = torch.channels_last_3d if deep else torch.channels_last
    with torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device, deep)):
        scores = network(greys.contiguous(memory_format=memory))
    return cross_entropy_and_overlap(scores.float(), classes)


def cross_entropy_and_overlap(scores: Tensor, classes: Tensor) -> Tensor:
    """Mean cross-entropy plus 1 - Dice, averaged over classes; unlabelled voxels count nothing.

    ``scores`` (n, class, ...) before softmax, ``classes`` (n, ...).
    """
    known = classes != UNLABELLED
    entropy = functional.cross_entropy(scores, classes.where(known, -100), ignore_index=-100)
    shares = scores.softmax(dim=1) * known.unsqueeze(1)
    target = functional.one_hot(classes.where(known, 0), scores.shape[1]).movedim(-1, 1)
    target = target * known.unsqueeze(1)
    over = [0, *range(2, scores.dim())]
    common, sizes = (shares * target).sum(over), (shares + target).sum(over)
    dice = (2 * common + 1) / (sizes + 1)
    return entropy + 1 - dice.mean()
