"""The commands that read orientation maps: what they write, and what they refuse."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from flows.cli import main
from models.orientation.quaternion import uniform
from models.orientation.simulate import cells, measure
from models.orientation.symmetry import GROUPS
from tests.executors.maps.files import write_ctf


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    true = cells((60, 80), 40, random)
    group = GROUPS["422"]
    measured = measure(true, uniform(40, random), 2e-7, group, random, noise=0.3, missing=0.02)
    return write_ctf(tmp_path / "map.ctf", measured)


@pytest.fixture
def kyoso(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys):
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


def test_grains_writes_what_it_promises(kyoso, sample: Path, tmp_path: Path) -> None:
    code, seen = kyoso(
        "grains", sample, "--threshold", 5, "--min-pixels", 8, "--json", "g.json", "--plots", "p"
    )
    assert code == 0, seen
    assert "40 grains, equivalent diameter" in seen
    told = json.loads((tmp_path / "g.json").read_text())
    assert told["grains"] == 40
    assert {"mean", "sd"} <= told["equivalent_diameter_m"].keys()
    assert sum(told["boundary_length_fraction"].values()) == pytest.approx(1)
    assert told["non_indexed_fraction"] == pytest.approx(0.02, abs=0.01)
    assert sum(told["misorientation_deg"]["boundaries"]) == told["boundaries"]
    for name in ("ipf.png", "misorientations.png"):
        assert (tmp_path / "p" / name).stat().st_size > 5000


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["none.ctf"], "No such file"),
        (["map.txt"], "map.txt: not one of the known kinds, .ang, .ctf"),
        (["map.ctf", "--threshold", "0"], "between 0 and 180 degrees, not 0"),
        (["map.ctf", "--min-pixels", "0"], "a grain has at least 1 point, not 0"),
        (["map.ctf", "--min-pixels", "4000"], "no grain has 4000 points within 10 degrees"),
        (["map.ctf", "--symmetry", "mmm"], "symmetry 'mmm' is not known here, but 432"),
        (["map.ctf", "map.ctf"], "2 maps are serial sections: say how far apart"),
        (["map.ctf", "--plots", "map.ctf"], "--plots: map.ctf is a file"),
        (["map.ctf", "--json", "away/g.json"], "--json: there is no folder away"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(
    kyoso, sample: Path, tmp_path: Path, words: list[str], why: str
) -> None:
    (tmp_path / "map.txt").write_text("")
    before = sorted(tmp_path.rglob("*"))
    code, seen = kyoso("grains", *words)
    assert code == 1
    assert why in seen
    assert "Traceback" not in seen
    assert sorted(tmp_path.rglob("*")) == before
