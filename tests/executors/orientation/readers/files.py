"""Writes maps in the formats of the instruments, for tests: as much of each as readers look at."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from models.arrays import Floats, Integers
from models.orientation.map import OrientationMap
from models.orientation.quaternion import about, multiply, to_euler

CUBE, SQUARE, HEXAGON = (3.5, 3.5, 3.5, 90, 90, 90), (3.9, 3.9, 13.2, 90, 90, 90), (2.5, 2.5, 4.1, 90, 90, 120)  # fmt: skip
LATTICE = {
    "1": (5.0, 6.0, 7.0, 80, 95, 100), "2": (5.0, 6.0, 7.0, 90, 105, 90), "222": (5.4, 6.0, 3.4, 90, 90, 90),
    "4": SQUARE, "422": SQUARE, "3": HEXAGON, "32": HEXAGON, "6": HEXAGON, "622": HEXAGON, "23": CUBE, "432": CUBE,
}  # fmt: skip
EDAX = {
    "1": "1", "2": "20", "222": "22", "3": "3", "32": "32", "4": "4", "422": "42", "6": "6",
    "622": "62", "23": "23", "432": "43",
}  # fmt: skip
LAUE = {
    "1": 1, "2": 2, "222": 3, "4": 4, "422": 5, "3": 6, "32": 7, "6": 8, "622": 9, "23": 10, "432": 11,
}  # fmt: skip
NOWHERE = 4 * np.pi
"""What EDAX writes as angles of a point that is not indexed."""


def rows_of(measured: OrientationMap) -> tuple[Floats, Floats, Floats, Integers]:
    """Euler angles (n, 3) in radians, x and y in um and the phase (n,), row by row."""
    y, x = np.indices(measured.shape).reshape(2, -1) * np.array(measured.step)[:, None] * 1e6
    return to_euler(measured.orientations.reshape(-1, 4)), x, y, measured.phase.ravel()


def oxford(measured: OrientationMap) -> tuple[Floats, Floats, Floats, Integers]:
    """The same for Oxford, whose y is along b of a hexagonal lattice."""
    turn = 30.0 if LATTICE[measured.group(1).name] is HEXAGON else 0.0
    return rows_of(
        replace(measured, orientations=multiply(measured.orientations, about((0, 0, 1), turn)))
    )


def write_ang(path: Path, measured: OrientationMap, *, told_step: float | None = None) -> Path:
    euler, x, y, phase = rows_of(measured)
    euler[phase == 0] = NOWHERE
    high, wide = measured.shape
    group = measured.group(1).name
    lines = [
        "# TEM_PIXperUM 1.0", "# ", "# Phase 1", "# MaterialName  Sample phase", "# Formula",
        f"# Symmetry              {EDAX[group]}",
        "# LatticeConstants      " + " ".join(f"{v:.3f}" for v in LATTICE[group]), "#",
        "# GRID: SqrGrid", f"# XSTEP: {told_step or measured.step[1] * 1e6:.6f}",
        f"# YSTEP: {told_step or measured.step[0] * 1e6:.6f}", f"# NCOLS_ODD: {wide}",
        f"# NCOLS_EVEN: {wide}", f"# NROWS: {high}", "#",
    ]  # fmt: skip
    for e, a, b, p in zip(euler, x, y, phase, strict=True):
        ci = 0.9 if p else -1
        lines.append(f"  {e[0]:.5f} {e[1]:.5f} {e[2]:.5f} {a:.5f} {b:.5f} 1200.0 {ci:.3f} 0 1 0.7")
    path.write_text("\n".join(lines) + "\n")
    return path


def write_ctf(path: Path, measured: OrientationMap, *, comma: bool = False) -> Path:
    euler, x, y, phase = oxford(measured)
    high, wide = measured.shape
    group = measured.group(1).name
    a, b, c, *angles = LATTICE[group]
    lines = [
        "Channel Text File", "Prj\tsample", "Author\t", "JobMode\tGrid", f"XCells\t{wide}",
        f"YCells\t{high}", f"XStep\t{measured.step[1] * 1e6:.4f}",
        f"YStep\t{measured.step[0] * 1e6:.4f}", "AcqE1\t0", "AcqE2\t0", "AcqE3\t0", "Phases\t1",
        f"{a};{b};{c}\t{';'.join(map(str, angles))}\tSample phase\t{LAUE[group]}\t0\t\t\tMade up",
        "Phase\tX\tY\tBands\tError\tEuler1\tEuler2\tEuler3\tMAD\tBC\tBS",
    ]  # fmt: skip
    for e, u, v, p in zip(np.degrees(euler), x, y, phase, strict=True):
        e = e if p else np.zeros(3)
        lines.append(
            f"{p}\t{u:.4f}\t{v:.4f}\t8\t0\t{e[0]:.3f}\t{e[1]:.3f}\t{e[2]:.3f}\t0.5\t120\t200"
        )
    text = "\r\n".join(lines) + "\r\n"
    path.write_text(text.replace(".", ",") if comma else text)
    return path


def write_cpr(path: Path, measured: OrientationMap) -> Path:
    euler, _, _, phase = oxford(measured)
    high, wide = measured.shape
    group = measured.group(1).name
    cell = dict(zip(("a", "b", "c", "alpha", "beta", "gamma"), LATTICE[group], strict=True))
    path.write_text(
        "[General]\nVersion=5.0\n[Job]\nTiltAngle=70\n"
        f"GridDistX={measured.step[1] * 1e6:.4f}\nGridDistY={measured.step[0] * 1e6:.4f}\n"
        f"xCells={wide}\nyCells={high}\n[Fields]\nCount=5\nField1=3\nField2=4\nField3=5\nField4=7\n"
        "Field5=6\n[Phases]\nCount=1\n[Phase1]\nStructureName=Sample phase\n"
        f"LaueGroup={LAUE[group]}\n" + "".join(f"{k}={v}\n" for k, v in cell.items())
    )
    record = [("p", "u1"), ("e", "<f4", 3), ("bc", "u1"), ("mad", "<f4")]
    rows = np.zeros(len(phase), record)
    rows["p"], rows["e"] = phase, euler
    path.with_suffix(".crc").write_bytes(rows.tobytes())
    return path


def write_h5oina(path: Path, measured: OrientationMap) -> Path:
    import h5py

    euler, x, y, phase = oxford(measured)
    group = measured.group(1).name
    with h5py.File(path, "w") as file:
        head, data = file.create_group("1/EBSD/Header"), file.create_group("1/EBSD/Data")
        for name, value in (("Y Cells", measured.shape[0]), ("X Cells", measured.shape[1])):
            head[name] = np.array([value], np.int32)
        for name, size in (("Y Step", measured.step[0]), ("X Step", measured.step[1])):
            head[name] = np.array([size * 1e6], np.float32)
        cell = head.create_group("Phases/1")
        cell["Phase Name"] = np.array([b"Sample phase"])
        cell["Laue Group"] = np.array([LAUE[group]], np.int32)
        cell["Lattice Dimensions"] = np.array([LATTICE[group][:3]], np.float32)
        cell["Lattice Angles"] = np.radians(np.array([LATTICE[group][3:]], np.float32))
        data["Euler"], data["Phase"] = euler.astype(np.float32), phase.astype(np.uint8)
        data["X"], data["Y"] = x.astype(np.float32), y.astype(np.float32)
    return path


def write_oh5(path: Path, measured: OrientationMap) -> Path:
    import h5py

    euler, x, y, phase = rows_of(measured)
    group = measured.group(1).name
    with h5py.File(path, "w") as file:
        file["Manufacturer"] = "EDAX"
        head, data = file.create_group("Scan 1/EBSD/Header"), file.create_group("Scan 1/EBSD/Data")
        for name, value in (("nRows", measured.shape[0]), ("nColumns", measured.shape[1])):
            head[name] = np.array([value], np.int32)
        for name, size in (("Step Y", measured.step[0]), ("Step X", measured.step[1])):
            head[name] = np.array([size * 1e6], np.float32)
        cell = head.create_group("Phase/1")
        cell["MaterialName"] = np.array([b"Sample phase"])
        cell["Symmetry"] = np.array([int(EDAX[group])], np.int32)
        for name, column in zip(("Phi1", "Phi", "Phi2"), euler.T, strict=True):
            data[name] = column.astype(np.float32)
        data["X Position"], data["Y Position"] = x.astype(np.float32), y.astype(np.float32)
        data["CI"] = np.where(phase > 0, 0.9, -1).astype(np.float32)
        data["Phase"] = np.zeros(len(phase), np.uint8)
    return path


def write_csv(path: Path, measured: OrientationMap) -> Path:
    flat = measured.phase.ravel()
    places = np.indices(measured.shape).reshape(measured.phase.ndim, -1).T * np.array(measured.step)
    names = ["z_nm", "y_nm", "x_nm"][-places.shape[1] :]
    lines = [f"# phase 1: Sample phase {measured.group(1).name}", ",".join([*names, "qw,qx,qy,qz"])]
    for place, q, p in zip(places * 1e9, measured.orientations.reshape(-1, 4), flat, strict=True):
        turn = ",".join(f"{v:.6f}" for v in q) if p else ",,,"
        lines.append(",".join(f"{v:.3f}" for v in place) + "," + turn)
    path.write_text("\n".join(lines) + "\n")
    return path


WRITERS = {
    ".ang": write_ang,
    ".ctf": write_ctf,
    ".cpr": write_cpr,
    ".h5oina": write_h5oina,
    ".oh5": write_oh5,
    ".csv": write_csv,
}
