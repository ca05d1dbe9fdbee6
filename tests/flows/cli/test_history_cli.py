"""The command line for histories: import, replay, and a live campaign out of a past one."""

import json
from pathlib import Path

import pytest

from flows.turns.wiring import Settings, open_record
from planner.campaign.campaign import Campaign
from planner.campaign.file import read_campaign
from planner.importing.start import campaign_of, campaign_text, past_trials
from planner.past.history import read_history
from planner.proposals.proposer import first_design_reason
from planner.record.trial import Origin, TrialState
from tests.flows.cli.test_cli import Desk
from tests.planner.history_tables import HEALTHY, SEMICOLON

BAD = [
    ("import nothing.csv", "nothing.csv: cannot be read: No such file"),
    ("import words.csv", "words.csv: no column of numbers could be a result"),
    ("import furnace.csv --mapping bad.yaml", "bad.yaml:"),
    ("import furnace.csv --report no/report.html", "no/report.html"),
    (
        "replay furnace.csv",
        "a table needs a mapping that says what its columns mean; 'kyoso import",
    ),
    ("replay furnace.csv --mode sideways", "--mode: 'sideways' is none of pool, prequential"),
    ("replay furnace.csv --noise loud", "--noise: 'loud' is none of mean, draw"),
    ("replay furnace.csv --batch few", "--batch: 'few' is neither a number nor 'history'"),
    ("replay furnace.csv --html no/page.html", "--html: there is no folder no"),
    ("replay nowhere --budget 5", "nowhere: there is no such file or folder"),
    ("new --from furnace.csv --out x.yaml", "a table needs a mapping"),
    ("new --from nowhere --out x.yaml", "nowhere: there is no such file or folder"),
    ("new --out x.yaml", "a new campaign needs a name"),
    ("new mine", "--out: where is the campaign's file to be written?"),
]


