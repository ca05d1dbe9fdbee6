import json

import pytest
import sqlalchemy as sa

from planner.store import CampaignStatus, Conflict, NotFound, Store
from tests.planner.store.bench import NOON, campaign, later


def test_a_campaign_comes_back_as_it_was_written(store: Store) -> None:
    back = store.campaigns.get("ba122")
    assert back == campaign()
    assert [*back.parameters] == ["second_heat", "hold_time", "route"]


def test_the_same_campaign_again_changes_nothing(store: Store) -> None:
    assert store.campaigns.add(campaign(), "riku", later(1)) == 1
    assert len(store.events.list("ba122")) == 1


def test_another_campaign_under_the_same_name_is_refused(store: Store) -> None:
    with pytest.raises(Conflict, match=r"another campaign 'ba122' \(version 1\)"):
        store.campaigns.add(campaign(title="new"), "riku", NOON)
    assert store.campaigns.get("ba122") == campaign()


def test_a_revision_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    assert store.campaigns.revise(campaign(title="new"), 1, "mika", NOON) == 2
    assert store.campaigns.version("ba122") == 2
    assert store.campaigns.get("ba122").title == "new"
    assert store.campaigns.get("ba122", 1) == campaign()


def test_a_revision_of_a_stale_version_is_refused(store: Store) -> None:
    store.campaigns.revise(campaign(title="new"), 1, "mika", NOON)
    with pytest.raises(Conflict, match="version 1 was expected, but mika stored version 2"):
        store.campaigns.revise(campaign(title="newer"), 1, "riku", NOON)
    assert store.campaigns.get("ba122").title == "new"


def test_a_revision_without_a_difference_changes_nothing(store: Store) -> None:
    assert store.campaigns.revise(campaign(), 1, "mika", NOON) == 1


def test_an_unknown_campaign_is_named_with_those_there_are(store: Store) -> None:
    store.campaigns.add(campaign("mgb2"), "mika", NOON)
    assert store.campaigns.names() == ["ba122", "mgb2"]
    with pytest.raises(NotFound, match="no campaign 'nb3sn'; there are ba122, mgb2"):
        store.campaigns.get("nb3sn")
    with pytest.raises(NotFound, match="no version 7; there are 1 to 1"):
        store.campaigns.get("ba122", 7)
    with pytest.raises(NotFound, match="nb3sn"):
        store.snapshot("nb3sn")


def test_a_campaign_can_be_paused_and_the_event_says_who_did_it(store: Store) -> None:
    assert store.campaigns.status("ba122") is CampaignStatus.ACTIVE
    for _ in range(2):
        store.campaigns.set_status("ba122", CampaignStatus.PAUSED, "riku", NOON)
    assert store.campaigns.status("ba122") is CampaignStatus.PAUSED
    events = [(e.kind, e.author) for e in store.events.list("ba122")]
    assert events == [("campaign.added", "mika"), ("campaign.paused", "riku")]


def test_a_removed_campaign_is_not_shown_and_keeps_its_record(store: Store) -> None:
    store.campaigns.set_status("ba122", CampaignStatus.REMOVED, "riku", NOON)
    assert store.campaigns.names() == []
    assert store.campaigns.names(removed=True) == ["ba122"]
    assert store.campaigns.get("ba122") == campaign()


def test_a_campaign_stored_before_a_field_existed_is_still_the_same(store: Store) -> None:
    """A newer program adds a default; that is no other campaign."""
    with store.database.begin() as db:
        old = campaign().model_dump(mode="json")
        del old["review"]["approve_first_design"]
        db.execute(sa.text("UPDATE campaign_version SET content = :old"), {"old": json.dumps(old)})
    assert store.campaigns.add(campaign(), "mika", NOON) == 1
    assert store.campaigns.revise(campaign(), 1, "mika", NOON) == 1


def test_sound_campaigns_are_found_sound_on_either_database(store: Store) -> None:
    store.campaigns.add(campaign("sound"), "mika", NOON)
    store.campaigns.set_status("sound", CampaignStatus.REMOVED, "mika", NOON)
    assert store.campaigns.damaged() == {}
    assert store.check() == []
