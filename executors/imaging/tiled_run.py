"""Running a model over a stack beyond memory: finished tiles are kept, and a killed run goes on.

The work folder holds ``labels.npy`` and ``doubt.npy`` (mapped, filled tile by tile) and
``tiles.jsonl``: first what is run on what, then a line for each finished tile. A tile is told
there only after its voxels are on disk, so whatever a kill leaves unsaid is done again.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from models.imaging.unet.greys import GreySource, View
    from models.imaging.unet.model import SegmentationModel
    from models.imaging.unet.tiles import Tile

SIDE = (16, 1024, 1024)
"""Voxels of a tile along z, y and x: half a minute of work on one core, 1 GB of memory."""
LABELS, DOUBT, LOG = "labels.npy", "doubt.npy", "tiles.jsonl"
type Progress = Callable[[int, int], None]
"""Called with voxels done and voxels in all."""


@dataclass(frozen=True, eq=False)
class Segmented:
    """What a model says of a stack; arrays are mapped from the work folder."""

    labels: NDArray[np.uint8] = field(repr=False)
    """(z, y, x): the most probable class."""
    doubt: NDArray[np.uint8] = field(repr=False)
    """(z, y, x): 255 times the probability that it is another."""
    means: tuple[float, ...]
    """Mean probability of each class."""


def run_in_tiles(
    source: "GreySource", model: "SegmentationModel", folder: Path, *, of: str = "",
    side: Sequence[int] = SIDE, progress: Progress | None = None,
) -> Segmented:  # fmt: skip
    """Segment a stack into a work folder, or go on where a run of the same was ended.

    ``of`` tells stacks apart that have the same shape and brightness: a hash, or name and date.
    """
    from models.imaging.unet.greys import view_of
    from models.imaging.unet.inference import Inference
    from models.imaging.unet.tiles import tiles

    view, plan = view_of(source), tiles(source.shape, model.architecture, side)
    run = _Run(folder, _identity(source, model, view, side, of), tuple(source.shape))
    total = int(np.prod(source.shape))
    finished, running = run.finished(), Inference(model.network())
    for number, tile in enumerate(plan):
        if number not in finished:
            shares = model.calibration.probabilities(running.logits(source, view, tile))
            finished[number] = run.keep(number, tile, shares)
        if progress:
            progress(sum(_size(plan[n]) for n in finished), total)
    sums = np.sum([finished[n] for n in range(len(plan))], axis=0)
    return Segmented(run.labels, run.doubt, tuple(map(float, sums / total)))


def _size(tile: "Tile") -> int:
    return int(np.prod([part.stop - part.start for part in tile.core]))


def _identity(
    source: "GreySource", model: "SegmentationModel", view: "View", side: Sequence[int], of: str
) -> dict[str, Any]:
    """All that decides what a run gives."""
    weights = float(sum(np.abs(part).sum(dtype=float) for part in model.weights.values()))
    return {
        "of": of, "shape": [int(n) for n in source.shape], "side": list(side),
        "model": model.name, "weights": weights, "names": list(model.names),
        "calibration": [model.calibration.temperature, *model.calibration.offsets],
        "view": [view.mean, view.sd, view.follows],
    }  # fmt: skip


class _Run:
    """The work folder of one run."""

    def __init__(self, folder: Path, identity: dict[str, Any], shape: tuple[int, ...]) -> None:
        self._log = folder / LOG
        folder.mkdir(parents=True, exist_ok=True)
        if self._lines()[:1] != [identity]:
            self._begin(folder, identity, shape)
        self.labels, self.doubt = (
            np.lib.format.open_memmap(folder / name, mode="r+") for name in (LABELS, DOUBT)
        )

    def _begin(self, folder: Path, identity: dict[str, Any], shape: tuple[int, ...]) -> None:
        self._log.unlink(missing_ok=True)
        for name in (LABELS, DOUBT):
            np.lib.format.open_memmap(folder / name, mode="w+", dtype=np.uint8, shape=shape)
        self._say(identity)

    def finished(self) -> dict[int, list[float]]:
        """Sums of the probabilities of each class, of each finished tile."""
        return {line["tile"]: line["sums"] for line in self._lines()[1:]}

    def keep(self, number: int, tile: "Tile", shares: NDArray[np.float32]) -> list[float]:
        """Write a tile to the disk, then say that it is finished."""
        self.labels[tile.core] = shares.argmax(axis=0)
        self.doubt[tile.core] = np.rint(255 * (1 - shares.max(axis=0)))
        for part in (self.labels, self.doubt):
            part.flush()
        sums = [float(part.sum(dtype=float)) for part in shares]
        self._say({"tile": number, "sums": sums})
        return sums

    def _say(self, line: dict[str, Any]) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> list[Any]:
        """Whole lines only: a kill may have left half of one."""
        if not self._log.is_file():
            return []
        text = self._log.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]
