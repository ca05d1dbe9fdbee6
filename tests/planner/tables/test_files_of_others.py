"""Files that other programs wrote: read as they say, with a question, or refused with the way out."""

import json
import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from planner.importing.importing import Import, import_table
from planner.past.history import read_history
from planner.past.mapping_text import mapping_text
from planner.tables.table import HistoryError

FILES = Path(__file__).parent / "files"
LEVELS = [600.0, 625.0, 650.0, 675.0, 700.0, 725.0, 750.0]


class Case(NamedTuple):
    """What an import has to make of files."""

    files: str
    parameters: dict[str, dict[str, Any]]
    outcomes: dict[str, dict[str, Any]]
    asked: set[str]
    more: dict[str, Any] = {}  # noqa: RUF012  other fields of the mapping
    told: tuple[str, ...] = ()
    """Codes of findings that a person should see."""


OF_THE_ROWS: dict[str, Any] = {"kind": "range or ordered"}
"""Where a file holds no bounds."""


def ranged(low: float, high: float, **more: Any) -> dict[str, Any]:
    return {"kind": "range", "low": low, "high": high, **more}


BAYBE: dict[str, dict[str, Any]] = {
    "heat": {"kind": "ordered", "values": [600.0, 650.0, 700.0, 750.0], "unit": "degC"},
    "route": {"kind": "choice", "values": ["HIP", "HP", "SPS"]},
    "a": ranged(0.0, 1.0), "b": ranged(0.0, 1.0), "time": ranged(1.0, 48.0),
}  # fmt: skip
BY_BATCH = {"order": {"column": "BatchNr", "trust": "batch"}, "batch": "BatchNr",
            "constraints": ["a + b == 1", "time + 10*a <= 50"]}  # fmt: skip
