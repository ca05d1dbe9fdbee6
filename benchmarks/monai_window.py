"""MONAI's sliding window over the U-Net of ours: run by ``benchmarks.imaging_unet_speed`` in an
environment that has MONAI and torch. Arguments: weights, window, overlap, threads."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from monai.inferers import sliding_window_inference

from models.imaging.unet.architecture import Architecture
from models.imaging.unet.network import UNet, folded

ROUNDS = 3


def main() -> None:
    """Voxels per second as JSON."""
    weights, window, overlap, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    plain = UNet(Architecture(3)).eval()
    plain.load_state_dict(torch.load(weights, weights_only=True))
    greys = torch.rand(16, 5, 512, 512)
    last = folded(plain).to(memory_format=torch.channels_last)
    side = int(window)

    def run(network: torch.nn.Module, seen: torch.Tensor) -> object:
        with torch.inference_mode():
            return sliding_window_inference(
                seen, (side, side), 4, network, overlap=float(overlap), mode="gaussian"
            )

    def run_as_ours() -> object:
        with torch.autocast("cpu", torch.bfloat16):
            return run(last, greys.contiguous(memory_format=torch.channels_last))

    rates = {
        "MONAI, plain net": rate(lambda: run(plain, greys), 16 * 512 * 512),
        "MONAI, the net as ours (folded, channels last, bfloat16)": rate(run_as_ours, 16 * 512**2),
    }
    print(json.dumps(rates))


def rate(task: Callable[[], object], voxels: int) -> float:
    """Of the fastest of some rounds, after one that counts nothing."""
    seconds = []
    task()
    for _ in range(ROUNDS):
        began = time.monotonic()
        task()
        seconds.append(time.monotonic() - began)
    return voxels / min(seconds)


if __name__ == "__main__":
    main()
