"""Notices wait in the outbox until their channel took them, and are put down once."""

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
