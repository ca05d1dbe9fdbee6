"""Notices wait in the outbox until their channel took them, and are put down once."""

import sqlalchemy as sa

from planner.record.notice import Notice
from planner.store import Store
from tests.planner.store.bench import NOON, later

BOTH = ["mail", "webhook"]
NEWS = Notice("job-failed", "job-failed:7", 7, "a job failed", ("cracked",))


def test_a_notice_is_put_down_once_for_each_channel(store: Store) -> None:
    for _ in range(2):
        store.outbox.put("ba122", [NEWS], BOTH, NOON)
    letters = store.outbox.due(NOON, BOTH)
    assert [letter.channel for letter in letters] == BOTH
    assert store.outbox.due(NOON, ["mail"]) == letters[:1]
    assert letters[0].content == {
        "kind": "job-failed",
        "title": "a job failed",
        "lines": ["cracked"],
    }
    assert store.outbox.seen("ba122") == 7


def test_what_was_not_taken_is_due_again_later_and_what_was_sent_never(store: Store) -> None:
    store.outbox.put("ba122", [NEWS], BOTH, NOON)
    mail, webhook = store.outbox.due(NOON, BOTH)
    store.outbox.sent(mail, NOON)
    store.outbox.failed(webhook, "no route", later(2))
    assert store.outbox.due(later(1), BOTH) == []
    (again,) = store.outbox.due(later(2), BOTH)
    assert (again.id, again.attempts, again.error) == (webhook.id, 1, "no route")
    store.outbox.put("ba122", [NEWS], ["mail"], later(3))
    assert len(store.outbox.list("ba122")) == 2, "sent letters are remembered"


def test_nothing_was_seen_before_the_first(store: Store) -> None:
    assert store.outbox.seen("ba122") == 0


def test_a_letter_that_cannot_be_read_keeps_no_other_waiting(store: Store) -> None:
    many = [Notice("job-failed", f"job-failed:{n}", n, "a job failed", ()) for n in range(30)]
    store.outbox.put("ba122", many, ["mail"], NOON)
    with store.database.begin() as db:  # as no program of ours does it
        db.execute(sa.text("UPDATE outbox SET content = '[1]' WHERE id % 30 != 0"))
    (letter,) = store.outbox.due(NOON, BOTH)
    assert letter.content["title"] == "a job failed"
    assert len(store.outbox.damage()) == 29
    assert any("outbox: content: " in fault for fault in store.check())
    store.outbox.put("ba122", many, ["mail"], NOON)  # what is there stays, readable or not
    assert len(store.outbox.due(NOON, BOTH)) == 1


def test_a_pause_that_a_wrong_clock_began_is_not_believed(store: Store) -> None:
    store.outbox.put("ba122", [NEWS], ["mail"], NOON)
    (letter,) = store.outbox.due(NOON, BOTH)
    store.outbox.failed(letter, "no route", later(365 * 24 * 60))
    assert len(store.outbox.due(later(1), BOTH)) == 1