@pytest.fixture
def kyoso(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    desk = Desk(tmp_path, monkeypatch, capsys)
    (tmp_path / "furnace.csv").write_text(HEALTHY)
    (tmp_path / "words.csv").write_text("who,what\nAki,one\nBen,two\n")
    (tmp_path / "bad.yaml").write_text("mapping: 2\n")
    return desk


def test_bad_input_is_refused_in_words_and_changes_nothing(kyoso: Desk, tmp_path: Path) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    wrong = []
    for words, message in BAD:
        code, seen = kyoso.type(*words.split(" "))
        after = sorted(p.name for p in tmp_path.iterdir() if p.name != "furnace.mapping.yaml")
        if code != 1 or message not in seen or "Traceback" in seen or after != before:
            wrong.append((words, code, seen))
        (tmp_path / "furnace.mapping.yaml").unlink(missing_ok=True)
    assert wrong == []


def test_a_table_is_imported_its_mapping_corrected_and_replayed(
    kyoso: Desk, tmp_path: Path
) -> None:
    (tmp_path / "half.csv").write_text(SEMICOLON)
    seen = kyoso("import", "half.csv", "--json", "half.json", "--report", "half.html")
    assert "note: column 'strength_MPa': commas are read as decimal points" in seen
    assert "to answer: pool: Who chose these conditions?" in seen
    assert "half.mapping.yaml; correct it" in seen
    found = json.loads((tmp_path / "half.json").read_text())
    assert found["roles"]["strength_MPa"] == "outcome"
    assert "Who chose these conditions?" in (tmp_path / "half.html").read_text()
    mapping = tmp_path / "half.mapping.yaml"
    mapping.write_text(mapping.read_text().replace("{trust: nominal", "{trust: known"))
    assert "The mapping is as people wrote it." in kyoso("import", "half.csv")
    seen = kyoso("replay", "half.csv", "--planner", "random", "--budget", "8", "--seeds", "1",
                 "--html", "r.html", "--png", "r.png", "--csv", "r.csv")  # fmt: skip
    assert "Compared with: random permutation of the pool" in seen
    assert "wrote r.html" in seen
    seen = kyoso("replay", "half.csv", "--mode", "prequential", "--json", "p.json")
    assert "Mode: prequential" in seen
    assert json.loads((tmp_path / "p.json").read_text())["outcomes"]["strength_MPa"]["n"] > 10


def test_at_a_terminal_questions_are_asked_and_the_answers_kept(
    kyoso: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["maybe", "random", "known", "minimize"])
    monkeypatch.setattr("typer.prompt", lambda text, default: next(answers))
    assert "'maybe' is none of factorial, adaptive" in kyoso("import", "furnace.csv", "--ask")
    text = (tmp_path / "furnace.mapping.yaml").read_text()
    assert "pool: random" in text
    assert "goal: minimize" in text
    assert "ASK" not in text


def test_several_files_are_one_table_that_can_be_written(kyoso: Desk, tmp_path: Path) -> None:
    (tmp_path / "random.csv").write_text(HEALTHY)
    (tmp_path / "bo.csv").write_text(HEALTHY)
    seen = kyoso("import", "random.csv", "bo.csv", "--table", "both.csv", "--mapping", "m.yaml")
    assert "24 experiments stand in 'bo' and in 'random'" in seen
    assert len((tmp_path / "both.csv").read_text().splitlines()) == 49
    assert read_history(str(tmp_path / "both.csv"), tmp_path / "m.yaml").mapping.arm == "arm"


def test_a_live_campaign_starts_with_the_trials_of_history(kyoso: Desk, tmp_path: Path) -> None:
    table = HEALTHY.replace("strength_sd", "strength_sd").replace("54.12", "0")
    (tmp_path / "furnace.csv").write_text(table)
    kyoso("import", "furnace.csv")
    mapping = tmp_path / "furnace.mapping.yaml"
    mapping.write_text(mapping.read_text() + "failure: {strength_MPa: '== 0'}\n")
    code, seen = kyoso.type("new", "next", "--from", "furnace.csv", "--out", "next.yaml")
    assert code == 1
    assert "outcomes.strength_MPa: Is strength_MPa to become large or small?" in seen
    assert not (tmp_path / "next.yaml").exists()
    seen = kyoso("new", "next", "--from", "furnace.csv", "--out", "next.yaml", "--as-guessed")
    assert "goals: maximize strength_MPa" in seen
    assert "over: heat_C (600 to 750 degC), hold_h (1 to 4 h), route (HIP, SPS)" in seen
    assert "nothing is started" in seen
    assert "1 imported trials are failed samples" in seen
    assert not kyoso.data.exists()
    seen = kyoso("add", "next.yaml", "--from", "furnace.csv", "--as", "Aki")
    assert "next is started with 24 trials of history" in seen
    campaign = read_campaign(tmp_path / "next.yaml")
    with open_record(Settings(data=kyoso.data)) as store:
        record = store.snapshot("next")
        assert store.campaigns.get("next") == campaign
    assert {trial.origin for trial in record.trials} == {Origin.IMPORTED}
    assert [record.count(s) for s in (TrialState.COMPLETED, TrialState.FAILED)] == [23, 1]
    assert record.results[0].source.startswith("furnace.csv, row ")
    assert record.results[0].standard_error is not None
    assert not first_design_reason(campaign, record)  # the model plans at once
    assert campaign.budget.trials - record.spent() == 40
    code, seen = kyoso.type("add", "next.yaml", "--from", "furnace.csv", "--as", "A")
    assert (code, "already" in seen) == (1, True)


def test_a_mapping_of_which_the_goals_are_answered_is_not_asked_again(
    kyoso: Desk, tmp_path: Path
) -> None:
    kyoso("import", "furnace.csv")
    mapping = tmp_path / "furnace.mapping.yaml"
    lines = mapping.read_text().splitlines()
    mapping.write_text("\n".join(n for n in lines if "ASK: Is strength" not in n))
    assert "# ASK: Who chose" in mapping.read_text()  # who chose the conditions is no goal
    assert "goals: maximize strength_MPa" in kyoso(
        "new", "--from", "furnace.csv", "--out", "n.yaml"
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("heat_C:", "heat:", "parameters: heat stand in the one and not in the other"),
        ("unit: h}", "unit: K}", "hold_h: unit 'h' cannot be turned into 'K'"),
    ],
)
def test_a_file_starts_with_trials_of_its_own_kind_only(
    kyoso: Desk, tmp_path: Path, old: str, new: str, words: str
) -> None:
    kyoso("import", "furnace.csv")
    kyoso("new", "next", "--from", "furnace.csv", "--out", "next.yaml", "--as-guessed")
    text = (tmp_path / "next.yaml").read_text()
    assert old in text
    (tmp_path / "next.yaml").write_text(text.replace(old, new))
    code, seen = kyoso.type("add", "next.yaml", "--from", "furnace.csv", "--as", "Aki")
    assert (code, words in seen) == (1, True), seen


