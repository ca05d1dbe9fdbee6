"""How fast the U-Net learns and runs: ``make bench-imaging ARGS=unet_speed``.

Learning: minutes until the mean IoU of a held-out SYNTHETIC stack is 0.9, pores against the rest,
with the weights after the last step. Running: voxels per second beside MONAI's sliding window
(``.venv-peers``), the same net and the same overlap; MONAI with the plain net, and with all that
was done to ours. Tiles: a mapped stack of ``--voxels``, with the most memory that was taken.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from executors.imaging.model_file import read_model
from executors.imaging.shipped import SHIPPED
from executors.imaging.tiled_run import run_in_tiles
from models.imaging.segmentation.scores import scored
from models.imaging.simulated.recipe import StackRecipe
from models.imaging.simulated.simulate import simulate
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.examples import example
from models.imaging.unet.greys import view_of
from models.imaging.unet.inference import Inference
from models.imaging.unet.learning import learn
from models.imaging.unet.network import built
from models.imaging.unet.tiles import tiles
from models.imaging.unet.training import Plan
from models.imaging.volume import LabelledVolume

NAMES = ("rest", "pore")
ROUNDS = 3
WINDOW, OVERLAP = 256, 0.375
"""Rows and columns of MONAI's window; its overlap is what our tiles of the same size take."""
PEER = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"


def main() -> None:
    """One line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voxels", type=float, default=1e9)
    parser.add_argument("--only", choices=["learn", "run", "tiles"])
    parser.add_argument("--peer", type=Path, default=PEER, help="a Python that has MONAI")
    asked = parser.parse_known_args()[0]
    if asked.only in (None, "learn"):
        learning()
    if asked.only in (None, "run"):
        running(asked.peer)
    if asked.only in (None, "tiles"):
        tiled(asked.voxels)


def learning(steps: int = 150, seeds: tuple[int, ...] = (1, 2, 3)) -> None:
    """Seconds of learning, and the score on a stack that it has not seen."""
    recipe = replace(StackRecipe(), shape=(32, 256, 256))
    for seed in seeds:
        known = [simulate(recipe, 2000 * seed + part) for part in range(3)]
        examples = [
            example(stack.grey, truth.where("pore").astype(np.uint8), str(number))
            for number, (stack, truth) in enumerate(known)
        ]
        began, work = time.monotonic(), time.process_time()
        model = learn(examples[:2], examples[2:], "a third stack", NAMES,
                      Plan(steps=steps, seed=seed), architecture=Architecture(2))  # fmt: skip
        seconds, work = time.monotonic() - began, time.process_time() - work
        stack, truth = simulate(recipe, seed)
        pores = LabelledVolume(truth.where("pore").astype(np.uint8), NAMES, truth.voxel_m)
        score = scored(model.probabilities(stack), pores)
        told = ", ".join(f"{name} {value:.4f}" for name, value in score.iou.items())
        print(f"unet_speed, learning, seed {seed}: {seconds:.0f} s ({work:.0f} s of processor) on "
              f"{torch.get_num_threads()} threads, mean IoU {score.mean_iou:.4f} ({told})",
              flush=True)  # fmt: skip


def running(peer: Path) -> None:
    """Ours and MONAI's in turns, the best of some rounds each."""
    shape = (16, 512, 512)
    grey = np.random.default_rng(0).random(shape, np.float32)
    network = built(Architecture(3), 0).eval()
    ours, view = Inference(network), view_of(grey)

    def in_windows() -> None:
        side = round(WINDOW * (1 - OVERLAP))
        for tile in tiles(shape, network.architecture, (16, side, side)):
            ours.logits(grey, view, tile)

    rates = {
        "ours": _rate(lambda: ours.whole(grey, view), grey.size),
        f"ours, in windows of {WINDOW}": _rate(in_windows, grey.size),
    }
    if peer.exists():
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "weights.pt"
            torch.save(network.state_dict(), place)
            command = [str(peer), str(Path(__file__).with_name("monai_window.py")), str(place),
                       str(WINDOW), str(OVERLAP), str(torch.get_num_threads())]  # fmt: skip
            told = subprocess.run(command, capture_output=True, text=True, check=True)
            rates |= json.loads(told.stdout.splitlines()[-1])
    for what, rate in rates.items():
        print(f"unet_speed, running, {what}: {rate / 1e6:.3f} million voxels/s, ours is "
              f"{rates['ours'] / rate:.2f} times as fast", flush=True)  # fmt: skip


def _rate(run: Callable[[], object], voxels: int) -> float:
    seconds = []
    run()
    for _ in range(ROUNDS):
        began = time.monotonic()
        run()
        seconds.append(time.monotonic() - began)
    return voxels / min(seconds)


def tiled(voxels: float) -> None:
    """A mapped stack of random greys, about as long as wide."""
    edge = round(voxels ** (1 / 3))
    model = read_model(SHIPPED)
    with tempfile.TemporaryDirectory() as folder:
        grey = np.lib.format.open_memmap(
            Path(folder) / "grey.npy", mode="w+", dtype=np.uint8, shape=(edge, edge, edge)
        )
        random = np.random.default_rng(0)
        for part in grey:
            part[:] = random.integers(0, 255, part.shape, np.uint8)
        began = time.monotonic()
        run_in_tiles(grey, model, Path(folder) / "run", progress=_told)
        seconds = time.monotonic() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"unet_speed, tiles: {edge}^3 voxels in {seconds:.0f} s on {torch.get_num_threads()} "
          f"threads ({edge**3 / seconds / 1e6:.2f} million/s; 10^9 at this pace: "
          f"{1e9 / edge**3 * seconds / 60:.0f} min), {most:.2f} GiB at most",
          flush=True)  # fmt: skip


def _told(done: int, total: int) -> None:
    print(f"  {done / total:.0%}", file=sys.stderr, end="\r", flush=True)


if __name__ == "__main__":
    main()
