"""Locks between processes: one holder at a time, and none after its end."""

from pathlib import Path

from flows.turns.locks import held, is_held


def test_a_lock_is_held_by_one_at_a_time_until_its_end(tmp_path: Path) -> None:
    lock = tmp_path / "run" / "up.lock"
    assert not is_held(lock)
    with held(lock, "process 7") as ours, held(lock, "process 8") as theirs:
        assert (ours, theirs) == (True, False)
        assert is_held(lock)
        assert lock.read_text() == "process 7"
    assert not is_held(lock)


def test_the_note_of_a_holder_that_is_gone_is_replaced(tmp_path: Path) -> None:
    lock = tmp_path / "up.lock"
    for note in ("a long note of one", "another"):
        with held(lock, note) as ours:
            assert ours
            assert lock.read_text() == note
