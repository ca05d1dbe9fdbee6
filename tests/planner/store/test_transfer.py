import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from planner.campaign.values import Point
from planner.record.decision import Verdict
from planner.record.job import JobState
from planner.record.trial import TrialState
from planner.store import Conflict, Store, open_store
from planner.store.transfer import FORMAT, check_export, export_campaign, import_campaign
from tests.planner.store.bench import NOON, Bench, campaign, density, field, later


@pytest.fixture
def full(bench: Bench, tmp_path: Path) -> Store:
    """A campaign with one of everything."""
    (tmp_path / "image").write_bytes(b"pixels")
    store = bench.store
    job = bench.running()
    store.jobs.report(job, [density()], None, "virtual", NOON)
    store.jobs.finish(
        job,
        JobState.COMPLETED,
        author="virtual",
        at=later(1),
        measurements=[field()],
        as_run={"second_heat": 702.5},
        artifacts={"micrograph": tmp_path / "image"},
        trial_state=TrialState.COMPLETED,
    )
    store.results.correct(
        "ba122", 1, value=88.0, standard_error=None, unit="percent", author="riku", at=NOON,
        reason="Waage, 秤",
    )  # fmt: skip
    bench.running(holder="loop-2")
    bench.proposed()
    point: Point = {"route": "HIP", "hold_time": 1, "second_heat": 1e16}
    store.trials.decide(
        "ba122", 3, version=1, verdict=Verdict.EDITED, author="mika", at=NOON, point=point
    )
    store.campaigns.revise(campaign(title="new"), 1, "mika", NOON)
    return store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/other.db", tmp_path / "other-files") as opened:
        yield opened


@pytest.fixture
def archive(full: Store, tmp_path: Path) -> Path:
    export_campaign(full, "ba122", tmp_path / "first.zip")
    return tmp_path / "first.zip"


def test_a_campaign_survives_the_way_to_another_database_bit_for_bit(
    full: Store, other: Store, archive: Path, tmp_path: Path
) -> None:
    assert import_campaign(other, archive) == "ba122"
    assert other.snapshot("ba122") == full.snapshot("ba122")
    assert other.campaigns.get("ba122", 1) == campaign()
    assert [e.kind for e in other.events.list("ba122")] == [
        e.kind for e in full.events.list("ba122")
    ]
    export_campaign(other, "ba122", tmp_path / "second.zip")
    assert (tmp_path / "second.zip").read_bytes() == archive.read_bytes()


def test_the_campaign_goes_on_in_the_other_database(other: Store, archive: Path) -> None:
    import_campaign(other, archive)
    (job,) = other.jobs.list("ba122", JobState.RUNNING)
    assert (job.holder, job.lease_until) == ("loop-2", later(5))
    other.jobs.finish(job, JobState.FAILED, author="x", at=NOON, trial_state=TrialState.FAILED)


def test_the_order_of_parameters_survives(other: Store, archive: Path) -> None:
    import_campaign(other, archive)
    assert [*other.trials.get("ba122", 3).point] == ["route", "hold_time", "second_heat"]
    assert [*other.campaigns.get("ba122").parameters] == ["second_heat", "hold_time", "route"]


def test_a_spreadsheet_comes_with_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        text = opened.read("trials.csv").decode("utf-8-sig")
    header, first, *_ = csv.reader(io.StringIO(text, newline=""))
    assert header == [
        *("number", "state", "origin", "generator"),
        *("second_heat (degC)", "hold_time (h)", "route"),
        *("trapped_field (T)", "trapped_field standard error (T)"),
        *("density (percent)", "density standard error (percent)"),
    ]
    assert first == [
        *("1", "completed", "planner", "botorch"),
        *("702.5", "12", "SPS", "0.83", "", "88.0", ""),
    ]


def test_a_name_that_is_taken_is_refused(full: Store, archive: Path) -> None:
    before = full.snapshot("ba122")
    with pytest.raises(Conflict, match="a campaign 'ba122' already"):
        import_campaign(full, archive)
    assert full.snapshot("ba122") == before


