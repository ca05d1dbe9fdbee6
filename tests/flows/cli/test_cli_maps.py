"""The commands that read orientation maps: what they write, and what they refuse."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from flows.cli import main
from models.orientation.quaternion import about, uniform
from models.orientation.simulate import cells, measure
from models.orientation.symmetry import GROUPS
from tests.executors.orientation.readers.files import write_ctf


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    true = cells((60, 80), 40, random)
    group = GROUPS["422"]
    measured = measure(true, uniform(40, random), 2e-7, group, random, noise=0.3, missing=0.02)
    return write_ctf(tmp_path / "map.ctf", measured)


type Kyoso = Callable[..., tuple[int, str]]
"""Types a command; its exit code, and what it said."""


@pytest.fixture
def kyoso(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kyoso:
    monkeypatch.chdir(tmp_path)

    def type_(*words: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["kyoso", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        seen = capsys.readouterr()
        return code, seen.out + seen.err

    return type_


def test_grains_writes_what_it_promises(kyoso: Kyoso, sample: Path, tmp_path: Path) -> None:
    code, seen = kyoso(
        "grains",
        sample,
        "--threshold",
        5,
        "--min-pixels",
        8,
        "--json",
        "g.json",
        "--plots",
        "p",
        "--labels",
        "l.npy",
    )
    assert code == 0, seen
    assert np.load(tmp_path / "l.npy").max() == 40
    assert "40 grains, equivalent diameter" in seen
    told = json.loads((tmp_path / "g.json").read_text())
    assert told["grains"] == 40
    assert {"mean", "sd"} <= told["equivalent_diameter_m"].keys()
    assert sum(told["boundary_length_fraction"].values()) == pytest.approx(1)
    assert told["non_indexed_fraction"] == pytest.approx(0.02, abs=0.01)
    assert sum(told["misorientation_deg"]["boundaries"]) == told["boundaries"]
    for name in ("ipf.png", "misorientations.png"):
        assert (tmp_path / "p" / name).stat().st_size > 5000


LAW = """\
critical_angle_deg: 9
critical_angle_sd_deg: 1
decay_deg: 9
decay_sd_deg: 1
conditions:
  - {B_T: 0, T_K: 4.2, plateau_A_m2: 2.0e10, sd_A_m2: 2.0e9}
  - {B_T: 9, T_K: 4.2, plateau_A_m2: 2.0e9}
