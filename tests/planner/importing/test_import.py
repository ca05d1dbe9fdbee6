"""Import: tables as they come, roles that are guessed, and what is said about what is wrong."""

import ast
import base64
import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.campaign.values import plain_data
from planner.importing.guess.guessing import guess_roles
from planner.importing.importing import Import, import_table
from planner.importing.overview import ImportOverview, overview
from planner.past.history import read_history
from planner.past.mapping import HistoryError, read_mapping
from planner.tables.reading import read_table
from tests.planner.history_tables import DAMAGED, HEALTHY, JAPANESE, REFUSED, SEMICOLON, Damaged
from tests.shared import CAMPAIGNS, SETS

needs_campaigns = pytest.mark.skipif(not SETS, reason="the data sets are not here")
GUESSED = {"run": "order", "heat_C": "parameter", "hold_h": "parameter", "route": "parameter",
           "strength_MPa": "outcome", "strength_sd": "sd"}  # fmt: skip


def imported(folder: Path, content: bytes | str, name: str = "t.csv") -> Import:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_table([path])


def test_a_healthy_table_is_read_without_a_word_and_its_roles_are_guessed(tmp_path: Path) -> None:
    found = imported(tmp_path, HEALTHY)
    assert {name: role.role for name, role in found.proposal.guess.roles.items()} == GUESSED
    assert [f for f in found.findings if f.level != "note"] == []
    assert {f.code for f in found.findings} == {"factorial"}


def test_there_are_sixty_damaged_tables_of_different_kinds() -> None:
    assert len(DAMAGED) + len(REFUSED) >= 60
    assert len({table.code for table in DAMAGED}) >= 45
    assert len({table.name for table in DAMAGED}) == len(DAMAGED)


@pytest.mark.parametrize("table", DAMAGED, ids=lambda t: t.name)
def test_a_damaged_table_gets_the_right_message(tmp_path: Path, table: Damaged) -> None:
    found = imported(tmp_path, table.content, table.name)
    said = [str(f) for f in found.findings if f.code == table.code]
    assert any(table.words in text for text in said), [f"{f.code}: {f}" for f in found.findings]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_what_is_no_table_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(HistoryError, match=f"^{name}: .*{words}"):
        imported(tmp_path, content, name)


@pytest.mark.parametrize(
    "content", [SEMICOLON.encode(), HEALTHY.encode("utf-16"), JAPANESE.encode("cp932")]
)
def test_whatever_the_notation_the_numbers_are_the_same(tmp_path: Path, content: bytes) -> None:
    def numbers(found: Import) -> list[tuple[str, ...]]:
        return [cells for _, cells in found.table.rows]

    assert numbers(imported(tmp_path, content)) == numbers(imported(tmp_path, HEALTHY, "h.csv"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("T,t,yield\n" + "".join(f"{600 + i},{i % 3},{i % 2 + 1e-3 * i}\n" for i in range(9))
         + "700,1,inf\n701,2,1e400\n", "'inf' is no finite number"),
        ("T,t,yield\n" + "600,1,5\n600,1,6\n" * 2 + "650,1,7\n", "1 of 2"),
    ],
)  # fmt: skip
def test_a_finding_says_what_is_so(tmp_path: Path, content: str, words: str) -> None:
    found = imported(tmp_path, content.encode(), "t.csv")
    assert any(words in str(f) for f in found.findings), list(map(str, found.findings))


def test_a_count_in_which_one_number_stands_twice_is_no_parameter(tmp_path: Path) -> None:
    rows = "".join(
        f"{max(i, 2 * (i == 1))},{600 + 10 * (i % 5)},{i % 3},{i * i}\n" for i in range(1, 21)
    )
    guess = imported(tmp_path, f"run,T,t,yield\n{rows}").proposal.guess
    assert guess.roles["run"].role == "ignore"
    assert guess.named("parameter") == ["T", "t"]


def test_days_before_months_are_dates_and_not_several_numbers(tmp_path: Path) -> None:
    rows = "".join(f"{1 + i}/7/2024,{600 + 10 * i},{i % 3},{i * i}\n" for i in range(9))
    found = imported(tmp_path, f"date,T,t,yield\n{rows}".encode(), "t.csv")
    assert not [f for f in found.findings if f.level == "error"]


