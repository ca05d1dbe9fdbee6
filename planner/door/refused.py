"""What the door says to something that it does not let in."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.error import KyosoError


class Refused(KyosoError, ValueError):
    """A file or name from outside that is not taken. The text begins after the thing's name:
    ``is a link, and links are not followed``."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Put the name of the thing before what the door says of it."""
    try:
        yield
    except Refused as error:
        raise Refused(f"{name} {error}") from error
