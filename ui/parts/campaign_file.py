"""A campaign file that somebody uploads."""

from collections.abc import Sequence
from typing import Any

from planner import desk
from planner.campaign.campaign import Campaign
from planner.campaign.file import parse_yaml
from planner.door.bounds import TEXT
from planner.door.files import check_bytes
from planner.door.refused import about

FILE_TYPES = ["yaml", "yml"]


def read_upload(files: Sequence[Any]) -> Campaign:
    """The campaign in the last of the uploads, which can be run here. ValueError says what is wrong
    with it, or that none came."""
    if not files:
        raise ValueError("no file came")
    file = files[-1]
    content = file.getvalue()
    with about(file.name):
        check_bytes(len(content), TEXT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file.name} is not UTF-8 text (byte {error.start})") from error
    return desk.parse_runnable(parse_yaml(text))
