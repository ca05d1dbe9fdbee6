"""Notices reach a real receiver, by HTTP and by SMTP, at least once, whatever stops in between."""

import json
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from executors.testing.laboratory import BY_HAND, decide, inject, laboratory, two_stages
from flows.notify import Notifier, channels
from planner.loop.laboratory import Laboratory, utc_now
from planner.loop.turn import advance
from planner.record.decision import Verdict
from planner.record.job import JobState
from planner.settings import Settings
from planner.store import Posted, StoreError

MANUAL = [{"name": "making", "executor": "manual", "gives": ["density", "strength"], "due_days": 7}]


class Hook(ThreadingHTTPServer):
    """Keeps what it gets; answers as it was told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.got: list[tuple[str | None, Any]] = []
        self.answers: list[int] = []


class Receiver(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.headers["Idempotency-Key"], json.loads(body)))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps the mails it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.got: list[str] = []


class Postman(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs."""

    server: MailServer

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.got.append(b"".join(lines).decode())
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


@contextmanager
def serving[S: socketserver.BaseServer](server: S) -> Iterator[S]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[Hook]:
    with serving(Hook()) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, receiver: Hook) -> Settings:
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    return Settings(data=tmp_path, webhook=url, panel="http://lab:8501")


@pytest.fixture
def lab(tmp_path: Path) -> Laboratory:
    return laboratory(tmp_path, two_stages(stages=MANUAL), review=BY_HAND)


def look(notifier: Notifier, lab: Laboratory) -> None:
    notifier.look("test", lab.store.events.list("test")[-1].id)


def test_a_decision_a_task_and_a_failure_arrive_with_their_place_to_act(
    settings: Settings, lab: Laboratory, receiver: Hook
) -> None:
    notifier = Notifier(settings, lab.store)
    advance(lab, "test")
    look(notifier, lab)
    decide(lab.store, lab.store.trials.get("test", 1), Verdict.APPROVED)
    advance(lab, "test")
    look(notifier, lab)
    (job,) = lab.store.jobs.list("test")
    lab.store.jobs.finish(
        job, JobState.FAILED, author="Aki", at=utc_now(), message="cracked", person="Aki"
    )
    look(notifier, lab)
    notifier.deliver()
    notifier.deliver()
    told = [content for _, content in receiver.got]
    # the clock of this laboratory stands in the past, so the task is overdue as soon as it is given
    assert [t["kind"] for t in told] == ["decision-needed", "task-due", "task-due", "job-failed"]
    assert told[0]["title"] == "test: 3 proposals wait for a decision"
    assert told[0]["url"] == "http://lab:8501/?campaign=test"
    assert "cracked" in told[3]["text"]


def test_what_was_not_taken_comes_again_with_the_same_id(
    settings: Settings, lab: Laboratory, receiver: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [503, 302]
    notifier = Notifier(settings, lab.store)
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    look(notifier, lab)
    for _ in range(4):
        notifier.deliver()
        (letter,) = lab.store.outbox.list("test")
        if letter.sent_at is None:  # it would wait; here it is due at once
            lab.store.outbox.failed(letter, letter.error, utc_now())
    assert len({key for key, _ in receiver.got}) == 1
    assert len(receiver.got) == 3
    assert letter.sent_at


DIES = """
import os, sys
from pathlib import Path
from flows import notify
from planner.settings import Settings, open_record
settings = Settings(data=Path(sys.argv[1]), webhook=sys.argv[2])
store = open_record(settings)
store.outbox.sent = lambda *_: os._exit(9)   # killed after the letter went out, before it is noted
notifier = notify.Notifier(settings, store)
notifier.look("test", store.events.list("test")[-1].id)
notifier.deliver()
"""


def test_a_kill_between_sending_and_noting_it_sends_again(
    settings: Settings, lab: Laboratory, receiver: Hook
) -> None:
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    command = [sys.executable, "-c", DIES, str(settings.data), str(settings.webhook)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9
    after_restart = Notifier(settings, lab.store)
    look(after_restart, lab)
    after_restart.deliver()
    assert [key for key, _ in receiver.got] == [receiver.got[0][0]] * 2
    assert lab.store.outbox.list("test")[0].sent_at


def test_what_was_taken_is_not_sent_again_while_that_cannot_be_noted(
    settings: Settings, lab: Laboratory, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: the record takes no note."""
    notifier = Notifier(settings, lab.store)
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    look(notifier, lab)
    answers, sent = [StoreError("disk is full")] * 3, lab.store.outbox.sent

    def full_disk(letter: Posted, at: datetime) -> None:
        if answers:
            raise answers.pop()
        sent(letter, at)

    monkeypatch.setattr(lab.store.outbox, "sent", full_disk)
    for _ in range(3):
        with pytest.raises(StoreError):
            notifier.deliver()
    notifier.deliver()
    assert len(receiver.got) == 1
    assert lab.store.outbox.list("test")[0].sent_at


def test_a_letter_that_cannot_be_written_keeps_no_other_waiting(
    settings: Settings, lab: Laboratory, receiver: Any
) -> None:
    notifier = Notifier(settings, lab.store)
    for number in (1, 2):
        inject(lab.store, lab.campaign("test"), T=700 + number, x=3)
        look(notifier, lab)
    with lab.store.database.begin() as db:  # as no program of ours does it
        db.execute(sa.text("UPDATE outbox SET content = '{}' WHERE id = 1"))
    notifier.deliver()
    assert [content["title"] for _, content in receiver.got] == [
        "test: 1 proposal waits for a decision"
    ]
    first, second = lab.store.outbox.list("test")
    assert (first.sent_at, first.attempts) == (None, 1)
    assert second.sent_at


def test_mail_arrives(tmp_path: Path, lab: Laboratory) -> None:
    with serving(MailServer()) as server:
        smtp = f"smtp://127.0.0.1:{server.server_address[1]}"
        settings = Settings(data=tmp_path, mail_to="aki@lab, mika@lab", smtp=smtp)
        notifier = Notifier(settings, lab.store)
        inject(lab.store, lab.campaign("test"), T=700, x=3)
        look(notifier, lab)
        notifier.deliver()
    (mail,) = server.got
    assert "Subject: test: 1 proposal waits for a decision" in mail
    assert "To: aki@lab, mika@lab" in mail
    assert "T =3D 700 degC" in mail or "T = 700 degC" in mail


def test_a_receiver_that_is_away_stops_nobody(tmp_path: Path, lab: Laboratory) -> None:
    notifier = Notifier(Settings(data=tmp_path, webhook="http://127.0.0.1:9/"), lab.store)
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    look(notifier, lab)
    notifier.deliver()
    (letter,) = lab.store.outbox.list("test")
    assert (letter.sent_at, letter.attempts) == (None, 1)
    assert "refused" in letter.error


def test_where_nobody_wants_notices_nothing_is_put_down(tmp_path: Path, lab: Laboratory) -> None:
    inject(lab.store, lab.campaign("test"), T=700, x=3)
    look(Notifier(Settings(data=tmp_path), lab.store), lab)
    assert lab.store.outbox.list("test") == []


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"webhook": "lab/hook"}, "KYOSO_WEBHOOK: an http:// or https:// address"),
     ({"mail_to": "a@b", "smtp": "localhost:25"}, "KYOSO_SMTP: smtp://host:port")],
)  # fmt: skip
def test_wrong_settings_are_named(tmp_path: Path, wrong: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        channels(Settings(data=tmp_path, **wrong))
