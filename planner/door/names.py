"""Names that come from outside (a browser, an archive, an instrument), made harmless.

Pure text: nothing here looks at a disk.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable

MOST_BYTES = 240
"""In UTF-8: file systems take 255 for one name, and a mapping's is that of its table and more."""
LONGEST_SUFFIX = 16
"""Characters after the last dot that may still tell the kind of a file."""
LONGEST_NAME = 48
"""Characters of a campaign's name that is made of a file's."""
DEEPEST = 8
"""Folders and file in the name of an artifact."""
NEUTRAL = "table"
"""What a file is called of whose name nothing is left."""
_NO_TEXT = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories: control characters, lone surrogates, breaks of lines and paragraphs."""


def file_name(given: str) -> str:
    """A name for a file in a folder of ours: the last part of what was given, with its suffix.

    Letters of any script stay as they are; the result can be written to any disk of ours, leads
    nowhere else, and is not hidden.

    >>> file_name("../../etc/furnace.csv")
    'furnace.csv'
    >>> file_name("C:\\\\Users\\\\aki\\\\焼結 3.xlsx")
    '焼結 3.xlsx'
    >>> file_name("..")
    'table'
    """
    last = re.split(r"[/\\]", given)[-1]
    plain = "".join(filter(_is_text, last))
    stem, suffix = _cut_suffix(_without_end(plain))
    stem = re.sub(r"\A[\s.]+", "", stem) or NEUTRAL
    return _bounded(stem, MOST_BYTES - len(suffix.encode())) + suffix


def artifact_name(given: str) -> str:
    """A name under which a file of a job is kept: every part made safe, ``/`` between them.

    >>> artifact_name("../maps//scan 1.ctf")
    'maps/scan 1.ctf'
    """
    parts = [part for part in re.split(r"[/\\]", given) if part.strip(" .")]
    return "/".join(map(file_name, parts[-DEEPEST:])) or NEUTRAL


def artifact_names(given: Iterable[str], before: Iterable[str] = ()) -> list[str]:
    """The names of several files of one job: two that come out equal are told apart, also from
    those that it had before.

    >>> artifact_names(["a.csv", "../a.csv"])
    ['a.csv', 'a (2).csv']
    """
    taken, names = [*before], []
    for name in map(artifact_name, given):
        stem, suffix = _cut_suffix(name)
        others = (f"{stem} ({count}){suffix}" for count in itertools.count(2))
        names.append(next(n for n in itertools.chain([name], others) if n not in taken))
        taken.append(names[-1])
    return names


def own_name(given: str, otherwise: str = NEUTRAL) -> str:
    """A name of ours for a campaign, made of the name of a table without its suffix.

    >>> own_name("furnace (1)"), own_name("2024-11"), own_name("焼結_温度"), own_name("(.)")
    ('furnace 1', 'table 2024-11', '焼結_温度', 'table')
    """
    plain = re.sub(r"[^\w.-]+", " ", unicodedata.normalize("NFC", given)).strip(" .-")
    name = plain[:LONGEST_NAME].strip(" .-") or otherwise
    return f"{NEUTRAL} {name}" if re.fullmatch(r"[\d.,+-]*", name) else name


def _is_text(character: str) -> bool:
    no_yaml = "\ufffe\uffff"  # a mapping could not name the file
    return unicodedata.category(character) not in _NO_TEXT and character not in no_yaml


def _without_end(text: str) -> str:
    return re.sub(r"[\s.]+\Z", "", text)


def _cut_suffix(name: str) -> tuple[str, str]:
    """Stem and suffix with its dot; what is too long for a suffix belongs to the stem."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if dot and len(ending) <= LONGEST_SUFFIX else (name, "")


def _bounded(text: str, most: int) -> str:
    """As much of a text as fits into ``most`` bytes."""
    raw = text.encode()
    return text if len(raw) <= most else _without_end(raw[:most].decode(errors="ignore"))