"""
BICRYSTALS = """\
# made up
angle_deg,Jc_A_m2
3,1.05e10
6,0.96e10
9,1.02e10
12,0.70e10
16,0.47e10
20,0.30e10
24,0.19e10
30,0.098e10
"""


@pytest.fixture
def law(tmp_path: Path) -> Path:
    (tmp_path / "law.yaml").write_text(LAW)
    (tmp_path / "bi.csv").write_text(BICRYSTALS)
    return tmp_path / "law.yaml"


def test_boundary_and_network_write_what_they_promise(
    kyoso: Kyoso, sample: Path, law: Path, tmp_path: Path
) -> None:
    code, seen = kyoso("boundary", "bi.csv", "--json", "law.json", "--plots", "p")
    assert code == 0, seen
    told = json.loads((tmp_path / "law.json").read_text())
    low, high = told["critical_angle_interval_deg"]
    assert low < told["critical_angle_deg"] < high
    assert told["law"]["decay_deg"] == pytest.approx(9, abs=1)
    for given in (["law.json"], ["bi.csv"], ["law.yaml", "--field", 9]):
        code, seen = kyoso(
            "network", sample, "--jc-theta", *given, "--electrodes", "left,right", "--draws", 20,
            "--threshold", 3, "--json", "n.json", "--plots", "p",
        )  # fmt: skip
        assert code == 0, seen
        assert "limited by boundaries" in seen
        assert "a single section" in seen
        found = json.loads((tmp_path / "n.json").read_text())
        density = found["critical_current_density_A_m2"]
        assert 0 < density["value"] < 1e10
        assert density["sd"] > 0
        assert all(len(pair) == 2 for pair in found["cut"])
        assert len(found["cut"]) == len(found["cut_boundaries"]) > 0
        assert {"low_angle_share", "giant_component", "effective_resistance"} <= found[
            "features"
        ].keys()
        assert found["healed"]["critical_current_density_A_m2"] >= density["value"]
    assert {p.name for p in (tmp_path / "p").iterdir()} == {
        "ipf.png", "misorientations.png", "network.png", "cut.png", "law.png",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["network", "map.ctf", "--jc-theta", "law.yaml"], "law.yaml: choose one field and temperature among: 0 T, 4.2 K; 9 T, 4.2 K"),
        (["network", "map.ctf", "--jc-theta", "none.yaml"], "No such file"),
        (["network", "map.ctf", "--jc-theta", "map.ctf"], "map.ctf: "),
        (["network", "map.ctf", "--jc-theta", "wrong.yaml"], "wrong.yaml: decay_deg: must be greater than 0"),
        (["network", "map.ctf", "--jc-theta", "bi.csv", "--electrodes", "left"], "two sides such as left,right"),
        (["network", "map.ctf", "--jc-theta", "bi.csv", "--electrodes", "left,top"], "must lie opposite"),
        (["boundary", "map.ctf"], "map.ctf: column"),
        (["boundary", "short.csv"], "short.csv: 2 boundaries say too little"),
        (["boundary", "text.csv"], "row 2: Jc_A_m2 is 'much', not a number"),
        (["boundary", "comma.csv"], "row 1 has more values than the 2 columns"),
        (["network", "map.ctf", "--jc-theta", "table.txt"], "table.txt: it holds neither a law nor"),
    ],
)  # fmt: skip
def test_a_wrong_law_or_question_is_refused(
    kyoso: Kyoso, sample: Path, law: Path, tmp_path: Path, words: list[str], why: str
) -> None:
    (tmp_path / "wrong.yaml").write_text(LAW.replace("decay_deg: 9", "decay_deg: 0"))
    (tmp_path / "comma.csv").write_text("angle_deg,Jc_A_m2\n3,1,05e10\n")
    (tmp_path / "table.txt").write_text(BICRYSTALS)
    (tmp_path / "short.csv").write_text("\n".join(BICRYSTALS.split("\n")[:4]))
    (tmp_path / "text.csv").write_text(BICRYSTALS.replace("0.96e10", "much"))
    before = sorted(tmp_path.rglob("*"))
    code, seen = kyoso(*words)
    assert code == 1
    assert why in seen
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["none.ctf"], "No such file"),
        (["map.txt"], "map.txt: not one of the known kinds, .ang, .ctf"),
        (["map.ctf", "--threshold", "0"], "between 0 and 180 degrees, not 0"),
        (["map.ctf", "--min-pixels", "0"], "a grain has at least 1 point, not 0"),
        (["map.ctf", "--min-pixels", "4000"], "no grain has 4000 points within 10 degrees"),
        (["map.ctf", "--symmetry", "5/m"], "symmetry '5/m' is not known here, but 1 (-1)"),
        (["map.ctf", "map.ctf"], "2 maps are serial sections: say how far apart"),
        (["map.ctf", "--plots", "map.ctf"], "--plots: map.ctf is a file"),
        (["map.ctf", "--json", "away/g.json"], "--json: there is no folder away"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(
    kyoso: Kyoso, sample: Path, tmp_path: Path, words: list[str], why: str
) -> None:
    (tmp_path / "map.txt").write_text("")
    before = sorted(tmp_path.rglob("*"))
    code, seen = kyoso("grains", *words)
    assert code == 1
    assert why in seen
    assert "Traceback" not in seen
    assert sorted(tmp_path.rglob("*")) == before


def test_what_nothing_connects_carries_nothing(kyoso: Kyoso, law: Path, tmp_path: Path) -> None:
    torn = np.repeat([[1, 0, 2]], 10, axis=1).repeat(20, axis=0)
    turns = about((0, 0, 1), np.array([0.0, 18.0]))
    drawn = measure(torn, turns, 1e-7, GROUPS["422"], np.random.default_rng(0))
    write_ctf(tmp_path / "torn.ctf", drawn)
    assert "boundaries: none" in kyoso("grains", "torn.ctf")[1]
    _, seen = kyoso("network", "torn.ctf", "--jc-theta", "bi.csv", "--electrodes", "Left,Right")
    assert "0 A/m^2 (95 %: 0 to 0), nothing connects the electrodes" in seen
    assert "of the boundary" not in seen


CAMPAIGN = """\
name: films
parameters:
  T: {kind: range, low: 500, high: 650, unit: degC}
outcomes:
  jc: {goal: maximize, unit: A/m^2}
stages:
  - name: network
    executor: orientation
    gives: [jc]
    options:
      inline: true
      settle: 0
      pictures: false
      law: {critical_angle_deg: 9, decay_deg: 9, conditions: [{plateau_A_m2: 2.0e10}]}
review: {autonomy: automatic}
budget: {trials: 1}
planner: {batch: 1, generator: sobol}
"""


def test_a_run_says_which_map_it_waits_for_and_where(kyoso: Kyoso, tmp_path: Path) -> None:
    (tmp_path / "films.yaml").write_text(CAMPAIGN)
    code, seen = kyoso("run", "films.yaml", "--data", "data", "--patience", 0.1)
    assert code == 0, seen
    said = "waiting in network of trial 1: waiting for an orientation map (.ang, "
    assert seen.count(said) == 1
    assert "data/executors/films/network/orders/films/1/network" in seen
