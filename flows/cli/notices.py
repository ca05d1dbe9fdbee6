"""notify: try the channels that tell people what waits for them."""

from flows.cli.common import Complaint, complaints, say, settings
from flows.notify import channels
from planner.loop.laboratory import utc_now
from planner.store import Posted


def notify() -> None:
    """Send a test notice through every channel that is configured; 'kyoso up' sends the real ones.

    KYOSO_WEBHOOK is an address that takes JSON. KYOSO_MAIL_TO, KYOSO_MAIL_FROM and KYOSO_SMTP
    (smtp://user:password@host:port, or smtps://) are for mail.
    """
    with complaints():
        chosen = settings(None)
        found = channels(chosen)
    if not found:
        raise Complaint("no channel is configured; set KYOSO_WEBHOOK or KYOSO_MAIL_TO")
    faults = []
    for name, send in found.items():
        try:
            send(_letter(name))
        except OSError as error:  # smtplib's errors are such, too
            faults.append(f"{name}: {error}")
        else:
            say((name, "green"), " took a test notice")
    if faults:
        raise Complaint("\n".join(faults))


def _letter(channel: str) -> Posted:
    now = utc_now()
    content = {
        "kind": "test",
        "title": "Kyoso: a test notice",
        "lines": ["If you read this, it works."],
    }
    return Posted(
        id=0, campaign="", channel=channel, key="test", up_to=0, content=content,
        created_at=now, next_at=now,
    )  # fmt: skip