KNOWN = {"order": {"column": "number", "trust": "known"}, "status": "state", "pool": "adaptive"}
CASES = [
    Case(
        "ax-two-goals.json",
        {"energy": ranged(10.0, 300.0, scale="log"), "hold": {"kind": "integer", "low": 1, "high": 48},
         "heat": {"kind": "ordered", "values": LEVELS}, "pressure": {"kind": "ordered", "values": [10, 30, 50]},
         "route": {"kind": "choice", "values": ["SPS", "HIP"]}, "wet": {"kind": "choice", "values": [False, True]}},
        {"strength": {"goal": "maximize", "sd": "strength_sem"}, "cost": {"goal": "minimize"},
         "density": {"goal": "none", "at_least": 75.0}},
        {"pool"},
        {"constraints": ["1.0 * hold + 2.0 * heat <= 1500.0"], "reference_point": {"strength": 45.0, "cost": 6.0},
         "order": {"column": "trial_index", "trust": "known"}, "status": "status", "pool": "adaptive"},
        ("limit-of-a-sum",),
    ),
    Case(
        "ax-weighted-sum.json",
        {"x": ranged(0.0, 1.0), "n": {"kind": "integer", "low": 1, "high": 1000}},
        {"strength": {"goal": "none"}, "cost": {"goal": "none"}, "density": {"goal": "none", "at_least": 80.0},
         "objective": {"goal": "maximize", "formula": "2*strength - 3*cost"}},
        {"pool"},
        told=("weighted-sum", "scale-not-kept"),
    ),
    Case(
        "ax-summary.csv",
        {"energy": OF_THE_ROWS, "hold": OF_THE_ROWS, "heat": OF_THE_ROWS,
         "pressure": OF_THE_ROWS, "route": {"kind": "choice", "values": ["HIP", "SPS"]},
         "wet": {"kind": "choice", "values": ["False", "True"]}},
        {"strength": {"goal": "maximize"}, "cost": {"goal": "minimize"}, "density": {"goal": "maximize"}},
        {"pool", "outcomes.strength.goal", "outcomes.cost.goal", "outcomes.density.goal"},
        {"status": "trial_status", "order": {"column": "trial_index", "trust": "known"}},
        ("trial-state",),
    ),
    Case(
        "ax-service.json",
        {"x": ranged(0.0, 1.0), "energy": ranged(1.0, 100.0, scale="log"),
         "route": {"kind": "choice", "values": ["SPS", "HIP"]}, "ball": {"kind": "fixed", "value": 3.0}},
        {"strength": {"goal": "maximize"}, "cost": {"goal": "minimize"}, "density": {"goal": "none", "at_least": 2.0}},
        {"pool"}, {"reference_point": {"strength": 1.0}},
    ),
    Case("ax-batches.json", {"x": ranged(0.0, 1.0), "y": ranged(0.0, 1.0), "z": {"kind": "derived", "formula": "1 - x - y"}},
         {"loss": {"goal": "minimize", "sd": "loss_sem"}}, {"pool"}),
    Case("baybe-pareto.csv baybe-pareto.json", BAYBE, {"strength": {"goal": "maximize"}, "cost": {"goal": "minimize"}},
         {"pool", "order.trust"}, BY_BATCH),
    Case("baybe-desirability.json baybe-desirability.csv", BAYBE,
         {"shift": {"goal": "target", "value": 3.0}, "cost": {"goal": "minimize"}}, {"pool", "order.trust"},
         BY_BATCH, ("goal-not-kept",)),
    Case(
        "bofire-experiments.csv bofire-domain.json",
        {"a": ranged(0.0, 1.0, unit="g"), "b": ranged(0.0, 1.0), "heat": ranged(600.0, 750.0, step=25.0),
         "time": {"kind": "fixed", "value": 3.0}, "pressure": {"kind": "ordered", "values": [10.0, 30.0, 50.0], "unit": "MPa"},
         "route": {"kind": "choice", "values": ["SPS", "HIP"]}},
        {"strength": {"goal": "maximize", "unit": "MPa"}, "cost": {"goal": "minimize"},
         "density": {"goal": "none", "at_least": 80.0}, "shift": {"goal": "target", "value": 3.0}, "colour": {"goal": "none"}},
        {"pool"},
        {"constraints": ["a + b == 1", "heat + 100*a <= 780"]},
        ("marked-invalid", "constraint-not-kept", "goal-not-kept"),
    ),
    Case(
        "bofire-experiments.csv",
        {"a": OF_THE_ROWS, "b": OF_THE_ROWS, "heat": OF_THE_ROWS,
         "time": {"kind": "fixed", "value": 3}, "pressure": OF_THE_ROWS, "route": {"kind": "choice", "values": ["HIP", "SPS"]}},
        {n: {"goal": "maximize"} for n in ("strength", "density", "shift", "colour")} | {"cost": {"goal": "minimize"}},
        {"pool", *(f"outcomes.{n}.goal" for n in ("strength", "cost", "density", "shift", "colour"))},
        told=("marked-invalid",),
    ),
    Case(
        "optuna-journal.log",
        {"rate": ranged(1e-4, 0.1, scale="log"), "depth": {"kind": "ordered", "values": [1, 3, 5, 7, 9]},
         "heat": ranged(600.0, 750.0), "route": {"kind": "choice", "values": ["SPS", "HIP"]}},
        {"value": {"goal": "maximize"}}, {"pool"}, KNOWN, ("trial-state",),
    ),
    Case(
        "optuna-trials.csv",
        {"depth": OF_THE_ROWS, "heat": OF_THE_ROWS, "rate": OF_THE_ROWS, "route": {"kind": "choice", "values": ["HIP", "SPS"]}},
        {"value": {"goal": "maximize"}}, {"pool", "outcomes.value.goal"}, KNOWN, ("trial-state", "settings-missing"),
    ),
    Case(
        "optuna-multi-index.csv",
        {"depth": OF_THE_ROWS, "heat": OF_THE_ROWS, "rate": OF_THE_ROWS, "route": {"kind": "choice", "values": ["HIP", "SPS"]}},
        {"value": {"goal": "maximize"}}, {"pool", "outcomes.value.goal"}, KNOWN, ("trial-state", "settings-missing"),
    ),
    Case("optuna-two-values.csv", {"x": OF_THE_ROWS, "y": OF_THE_ROWS},
         {"values_0": {"goal": "maximize"}, "values_1": {"goal": "maximize"}},
         {"pool", "outcomes.values_0.goal", "outcomes.values_1.goal"}, KNOWN),
    Case(
        "nevergrad-log.json",
        {"depth": {"kind": "integer", "low": 1, "high": 9}, "rate": OF_THE_ROWS, "route": {"kind": "choice", "values": ["SPS", "HIP"]}},
        {"#loss": {"goal": "minimize"}}, {"pool"}, {"order": {"column": "#num-tell", "trust": "known"}}, ("bounds-of-the-rows",),
    ),
    Case("nevergrad-two-losses.json", {"arg0.0": ranged(0.0, 1.0), "arg0.1": ranged(0.0, 1.0)},
         {"#losses#0": {"goal": "minimize"}, "#losses#1": {"goal": "minimize"}}, {"pool"}),
    Case("skopt-runs.csv", {"rate": OF_THE_ROWS, "depth": OF_THE_ROWS, "route": {"kind": "choice", "values": ["HIP", "SPS"]}},
         {"func_val": {"goal": "minimize"}}, {"pool"}),
    Case("pymoo-population.csv", {"X1": OF_THE_ROWS, "X2": OF_THE_ROWS},
         {"F1": {"goal": "minimize"}, "F2": {"goal": "minimize"}, "G1": {"goal": "none", "at_most": 0.0},
          "G2": {"goal": "none", "at_most": 0.0}}, {"pool", "outcomes.F1.goal", "outcomes.F2.goal"}),
    Case("summit-dataset.csv", {"temperature": OF_THE_ROWS, "flow": OF_THE_ROWS,
                                "solvent": {"kind": "choice", "values": ["DMF", "MeCN", "water"]}},
         {"yield": {"goal": "maximize"}}, {"pool", "order.trust", "outcomes.yield.goal"}, {"context": ["strategy"]}),
]  # fmt: skip
REFUSED = [
    ("baybe-pareto.json", "measurements in this BayBE campaign are a pickle.*kyoso import measurements.csv baybe-pareto.json"),
    ("bofire-domain.json", "is a BoFire domain: .*kyoso import experiments.csv bofire-domain.json"),
    ("pydoe-ccdesign.csv", r"is a design without results: every column holds coded levels \(-1.78885, -1, 0"),
    ("pydoe-fullfact.csv", r"is a design without results: every column holds coded levels \(0, 1, 2\)"),
    ("pydoe-bbdesign.csv", r"is a design without results: .* add a column with what was measured"),
]  # fmt: skip