def test_the_number_of_a_doubled_column_is_no_unit(tmp_path: Path) -> None:
    rows = "".join(f"{600 + 10 * i},{i % 3},{i * i}\n" for i in range(9))
    found = imported(tmp_path, f"T (degC),T (degC),yield\n{rows}".encode(), "t.csv")
    assert found.proposal.guess.columns["T (degC) (2)"].unit == "degC"


def test_japanese_headers_are_understood(tmp_path: Path) -> None:
    found = imported(tmp_path, JAPANESE.encode("cp932"))
    assert [r.role for r in found.proposal.guess.roles.values()].count("outcome") == 1
    content = found.proposal.content
    assert content["parameters"]["焼結温度(℃)"]["unit"] == "degC"
    assert content["outcomes"]["曲げ強度(MPa)"]["sd"] == "曲げ強度 標準偏差"


@needs_campaigns
@pytest.mark.parametrize("name", SETS)
def test_the_guessed_roles_of_real_tables_are_those_of_their_mappings(name: str) -> None:
    guess = guess_roles(read_table(CAMPAIGNS / name / "data.csv"))
    rules = read_mapping(CAMPAIGNS / name / "mapping.yaml")
    spreads = {o.sd: "sd" for o in rules.outcomes.values() if o.sd}
    others = {"order": rules.order.column, "batch": rules.batch, "arm": rules.arm}
    wanted = dict.fromkeys(rules.parameters, "parameter") | dict.fromkeys(rules.outcomes, "outcome")
    wanted |= spreads | {column: role for role, column in others.items() if column}
    kinds = {"parameter", "outcome", "sd", "order", "batch", "arm"}
    assert {n: r.role for n, r in guess.roles.items() if r.role in kinds} == wanted


TRAPS = [  # what the notes on these sets list, in the files as published
    ("crossed_barrel/raw.csv", "replicates", "each of the 600 conditions was measured 3 times"),
    ("crossed_barrel/raw.csv", "factorial", "not of a campaign"),
    ("agnp/raw.csv", "unequal-replicates", "164 of 164 conditions .* 4 to 48 times"),
    ("agnp/raw.csv", "order-trend", r"-0\.58.*does not say so"),
    ("perovskite/raw.csv", "encoding", "byte-order mark"),
    ("perovskite/raw.csv", "noisy", r"5\.2e\+04.*heavy noise"),
    ("perovskite/raw.csv", "composition", "= 1 in every row"),
    ("oer_mobo/raw_mobo.tsv", "delimiter", "tabulators"),
    ("oer_mobo/raw_mobo.tsv", "composition", "= 100 in every row"),
    ("oer_mobo/raw_mobo.tsv", "unequal-replicates", "4 of 56 conditions"),
    ("oer_mobo/raw_grid.tsv", "missing-sd", "rows 61, 71"),
    ("oer_mobo/authors_progress_mobo.tsv", "lagged", "lagged by one row"),
    ("oer_mobo/authors_progress_random.tsv", "lagged", "lagged by one row"),
    ("pedot_polybot/raw.csv", "nominal-code", "1, 2, 3, 4, 5, 6, 7, 8 look like names"),
    ("pedot_polybot/raw.csv", "coded-failure", "12 values are < 1 "),
    ("pedot_polybot/raw.csv", "coded-failure", "7 values are == 0"),
    ("pedot_polybot/raw.csv", "sd-above-mean", r"3993\.83 .*rows 11, 21 to 24, 37, 53, 64"),
    ("pedot_polybot/raw.csv", "plateau", "14 of 75 rows"),
    ("pedot_polybot/raw.csv", "adaptive-pool", "no random search"),
    ("direct_arylation/raw.csv", "factorial", "not biased"),
    ("concrete_boxcrete/raw_long.csv", "long-table", "24 of these 174 rows have no Strength"),
    ("concrete_boxcrete/raw_long.csv", "replicate-columns", "Strength1"),
    ("concrete_boxcrete/raw_long.csv", "derived-disagrees", "rows 126 to 129, 234 to 241"),
    ("reizman_suzuki_1/raw.csv", "type-row", "row 2"),
    ("reizman_suzuki_1/raw.csv", "near-duplicates", "as realised"),
    ("reizman_suzuki_1/raw.csv", "realised-values", "scatter about"),
    ("reizman_suzuki_1/raw.csv", "order-trend", "order of the experiments"),
]


