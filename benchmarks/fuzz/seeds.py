"""Small sound files of every format, from which the fuzz makes damaged ones."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from models.imaging.volume import Voxel
from models.orientation.simulate import biaxial, cells, measure
from models.orientation.symmetry import GROUPS
from planner.campaign.template import new_campaign
from tests.executors.imaging.readers import stacks
from tests.executors.orientation.readers.files import WRITERS
from tests.planner.history_tables import HEALTHY

MAGNET = """\
bodies: [{shape: disc, radius: 15 mm, bottom: -10 mm, top: 10 mm}]
jc: {model: kim, value: 3.0e8 A/m^2, b0: 2 T}
n: 20
protocol: {kind: fully-magnetised, temperature: 20 K}
probes: {heights: [0.5 mm, 2 mm], homogeneity_sphere: 5 mm}
fidelity: analytic
"""
MAPPING = """\
mapping: 1
name: furnace
table: t.csv
order: {trust: none}
parameters:
  heat_C: {kind: range, low: 600, high: 750, unit: degC}
  hold_h: {kind: ordered, values: [1, 2, 4], unit: h}
outcomes:
  strength_MPa: {goal: maximize, unit: MPa, sd: strength_sd}
"""


type Files = dict[str, bytes]
"""By name; the first one is damaged, the others lie beside it."""


def campaign() -> bytes:
    """The file that a new campaign starts from, with claims."""
    claim = "{kind: trend, outcome: strength, parameter: temperature, sign: falls, author: Aki}"
    return (new_campaign("fuzz") + f"hypotheses: [{claim}]\n").encode()


def table() -> bytes:
    """A table of 24 runs."""
    return HEALTHY.encode()


def workbook() -> bytes:
    """The same as a workbook, with merged cells, a formula and a percentage."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for line in HEALTHY.splitlines():
        sheet.append([_cell(cell) for cell in line.split(",")])
    sheet["H2"] = "=A2*2"
    sheet["B3"].number_format = "0%"
    sheet.merge_cells("D3:D4")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def objects() -> bytes:
    """The same as a list of objects."""
    names, *rows = [line.split(",") for line in HEALTHY.splitlines()]
    return json.dumps([dict(zip(names, map(_cell, row), strict=True)) for row in rows]).encode()


def snapshot() -> bytes:
    """A snapshot of Ax."""
    frame = '{"metric_name":{"0":"strength"},"mean":{"0":%s},"sem":{"0":0.1}}'
    trials = {
        str(i): {"index": i, "status": {"name": "FAILED" if i == 3 else "COMPLETED"},
                 "generator_run": {"arms": [{"name": f"{i}", "parameters": {"T": 600.0 + i}}]}}
        for i in range(8)
    }  # fmt: skip
    data = {str(i): {"value": [[0, {"df": {"value": frame % (i * 5 % 7)}}]]} for i in range(8)}
    experiment = {"search_space": {"parameters": [{"name": "T"}]}, "trials": trials,
                  "optimization_config": {"objective": {"expression": "-strength"}},
                  "data_by_trial": data}  # fmt: skip
    return json.dumps({"_type": "Client", "experiment": experiment}).encode()


def export() -> bytes:
    """A campaign with a trial, exported; without its checksum, so that damage is looked for."""
    from planner import desk
    from planner.campaign.file import campaign_from_text
    from planner.store import open_store
    from planner.store.transfer import export_campaign

    at = datetime(2026, 11, 27, tzinfo=UTC)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        with open_store(f"sqlite:///{place}/a.db", place / "files") as store:
            plan = campaign_from_text(new_campaign("fuzz"))
            store.campaigns.add(plan, author="Aki", at=at)
            point = {"temperature": 700, "hold_time": 8, "milling": 100, "route": "SPS"}
            desk.inject(store, "fuzz", [(point, "an old series")], "Aki", at=at)
            export_campaign(store, "fuzz", place / "a.zip")
        return _without_checksum((place / "a.zip").read_bytes())


def picture(kind: str) -> bytes:
    """A picture of 64 x 64 points."""
    from PIL import Image

    stream = io.BytesIO()
    points = np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8)
    Image.fromarray(points).save(stream, format=kind)
    return stream.getvalue()