def read(files: str) -> Import:
    return import_table([FILES / name for name in files.split()])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.files)
def test_a_file_is_taken_at_its_word_and_the_rest_is_asked(case: Case) -> None:
    found = read(case.files)
    content = found.proposal.content
    assert set(content["parameters"]) == set(case.parameters)
    for name, wanted in case.parameters.items():
        got = content["parameters"][name]
        if wanted is OF_THE_ROWS:
            assert got["kind"] in ("range", "ordered")
        else:
            assert got == wanted
    assert content["outcomes"] == case.outcomes
    assert {q.field for q in found.questions} == case.asked
    assert {key: content.get(key) for key in case.more} == case.more
    assert set(case.told) <= {f.code for f in found.findings}
    assert not [f for f in found.findings if f.level == "error"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.files)
def test_its_mapping_reads_every_row(case: Case, tmp_path: Path) -> None:
    found = read(case.files)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(mapping_text(found.proposal.content, found.questions), encoding="utf-8")
    history = read_history(str(found.place), mapping)
    assert len(history.rows) == len(found.table.rows)
    assert all(set(row.point) == set(case.parameters) for row in history.rows)


@pytest.mark.parametrize(("files", "words"), REFUSED)
def test_what_is_not_read_is_refused_with_the_way_out(files: str, words: str) -> None:
    with pytest.raises(HistoryError, match=f"^{re.escape(files)}: .*{words}"):
        read(files)