@needs_campaigns
def test_every_trap_of_the_published_files_is_reported() -> None:
    found = {name: import_table([CAMPAIGNS / name]).findings for name in {n for n, *_ in TRAPS}}
    missed = [
        (name, code, words)
        for name, code, words in TRAPS
        if not any(code == f.code and _says(words, str(f)) for f in found[name])
    ]
    assert missed == []


@needs_campaigns
def test_files_that_are_arms_are_read_together_and_their_shared_design_is_seen() -> None:
    arms = [CAMPAIGNS / "oer_mobo" / f"raw_{arm}.tsv" for arm in ("mobo", "random", "grid")]
    found = import_table(arms)
    assert len(found.table.rows) == 190
    assert found.mapping.arm == "arm"
    assert any("15 experiments stand in 'raw_mobo' and in 'raw_random'" in f.text
               for f in found.findings)  # fmt: skip


def test_an_import_is_plain_data(tmp_path: Path) -> None:
    found = overview(imported(tmp_path, HEALTHY))
    text = json.dumps(plain_data(found), allow_nan=False)
    assert ImportOverview.model_validate_json(text) == found
    assert (found.mapping_from, found.rows) == ("guess", 24)
    assert {q.field for q in found.questions} == {"pool", "order.trust",
                                                       "outcomes.strength_MPa.goal"}  # fmt: skip


def test_a_guessed_mapping_is_a_file_that_can_be_replayed_and_is_remembered(tmp_path: Path) -> None:
    found = imported(tmp_path, HEALTHY, "furnace.csv")
    (tmp_path / "furnace.mapping.yaml").write_text(found.text)
    assert "# ASK: Who chose these conditions?" in found.text
    history = read_history(str(tmp_path / "furnace.csv"))
    assert history.pool().size == 24
    again = import_table([tmp_path / "furnace.csv"])
    assert not again.is_guessed
    assert again.mapping == found.mapping


def test_of_a_long_table_only_the_last_age_counts(tmp_path: Path) -> None:
    table = next(t for t in DAMAGED if t.name == "long.csv")
    found = imported(tmp_path, table.content, "long.csv")
    assert found.mapping.only == {"age_d": 28}
    (tmp_path / "long.mapping.yaml").write_text(found.text)
    history = read_history(str(tmp_path / "long.csv"))
    assert (len(history.rows), history.pool().size) == (12, 9)


