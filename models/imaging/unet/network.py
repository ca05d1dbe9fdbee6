"""The network itself: halving, doubling, and a bridge from each level to the same level."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from models.imaging.unet.architecture import Architecture


class UNet(nn.Module):
    """Greys to scores of classes: (n, channels, y, x), or (n, 1, z, y, x) where it is deep.

    Rows and columns are multiples of ``architecture.grain``. Z is never halved: voxels of
    serial sections are longest along it.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        deep, widths = architecture.deep, architecture.widths
        entering = [architecture.channels, *widths]
        self.down = nn.ModuleList(
            nn.Sequential(_layer(a, b, deep, 3), _layer(b, b, deep, 1))
            for a, b in zip(entering, widths, strict=False)
        )
        self.up = nn.ModuleList(
            _layer(below + here, here, deep, 3)
            for here, below in zip(widths[-2::-1], widths[:0:-1], strict=True)
        )
        convolution = nn.Conv3d if deep else nn.Conv2d
        self.head = convolution(widths[0], architecture.classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        bridges: list[Tensor] = []
        for level in self.down[:-1]:
            x = level(x)
            bridges.append(x)
            x = self._halved(x)
        x = self.down[-1](x)
        for level in self.up:
            x = level(torch.cat([self._doubled(x), bridges.pop()], dim=1))
        return cast(Tensor, self.head(x))

    def _halved(self, x: Tensor) -> Tensor:
        if self.architecture.deep:
            return functional.max_pool3d(x, (1, 2, 2))
        return functional.max_pool2d(x, 2)

    def _doubled(self, x: Tensor) -> Tensor:
        factor = (1.0, 2.0, 2.0) if self.architecture.deep else (2.0, 2.0)
        return functional.interpolate(x, scale_factor=factor)


def built(architecture: Architecture, seed: int) -> UNet:
    """A network with random weights that the seed decides; random numbers elsewhere go on."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = UNet(architecture)
    return network.to(memory_format=_memory(architecture))


def folded(network: UNet) -> UNet:
    """The same function of greys with normalisation inside the convolutions: a third less work."""
    import copy

    faster = copy.deepcopy(network).eval()
    for module in faster.modules():
        if isinstance(module, nn.Sequential) and isinstance(module[0], nn.Conv2d | nn.Conv3d):
            module[0] = fuse_conv_bn_eval(module[0], cast(nn.BatchNorm2d, module[1]))
            module[1] = nn.Identity()
    return faster


def _layer(entering: int, leaving: int, deep: bool, along_z: int) -> nn.Sequential:
    """Convolution 3 x 3 in the slice and ``along_z`` across slices, normalised, cut at 0."""
    if deep:
        kernel, padding = (along_z, 3, 3), (along_z // 2, 1, 1)
        three = nn.Conv3d(entering, leaving, kernel, padding=padding, bias=False)
        return nn.Sequential(three, nn.BatchNorm3d(leaving), nn.ReLU())
    two = nn.Conv2d(entering, leaving, 3, padding=1, bias=False)
    return nn.Sequential(two, nn.BatchNorm2d(leaving), nn.ReLU())


def _memory(architecture: Architecture) -> torch.memory_format:
    """Channels last: twice as fast on a processor (benchmarks/imaging_unet.py)."""
    return torch.channels_last_3d if architecture.deep else torch.channels_last
