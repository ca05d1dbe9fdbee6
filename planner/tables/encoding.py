"""The bytes of a file as text. Finds out the encoding; says what a file is that is no table."""

import re
import unicodedata
from pathlib import Path

from planner.door.bounds import TABLE
from planner.door.files import read_bytes
from planner.tables.others.closed import why_closed
from planner.tables.table import Finding, HistoryError

_SIGNATURES = (
    (b"version https://git-lfs", "is a Git-LFS pointer, not the table itself; run 'git lfs pull' "
     "where it came from"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel file (.xls); save it as .xlsx or .csv"),
    (b"%PDF", "is a PDF, not a table; export the table as .csv"),
)  # fmt: skip
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with a byte-order mark"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_OLDER = (
    ("cp932", "Shift-JIS (CP932)"),
    ("euc_jp", "EUC-JP"),
    ("cp1252", "Western European (Windows-1252)"),
)
_MOJIBAKE = re.compile(r"\ufffd|Ã[\x80-\xbf©±¼]|Â[°µ±²³]|â(?:„ƒ|€|\x84)|ï»¿|[縺繝譁]{2,}")


def read_text(path: Path) -> tuple[str, list[Finding]]:
    """The file as text without a byte-order mark, and how it was read. HistoryError where it is
    empty or no text."""
    raw = read_bytes(path, TABLE)
    for signature, problem in _SIGNATURES:
        if raw.startswith(signature):
            raise HistoryError(f"{path.name}: {problem}")
    if closed := why_closed(raw):
        raise HistoryError(f"{path.name}: {closed}")
    if not raw.strip():
        raise HistoryError(f"{path.name}: the table is empty")
    text, findings = _decoded(path, raw)
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise HistoryError(f"{path.name}: is a web page, not a table; download the raw file")
    text = text.removeprefix("\ufeff")
    if text.startswith("version https://git-lfs"):
        raise HistoryError(f"{path.name}: {_SIGNATURES[0][1]}")
    if damaged := _damaged_lines(text):
        findings.append(
            Finding("damaged-characters", "characters were damaged by a wrong encoding before this "
                    "file was saved; names with them may not match other files", "warning",
                    rows=damaged)
        )  # fmt: skip
    return text, findings


def _decoded(path: Path, raw: bytes) -> tuple[str, list[Finding]]:
    for mark, codec, name in _MARKS:
        if raw.startswith(mark):
            return _strictly(path, raw, codec), [Finding("encoding", f"read as {name}", "note")]
    if b"\0" in raw:
        raise HistoryError(f"{path.name}: is no text (byte {raw.index(0)} is zero)")
    try:
        return raw.decode(), []
    except UnicodeDecodeError as error:
        found = [(_likeness(text), name, text) for name, text in _candidates(raw)]
        if not found:
            raise HistoryError(f"{path.name}: is not UTF-8 text (byte {error.start})") from error
    _, name, text = max(found, key=lambda item: item[0])
    note = f"is not UTF-8; read as {name}: look whether names and units came out right"
    return text, [Finding("encoding", note, "note")]


def _strictly(path: Path, raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise HistoryError(f"{path.name}: is damaged {codec} text (byte {error.start})") from error


def _candidates(raw: bytes) -> list[tuple[str, str]]:
    texts = []
    for codec, name in _OLDER:
        try:
            texts.append((name, raw.decode(codec)))
        except UnicodeDecodeError:
            continue
    return texts


def _likeness(text: str) -> float:
    """How much the text looks like what laboratories write: a mean over characters beyond ASCII."""
    beyond = [m for m in re.finditer(r"[^\x00-\x7f]", text)]
    return sum(_usual(text, m.start()) for m in beyond) / (len(beyond) or 1)


def _usual(text: str, place: int) -> float:
    """Whether a character is one that is written, and stands where it would."""
    character = text[place]
    name = unicodedata.name(character, "")
    if name.startswith("HALFWIDTH KATAKANA"):
        return 0.2  # what a lone degree or micro sign of another encoding turns into
    if name.startswith("CJK UNIFIED"):  # a single one after a letter was an accent
        return 0.1 if _is_letter(text, place - 1) and not _is_beyond(text, place + 1) else 1.0
    if name.startswith(("HIRAGANA", "KATAKANA", "FULLWIDTH", "GREEK", "IDEOGRAPHIC")):
        return 1.0
    if character in "℃°µμ±²³·×–—、。「」・":
        return 1.0
    if name.startswith("LATIN"):  # an accent stands alone among plain letters
        return 0.3 if _is_beyond(text, place - 1) or _is_beyond(text, place + 1) else 0.9
    return 0.0


def _is_letter(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalpha()


def _is_beyond(text: str, place: int) -> bool:
    return 0 <= place < len(text) and not text[place].isascii()


def _damaged_lines(text: str) -> tuple[int, ...]:
    lines = enumerate(text.split("\n"), 1)
    return tuple(number for number, line in lines if _MOJIBAKE.search(line))
