"""``kyoso magnet`` as people type it."""

import csv
import json
from pathlib import Path

import pytest

from flows.cli import main
from models.magnet.analytic import disc_on_axis
from tests.magnets import needs_fem

FILE = """
bodies: [{shape: disc, radius: 15 mm, bottom: -10 mm, top: 10 mm}]
jc: {model: constant, value: 3.0e8 A/m^2, sd: {value: 3e6 A/m^2}}
n: 20
protocol: {kind: field-cooling, applied_field: 8 T, ramp: 1000 s, hold: 1e6 s}
probes: {heights: [0.5 mm, 2 mm], homogeneity_sphere: 5 mm}
fidelity: FIDELITY
"""
SCHEMA = {
    "trapped_field_center", "surface_field", "homogeneity_ppm", "decay", "decay_ppm_per_hour",
    "sigma_T", "analytic_bound_T", "status", "warnings", "seconds", "dofs",
}  # fmt: skip


def run(
    monkeypatch: pytest.MonkeyPatch, folder: Path, text: str, *more: str
) -> tuple[int, dict[str, object]]:
    """Exit code and JSON."""
    (folder / "m.yaml").write_text(text)
    out = folder / "out.json"
    monkeypatch.setattr(
        "sys.argv", ["kyoso", "magnet", str(folder / "m.yaml"), "--json", str(out), *more]
    )
    with pytest.raises(SystemExit) as exit_:
        main()
    return int(exit_.value.code or 0), json.loads(out.read_text())


def test_the_analytic_tier_in_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = run(monkeypatch, tmp_path, FILE.replace("FIDELITY", "analytic"))
    assert code == 0
    assert told.keys() >= SCHEMA
    assert told["trapped_field_center"] == pytest.approx(4.504151, abs=1e-6)
    assert told["sigma_T"] == pytest.approx(0.04504151, abs=1e-7)
    above = float(disc_on_axis(0.015, 0.02, 3e8, 0.0105))
    assert told["surface_field"][0] == {"height_m": 0.0005, "field_T": pytest.approx(above)}  # type: ignore[index]


@pytest.mark.fem
@needs_fem
def test_the_power_law_with_pictures_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = FILE.replace("FIDELITY", "power-law") + "detail: 0.2\n"
    code, told = run(monkeypatch, tmp_path, text, "--plots", str(tmp_path / "plots"))
    assert code == 0
    assert told.keys() >= SCHEMA
    assert told["status"] == "ok"
    assert told["decay"][0]["time_s"] == 0  # type: ignore[index]
    assert told["decay"][-1]["time_s"] == 1e6  # type: ignore[index]
    written = {path.name for path in (tmp_path / "plots").iterdir()}
    assert written >= {
        "field.png",
        "current.png",
        "profiles.png",
        "decay.png",
        "axis.csv",
        "radius.csv",
        "decay.csv",
        "fields.pvd",
    }
    with (tmp_path / "plots" / "axis.csv").open() as file:
        middle = list(csv.DictReader(file))[100]
    assert float(middle["z_m"]) == pytest.approx(0, abs=1e-12)
    assert float(middle["Bz_ramp_T"]) == pytest.approx(told["trapped_field_center"], rel=1e-8)


def test_what_a_tier_cannot_tell_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, told = run(monkeypatch, tmp_path, FILE.replace("FIDELITY", "analytic"))
    assert (told["decay_ppm_per_hour"], told["homogeneity_ppm"]) == (None, None)
    assert told["warnings"] == [
        "ramp, hold and decay are not computed: they take the power-law tier",
        "homogeneity is not computed: it takes finite elements",
    ]


def test_pictures_need_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.yaml").write_text(FILE.replace("FIDELITY", "analytic"))
    command = ["kyoso", "magnet", str(tmp_path / "m.yaml"), "--json", "-", "--plots"]
    monkeypatch.setattr("sys.argv", [*command, str(tmp_path / "m.yaml")])
    with pytest.raises(SystemExit):
        main()
    assert "m.yaml is no folder" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", [*command, str(tmp_path / "plots")])
    with pytest.raises(SystemExit):
        main()
    assert json.loads(capsys.readouterr().out)["status"] == "ok"


def test_failures_have_their_kind_and_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(monkeypatch, tmp_path, FILE.replace("15 mm", "15 kg"))
    assert (code, told["status"], told["trapped_field_center"]) == (1, "bad-input", None)
    assert told["fidelity"] is None
    assert "'kg' cannot be turned into 'm'" in capsys.readouterr().err
    weak = FILE.replace("FIDELITY", "analytic").replace("8 T", "2 T")
    code, told = run(monkeypatch, tmp_path, weak)
    assert (code, told["status"], told["at_most_T"]) == (1, "under-magnetised", 2.0)
    assert "it traps at most 2 T" in capsys.readouterr().err
