"""Tells people by webhook and e-mail what waits for them. At least once: a letter stays in the
outbox until its channel took it; who was killed in between sends it again, with the same id."""

import json
import logging
import smtplib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from planner.campaign.values import Frozen, plain_data
from planner.door.words import in_a_line
from planner.loop.laboratory import utc_now
from planner.record.event import EventKind
from planner.record.notice import NoticeKind, notices
from planner.settings import Settings
from planner.store import Posted, Store
from planner.store.outbox import LONGEST_PAUSE

LOG = logging.getLogger(__name__)
SECONDS = 15.0
"""How long a channel may take for one letter."""
TICK = 1.0
"""Seconds between two looks into the outbox."""
OVERDUE_EVERY = 60.0
"""Seconds."""

type Send = Callable[[Posted], None]
"""Hands a letter to a channel; OSError where it was not taken."""


def channels(settings: Settings) -> dict[str, Send]:
    """The channels that are configured, by name. ValueError says what is wrong with a setting."""
    found: dict[str, Send] = {}
    if settings.webhook:
        if urlsplit(settings.webhook).scheme not in ("http", "https"):
            raise ValueError("KYOSO_WEBHOOK: an http:// or https:// address is allowed")
        found["webhook"] = lambda letter: post(settings, letter)
    if settings.mail_to:
        if urlsplit(settings.smtp).scheme not in ("smtp", "smtps"):
            raise ValueError("KYOSO_SMTP: smtp://host:port or smtps://host:port is allowed")
        found["mail"] = lambda letter: mail(settings, letter)
    return found


class OutgoingNotice(Frozen):
    """A notice as it leaves: what a webhook gets as JSON."""

    id: str
    """The same at every attempt: a receiver can see that it came twice."""
    campaign: str
    kind: NoticeKind
    title: str
    lines: tuple[str, ...]
    at: str
    """When it was put down; ISO 8601 with its zone."""
    url: str
    """Where to act: the campaign at the panel."""
    text: str
    """All of it as people read it; what chat services show."""


def post(settings: Settings, letter: Posted) -> None:
    """POST the letter as JSON."""
    notice = outgoing(settings, letter)
    body = json.dumps(plain_data(notice), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": notice.id}
    request = Request(str(settings.webhook), data=body, headers=headers)
    try:
        build_opener(_NoRedirect()).open(request, timeout=SECONDS).close()
    except HTTPException as error:
        raise OSError(f"no proper answer: {in_a_line(error)}") from error


def mail(settings: Settings, letter: Posted) -> None:
    """Send the letter by SMTP; encrypted where the server offers it, always with ``smtps``."""
    notice = outgoing(settings, letter)
    message = EmailMessage()
    message["Subject"] = notice.title
    message["From"] = settings.mail_from
    message["To"] = str(settings.mail_to)
    message["Message-ID"] = f"<{notice.id}@kyoso>"
    message.set_content(notice.text)
    server = urlsplit(settings.smtp)
    kind = smtplib.SMTP_SSL if server.scheme == "smtps" else smtplib.SMTP
    with kind(server.hostname or "localhost", server.port or 0, timeout=SECONDS) as smtp:
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls()
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)


def outgoing(settings: Settings, letter: Posted) -> OutgoingNotice:
    """A letter from the outbox, with where to act."""
    url = f"{settings.panel.rstrip('/')}/?campaign={quote(letter.campaign)}"
    content = letter.content
    return OutgoingNotice(
        id=f"{letter.created_at:%Y%m%dT%H%M%S}-{letter.id}",
        campaign=letter.campaign,
        **content,
        at=letter.created_at.isoformat(timespec="seconds"),
        url=url,
        text="\n".join([content["title"], "", *content["lines"], "", url, ""]),
    )


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would turn the letter into a question: whatever is not 2xx did not take it."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Notifier:
    """Puts notices down, and delivers them in a thread of its own: a slow server stops no turn."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.channels = channels(settings)
        self._store = store
        self._seen: dict[str, int] = {}
        self._looked: dict[str, float] = {}
        """By a clock that nobody sets."""
        self._taken: dict[int, Posted] = {}
        """Letters that a channel took while that could not be noted."""

    def look(self, name: str, last_event: int) -> None:
        """Put down what a campaign's events since the last look have to tell."""
        now, tick = utc_now(), time.monotonic()
        if not self.channels:
            return
        if name not in self._seen:
            self._seen[name] = self._store.outbox.seen(name)
        rested = tick - self._looked.get(name, float("-inf")) < OVERDUE_EVERY
        if last_event <= self._seen[name] and rested:
            return
        seen = self._store.look(name)
        events = self._store.events.list(name, self._seen[name])
        failure = self._store.events.last(name, EventKind.MODEL_FAILED)
        if found := notices(seen.campaign, seen.record, events, now, failure):
            self._store.outbox.put(name, found, list(self.channels), now)
        self._seen[name] = max((e.id for e in events), default=self._seen[name])
        self._looked[name] = tick

    def start(self, stop: threading.Event) -> None:
        """Deliver until told to stop; nothing where no channel is configured."""
        if self.channels:
            threading.Thread(target=self._deliver_until, args=(stop,), daemon=True).start()

    def _deliver_until(self, stop: threading.Event) -> None:
        pause, trouble = TICK, ""
        while not stop.wait(pause):
            try:
                self.deliver()
            except Exception as error:  # of the record: it is told once
                if trouble != str(error):
                    LOG.error("the outbox waits: %s", in_a_line(error))
                pause, trouble = SECONDS, str(error)
            else:
                pause, trouble = TICK, ""

    def deliver(self) -> None:
        """Try every letter that is due, once; a channel that fails is left alone until the next
        time, so that it does not keep the others waiting. One that is no longer there waits."""
        self._note_taken()
        well = set(self.channels)
        for letter in self._store.outbox.due(utc_now(), list(self.channels)):
            if letter.channel in well and not self._send(letter):
                well.remove(letter.channel)

    def _send(self, letter: Posted) -> bool:
        """Whether the channel is well: what is wrong with one letter is no fault of it."""
        try:
            self.channels[letter.channel](letter)
        except Exception as error:
            pause = min(LONGEST_PAUSE, timedelta(seconds=5 * 2 ** min(letter.attempts, 20)))
            why = in_a_line(error)
            LOG.warning("%s: notice %s was not taken: %s", letter.channel, letter.id, why)
            self._store.outbox.failed(letter, why, utc_now() + pause)
            return not isinstance(error, OSError)  # smtplib's errors are OSErrors
        self._taken[letter.id] = letter
        self._note_taken()
        return True

    def _note_taken(self) -> None:
        """Write down what was taken. Where that fails nothing is sent again meanwhile: it comes
        first at the next delivery."""
        for letter in list(self._taken.values()):
            self._store.outbox.sent(letter, utc_now())
            del self._taken[letter.id]
