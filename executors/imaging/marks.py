"""What says that no microscope made a stack. It stays with its files, numbers and pictures."""

from collections.abc import Iterable

MARK = "SYNTHETIC"
LONGEST = 200
"""Characters of such a note that are kept."""


def marks(notes: Iterable[str]) -> tuple[str, ...]:
    """Those of some notes that say it."""
    return tuple(note[:LONGEST] for note in notes if note.startswith(MARK))


def titled(title: str, notes: Iterable[str]) -> str:
    """The title of a picture.

    >>> titled("slice 3", ["SYNTHETIC: simulated, no measurement"]), titled("slice 3", [])
    ('SYNTHETIC: slice 3', 'slice 3')
    """
    return f"{MARK}: {title}" if marks(notes) else title
