"""Running a network over a stack, tile by tile: logits of the classes in each voxel."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from models.imaging.unet.architecture import Architecture
from models.imaging.unet.greys import GreySource, View, window
from models.imaging.unet.network import UNet, folded
from models.imaging.unet.precision import best_device, has_bfloat16
from models.imaging.unet.tiles import Tile, tiles
from models.imaging.volume import Greys

AT_ONCE = 2**21
"""Voxels that go through the network together: 0.3 GB at 16 channels."""
SIDE = (32, 1024, 1024)
"""Voxels of a tile along z, y and x; a slice of up to 1024 x 1024 is not cut."""


class Inference:
    """A network made ready to look at stacks, on a GPU where there is one."""

    def __init__(self, network: UNet, *, exact: bool = False, turned: bool = False) -> None:
        """``exact``: float32 throughout. Without, products are bfloat16 (sums stay float32):
        twice as fast, and less than a thousandth of the voxels get another class. ``turned``: the
        mean over four quarter turns, so that a turned stack gets the turned answer; takes fourfold.
        """
        self.turns = 4 if turned else 1
        self.device = best_device()
        self.architecture: Architecture = network.architecture
        self.exact = exact or not has_bfloat16(self.device, self.architecture.deep)
        self.network = folded(network).to(self.device)

    def logits(self, source: GreySource, view: View, tile: Tile) -> Greys:
        """(class, z, y, x) of the core of a tile."""
        greys = torch.from_numpy(view.of(window(source, tile.window))).to(self.device)
        z, y, x = tile.inner
        if self.architecture.deep and view.follows:
            scores = self._run(greys[None, None])[0][:, z, y, x]
        else:
            seen = self._seen(greys, z, view)
            parts = [self._run(part)[..., y, x] for part in self._batches(seen)]
            scores = torch.cat(parts).movedim(0, 1).flatten(1, -3)  # (class, z, y, x)
        return scores.float().cpu().contiguous().numpy()

    def whole(self, source: GreySource, view: View) -> Greys:
        """(class, z, y, x) of a stack that fits into memory."""
        shape = source.shape
        scores = np.empty((self.architecture.classes, *shape), np.float32)
        for tile in tiles(shape, self.architecture, SIDE):
            scores[:, *tile.core] = self.logits(source, view, tile)
        return scores

    def _seen(self, greys: Tensor, core: slice, view: View) -> Tensor:
        """(slices, channels, y, x): each slice of the core with its neighbours, or with itself in
        their place; (slices, 1, 1, y, x) for a 3-D network that sees single pictures."""
        if view.follows:
            return greys.unfold(0, self.architecture.channels, 1).movedim(3, 1)
        alone = greys[core, None]
        if self.architecture.deep:
            return alone[:, None]
        return alone.expand(-1, self.architecture.channels, -1, -1)

    def _batches(self, seen: Tensor) -> Iterator[Tensor]:
        """A few slices at once."""
        each = max(AT_ONCE // (seen.shape[-2] * seen.shape[-1]), 1)
        return (seen[first : first + each] for first in range(0, len(seen), each))

    @torch.inference_mode()
    def _run(self, greys: Tensor) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not self.exact):
            views = [torch.rot90(greys, turn, (-2, -1)) for turn in range(self.turns)]
            answers = [self.network(self._laid_out(view)).float() for view in views]
        back = [torch.rot90(part, -turn, (-2, -1)) for turn, part in enumerate(answers)]
        return torch.stack(back).mean(dim=0) if len(back) > 1 else back[0]

    def _laid_out(self, greys: Tensor) -> Tensor:
        memory = torch.channels_last_3d if self.architecture.deep else torch.channels_last
        return greys.contiguous(memory_format=memory)
