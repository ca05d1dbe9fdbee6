"""Models of segmentation as files: a zip of a JSON head and plain arrays. Nothing in one can run.

kyoso-model.json     kind, version, classes, architecture, calibration, scores, origin, licences
weights/NAME.npy     float32, little endian; shapes are those of the architecture
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.imaging.licences import check_shippable
from planner.door.archive import unpacked
from planner.door.bounds import MB, TEXT
from planner.door.json_text import parse_json
from planner.door.refused import Refused, about
from planner.door.whole import whole

if TYPE_CHECKING:
    from models.imaging.unet.model import SegmentationModel

KIND = "Kyoso segmentation model"
FORMAT = 1
HEAD = "kyoso-model.json"
LARGEST = 500 * MB
"""Bytes of a model, unpacked."""


def write_model(path: Path, model: "SegmentationModel") -> None:
    """The whole file or none. ValueError: it is marked shippable and its licences forbid it."""
    if model.origin.shippable:
        check_shippable(model.origin.licences)
    head = json.dumps(_head(model), indent=1, allow_nan=False)
    with whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(_part(HEAD), head)
        for name, values in sorted(model.weights.items()):
            archive.writestr(_part(f"weights/{name}.npy"), _as_npy(values))


def read_model(path: Path) -> "SegmentationModel":
    """Refused names the file and what is wrong with it; OSError: it cannot be opened."""
    with about(path.name), unpacked(path, LARGEST) as archive:
        head = _read_head(archive)
        model = _model(head, _read_weights(archive))
        try:
            if model.origin.shippable:
                check_shippable(model.origin.licences)
            model.network()
        except ValueError as error:
            raise Refused(f"is not sound: {error}") from error
        return model


def _head(model: "SegmentationModel") -> dict[str, Any]:
    content = {n: v for n, v in asdict(model).items() if n != "weights"}
    return {"kind": KIND, "format": FORMAT, **content}


def _part(name: str) -> zipfile.ZipInfo:
    """Without a date: the same model is the same bytes."""
    return zipfile.ZipInfo(name)


def _as_npy(values: NDArray[np.float32]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, values.astype("<f4"), allow_pickle=False)
    return stream.getvalue()


def _read_head(archive: zipfile.ZipFile) -> dict[str, Any]:
    if HEAD not in archive.namelist() or archive.getinfo(HEAD).file_size > TEXT:
        raise Refused("is no segmentation model of Kyoso")
    head = parse_json(archive.read(HEAD).decode("utf-8", errors="replace"))
    if not isinstance(head, dict) or head.get("kind") != KIND:
        raise Refused("is no segmentation model of Kyoso")
    if head.get("format") != FORMAT:
        raise Refused(f"has format {str(head.get('format'))[:20]}; this Kyoso reads {FORMAT}")
    return head


def _read_weights(archive: zipfile.ZipFile) -> dict[str, NDArray[np.float32]]:
    names = [n for n in archive.namelist() if n.startswith("weights/") and n.endswith(".npy")]
    weights = {}
    for name in names:
        with archive.open(name) as part:
            weights[name.removeprefix("weights/").removesuffix(".npy")] = _from_npy(name, part)
    return weights


def _from_npy(name: str, part: IO[bytes]) -> NDArray[np.float32]:
    """Read whole and looked at first: the size that the part promises bounds it."""
    try:
        values = np.lib.format.read_array(io.BytesIO(part.read()), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise Refused(f"holds {name[:60]!r}, which is no array: {error}") from error
    if values.dtype != np.dtype("<f4") or not np.isfinite(values).all():
        raise Refused(f"holds {name[:60]!r}, which are not finite numbers of float32")
    return values.astype(np.float32)


def _model(
    head: Mapping[str, Any], weights: Mapping[str, NDArray[np.float32]]
) -> "SegmentationModel":
    from models.imaging.unet.architecture import Architecture
    from models.imaging.unet.calibration import ScoreCalibration
    from models.imaging.unet.fractions import FractionError
    from models.imaging.unet.model import HeldOutScores, ModelOrigin, SegmentationModel

    try:
        calibration, origin = head["calibration"], head["origin"]
        return SegmentationModel(
            int(head["version"]),
            tuple(map(str, head["names"])),
            Architecture(**head["architecture"]),
            ScoreCalibration(float(calibration["temperature"]), tuple(calibration["offsets"])),
            tuple(FractionError(**error) for error in head["errors"]),
            HeldOutScores(**head["scores"]),
            ModelOrigin(**{**origin, **{n: tuple(origin[n]) for n in ("licences", "trained_on")}}),
            tuple(head["voxel_m"]) if head["voxel_m"] else None,
            dict(weights),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"has a head that does not fit: {error}") from error