def test_a_workbook_with_titles_merged_cells_and_sheets_is_read(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "runs"
    sheet.append(["Sintering 2023"])
    sheet.append(["Process", "", "Result"])
    sheet.append(["route", "heat (°C)", "strength (MPa)"])
    for i in range(12):
        sheet.append(["SPS" if i % 4 == 0 else None, 600 + 10 * i, 50 + (i * 7 % 12) + 0.25])
    for top in (4, 8, 12):
        sheet.merge_cells(start_row=top, end_row=top + 3, start_column=1, end_column=1)
    sheet["A8"], sheet["A12"] = "HIP", "SPS"
    sheet.merge_cells("A1:C1")
    book.create_sheet("notes").append(["furnace 2"])
    book.save(tmp_path / "book.xlsx")
    found = import_table([tmp_path / "book.xlsx"])
    assert found.table.column("route") == ["SPS"] * 4 + ["HIP"] * 4 + ["SPS"] * 4
    assert found.table.lines[0] == 4
    assert {"several-sheets", "merged-cells", "title-rows"} <= {f.code for f in found.findings}
    with pytest.raises(HistoryError, match=r"no sheet 'x'; there are runs, notes"):
        import_table([tmp_path / "book.xlsx"], sheet="x")


def test_a_workbook_whose_formulas_were_never_computed_is_an_error(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["run", "heat", "strength", "double"])
    for i in range(1, 11):
        book.active.append([i, 600 + 7 * i % 40, 50 + i * i % 9, f"=C{i + 1}*2"])
    book.save(tmp_path / "book.xlsx")
    found = import_table([tmp_path / "book.xlsx"])
    assert [f.level for f in found.findings if f.code == "not-computed"] == ["error"]


@pytest.mark.parametrize("form", ["lines", "list", "columns"])
def test_json_is_read_in_three_shapes(tmp_path: Path, form: str) -> None:
    objects: list[dict[str, Any]] = [{"set": {"T": 600 + 5 * i, "route": "AB"[i % 2]}, "score": i * 7 % 5 + 0.5}
               for i in range(12)]  # fmt: skip
    flat = [{"set.T": o["set"]["T"], "set.route": o["set"]["route"], "score": o["score"]}
            for o in objects]  # fmt: skip
    content = {
        "lines": "\n".join(map(json.dumps, objects)),
        "list": json.dumps(objects),
        "columns": json.dumps({k: [f[k] for f in flat] for k in flat[0]}),
    }[form]
    found = imported(tmp_path, content, "t.json")
    assert found.table.columns == ("set.T", "set.route", "score")
    assert list(found.mapping.outcomes) == ["score"]


def test_an_ax_snapshot_brings_its_trials_goals_and_failures(tmp_path: Path) -> None:
    frame = '{"metric_name":{"0":"strength"},"mean":{"0":%s},"sem":{"0":0.1}}'

    def trial(i: int, status: str) -> dict[str, Any]:
        arm = {"name": f"{i}_0", "parameters": {"T": 600.0 + i, "route": "SPS" if i % 2 else "HIP"}}
        return {"index": i, "status": {"__type": "TrialStatus", "name": status},
                "generator_run": {"arms": [arm]}}  # fmt: skip

    experiment = {
        "search_space": {"parameters": [{"name": "T"}, {"name": "route"}]},
        "optimization_config": {"objective": {"expression": "-strength"}},
        "trials": {str(i): trial(i, "FAILED" if i == 3 else "COMPLETED") for i in range(8)},
        "data_by_trial": {
            str(i): {"value": [[0, {"df": {"value": frame % (i * 5 % 7 + 0.5)}}]]}
            for i in range(8) if i != 3
        },
    }  # fmt: skip
    content = json.dumps({"_type": "Client", "experiment": experiment})
    found = imported(tmp_path, content, "ax.json")
    assert found.table.format == "Ax"
    assert found.mapping.outcomes["strength"].goal == "minimize"
    assert found.mapping.outcomes["strength"].sd == "strength_sem"
    assert (found.mapping.order.column, found.mapping.status) == ("trial_index", "status")
    assert found.table.column("status")[3] == "failed"


class Opened:
    """Unpickled, it makes a file that tells so."""

    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (Path(self.marker),)


@pytest.mark.parametrize("key", ["measurements_exp", "_measurements_exp"])
def test_a_baybe_campaign_is_refused_and_its_pickle_stays_closed(tmp_path: Path, key: str) -> None:
    marker = tmp_path / "opened"
    pickled = pickle.dumps(Opened(marker))
    encoded = base64.b64encode(pickled).decode()
    content = {  # as BayBE 0.15 writes it
        "type": "Campaign",
        "searchspace": {"discrete": {"parameters": [{"name": "T"}]}, "continuous": {}},
        "objective": {"target": {"name": "strength", "minimize": False}},
        "searchspace_metadata": encoded,
        "n_batches_done": 1,
        key: encoded,
        "version": "0.15.0",
    }
    said = (
        "campaign.json: the measurements in this BayBE campaign are a pickle, which can run any "
        "code, so they are not opened; export them there: "
        "campaign.measurements.to_csv('measurements.csv', index=False), "
        "then here, both together: kyoso import measurements.csv campaign.json"
    )
    with pytest.raises(HistoryError, match=f"^{re.escape(said)}$"):
        imported(tmp_path, json.dumps(content), "campaign.json")
    assert not marker.exists()
    pickle.loads(pickled)
    assert marker.exists(), "the marker tells nothing"


def test_a_table_that_baybe_wrote_as_the_message_says_is_understood(tmp_path: Path) -> None:
    head = "temperature,route,pressure,strength,BatchNr,FitNr\n"
    lines = [f"{600 + i * 37 % 4 * 100}.0,{'SPS' if i % 3 else 'HIP'},{i * 29 % 89 / 7},"
             f"{i * 7 % 5 + 0.5},{i // 4 + 1},\n" for i in range(12)]  # fmt: skip
    found = imported(tmp_path, head + "".join(lines), "measurements.csv")
    assert list(found.mapping.parameters) == ["temperature", "route", "pressure"]
    assert list(found.mapping.outcomes) == ["strength"]
    assert (found.mapping.batch, found.mapping.arm) == ("BatchNr", None)


OPENERS = {"pickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "read_pickle",
           "read_hdf", "allow_pickle", "unsafe_load"}  # fmt: skip


def test_nothing_that_reads_past_campaigns_can_open_a_pickle() -> None:
    rooms = ("tables", "past", "importing", "replay")
    modules = [m for r in rooms for m in (Path(planner.__file__).parent / r).rglob("*.py")]
    assert len(modules) > 40
    found = {m.name: OPENERS & _words(ast.parse(m.read_text(encoding="utf-8"))) for m in modules}
    assert {name: words for name, words in found.items() if words} == {}


def _words(tree: ast.AST) -> set[str]:
    """The modules that a program imports, and the functions and options that it names."""
    words = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import() | ast.ImportFrom():
                words |= {alias.name.partition(".")[0] for alias in node.names}
                words |= {(getattr(node, "module", None) or "").partition(".")[0]}
            case ast.Attribute():
                words.add(node.attr)
            case ast.keyword():
                words.add(node.arg or "")
    return words


@pytest.mark.parametrize(
    ("name", "content", "outcome", "parameters"),
    [  # the tables of BOXVIA, NIMO and BayBE, by their shapes
        ("boxvia.csv", "x1,x2,x3,y\n", "y", ["x1", "x2", "x3"]),
        ("candidates.csv", "temperature,pressure,amount,conductivity\n", "conductivity",
         ["temperature", "pressure", "amount"]),
        ("measurements.csv", "T,p,c,strength,BatchNr,FitNr\n", "strength", ["T", "p", "c"]),
    ],
)  # fmt: skip
def test_tables_of_other_planners_are_understood(
    tmp_path: Path, name: str, content: str, outcome: str, parameters: list[str]
) -> None:
    width = content.count(",") + 1
    for i in range(20):
        cells = [f"{i * 37 % 101 / 10}", f"{i * 53 % 97}", f"{i * 29 % 89 / 7:.3f}",
                 "" if name == "candidates.csv" and i > 9 else f"{i * 71 % 103 / 3:.4f}",
                 str(i // 5 + 1), str(i // 5)][:width]  # fmt: skip
        content += ",".join(cells) + "\n"
    found = imported(tmp_path, content, name)
    assert list(found.mapping.outcomes) == [outcome]
    assert list(found.mapping.parameters) == parameters
    if name == "measurements.csv":
        assert found.mapping.batch == "BatchNr"
    if name == "candidates.csv":
        assert any(f.code == "unmeasured" for f in found.findings)


def test_names_that_stand_in_a_second_file_are_taken_from_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        '{"parameters": [{"name": "a"}, {"name": "b"}], "measurements": [{"name": "yield"}]}'
    )
    lines = [f"{i * 7 % 11},{i * 5 % 13},{i * 3 % 17 + 0.5}" for i in range(12)]
    found = imported(tmp_path, "\n".join(lines), "data.csv")
    assert found.table.columns == ("a", "b", "yield")


def _says(words: str, text: str) -> bool:
    return re.search(words, text) is not None


@pytest.mark.filterwarnings("error")
def test_numbers_that_no_sum_can_hold_are_no_trouble(tmp_path: Path) -> None:
    lines = [f"{600 + i},{10**i % 7},{5 + i}e{300 if i % 3 else 1}" for i in range(12)]
    path = tmp_path / "huge.csv"
    path.write_text("\n".join(["heat,hold,strength", *lines]))
    found = import_table([path])
    assert list(found.mapping.outcomes) == ["strength"]
