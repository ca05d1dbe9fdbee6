"""A campaign that cannot be loaded is named, and stops no other."""

from pathlib import Path

import pytest

from flows.server.campaign_files import put_in
from planner.campaign.campaign import Campaign, parse_campaign
from planner.record.event import EventKind
from planner.record.job import JobState
from planner.record.record import Record
from planner.record.status import CampaignStatus
from planner.store import Store, StoreError, Unreadable
from planner.store import campaigns as campaigns_module
from planner.store.transfer import export_campaign
from tests.damage import DAMAGES, damage
from tests.planner.store.bench import NOON, Bench, campaign, density


@pytest.fixture
def store(bench: Bench) -> Store:
    """A campaign with a trial and a sound one beside it."""
    bench.proposed()
    bench.store.campaigns.add(campaign("sound"), author="mika", at=NOON)
    return bench.store


@pytest.fixture
def place(url: str) -> Path:
    if not url.startswith("sqlite:///"):
        pytest.skip("damage is done to an SQLite file")
    return Path(url.removeprefix("sqlite:///"))


def loaded(store: Store, name: str) -> tuple[Campaign, Record]:
    now = store.look(name)
    return now.campaign, now.record


@pytest.mark.parametrize("what", [what for what in DAMAGES if what != "event"])
def test_what_is_damaged_is_named_and_the_rest_is_as_it_was(
    store: Store, place: Path, what: str
) -> None:
    damage(place, "ba122", what)
    with pytest.raises(Unreadable, match=r"^campaign 'ba122' cannot be loaded: ") as error:
        loaded(store, "ba122")
    assert "pydantic" not in str(error.value)
    assert store.campaigns.names() == ["ba122", "sound"]
    assert loaded(store, "sound") == (campaign("sound"), Record())
    assert isinstance(error.value, StoreError)


@pytest.mark.parametrize("what", ["version", "content", "status", "name", "head"])
def test_damage_is_found_by_the_check_and_the_campaign_is_left_alone(
    store: Store, place: Path, tmp_path: Path, what: str
) -> None:
    assert store.check() == []
    damage(place, "ba122", what)
    assert list(store.campaigns.damaged()) == ["ba122"]
    assert set(store.campaigns.damaged().values()) <= set(store.check())
    assert "cannot be loaded" in put_in(store, campaign(), author="mika")
    assert "goes on" in put_in(store, campaign("sound"), author="mika")
    with pytest.raises(Unreadable, match="'ba122' cannot be loaded"):
        export_campaign(store, "ba122", tmp_path / "out.zip")
    assert not list(tmp_path.glob("out.zip*"))


def test_a_reason_names_the_field_what_came_and_what_is_allowed(store: Store, place: Path) -> None:
    damage(place, "ba122", "content")
    with pytest.raises(
        Unreadable, match=r"version 1 is not valid: budget.trials: must be at least 1, not -1"
    ):
        store.campaigns.get("ba122")


def test_names_are_told_where_a_campaign_is_damaged(store: Store, place: Path) -> None:
    damage(place, "ba122", "status")
    with pytest.raises(LookupError, match="no campaign 'x'; there are ba122, sound"):
        store.campaigns.get("x")


def test_an_event_that_is_damaged_is_left_out_and_told_of(store: Store, place: Path) -> None:
    before = store.events.list("ba122")
    damage(place, "ba122", "event")
    store.campaigns.set_status("ba122", CampaignStatus.PAUSED, "mika", NOON)
    assert [event.kind for event in store.events.list("ba122")] == ["campaign.paused"]
    assert store.events.last("ba122", EventKind.PROPOSED) is None
    assert len(store.events.damage("ba122")) == len(before)
    assert store.check()[0].startswith("campaign 'ba122': event: data: ")
    assert loaded(store, "ba122")


STRAYS = {
    "a point without a value": "UPDATE trial SET point = json_remove(point, '$.second_heat')",
    "a word for a number": "UPDATE trial SET point = json_set(point, '$.hold_time', 'long')",
    "a stage that is not there": "UPDATE job SET stage = 'dreaming'",
    "an outcome that is not there": "UPDATE result SET outcome = 'colour'",
    "a trial that is not there": "UPDATE job SET trial = 99",
}


@pytest.mark.parametrize("what", STRAYS)
def test_a_record_that_does_not_fit_its_campaign_is_named(
    store: Store, bench: Bench, place: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = bench.running()
    bench.store.jobs.report(job, [density()], None, "virtual", NOON)
    monkeypatch.setitem(DAMAGES, what, f"{STRAYS[what]} WHERE campaign = :name")
    damage(place, "ba122", what)
    with pytest.raises(Unreadable, match="'ba122' cannot be loaded: ") as error:
        Store(store.database, store.files).look("ba122")
    assert str(error.value) in store.check()
    assert loaded(store, "sound")


def test_who_asks_again_and_again_which_are_damaged_parses_each_once(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = []

    def counted(content: dict[str, object]) -> Campaign:
        parsed.append(content["name"])
        return parse_campaign(content)

    monkeypatch.setattr(campaigns_module, "parse_campaign", counted)
    for _ in range(5):
        assert store.campaigns.damaged() == {}
    assert sorted(map(str, parsed)) == ["ba122", "sound"]
    damage(place, "ba122", "content")
    for _ in range(5):
        assert list(store.campaigns.damaged()) == ["ba122"]
    assert len(parsed) == 3


def test_a_file_that_is_missing_on_disk_is_told_of(
    store: Store, bench: Bench, tmp_path: Path
) -> None:
    picture = tmp_path / "micrograph.png"
    picture.write_bytes(b"grains")
    store.jobs.finish(
        bench.running(),
        JobState.COMPLETED,
        author="virtual",
        at=NOON,
        artifacts={picture.name: picture},
    )
    assert store.check() == []
    (kept,) = store.jobs.artifacts("ba122")
    store.files.path(kept.sha256).unlink()
    (told,) = store.check()
    assert "the file micrograph.png of" in told
    assert "is missing" in told