def orientation_map(suffix: str) -> bytes:
    """A map of 12 x 15 points; of a pair of files the header."""
    random = np.random.default_rng(0)
    true, q = cells((12, 15), 6, random), biaxial(6, 15, random)
    sample = measure(true, q, 1e-7, GROUPS["422"], random, noise=0.2, missing=0.02)
    with TemporaryDirectory() as folder:
        return WRITERS[suffix](Path(folder) / f"map{suffix}", sample).read_bytes()


def _points() -> bytes:
    """The other half of a pair."""
    random = np.random.default_rng(0)
    true, q = cells((12, 15), 6, random), biaxial(6, 15, random)
    sample = measure(true, q, 1e-7, GROUPS["422"], random, noise=0.2, missing=0.02)
    with TemporaryDirectory() as folder:
        path = WRITERS[".cpr"](Path(folder) / "map.cpr", sample)
        return path.with_suffix(".crc").read_bytes()


def stack(name: str, write: Callable[[Path, np.ndarray, Voxel], Path]) -> Files:
    """A stack of 4 x 20 x 30 voxels, in one file or in a folder."""
    voxels = np.random.default_rng(0).integers(0, 256, (4, 20, 30), np.uint8)
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / name, voxels, (2e-8, 8e-9, 8e-9))
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def _first(files: Files, name: str) -> Files:
    """The same files, of which this one is damaged."""
    return {name: files[name], **files}


def law() -> bytes:
    """Jc against field and temperature."""
    rows = [f"{b},{t},{3e8 / (1 + b) * (1 - t / 40):g},1e6" for t in (4, 20) for b in (0, 1, 4, 9)]
    return "\n".join(["B_T,T_K,Jc_A_m2,sd_A_m2", *rows]).encode()


def _without_checksum(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != "checksum.json":
                new.writestr(name, old.read(name))
    return stream.getvalue()


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


SEEDS: dict[str, Callable[[], Files]] = {
    "campaign": lambda: {"c.yaml": campaign()},
    "mapping": lambda: {"t.mapping.yaml": MAPPING.encode(), "t.csv": table()},
    "CSV": lambda: {"t.csv": table()},
    "XLSX": lambda: {"t.xlsx": workbook()},
    "JSON": lambda: {"t.json": objects()},
    "Ax": lambda: {"t.json": snapshot()},
    "zip": lambda: {"c.zip": export()},
    "TIFF": lambda: {"p.tif": picture("TIFF")},
    "PNG": lambda: {"p.png": picture("PNG")},
    "h5oina": lambda: {"map.h5oina": orientation_map(".h5oina")},
    "oh5": lambda: {"map.oh5": orientation_map(".oh5")},
    "ang": lambda: {"map.ang": orientation_map(".ang")},
    "ctf": lambda: {"map.ctf": orientation_map(".ctf")},
    "cpr": lambda: {"map.cpr": orientation_map(".cpr"), "map.crc": _points()},
    "crc": lambda: {"map.crc": _points(), "map.cpr": orientation_map(".cpr")},
    "map CSV": lambda: {"map.csv": orientation_map(".csv")},
    "ImageJ": lambda: stack("a.tif", stacks.write_imagej),
    "OME": lambda: stack("a.ome.tif", stacks.write_ome),
    "FEI": lambda: stack("slices", stacks.write_fei_slices),
    "PNG slices": lambda: stack("slices", stacks.write_png_slices),
    "MRC": lambda: stack("a.mrc", stacks.write_mrc),
    "NRRD": lambda: stack("a.nrrd", stacks.write_nrrd),
    "HDF5": lambda: stack("a.h5", stacks.write_hdf5),
    "Zarr": lambda: _first(stack("a.zarr", stacks.write_zarr), "a.zarr/zarr.json"),
    "OME-Zarr": lambda: _first(stack("a.zarr", stacks.write_ome_zarr), "a.zarr/.zattrs"),
    "magnet": lambda: {"m.yaml": MAGNET.encode()},
    "magnet CSV": lambda: {
        "jc.csv": law(),
        "m.yaml": MAGNET.replace(
            "{model: kim, value: 3.0e8 A/m^2, b0: 2 T}", "{model: file, path: jc.csv}"
        ).encode(),
    },
}
