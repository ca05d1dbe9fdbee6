"""A campaign that cannot be loaded is named, and stops no other."""

from pathlib import Path

import pytest

from flows.server.campaign_files import put_in
from planner.campaign.campaign import Campaign
from planner.record.record import Record
from planner.store import Store, StoreError, Unreadable
from planner.store.transfer import export_campaign
from tests.damage import DAMAGES, damage
from tests.planner.store.bench import NOON, Bench, campaign


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
    store.events.list(name)
    return store.campaigns.get(name), store.snapshot(name)


@pytest.mark.parametrize("what", DAMAGES)
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
    with pytest.raises(Unreadable, match=r"version 1 is not valid: budget.trials: .*greater than"):
        store.campaigns.get("ba122")


def test_names_are_told_where_a_campaign_is_damaged(store: Store, place: Path) -> None:
    damage(place, "ba122", "status")
    with pytest.raises(LookupError, match="no campaign 'x'; there are ba122, sound"):
        store.campaigns.get("x")