def test_states_of_trials_keep_their_meaning(tmp_path: Path) -> None:
    for files, wanted in {
        "optuna-journal.log": (1, 7),
        "ax-two-goals.json": (1, 5),
        "ax-summary.csv": (1, 5),
    }.items():
        found = read(files)
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text(mapping_text(found.proposal.content), encoding="utf-8")
        rows = read_history(str(FILES / files), mapping).rows
        assert (sum(r.failed for r in rows), sum(bool(r.values) for r in rows)) == wanted, files


def test_each_point_of_a_batch_has_its_own_results() -> None:
    table = read("ax-batches.json").table
    x, y, loss = (table.column(n) for n in ("x", "y", "loss"))
    assert [float(v) for v in loss] == [float(a) + 10 * float(b) for a, b in zip(x, y, strict=True)]


OLDER = [  # objectives as earlier versions of Ax and BayBE wrote them
    ({"metric": {"name": "cost"}, "minimize": True}, {"cost": "minimize"}),
    ({"objectives": [{"metric": {"name": "cost"}, "minimize": False}]}, {"cost": "maximize"}),
    ({"metrics": [{"name": "strength"}, {"name": "cost"}], "weights": [2.0, -3.0], "minimize": True},
     {"objective": "-2*strength + 3*cost"}),
]  # fmt: skip


@pytest.mark.parametrize(("objective", "wanted"), OLDER)
def test_goals_of_earlier_versions_of_ax_are_kept(
    tmp_path: Path, objective: dict[str, Any], wanted: dict[str, str]
) -> None:
    content = json.loads((FILES / "ax-weighted-sum.json").read_text(encoding="utf-8"))
    content["experiment"]["optimization_config"] = {"objective": objective}
    (tmp_path / "ax.json").write_text(json.dumps(content), encoding="utf-8")
    found = import_table([tmp_path / "ax.json"]).mapping.outcomes
    assert {n: o.formula or o.goal for n, o in found.items() if o.goal != "none"} == wanted


def test_goals_of_earlier_versions_of_baybe_are_kept(tmp_path: Path) -> None:
    content = json.loads((FILES / "baybe-pareto.json").read_text(encoding="utf-8"))
    one, two = content["objective"]["targets"]
    one |= {"mode": "MATCH", "bounds": {"lower": 40, "upper": 60}}
    two |= {"mode": "MIN"}
    (tmp_path / "c.json").write_text(json.dumps(content), encoding="utf-8")
    found = import_table([FILES / "baybe-pareto.csv", tmp_path / "c.json"]).mapping.outcomes
    assert (found["strength"].goal, found["strength"].value) == ("target", 50)
    assert found["cost"].goal == "minimize"


