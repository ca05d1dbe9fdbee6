"""A magnet in the words that people write: units, shapes, tables, and what is refused."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from executors.magnet.csv_tables import read_jc_table
from executors.magnet.file import magnet_of, read_magnet
from models.magnet.failure import MagnetFailure
from models.magnet.laws import Constant, Kim, Pinning
from models.magnet.measured import MeasuredJc, TableExponent

BASE: dict[str, Any] = {
    "bodies": [{"shape": "disc", "radius": "15 mm", "bottom": "-10 mm", "top": "10 mm"}],
    "jc": {"model": "constant", "value": "3.0e8 A/m^2"},
    "n": 20,
    "protocol": {
        "kind": "field-cooling",
        "applied_field": "8 T",
        "ramp": "1000 s",
        "hold": "1e6 s",
    },
    "probes": {"heights": ["0.5 mm", "2 mm"], "homogeneity_sphere": "5 mm"},
    "fidelity": "analytic",
}


def write(path: Path, *rows: str) -> Path:
    path.write_text("# source: made up for a test; method: none\n" + "\n".join(rows) + "\n")
    return path


def test_quantities_are_told_with_units() -> None:
    problem = magnet_of(BASE, Path())
    body = problem.bodies[0]
    assert (body.outer, body.bottom, body.top) == pytest.approx((0.015, -0.01, 0.01))
    assert problem.materials[""].jc == Constant(3e8)
    assert (problem.protocol.applied_field, problem.protocol.hold) == (8.0, 1e6)
    assert problem.probes.heights == pytest.approx((0.5e-3, 2e-3))
    assert problem.probes.homogeneity_sphere == pytest.approx(5e-3)


def test_other_units_mean_the_same() -> None:
    words = BASE | {
        "jc": {
            "model": "kim",
            "value": "30 kA/cm^2",
            "b0": "1000 mT",
            "sd": {"value": "1 kA/cm^2", "b0": "50 mT"},
        }
    }
    law = magnet_of(words, Path()).materials[""].jc
    assert isinstance(law, Kim)
    assert (law.value, law.b0) == pytest.approx((3e8, 1.0))
    assert dict(law.sd) == pytest.approx({"value": 1e7, "b0": 0.05})


def test_shapes_become_bodies() -> None:
    shapes = [
        {"shape": "stack", "radius": "5 mm", "count": 2, "thickness": "9 mm", "gap": "1 mm"},
        {
            "shape": "ring",
            "radius": "20 mm",
            "inner_radius": "10 mm",
            "thickness": "4 mm",
            "material": "outer",
        },
    ]
    words = BASE | {
        "bodies": shapes,
        "materials": {"outer": {"jc": {"model": "constant", "value": "1e8 A/m^2"}, "n": 30}},
    }
    bodies = magnet_of(words, Path()).bodies
    assert [(b.bottom, b.top) for b in bodies] == [
        pytest.approx(t) for t in ((-0.0095, -0.0005), (0.0005, 0.0095), (-0.002, 0.002))
    ]
    assert bodies[2].inner == pytest.approx(0.01)
    endless = magnet_of(BASE | {"bodies": [{"shape": "long-cylinder", "radius": "5 mm"}]}, Path())
    assert endless.bodies[0].endless


def test_tables_stand_beside_the_file(tmp_path: Path) -> None:
    write(
        tmp_path / "jc.csv", "B_T,T_K,Jc_A_m2,sd_A_m2", "0,5,4e8,1e7", "2,5,3e8,1e7", "5,5,1e8,2e7"
    )
    write(tmp_path / "n.csv", "B_T,T_K,n", "0,5,80", "5,5,30")
    write(tmp_path / "map.csv", "r_m,z_m,factor", "0,-1,1", "0,1,1", "0.02,-1,0.9", "0.02,1,0.9")
    words = BASE | {
        "jc": {"model": "file", "path": "jc.csv"},
        "n": {"file": "n.csv"},
        "map": "map.csv",
    }
    material = magnet_of(words, tmp_path).materials[""]
    assert isinstance(material.jc, MeasuredJc)
    assert isinstance(material.n, TableExponent)
    b = np.array([0.0, 1.0, 2.0, 9.0])
    jc, slope = material.jc(b, 5.0)
    assert jc[[0, 2, 3]] == pytest.approx([4e8, 3e8, 1e8])
    assert 3e8 < jc[1] < 4e8
    assert slope[1] < 0
    assert slope[3] == 0
    assert list(material.jc.outside(b, 5.0)) == [False, False, False, True]
    assert material.jc.outside(b, 6.0).all()
    assert material.jc_map is not None
    assert material.jc_map(np.array([0.01]), np.array([0.0])) == pytest.approx([0.95])
    assert read_jc_table(tmp_path / "jc.csv").sd == pytest.approx([1e7, 1e7, 2e7])


def test_jc_falls_between_temperatures_and_with_birr() -> None:
    pinning = {
        "model": "pinning",
        "force": "8e9 N/m^3",
        "irreversibility_field": "40 T",
        "critical_temperature": "36 K",
        "self_field": "0.2 T",
        "p": 0.5,
        "q": 2,
        "m": 2,
        "temperature_exponent": 1.5,
    }
    law = (
        magnet_of(BASE | {"jc": pinning, "protocol": {"temperature": "5 K"}}, Path())
        .materials[""]
        .jc
    )
    assert isinstance(law, Pinning)
    b = np.linspace(0.3, 45, 50)
    cold, warm = law(b, 5.0)[0], law(b, 20.0)[0]
    assert (cold >= warm).all()
    assert (np.diff(cold) <= 0).all()
    assert law.outside(b, 5.0).sum() > 0
    step = 1e-6
    numeric = (law(b + step, 5.0)[0] - law(b - step, 5.0)[0]) / (2 * step)
    inside = b < 35
    assert law(b, 5.0)[1][inside] == pytest.approx(numeric[inside], rel=1e-4)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"bodies": []}, "a body at least"),
        ({"bodies": [{"shape": "disc", "radius": "15 mm"}]}, "needs bottom and top, or thickness"),
        ({"bodies": [{"shape": "cube", "radius": "15 mm"}]}, "'shape' must be one of 'disc', 'ring', 'stack', 'long-cylinder', not 'cube'"),
        ({"bodies": [{"shape": "disc", "radius": "15 K", "thickness": "1 mm"}]}, "'K' cannot be turned into 'm'"),
        ({"bodies": [{"shape": "disc", "radius": 15, "thickness": "1 mm"}]}, "which unit was meant"),
        ({"bodies": [{"shape": "disc", "radius": "15 mm", "bottom": "1 mm", "top": "0 mm"}]}, "must be below top"),
        ({"bodies": BASE["bodies"] * 2}, "overlap: r 0 to 15 mm, z -10 to 10 mm, and r 0"),
        ({"jc": {"model": "constant", "value": "-1 A/m^2"}}, "jc.constant.value"),
        ({"jc": {"model": "constant", "value": "nan A/m^2"}}, "jc.constant.value"),
        ({"jc": {"model": "kim", "value": "1e8 A/m^2"}}, "b0"),
        ({"jc": {"model": "constant", "value": "1e8 A/m^2", "sd": {"b0": 1}}}, "no parameter 'b0'"),
        ({"jc": {"model": "file", "path": "none.csv"}}, "none.csv cannot be read"),
        ({"jc": "3e8 A/m^2"}, "jc: must be names and values, not '3e8 A/m^2'"),
        ({"jc": {"model": "constant", "value": 1e8, "critical_temperature": "9 K"}}, "belong together"),
        ({"jc": None}, "jc is missing"),
        ({"bodies": [{"shape": "disc", "raduis": "15 mm", "thickness": "1 mm"}]}, "raduis: this field is not known"),
        ({"bodies": [{"radius": "15 mm"}]}, "bodies.0: 'shape' is missing"),
        ({"probes": {"heights": "1 mm"}}, "heights: must be a list"),
        ({"probes": {"heights": ["-1 mm"]}}, "above the highest face"),
        ({"probes": {"times": ["1e9 s"]}}, "within the hold, 0 to 1e+06 s, not 1e+09 s"),
        ({"n": 2}, "n must be from 3"),
        ({"protocol": {"kind": "field-cooling", "applied_field": "8 T"}}, "a ramp above 0"),
        ({"protocol": {"hold": "-1 s"}}, "hold"),
        ({"fidelity": "guess"}, "fidelity"),
        ({"detial": 0.1}, "detial"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: dict[str, Any], why: str) -> None:
    with pytest.raises(MagnetFailure, match=re.escape(why)) as failure:
        magnet_of(BASE | change, Path())
    assert failure.value.kind == "bad-input"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (("B_T,T_K", "0,5"), "the columns B_T, T_K, Jc_A_m2 are needed"),
        (("B_T,T_K,Jc_A_m2", "0,5,x"), "'x' in Jc_A_m2 is no number"),
        (("B,T,Jc", "0,5,1e8"), "the columns B_T, T_K, Jc_A_m2 are needed, not B, T, Jc"),
        (("B_T,T_K,Jc_A_m2", "0,5,nan"), "'nan' in Jc_A_m2 is no number"),
        (("B_T,T_K,Jc_A_m2", ",5,1e8"), "'' in B_T is no number"),
        (("B_T,T_K,Jc_A_m2", "0,5,-1"), "jc.csv: Jc in a table must be above 0"),
        (("B_T,T_K,Jc_A_m2", "0,5,1e8", "0,5,2e8"), "two rows of one field"),
        (("B_T,T_K,Jc_A_m2",), "the columns"),
    ],
)
def test_wrong_tables_are_refused(tmp_path: Path, rows: tuple[str, ...], why: str) -> None:
    with pytest.raises(MagnetFailure, match=why):
        read_jc_table(write(tmp_path / "jc.csv", *rows))


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    for text in ("bodies: [", "- 1", ""):
        (tmp_path / "m.yaml").write_text(text)
        with pytest.raises(MagnetFailure):
            read_magnet(tmp_path / "m.yaml")
