"""Files as real programs write them, line by line: ASTAR, OIM 8, pyebsdindex, and headers that promise
other sizes than the points have. All are read, with a note; a file that was cut off is refused."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from executors.orientation.readers import read_map
from executors.orientation.readers.grid import grid, last_digit
from executors.testing.map_reader import sample
from models.orientation.grains import find_grains
from models.orientation.map import OrientationMap
from models.orientation.quaternion import to_euler, uniform
from models.orientation.simulate import cells, measure
from models.orientation.symmetry import GROUPS
from tests.executors.orientation.readers.files import write_ang, write_ctf, write_oh5

ASTAR_STEP = 0.00191999995708466
"""Micrometres: a step of 1.92 nm in single precision."""


def drawn(shape: tuple[int, int], step: float) -> OrientationMap:
    random = np.random.default_rng(4)
    true = cells(shape, 12, random)
    return measure(true, uniform(12, random), step, GROUPS["422"], random, missing=0.05)


def astar_ctf(path: Path, measured: OrientationMap, step: float) -> Path:
    """Coordinates of four digits after the point, the header's step with all of them."""
    write_ctf(path, measured)
    lines = path.read_bytes().decode().split("\r\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("Phase\tX")) + 1
    for number in range(measured.phase.size):
        i, j = divmod(number, measured.shape[1])
        cells_ = lines[start + number].split("\t")
        cells_[1:3] = "%.4f" % (j * step), "%.4f" % (i * step)
        lines[start + number] = "\t".join(cells_)
    told = [
        f"{line[:6]}{step!r}" if line.startswith(("XStep", "YStep")) else line for line in lines
    ]
    path.write_bytes("\r\n".join(told).encode())
    return path


@pytest.mark.parametrize("wide", [24, 25, 60, 400])
@pytest.mark.parametrize("step", [ASTAR_STEP, 0.000634999978356063])
def test_the_step_of_astar_comes_from_the_whole_width(
    tmp_path: Path, wide: int, step: float
) -> None:
    written = drawn((15, wide), step * 1e-6)
    read = read_map(astar_ctf(tmp_path / "map.ctf", written, step))
    assert read.shape == written.shape
    assert (read.phase == written.phase).all()
    assert read.step == pytest.approx(written.step, rel=1e-9), "the header's, which has more digits"
    assert read.notes == ()


def test_points_between_the_places_of_a_grid_are_no_rounding() -> None:
    x = np.array([0.0, 0.0019, 0.0038, 0.0067, 0.0077] * 4)
    y = np.repeat(np.arange(4), 5) * 0.0019
    positions = np.stack([y, x], axis=1)
    with pytest.raises(ValueError, match="on no regular grid"):
        grid(positions, last_digit(positions))
    assert last_digit(positions) == pytest.approx(1e-4)
    assert last_digit(np.array([0.0, 1 / 3])) == 0


def test_astar_gives_a_phase_alone_no_number(tmp_path: Path) -> None:
    path = write_ang(tmp_path / "map.ang", sample())
    path.write_text(path.read_text().replace("# Phase 1\n", ""))
    read = read_map(path)
    assert (read.phase == sample().phase).all()
    assert read.phases[0].name == "Sample phase"
    assert read.notes == ("the header gives its phase no number: all points are of this one",)


def test_oim_8_names_the_symmetry_otherwise(tmp_path: Path) -> None:
    """It counts phases from 0, and -1 is not indexed, whatever else is told of the point."""
    path = write_oh5(tmp_path / "map.oh5", sample())
    with h5py.File(path, "r+") as file:
        file.move("Scan 1/EBSD/Header/Phase/1/Symmetry", "Scan 1/EBSD/Header/Phase/1/LGsymID")
        data = file["Scan 1/EBSD/Data"]
        del data["Phase"], data["CI"]
        data["Phase"] = (sample().phase.ravel() - 1).astype(np.int8)
    read = read_map(path)
    assert (read.phase == sample().phase).all()
    assert read.group(1).name == "422"
    assert read.notes == ("symmetries are those of LGsymID, as OIM 8 writes them",)


def test_phases_counted_from_1_do_not_make_a_grain_of_what_is_not_indexed(tmp_path: Path) -> None:
    """pyebsdindex: phase 0, confidence 0 and angles 0, 0, 0 where a point is not indexed."""
    written = drawn((40, 40), 1e-7)
    path = write_oh5(tmp_path / "map.oh5", written)
    indexed = written.phase.ravel() > 0
    with h5py.File(path, "r+") as file:
        data = file["Scan 1/EBSD/Data"]
        for name in ("Phi1", "Phi", "Phi2", "CI"):
            data[name][...] = np.where(indexed, data[name][...], 0)
        data["Phase"][...] = indexed
    read = read_map(path)
    assert (read.phase == written.phase).all()
    assert f"phases are counted from 1: {(~indexed).sum()} points of phase 0" in read.notes[0]
    assert len(find_grains(read, 5, 4)) == len(find_grains(written, 5, 4))


def test_points_that_stand_for_none_are_left_out(tmp_path: Path) -> None:
    path = write_ang(tmp_path / "map.ang", sample())
    head, rows = parts(path)
    pad = [row.split() for row in rows[:7]]
    for cells_ in pad:
        cells_[3:5] = "-1111111.00000", "-1111111.00000"
        cells_[6] = "-1.000"
    head = [line.replace("NROWS: 15", "NROWS: 16").replace(": 20", ": 20") for line in head]
    filled = [*rows, *(" ".join(cells_) for cells_ in pad), *[" ".join(pad[0])] * 13]
    path.write_text("\n".join([*head, *filled]))
    read = read_map(path)
    assert read.shape == (15, 20)
    assert (read.phase == sample().phase).all()
    assert read.notes == ("20 points are padding (all coordinates -1111111): left out",)


def parts(path: Path) -> tuple[list[str], list[str]]:
    lines = path.read_text().strip().split("\n")
    return [x for x in lines if x.startswith("#")], [x for x in lines if not x.startswith("#")]


def test_a_header_that_promises_more_than_a_whole_rectangle_is_noted(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "map.ctf", sample())
    text = path.read_bytes().decode()
    path.write_bytes(
        text.replace("XCells\t20", "XCells\t80").replace("YCells\t15", "YCells\t60").encode()
    )
    read = read_map(path)
    assert read.shape == (15, 20)
    assert read.notes[0].startswith("the header promises 4800 points, the file holds 20 x 15 in")


@pytest.mark.parametrize("left", [299, 290, 281])
def test_a_file_whose_last_row_is_ragged_was_cut_off(tmp_path: Path, left: int) -> None:
    path = write_ang(tmp_path / "map.ang", sample())
    head, rows = parts(path)
    path.write_text("\n".join([*head, *rows[:left]]))
    with pytest.raises(ValueError, match=f"promises 300 points, the file holds {left}: is it cut"):
        read_map(path)


def without(path: Path, column: str) -> Path:
    """The file without the numbers of a column, which the header still names."""
    lines = path.read_bytes().decode().strip().split("\r\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("Phase\tX"))
    at = lines[start].split("\t").index(column)
    cut = ["\t".join(np.delete(line.split("\t"), at)) for line in lines[start + 1 :]]
    path.write_bytes("\r\n".join([*lines[: start + 1], *cut]).encode())
    return path


def test_a_last_column_that_nobody_needs_may_be_missing_and_no_other(tmp_path: Path) -> None:
    read = read_map(without(write_ctf(tmp_path / "map.ctf", sample()), "BS"))
    assert read.notes == ("the points have no column BS, which is not needed",)
    good = read.phase > 0
    euler = to_euler(read.orientations[good]), to_euler(sample().orientations[good])
    assert np.allclose(np.cos(euler[0]), np.cos(euler[1]), atol=1e-4)
    for column in ("Phase", "X", "Y", "Bands", "Error", "Euler1", "Euler2", "Euler3", "MAD"):
        with pytest.raises(ValueError, match=r"map\.ctf: "):
            read_map(without(write_ctf(tmp_path / "map.ctf", sample()), column))
