"""Maps come back from every format; files that lie or are damaged are told apart from good ones."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from executors.orientation.readers import read_map, read_maps
from executors.testing.map_reader import sample
from models.orientation.grains import find_grains
from models.orientation.map import Phase
from models.orientation.quaternion import uniform
from models.orientation.simulate import cells, measure
from models.orientation.symmetry import GROUPS
from tests.executors.orientation.readers.files import (
    WRITERS,
    write_ang,
    write_cpr,
    write_csv,
    write_ctf,
)
from tests.shared import SHARED

NI = SHARED / "imaging/defdap/testDataEBSD.cpr"
needs_ni = pytest.mark.skipif(not NI.exists(), reason="the real map is not here")


def test_decimal_commas_and_either_file_of_a_pair_are_understood(tmp_path: Path) -> None:
    written = sample()
    comma = read_map(write_ctf(tmp_path / "map.ctf", written, comma=True))
    assert comma.step == pytest.approx((2.5e-7, 2.5e-7))
    write_cpr(tmp_path / "map.cpr", written)
    assert (read_map(tmp_path / "map.crc").phase == written.phase).all()


def test_a_header_that_lies_about_the_step_is_caught(tmp_path: Path) -> None:
    read = read_map(write_ang(tmp_path / "lies.ang", sample(), told_step=0.1))
    assert read.step == pytest.approx((2.5e-7, 2.5e-7))
    assert read.notes == (
        "the header says a step of 0.1 x 0.1 um, the coordinates 0.25 x 0.25 um: those hold",
    )


def test_a_hexagonal_grid_is_pushed_straight(tmp_path: Path) -> None:
    lines = write_ang(tmp_path / "hex.ang", sample()).read_text().split("\n")
    told = [
        line
        for line in lines
        if line.startswith("#") and "NCOLS" not in line and "NROWS" not in line
    ]
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    for row in rows:
        number = round(float(row[4]) / 0.25)
        row[3] = f"{float(row[3]) + 0.125 * (number % 2):.5f}"
        row[4] = f"{0.2165 * number:.5f}"
    told = [line.replace("YSTEP: 0.250000", "YSTEP: 0.2165") for line in told]
    kept = [row for row in rows if float(row[3]) < 4.8]  # odd rows are one point shorter
    (tmp_path / "hex.ang").write_text("\n".join([*told, *(" ".join(row) for row in kept)]))
    read = read_map(tmp_path / "hex.ang")
    assert read.shape == (15, 20)
    assert read.step == pytest.approx((2.165e-7, 2.5e-7))
    assert "hexagonal grid" in read.notes[0]
    assert "7 points of the grid are missing" in read.notes[1]


def test_a_quaternion_table_may_have_layers_and_turn_the_other_way(tmp_path: Path) -> None:
    written = sample(shape=(4, 8, 9))
    path = write_csv(tmp_path / "solid.csv", written)
    assert read_map(path).shape == (4, 8, 9)
    flipped = write_csv(tmp_path / "flat.csv", sample()).read_text()
    (tmp_path / "flat.csv").write_text("# rotation: sample to crystal\n" + flipped)
    turned, plain = read_map(tmp_path / "flat.csv"), sample()
    assert turned.orientations[0, 1] == pytest.approx(
        plain.orientations[0, 1] * [1, -1, -1, -1], abs=1e-5
    )


def test_sections_become_one_map(tmp_path: Path) -> None:
    paths = [write_ctf(tmp_path / f"{i}.ctf", sample()) for i in range(3)]
    assert read_maps(paths, spacing=4e-7).step == pytest.approx((4e-7, 2.5e-7, 2.5e-7))
    with pytest.raises(ValueError, match="3 maps are serial sections: say how far apart"):
        read_maps(paths)


def test_a_person_may_overrule_the_symmetry(tmp_path: Path) -> None:
    path = write_ctf(tmp_path / "map.ctf", sample())
    path.write_text(path.read_text().replace("\t5\t0", "\t14\t0"))
    with pytest.raises(
        ValueError, match=r"phase 1 \(Sample phase\) has a symmetry that is not known here \(14\)"
    ):
        read_map(path)
    assert read_map(path, "422").group(1) is GROUPS["422"]


def test_a_second_phase_is_read_or_left_out_alone(tmp_path: Path) -> None:
    """FeAs (mmm) beside Ba122; then with a symmetry that nobody knows."""
    written = sample()
    phase = np.where((written.phase > 0) & (np.arange(20) < 4), 2, written.phase)
    both = replace(written, phase=phase, phases=(*written.phases, Phase("FeAs", GROUPS["222"])))
    path = write_ctf(tmp_path / "map.ctf", both)
    second = "Phases\t2\r\n5.44;6.03;3.37\t90;90;90\tFeAs\t3\t0\r\n"
    edited(path, "Phases\t1\r\n", second)
    lines = path.read_bytes().decode().split("\r\n")
    at = next(i for i, line in enumerate(lines) if "FeAs" in line)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    path.write_bytes("\r\n".join(lines).encode())
    read = read_map(path)
    assert (read.phase == phase).all()
    assert (read.group(2).laue, read.notes) == ("mmm", ())
    edited(path, "FeAs\t3\t", "FeAs\t13\t")
    read = read_map(path)
    assert (read.phase == np.where(phase == 2, 0, phase)).all()
    assert read.notes == (
        f"phase 2 (FeAs) has a symmetry that is not known here (13): its {(phase == 2).sum()} points "
        f"({(phase == 2).mean():.1%}) are left out, as if not indexed",
    )


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new).encode())


def cut(path: Path, share: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


@pytest.mark.parametrize(
    ("suffix", "harm", "why"),
    [
        (".ang", lambda p: p.write_bytes(b""), "names no phase|holds no point"),
        (".ang", lambda p: cut(p, 0.6), "the header promises 300 points, the file holds|is damaged"),
        (".ang", lambda p: edited(p, "Symmetry              42", "Symmetry              43"), "symmetry 432, which contradicts its lattice"),
        (".ang", lambda p: edited(p, "Symmetry              42", "Symmetry              2"), "symmetry that is not known"),
        (".ang", lambda p: edited(p, " 0.900 0 1", " -1.00 0 1"), "none of the 300 points is indexed"),
        (".ctf", lambda p: edited(p, "\t8\t0\t", "\t8\t"), "table of points is damaged|columns"),
        (".ctf", lambda p: edited(p, "Phases\t1", "Phases\t0"), None),
        (".ctf", lambda p: edited(p, "Euler1", "Angle1"), "no line with the columns"),
        (".ctf", lambda p: edited(p, "1\t0.2500\t0.0000", "1\t0.0000\t0.0000"), r"one place \(row, column\) \(0, 0\)"),
        (".ctf", lambda p: edited(p, "1\t0.2500\t0.2500", "1\t0.3500\t0.2500"), "on no regular grid"),
        (".cpr", lambda p: cut(p.with_suffix(".crc"), 0.9), "is it cut off"),
        (".cpr", lambda p: edited(p, "xCells=20", "xCells=21"), "21 x 15 points of"),
        (".cpr", lambda p: edited(p, "GridDistX=0.2500", "GridDistX=0"), "the step must be above 0 m"),
        (".cpr", lambda p: edited(p, "Field2=4\n", ""), "has no Field2|no field2"),
        (".cpr", lambda p: p.with_suffix(".crc").unlink(), "map.crc is missing"),
        (".h5oina", lambda p: cut(p, 0.5), "cannot be read as HDF5"),
        (".oh5", lambda p: p.write_text("no HDF5"), "cannot be read as HDF5"),
        (".csv", lambda p: edited(p, "qw,qx", "a,b"), "the column 'qw' is missing"),
        (".csv", lambda p: edited(p, "# phase 1: Sample phase 422\n", ""), "a line such as '# phase 1"),
        (".csv", lambda p: edited(p, "x_nm", "x"), "no column x_m, x_um or x_nm"),
        (".csv", lambda p: p.write_bytes(b""), "the file holds no point"),
        (".csv", lambda p: edited(p, ",", ";"), "the column 'qw' is missing; there are y_nm;x_nm;qw;"),
        (".csv", lambda p: p.write_text("\n".join(p.read_text().split("\n")[:3])), "the points are all at one place"),
        (".ang", lambda p: edited(p, "3.900 3.900", "a b"), "phase Sample phase: 'a b 13.200 90.000 90.000 90.000' is no lattice"),
        (".cpr", lambda p: edited(p, "xCells=20", "xCells="), "the header says xCells='': no number"),
        (".cpr", lambda p: p.write_bytes(b"\x00\xff"), "it is not lines of name=value$"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_by_name_and_reason(
    tmp_path: Path, suffix: str, harm: Callable[[Path], object], why: str | None
) -> None:
    path = WRITERS[suffix](tmp_path / f"map{suffix}", sample())
    harm(path)
    if why is None:
        assert read_map(path).shape == (15, 20)
    else:
        with pytest.raises(ValueError, match=rf"^map\{suffix}: .*({why})"):
            read_map(path)


def test_angles_in_the_wrong_unit_are_caught(tmp_path: Path) -> None:
    path = write_ang(tmp_path / "degrees.ang", sample())
    head = [line for line in path.read_text().split("\n") if line.startswith("#")]
    rows = [
        line.split() for line in path.read_text().split("\n") if line and not line.startswith("#")
    ]
    degrees = [
        " ".join([*(f"{np.degrees(float(x)):.3f}" for x in row[:3]), *row[3:]]) for row in rows
    ]
    path.write_text("\n".join([*head, *degrees]))
    with pytest.raises(ValueError, match=r"Euler angles reach 7\d\d|Euler angles reach 3\d\d"):
        read_map(path)


def test_what_is_odd_but_possible_is_flagged(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    poor = measure(
        cells((15, 20), 8, random), uniform(8, random), 2.5e-7, GROUPS["422"], random, missing=0.7
    )
    assert "points are not indexed" in read_map(write_ctf(tmp_path / "poor.ctf", poor)).notes[0]
    path = write_csv(tmp_path / "far.csv", sample())
    edited(path, "x_nm", "x_m")
    edited(path, "y_nm", "y_m")
    assert "is the unit right?" in read_map(path).notes[0]


@needs_ni
def test_the_real_map_of_nickel() -> None:
    """DefDAP finds 105 grains at 10 degrees with at least 10 points; benchmarks.network compares all labels."""
    measured = read_map(NI)
    assert measured.shape == (243, 359)
    assert measured.step == pytest.approx((1.2e-7, 1.2e-7))
    grains = find_grains(measured, 10, 10)
    assert len(grains) == 105
    assert grains.diameter.mean() == pytest.approx(3.08e-6, rel=1e-2)
    assert len(find_grains(measured, 5, 10)) == 109