def test_a_weighted_sum_is_computed_row_by_row(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(read("ax-weighted-sum.json").text, encoding="utf-8")
    rows = read_history(str(FILES / "ax-weighted-sum.json"), mapping).rows
    for row in rows:
        v = row.values
        assert v["objective"] == pytest.approx(2 * v["strength"] - 3 * v["cost"])


def test_a_value_that_is_marked_invalid_does_not_count() -> None:
    found = read("bofire-experiments.csv bofire-domain.json")
    assert found.table.column("strength")[2] == ""
    assert found.table.column("strength")[1] != ""


STANDS_FOR = {  # the first bytes, as the programs write them; none of them can be loaded
    "study.pkl": (b"\x80\x04\x95 scipy.optimize skopt.space", "is a pickle of scikit-optimize.*func_val"),
    "opt.pkl": (b"\x80\x04\x95 nevergrad.optimization", "is a pickle of Nevergrad.*ParametersLogger"),
    "run.joblib": (b"\x80\x04\x95 pymoo.algorithms", "is a pickle of pymoo.*not opened"),
    "any.pickle": (b"\x80\x05\x95 nothing", "is a pickle, which can run any code"),
    "study.gz": (b"\x1f\x8b\x08 nothing", "is compressed; .* scikit-optimize"),
    "optuna.db": (b"SQLite format 3\0 CREATE TABLE studies CREATE TABLE trial_params", "is a database of Optuna.*trials_dataframe"),
    "ax.db": (b"SQLite format 3\0 CREATE TABLE experiment_v2", "is a database of Ax.*save_to_json_file"),
    "own.db": (b"SQLite format 3\0 CREATE TABLE results", "is a database; export the table as .csv"),
    "table.h5": (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
    "table.parquet": (b"PAR1", "is a table in Parquet or Arrow"),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDS_FOR)
def test_a_file_that_is_not_opened_is_called_by_its_name(tmp_path: Path, name: str) -> None:
    content, words = STANDS_FOR[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HistoryError, match=f"^{re.escape(name)}: {words}"):
        import_table([tmp_path / name])


def test_arrays_of_numpy_are_refused_for_want_of_names(tmp_path: Path) -> None:
    np.savez(tmp_path / "run.npz", X=np.eye(3), F=np.ones(3))
    np.save(tmp_path / "f.npy", np.ones(3))
    with pytest.raises(HistoryError, match=r"run.npz: holds arrays of NumPy \(X.npy, F.npy\)"):
        import_table([tmp_path / "run.npz"])
    with pytest.raises(HistoryError, match=r"f.npy: is an array of NumPy .* F1"):
        import_table([tmp_path / "f.npy"])


HEADER = "[Header]\nTITLE,\nFILEOPENTIME,1.5,01/02/2026,3:04 pm\nBYAPP,MPMS3,1.0\nINFO,4.1,SAMPLE_MASS\n[Data]\n"
CURVE = "Comment,Temperature (K),Magnetic Field (Oe),Moment (emu)\n,300,1000,\n,290,1000,\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER + CURVE.replace(",\n", ",1e-5\n").replace("(emu),1e-5", "(emu)"), r"2 points: Moment \(emu\)"),
        ((HEADER + CURVE).replace(",", "\t").replace("[Data]", "[Data]\t\t"), r"2 points: Temperature"),
        (HEADER, "0 points: nothing"),
    ],
)  # fmt: skip
def test_a_curve_of_an_instrument_is_no_table_of_experiments(
    tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "mvst.dat").write_text(content)
    wanted = rf"mvst.dat: is one curve of a Quantum Design instrument \({words}.*one row for each"
    with pytest.raises(HistoryError, match=wanted):
        import_table([tmp_path / "mvst.dat"])


def rows_of(*columns: str) -> str:
    """A design of eight runs: columns of the program, two factors, one result."""
    own: dict[str, list[Any]] = {
        "std": [3, 1, 8, 5, 2, 7, 4, 6], "run": list(range(1, 9)), "one": [1] * 8, "half": [1] * 4 + [2] * 4,
        "signs": ["--", "+-", "-+", "++"] * 2, "sd": [0.3, 0.2, 0.4, 0.3, 0.5, 0.2, 0.3, 0.4],
        "heat": [600, 700] * 4, "hold": [1.5, 1.5, 4.5, 4.5] * 2,
        "y": [51.2, 49.8, 55.1, 56.3, 50.7, 49.1, 54.4, 57.0],
    }  # fmt: skip
    return "\n".join(",".join(str(own[c][i]) for c in columns) for i in range(8))


DESIGNS = {  # by the columns that these programs are known to write
    "minitab.csv": ("StdOrder,RunOrder,PtType,Blocks,heat,hold,strength\n", ("std", "run", "one", "half", "heat", "hold", "y"), "heat hold", "strength", "Blocks"),
    "jmp.csv": ("Whole Plots,Pattern,Run Order,heat,hold,strength\n", ("half", "signs", "run", "heat", "hold", "y"), "heat hold", "strength", "Whole Plots"),
    "design-expert.csv": ("Std,Run,Block,Factor 1 A:heat,Factor 2 B:hold,Response 1 strength\n", ("std", "run", "half", "heat", "hold", "y"), "Factor 1 A:heat Factor 2 B:hold", "Response 1 strength", "Block"),
    "rsm.csv": ("run.order,std.order,heat,hold,Block,strength\n", ("run", "std", "heat", "hold", "half", "y"), "heat hold", "strength", "Block"),
}  # fmt: skip