@pytest.mark.parametrize(
    ("title", "after", "told"),
    [("heat", " C", "degC"), ("heat (deg C)", "", "degC"), ("heat", " °C", "degC"), ("heat", " Gs", "G")],
)  # fmt: skip
def test_a_unit_of_a_table_that_would_be_misread_is_taken_as_it_is_meant(
    kyoso: Desk, tmp_path: Path, title: str, after: str, told: str
) -> None:
    rows = "".join(f"{600 + 17 * i * i % 90}{after},{i % 3},{60 + i * i % 11}\n" for i in range(12))
    (tmp_path / "t.csv").write_text(f"{title},hold_h,strength\n{rows}")
    kyoso("import", "t.csv")
    kyoso("new", "next", "--from", "t.csv", "--out", "next.yaml", "--as-guessed")
    assert read_campaign(tmp_path / "next.yaml").unit(title) == told


def test_trials_of_a_table_come_in_the_units_of_the_campaign(kyoso: Desk, tmp_path: Path) -> None:
    kyoso("import", "furnace.csv")
    kyoso("new", "next", "--from", "furnace.csv", "--out", "next.yaml", "--as-guessed")
    file = tmp_path / "next.yaml"
    kyoso("add", "next.yaml", "--from", "furnace.csv", "--as", "Aki")
    other = file.read_text().replace("name: next", "name: other")
    file.write_text(other.replace("unit: h}", "unit: min}").replace("unit: MPa}", "unit: GPa}"))
    kyoso("add", "next.yaml", "--from", "furnace.csv", "--as", "Aki")
    with open_record(Settings(data=kyoso.data)) as store:
        old, new = store.snapshot("next"), store.snapshot("other")
    assert new.trials[3].point["hold_h"] == 60 * float(old.trials[3].point["hold_h"])
    before, after = old.results[3], new.results[3]
    assert after.unit == "GPa"
    assert after.value == pytest.approx(before.value / 1000)
    assert before.standard_error
    assert after.standard_error == pytest.approx(before.standard_error / 1000)


def test_a_weighted_sum_is_computed_in_the_campaign_that_goes_on(
    kyoso: Desk, tmp_path: Path
) -> None:
    files = Path(__file__).parents[2] / "planner" / "tables" / "files"
    (tmp_path / "ax.json").write_bytes((files / "ax-weighted-sum.json").read_bytes())
    kyoso("import", "ax.json")
    seen = kyoso("new", "next", "--from", "ax.json", "--out", "next.yaml")
    assert "goals: maximize objective" in seen
    assert "to be kept: density at least 80" in seen
    kyoso("add", "next.yaml", "--from", "ax.json", "--as", "Aki")
    campaign = read_campaign(tmp_path / "next.yaml")
    assert campaign.stage("computed").gives == ("objective",)
    with open_record(Settings(data=kyoso.data)) as store:
        results = store.snapshot("next").results_of[1]
    measured = {r.outcome: r.value for r in results}
    assert measured["objective"] == pytest.approx(2 * measured["strength"] - 3 * measured["cost"])


def test_an_experiment_that_two_arms_share_is_imported_once(tmp_path: Path) -> None:
    rows = ["arm,x,y", *(f"{arm},{x},{x / 2}" for arm in "ab" for x in (1, 2, 3)), "b,4,9", "b,4,9"]
    (tmp_path / "data.csv").write_text("\n".join(rows))
    (tmp_path / "mapping.yaml").write_text(
        "{mapping: 1, name: t, table: data.csv, arm: arm, parameters: {x: {kind: range, low: 0, "
        "high: 5}}, outcomes: {y: {goal: maximize}}}"
    )
    history = read_history(str(tmp_path))
    assert len(past_trials(history)) == 5
    assert isinstance(campaign_of(campaign_text(history)), Campaign)
