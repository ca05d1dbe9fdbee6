"""The command line in this process: what people type, and what they are told."""

import hashlib
import json
import logging
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli import main
from flows.cli.campaigns import EXAMPLES
from flows.cli.status import Standing
from flows.turns.wiring import Settings, open_record
from planner.campaign.values import plain_data
from planner.loop.laboratory import utc_now
from planner.record.event import Event, EventKind
from tests.commands import commands
from tests.damage import DAMAGES, damage

CAMPAIGN = """\
name: bench
parameters:
  T: {kind: range, low: 600, high: 900, unit: degC}
  x: {kind: range, low: 0, high: 10, unit: "[at.%]"}
outcomes:
  density: {goal: none, unit: percent}
  cost: {goal: none, unit: "[EUR]"}
  strength: {goal: maximize, unit: MPa}
stages:
  - {name: making, executor: manual, gives: [density, cost]}
  - {name: testing, executor: manual, after: [making], gives: [strength]}
planner: {batch: 2, generator: sobol}
budget: {trials: 4}
"""


class Desk:
    """Types commands into a folder and keeps what came on the screen."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder, self.file = folder, folder / "bench.yaml"
        self.data = folder / "data"
        self.file.write_text(CAMPAIGN, encoding="utf-8")
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.chdir(folder)
        monkeypatch.setenv("KYOSO_DATA", str(self.data))
        monkeypatch.delenv("KYOSO_DATABASE", raising=False)

    def type(self, *words: str) -> tuple[int, str]:
        """Exit code and everything on the screen."""
        self._monkeypatch.setattr(sys, "argv", ["kyoso", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        seen = self._capsys.readouterr()
        return code, seen.out + seen.err

    def __call__(self, *words: str) -> str:
        code, seen = self.type(*words)
        assert code == 0, seen
        return seen

    def record(self) -> dict[str, str]:
        """A hash of every file of the record. The journal is written home first."""
        if (self.data / "kyoso.db").exists() and (self.data / "kyoso.db").stat().st_size:
            with open_record(Settings(data=self.data)) as store, store.database.begin() as db:
                names = [
                    r[0]
                    for r in db.exec_driver_sql(
                        "SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1"
                    )
                ]
                rows = {
                    n: str(db.exec_driver_sql(f"SELECT * FROM {n} ORDER BY rowid").all())
                    for n in names
                }
            return {n: hashlib.sha256(text.encode()).hexdigest() for n, text in rows.items()}
        return {str(p): "" for p in sorted(self.data.rglob("*"))}


@pytest.fixture
def kyoso(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    level = logging.getLogger("planner").level
    yield Desk(tmp_path, monkeypatch, capsys)
    logging.getLogger("planner").setLevel(level)


def start(kyoso: Desk) -> None:
    kyoso("run", "bench.yaml")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_written_out_and_valid(kyoso: Desk, name: str) -> None:
    kyoso("new", "--example", name, "--out", "example.yaml")
    assert f"example.yaml is valid: {name}" in kyoso("check", "example.yaml")


@pytest.mark.parametrize("words", [["--example", "none"], ["mine", "--example", "quickstart"]])
def test_an_example_that_is_none_is_refused_with_those_there_are(
    kyoso: Desk, words: list[str]
) -> None:
    code, seen = kyoso.type("new", *words, "--out", "example.yaml")
    assert code == 1
    assert "--example: ba122, grain-network, image-stacks, operating-point, quickstart" in seen
    assert not Path("example.yaml").exists()


def test_the_whole_story(kyoso: Desk) -> None:
    kyoso("new", "fresh", "--out", "fresh.yaml")
    assert "fresh.yaml is valid" in kyoso("check", "fresh.yaml")
    assert not kyoso.data.exists()
    assert "waits for people: decide on trial 1; decide on trial 2" in kyoso("run", "bench.yaml")

    assert "trial 1 is approved" in kyoso("approve", "bench", "1", "--as", "Aki", "--set", "T=650")
    assert "trial 2 is vetoed" in kyoso(
        "veto", "bench", "2", "--as", "Aki", "--reason", "too [hot]"
    )
    assert "trial 3 is proposed" in kyoso("inject", "bench", "T=973.15 K", "x=2", "--as", "Aki")
    kyoso("approve", "bench", "3", "--as", "Aki", "--version", "1")
    kyoso("run", "bench.yaml")

    seen = kyoso("record", "bench", "1", "density=81 +- 1 percent", "--as", "Aki", "--partial")
    assert "result 1: density = 81 percent" in seen
    seen = kyoso("record", "bench", "3", "density=82 percent", "--as", "Aki")
    assert "making of trial 3 is closed without cost" in seen
    seen = kyoso("record", "bench", "1", "cost=9 [EUR]", "--as", "Aki", "--as-run", "T=655 degC")
    assert "cost = 9 [EUR]" in seen
    assert "closed" not in seen
    seen = kyoso(
        "correct",
        "bench",
        "1",
        "80 percent",
        "--as",
        "Riku",
        "--reason",
        "scale",
        "--as-run",
        "x=2.5",
    )
    assert "result 4 supersedes 1: 80 percent" in seen

    kyoso("status", "bench", "--json", "status.json")
    described = json.loads((kyoso.folder / "status.json").read_text())
    first, second, *_ = described["trials"]
    assert first["generator"] == "researcher"
    assert first["reason"].startswith("edited by Aki, from {T: ")
    assert (first["as_run"]["T"], first["as_run"]["x"]) == (655, 2.5)
    assert second["message"] == "too [hot]"
    table = kyoso("status", "bench")
    assert "too [hot]" in table
    assert "[at.%]" in table
    assert "cost = 9 [EUR]" in table
    assert json.loads(kyoso("status", "bench", "--json", "-")) == described
    assert plain_data(Standing.model_validate(described)) == described
    pytest.importorskip("jsonschema").validate(described, Standing.model_json_schema())

    kyoso("export", "bench", "--out", "bench.zip")
    assert "bench is here" in kyoso("import", "bench.zip", "--data", "other")
    kyoso("export", "bench", "--out", "again.zip", "--data", "other")
    assert (kyoso.folder / "again.zip").read_bytes() == (kyoso.folder / "bench.zip").read_bytes()
    told = kyoso("doctor")
    assert "sound, 1 campaign\n" in told
    assert "kinds of hypotheses: avoid, candidates, near, region, trend" in told


def test_the_list_of_commands_breaks_lines_where_its_column_ends() -> None:
    for command in commands().values():
        command.read_help()
        assert command.help
        assert "\n" not in command.help


def test_several_trials_are_decided_together_or_not_at_all(kyoso: Desk) -> None:
    start(kyoso)
    kyoso("veto", "bench", "2", "--as", "Aki", "--reason", "no")
    before = kyoso.record()
    code, seen = kyoso.type("approve", "bench", "1", "2", "--as", "Riku", "--set", "T=700")
    assert (code, "trial 2 is vetoed" in seen) == (1, True)
    assert kyoso.record() == before


def test_a_late_result_of_an_abandoned_trial_is_refused_plainly(kyoso: Desk) -> None:
    start(kyoso)
    kyoso("approve", "bench", "1", "--as", "Aki")
    kyoso("run", "bench.yaml")
    kyoso("record", "bench", "1", "--abandoned", "furnace [3] broke", "--as", "Aki")
    kyoso("run", "bench.yaml")
    code, seen = kyoso.type("record", "bench", "1", "density=80 percent", "--as", "Aki")
    assert code == 1
    assert "trial 1 was abandoned (furnace [3] broke)" in seen


def test_a_value_that_may_be_a_slip_is_stored_with_anyway(kyoso: Desk) -> None:
    start(kyoso)
    kyoso("approve", "bench", "1", "--as", "Aki")
    kyoso("run", "bench.yaml")
    words = ("record", "bench", "1", "density=962 percent", "--as", "Aki")
    code, seen = kyoso.type(*words)
    assert (code, "962 is more than 100 %; look again, or store it anyway (--anyway)" in seen) == (
        1,
        True,
    )
    assert "density = 962 percent" in kyoso(*words, "--anyway")


def test_a_file_without_the_claims_in_force_says_that_it_ends_them(kyoso: Desk) -> None:
    kyoso("run", "bench.yaml", "--turns", "1")
    kyoso("claim", "bench", "{kind: near, point: {T: 700}}", "--as", "Aki")
    code, seen = kyoso.type("run", "bench.yaml")
    assert code == 1
    assert "ends them: the optimum lies near T = 700" in seen


def test_a_changed_file_is_revised_and_what_changed_is_named(kyoso: Desk) -> None:
    start(kyoso)
    kyoso.file.write_text(CAMPAIGN.replace("trials: 4", "trials: 9").replace("900", "950"))
    code, seen = kyoso.type("run", "bench.yaml")
    assert code == 1
    assert "parameters.T.high, budget.trials" in seen
    assert "kyoso revise bench.yaml --as NAME" in seen
    assert "version 2; changed: parameters.T.high, budget.trials" in kyoso(
        "revise", "bench.yaml", "--as", "Aki"
    )
    assert "stays at version 2" in kyoso("revise", "bench.yaml", "--as", "Aki")
    kyoso("run", "bench.yaml")
    kyoso.file.write_text(kyoso.file.read_text().replace("unit: degC", "unit: K"))
    before = kyoso.record()
    code, seen = kyoso.type("revise", "bench.yaml", "--as", "Aki")
    assert (code, "parameters.T.unit: K came" in seen) == (1, True)
    assert kyoso.record() == before


BAD: list[tuple[str, str]] = [
    ("approve bench 7 --as Aki", "no trial 7"),
    ("approve nothing 1 --as Aki", "no campaign 'nothing'"),
    ("approve bench 1 --as Aki --set T=2000", "T: 2000 is outside"),
    ("approve bench 1 --as Aki --set T", "not of the form name=value"),
    ("approve bench 1 --as Aki --set [b]=1", "[b]: no such parameter"),
    ("approve bench 1 --as Aki --version 9", "version 9 was expected"),
    ("approve bench 1 2 --as Aki --version 1", "--version goes with one trial"),
    ("approve bench 1 --as= ", "a name is missing"),
    ("veto bench 1 --as Aki --reason=", "a veto needs a reason"),
    ("inject bench T=700 --as Aki", "x: no value came"),
    ("inject bench T=700 x=1 T=3 --as Aki", "'T' is given twice"),
    ("record bench 1 density=80 --as Aki", "density: the value 80 came without a unit"),
    ("record bench 1 density=80_percent --as Aki", "plain label"),
    ("record bench 1 wood=80 --as Aki", "wood: no such outcome"),
    ("record bench 1 --as Aki", "no value came"),
    ("record bench 1 density=80percent --stage x --as Aki", "no stage 'x'"),
    ("record bench 1 --failed a --abandoned b --as Aki", "say one"),
    ("correct bench 4 80percent --reason r --as Aki", "no current result number 4"),
    ("check missing.yaml", "missing.yaml: cannot be read"),
    ("run missing.yaml", "missing.yaml: cannot be read"),
    ("run options.yaml", "options.yaml: stages.making.options: a: manual takes "),
    ("check options.yaml", "options.yaml: stages.testing.executor: no executor named 'oven'"),
    ("run bench.yaml --json nowhere/x.json", "there is no folder nowhere"),
    ("status --json nowhere/x.json", "there is no folder nowhere"),
    ("replay x --json nowhere/x.json", "there is no folder nowhere"),
    ("status nothing", "no campaign 'nothing'"),
    ("pause nothing --as Aki", "no campaign 'nothing'"),
    ("new bench --out bench.yaml", "bench.yaml is there already"),
    ("new x --out nowhere/x.yaml", "nowhere/x.yaml: No such file"),
    ("export bench --out nowhere/x.zip", "nowhere/x.zip"),
    ("import bench.yaml", "damaged, or no zip file"),
    ("import missing.zip", "missing.zip: No such file"),
    ("revise options.yaml --as Aki", "stages.making.options"),
    ("status --data bench.yaml", "the data folder bench.yaml is a file"),
    ("run bench.yaml --data bench.yaml", "the data folder bench.yaml is a file"),
    ("status --data empty", "there is no record in empty"),
    ("status --data damaged", "file is not a database"),
]  # fmt: skip


def test_bad_input_is_refused_in_words_and_changes_nothing(kyoso: Desk) -> None:
    start(kyoso)
    (kyoso.folder / "options.yaml").write_text(
        CAMPAIGN.replace(
            "executor: manual, gives: [density",
            "executor: manual, options: {a: 1}, gives: [density",
        ).replace("testing, executor: manual", "testing, executor: oven")
    )
    for name, content in (("empty", b""), ("damaged", b"no database at all" * 500)):
        (kyoso.folder / name).mkdir()
        (kyoso.folder / name / "kyoso.db").write_bytes(content)
    before = kyoso.record()
    wrong = []
    for words, message in BAD:
        code, seen = kyoso.type(*words.split(" "))
        if code != 1 or message not in seen or "Traceback" in seen or kyoso.record() != before:
            wrong.append((words, code, seen))
    assert wrong == []
    assert (kyoso.folder / "empty/kyoso.db").read_bytes() == b""


@pytest.mark.parametrize(
    "words", ["run options.yaml", "import bench.yaml", "status", "run bench.yaml --json no/x"]
)
def test_a_refused_command_makes_no_record(kyoso: Desk, words: str) -> None:
    (kyoso.folder / "options.yaml").write_text(
        CAMPAIGN.replace("manual, gives", "manual, options: {a: 1}, gives")
    )
    assert kyoso.type(*words.split())[0] == 1
    assert not kyoso.data.exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "the database that KYOSO_DATABASE names cannot be used"),
        ("postgresql//u:secret@h/d", "the database that KYOSO_DATABASE names cannot be used"),
        ("postgresql://u:secret@h:port/d", "the database that KYOSO_DATABASE names cannot be used"),
        ("oracle+nothing://h/d?password=secret", "cannot be used"),
        ("oracle+nothing://u:secret@h/d", "cannot be used"),
        ("sqlite:///nowhere.db", "there is no record in nowhere.db"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(
    kyoso: Desk, monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("KYOSO_DATABASE", url)
    code, seen = kyoso.type("status")
    assert (code, message in seen) == (1, True), seen
    assert "secret" not in seen
    assert not (kyoso.folder / "nowhere.db").exists()


def test_the_program_itself_starts_and_complains(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from flows.cli import main; main()", "status", "--data", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("there is no record in")


@pytest.mark.parametrize("what", [what for what in DAMAGES if what != "event"])  # it reads none
def test_status_names_a_campaign_that_cannot_be_loaded_and_shows_the_others(
    kyoso: Desk, what: str
) -> None:
    kyoso("run", "bench.yaml", "--turns", "1")
    other = kyoso.folder / "other.yaml"
    other.write_text(CAMPAIGN.replace("name: bench", "name: other"), encoding="utf-8")
    kyoso("run", "other.yaml", "--turns", "1")
    damage(kyoso.data / "kyoso.db", "bench", what)
    seen = kyoso("status")
    assert "damaged: campaign 'bench' cannot be loaded: " in seen
    assert "the others go on" in seen
    assert "active; 0 of 4 trials spent, 2 proposed" in seen
    told = json.loads(kyoso("status", "--json", "-"))
    assert [(t["campaign"], t["status"]) for t in told] == [
        ("bench", "unreadable"),
        ("other", "active"),
    ]
    code, seen = kyoso.type("status", "bench")
    assert (code, seen.count("\n")) == (1, 1)
    assert "'bench' cannot be loaded" in seen
    assert "'bench' cannot be loaded" in kyoso.type("doctor")[1]
    kyoso("remove", "bench", "--as", "Aki")  # as status advised
    assert "bench" not in kyoso("status")


def test_status_tells_that_the_model_does_not_plan(kyoso: Desk) -> None:
    kyoso.file.write_text(CAMPAIGN.replace(", generator: sobol", ""), encoding="utf-8")
    kyoso("run", "bench.yaml", "--turns", "1")
    assert "does not plan" not in kyoso("status")
    with open_record(Settings(data=kyoso.data)) as store:
        failed = Event(campaign="bench", at=utc_now(), kind=EventKind.MODEL_FAILED, author="loop",
                       data={"error": "ValueError: the kernel is singular."})  # fmt: skip
        store.events.add(failed)
    said = (
        "the model does not plan: ValueError: the kernel is singular; until it plans again, space-"
    )
    assert said in kyoso("status", "bench")
    (told,) = json.loads(kyoso("status", "--json", "-"))
    assert told["model_trouble"] == "ValueError: the kernel is singular."
    kyoso("stop", "bench", "--as", "Aki")
    assert "does not plan" not in kyoso("status")  # nothing more is to be planned


def test_an_import_under_a_name_that_leads_elsewhere_is_refused(kyoso: Desk) -> None:
    kyoso("run", "bench.yaml", "--turns", "1")
    kyoso("export", "bench", "--out", "bench.zip")
    with zipfile.ZipFile("bench.zip") as old:
        text = old.read("campaign.json").decode().replace('"bench"', '"../../bench"')
    with zipfile.ZipFile("bad.zip", "w") as new:
        new.writestr("campaign.json", text)
    code, seen = kyoso.type("import", "bad.zip", "--data", "fresh")
    assert code == 1
    assert "name: '../../bench' is not allowed; use letters, digits" in seen
    assert "Traceback" not in seen


def test_a_campaign_is_revised_and_a_sample_runs_with_another_category(kyoso: Desk) -> None:
    kyoso("run", "bench.yaml", "--turns", "1")
    kyoso("approve", "bench", "1", "--as", "Aki")
    kyoso("run", "bench.yaml", "--turns", "2")
    more = "  x: {kind: range, low: 0, high: 10, unit: '[at.%]'}\n  route: "
    route = more + "{kind: choice, values: [PIT, SPS]}"
    kyoso.file.write_text(re.sub("  x: .*", route, CAMPAIGN), encoding="utf-8")
    code, seen = kyoso.type("revise", "bench.yaml", "--as", "Aki")
    assert code == 1
    assert "say with 'was: VALUE' what it was in them" in seen
    kyoso.file.write_text(re.sub("  x: .*", route[:-1] + ", was: SPS}", CAMPAIGN), encoding="utf-8")
    assert "changed: parameters.route" in kyoso("revise", "bench.yaml", "--as", "Aki")
    assert "route = SPS" in kyoso("status", "bench")
    values = "density=81 percent", "cost=9 [EUR]", "--as-run", "route=SPS2", "--as", "Aki"
    told = "nothing is learned from it: route was SPS2, none of PIT, SPS"
    assert told in kyoso("record", "bench", "1", *values)
    assert "SPS2, none of" in kyoso("status", "bench").replace("\n", " ")
    wider = route.replace("SPS]", "SPS, SPS2], was: SPS")
    kyoso.file.write_text(re.sub("  x: .*", wider, CAMPAIGN), encoding="utf-8")
    seen = kyoso("revise", "bench.yaml", "--as", "Aki")
    assert "parameters.route.values" in seen
    assert "nothing is learned" not in kyoso("status", "bench")