@pytest.mark.parametrize("name", DESIGNS)
def test_numbers_that_a_program_for_designs_gives_a_run_are_no_settings(
    tmp_path: Path, name: str
) -> None:
    head, columns, settings, outcome, block = DESIGNS[name]
    (tmp_path / name).write_text(head + rows_of(*columns))
    found = import_table([tmp_path / name]).proposal.content
    assert " ".join(found["parameters"]) == settings
    assert list(found["outcomes"]) == [outcome]
    assert block in found["context"]
    assert found["order"]["column"] in ("RunOrder", "Run Order", "Run", "run.order")


def test_a_spread_that_is_called_std_is_no_standard_order(tmp_path: Path) -> None:
    rows = rows_of("run", "heat", "hold", "y", "sd")
    (tmp_path / "t.csv").write_text("run,heat,hold,strength,std\n" + rows)
    found = import_table([tmp_path / "t.csv"])
    assert found.table.format == "text"
    assert found.mapping.outcomes["strength"].sd == "std"


def test_a_summary_of_ax_in_which_all_is_measured_warns_of_its_roles(tmp_path: Path) -> None:
    lines = (FILES / "ax-summary.csv").read_text().splitlines()
    done = [lines[0], *(n for n in lines if ",COMPLETED," in n)]
    (tmp_path / "s.csv").write_text("\n".join(done))
    assert "roles-not-told" in {f.code for f in import_table([tmp_path / "s.csv"]).findings}


def test_an_entry_of_a_notebook_brings_its_own_columns_only_as_context(tmp_path: Path) -> None:
    head = "id,date,title,userid,body,category,status,elabid,rating,url,metadata,tags,heat,hold,strength\n"
    rows = [f"{i},2026-03-{i:02},run {i},7,text {i},{i % 3},{i % 2},20260301-{i:08x},0,https://eln.example/{i},{{}},bulk,"
            for i in range(1, 9)]  # fmt: skip
    both = [a + b for a, b in zip(rows, rows_of("heat", "hold", "y").split("\n"), strict=True)]
    (tmp_path / "eln.csv").write_text(head + "\n".join(both))
    found = import_table([tmp_path / "eln.csv"]).proposal.content
    assert list(found["parameters"]) == ["heat", "hold"]
    assert list(found["outcomes"]) == ["strength"]
    assert {"title", "url", "tags", "category", "status"} <= set(found["context"])


def test_results_of_edbo_are_what_is_pending(tmp_path: Path) -> None:
    """Columns as EDBO+ writes them: settings, properties of kinds, priority, results, forecasts."""
    lines = ["Ligand,HOMO,Concentration,priority,yield,cost,yield_predicted_mean"]
    for i in range(12):
        result = f"{40 + i},{9 - i / 2}" if i < 5 else "PENDING,PENDING"
        kind = ("L1,-0.21", "L2,-0.19", "L3,-0.23")[i % 3]
        lines.append(f"{kind},{(0.03, 0.05, 0.1, 0.2)[i // 3]},{float(i == 5)},{result},45.3")
    (tmp_path / "edbo.csv").write_text("\n".join(lines))
    found = import_table([tmp_path / "edbo.csv"])
    assert list(found.mapping.parameters) == ["Ligand", "Concentration"]
    assert list(found.mapping.outcomes) == ["yield", "cost"]
    assert found.mapping.context == ("HOMO",)
    assert {"outcomes.yield.goal", "outcomes.cost.goal"} <= {q.field for q in found.questions}
    assert any("7 conditions are still to be done" in f.text for f in found.findings)


def test_results_that_a_candidate_table_has_yet_to_get_are_outcomes() -> None:
    found = read("nimo-candidates.csv")
    assert list(found.mapping.parameters) == ["heat", "hold", "pressure"]
    assert list(found.mapping.outcomes) == ["strength"]
    assert "outcomes.strength.goal" in {q.field for q in found.questions}


PROGRAMS = {
    "Ax": "ax-", "BayBE": "baybe-", "BoFire": "bofire-", "Optuna": "optuna-", "Nevergrad": "nevergrad-",
    "scikit-optimize": "skopt-", "pymoo": "pymoo-", "Summit": "summit-", "NIMO": "nimo-", "pyDOE3": "pydoe-",
}  # fmt: skip