def rewritten(archive: Path, **changes: object) -> Path:
    with zipfile.ZipFile(archive) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    content = json.loads(parts["campaign.json"]) | changes
    parts["campaign.json"] = json.dumps(content).encode()
    del parts["checksum.json"]  # as in exports of earlier versions
    path = archive.with_name("rewritten.zip")
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def test_a_file_of_a_newer_program_is_refused(other: Store, archive: Path) -> None:
    with pytest.raises(ValueError, match=rf"newer Kyoso \(format {FORMAT + 1}"):
        import_campaign(other, rewritten(archive, format=FORMAT + 1, trials="something else"))


@pytest.mark.parametrize(
    "changes",
    [
        {"trials": []},
        {"trials": "none"},
        {"versions": []},
        {"campaign": {"name": "other", "version": 1}},
        {"format": None},
        {"events": [{"kind": "x"}]},
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(
    other: Store, archive: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="does not hold a whole campaign"):
        import_campaign(other, rewritten(archive, **changes))
    assert other.campaigns.names() == []


def renamed(archive: Path, head: str, content: str) -> Path:
    """The archive with every record of one name, and the campaign in it of another."""
    with zipfile.ZipFile(archive) as opened:
        parts = json.loads(opened.read("campaign.json"))
    parts.pop("format")
    parts["campaign"]["name"] = head
    for version in parts["versions"]:
        version["content"]["name"] = content
    for records in parts.values():
        for record in records if isinstance(records, list) else []:
            record["campaign"] = head
    return rewritten(archive, **parts)


BAD_NAMES = [
    "../other",
    "/tmp/other",
    "a/b",
    "a\\b",
    "..",
    ".",
    "",
    " a",
    "a\0b",
    "<b>a</b>",
    "x" * 65,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_no_campaign_file_may_have_is_refused(
    other: Store, archive: Path, name: str
) -> None:
    with pytest.raises(ValueError, match=r"name: .* is not allowed; use letters, digits"):
        import_campaign(other, renamed(archive, name, name))
    assert other.campaigns.names() == []


@pytest.mark.parametrize("name", [*BAD_NAMES, "another"])
def test_a_name_that_differs_from_that_of_its_content_is_refused(
    other: Store, archive: Path, name: str
) -> None:
    with pytest.raises(ValueError, match=f"is called {re.escape(repr(name))}, but .* 'ba122'"):
        import_campaign(other, renamed(archive, name, "ba122"))
    assert other.campaigns.names() == []


def test_a_sound_archive_under_another_name_is_taken(other: Store, archive: Path) -> None:
    assert import_campaign(other, renamed(archive, "焼結 2", "焼結 2")) == "焼結 2"


DEEP = json.loads('{"a": ' * 60 + "1" + "}" * 60)
"""More levels than anything that is recorded."""


def part(archive: Path, kind: str, **change: object) -> dict[str, object]:
    """A part of the archive with its first record changed."""
    with zipfile.ZipFile(archive) as opened:
        first, *rest = json.loads(opened.read("campaign.json"))[kind]
    return {kind: [first | change, *rest]}


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("versions", {"version": 7}, r"version 2 is to hold; it has the versions 2, 7"),
        ("versions", {"version": 2}, r"version 2 is to hold; it has the versions 2, 2"),
        ("versions", {"version": 2**70}, r"version 2 is to hold; it has the versions 2, 1180"),
        ("trials", {"point": {"route": "SPS"}}, r"trial 1 has no value of second_heat, hold_time"),
        ("trials", {"campaign_version": 5}, r"trial 1 is of version 5"),
        ("trials", {"number": 77}, r"belong to trial 1, which is not there"),
        (
            "trials",
            {"point": {"route": "SPS", "hold_time": 1, "second_heat": "warm"}},
            r"trial 1: second_heat is 'warm', not a number",
        ),
        ("jobs", {"stage": "nowhere"}, r"a job of trial 1 is of stage 'nowhere'"),
        ("events", {"data": DEEP}, r"holds more than 50 levels"),
        ("results", {"outcome": "ghost"}, r"results in it are of 'ghost', which is no outcome"),
        ("results", {"value": "much"}, r"results, record 1: value: must be a number, not 'much'$"),
    ],
)
def test_what_does_not_fit_together_is_said_in_a_line(
    other: Store, archive: Path, kind: str, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said) as error:
        import_campaign(other, rewritten(archive, **part(archive, kind, **change)))
    assert "\n" not in str(error.value)
    assert "pydantic" not in str(error.value)
    assert other.campaigns.names() == []


def test_a_file_in_it_is_called_by_a_name_of_ours(other: Store, archive: Path) -> None:
    foreign = rewritten(archive, **part(archive, "artifacts", name="../../etc/a\0.png"))
    import_campaign(other, foreign)
    assert [a.name for a in other.jobs.artifacts("ba122")] == ["etc/a.png"]


@pytest.mark.parametrize("version", [0, -1, 3, 99])
def test_a_version_that_is_not_there_cannot_hold(other: Store, archive: Path, version: int) -> None:
    head = {"name": "ba122", "version": version, "status": "active"}
    with pytest.raises(ValueError, match=f"version {version} is to hold; it has the versions 1, 2"):
        import_campaign(other, rewritten(archive, campaign=head))
    assert other.campaigns.names() == []


@pytest.mark.parametrize("damaged", [b"botorch", b"pixels", b"PK\x01\x02", b"number,state"])
def test_a_file_with_one_wrong_byte_is_refused(other: Store, archive: Path, damaged: bytes) -> None:
    content = archive.read_bytes()
    assert damaged in content
    archive.write_bytes(content.replace(damaged, b"X" + damaged[1:], 1))
    with pytest.raises(ValueError, match=r"first\.zip is damaged"):
        import_campaign(other, archive)
    assert other.campaigns.names() == []


def by_hand(archive: Path, change: Callable[[dict[str, Any]], None], checksum: bool = True) -> Path:
    """The archive with its record changed, and sound again but for its checksum."""
    with zipfile.ZipFile(archive) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    content = json.loads(parts["campaign.json"])
    change(content)
    parts["campaign.json"] = json.dumps(content).encode()
    if not checksum:
        del parts["checksum.json"]
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return archive


def another_author(content: dict[str, Any]) -> None:
    content["decisions"][1]["author"] = "nobody"


def one_less(content: dict[str, Any]) -> None:
    content["events"].pop()


def no_change(content: dict[str, Any]) -> None:
    """Blanks and breaks of lines only."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (another_author, r"was changed since its export: decisions: record 2 of \d+$"),
        (one_less, r"was changed since its export: events: \d+ came, \d+ were exported$"),
    ],
)
def test_what_was_changed_since_the_export_is_named(
    other: Store, archive: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        import_campaign(other, by_hand(archive, change))
    assert other.campaigns.names() == []


def test_a_record_that_is_only_spelled_anew_is_taken(other: Store, archive: Path) -> None:
    assert import_campaign(other, by_hand(archive, no_change)) == "ba122"


def test_an_export_without_a_checksum_is_taken_with_a_note(other: Store, archive: Path) -> None:
    assert check_export(archive) == ""
    assert "carries no checksum" in check_export(by_hand(archive, another_author, checksum=False))
    assert import_campaign(other, archive) == "ba122"


def test_what_an_export_promises_is_bounded(other: Store, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("campaign.json", " " * 20_000_000)
    with pytest.raises(ValueError, match="packed to less than a part in 200"):
        import_campaign(other, archive)


def test_two_exports_to_one_place_do_not_disturb_each_other(
    full: Store, other: Store, tmp_path: Path
) -> None:
    place = tmp_path / "out.zip"
    with ThreadPoolExecutor(4) as people:
        list(people.map(lambda _: export_campaign(full, "ba122", place), range(8)))
    assert import_campaign(other, place) == "ba122"
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))


def test_a_file_that_was_cut_off_is_refused(other: Store, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"first\.zip is damaged"):
        import_campaign(other, archive)
    assert other.campaigns.names() == []


def test_a_file_that_is_not_there_is_said_so(other: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        import_campaign(other, tmp_path / "missing.zip")