def test_the_table_in_the_docs_holds_what_is_tested_and_nothing_else() -> None:
    page = (Path(__file__).parents[3] / "docs" / "table-formats.md").read_text(encoding="utf-8")
    cells = [
        [c.strip() for c in line.split("|")[1:3]] for line in page.splitlines() if line[:2] == "| "
    ]
    run = {program: version for program, version in cells[1:] if "layout" not in version}
    assert set(run) == set(PROGRAMS)
    files = {path.name.split("-")[0] + "-" for path in FILES.iterdir() if "-" in path.name}
    assert files == set(PROGRAMS.values())
    script = (FILES / "write.sh").read_text(encoding="utf-8")
    names = {"Ax": "ax-platform", "scikit-optimize": "scikit-optimize", "pyDOE3": "pyDOE3"}
    for program, version in run.items():
        assert f"{names.get(program, program.lower())}=={version}" in script, program


def test_no_file_holds_a_pickle_or_the_name_of_a_machine() -> None:
    for path in FILES.iterdir():
        content = path.read_bytes()
        assert len(content) < 20_000, path.name
        assert not [
            mark
            for mark in (b"gASV", b"\x80\x04", b"/home/", b"/tmp/", b"/root/")
            if mark in content
        ]


def test_settings_that_are_called_as_our_own_columns_are_kept_apart(tmp_path: Path) -> None:
    for name, files in {"ax.json": "ax-two-goals.json", "optuna.log": "optuna-journal.log"}.items():
        text = (FILES / files).read_text(encoding="utf-8")
        for old, new in (("heat", "status"), ("rate", "value"), ("depth", "state")):
            text = text.replace(f'"{old}"', f'"{new}"').replace(f"* {old} ", f"* {new} ")
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = import_table([tmp_path / name]).mapping
        assert found.status in ("status of trial", "state of trial")
        assert {"status", "value"} & set(found.parameters)


@pytest.mark.parametrize("name", sorted(p.name for p in FILES.iterdir() if p.suffix in (".json", ".log")))  # fmt: skip
def test_a_damaged_file_is_read_or_refused_in_words(tmp_path: Path, name: str) -> None:
    """Values replaced by what cannot be there: never anything but HistoryError."""
    text, chance = (FILES / name).read_text(encoding="utf-8"), random.Random(name)
    beside = [FILES / n.replace("-domain.json", "-experiments.csv").replace(".json", ".csv")
              for n in [name] if n.startswith(("baybe", "bofire"))]  # fmt: skip
    lines = text.splitlines()
    for _ in range(15):
        place = chance.randrange(len(lines))
        content = json.loads(lines[place])
        damage(content, chance)
        damaged = [*lines[:place], json.dumps(content), *lines[place + 1 :]]
        (tmp_path / name).write_text("\n".join(damaged), encoding="utf-8")
        with suppress(HistoryError):
            import_table([*beside, tmp_path / name])


def damage(content: Any, chance: random.Random) -> None:
    """Put something odd somewhere into plain data."""
    while True:
        key = chance.choice(list(content) if isinstance(content, dict) else range(len(content)))
        inner = content[key]
        if not isinstance(inner, dict | list) or not inner or chance.random() < 0.2:
            content[key] = chance.choice([None, -1, 1e30, "x", [], {}, True, float("nan")])
            return
        content = inner


def test_what_ax_says_of_a_parameter_beyond_its_space_is_told(tmp_path: Path) -> None:
    content = json.loads((FILES / "ax-two-goals.json").read_text())
    space = {p["name"]: p for p in content["experiment"]["search_space"]["parameters"]}
    space["route"]["dependents"] = {"SPS": ["pressure"]}
    space["energy"]["digits"] = 0
    (tmp_path / "ax.json").write_text(json.dumps(content))
    told = {
        f.column: f.text
        for f in import_table([tmp_path / "ax.json"]).findings
        if f.code == "rule-not-kept"
    }
    assert set(told) == {"route", "energy"}
    assert "which other settings there are; that is not kept" in told["route"]
