"""A number as people type it: decimal point or comma, marks of thousands, full-width digits,
the minus signs of typography."""

import re

_PLAIN = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_COMMA = r"[-+]?\d*,\d+"
_THOUSANDS = r"[-+]?\d{1,3}(?:,\d{3})+\.\d*|[-+]?\d{1,3}(?:,\d{3}){2,}"
_POINTS = r"[-+]?\d{1,3}(?:\.\d{3})+,\d+|[-+]?\d{1,3}(?:\.\d{3}){2,}"
_BLANKS = r"[-+]?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?"
_REST = r"((?:[eE][-+]?\d+)?)(?![\d.,])\s*(.*?)\s*"
_OPEN = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
_FORMS = tuple(
    re.compile(rf"\s*({form}){_REST}") for form in (_BLANKS, _PLAIN, _THOUSANDS, _POINTS, _COMMA)
)
_ORDINARY = str.maketrans("０１２３４５６７８９＋－．，−–‐‑", "0123456789+-.,----")


def split_number(text: str) -> tuple[float, str]:
    """The number that a text begins with, and what follows it. ValueError where it begins with
    none, or where a comma may be a decimal point or a mark of thousands.

    >>> split_number("0,83 T"), split_number("1.234,5"), split_number("12 345 kg")
    ((0.83, 'T'), (1234.5, ''), (12345.0, 'kg'))
    """
    found = next(filter(None, (form.fullmatch(text.translate(_ORDINARY)) for form in _FORMS)), None)
    if found is None:
        raise ValueError(f"{text!r} is not a number")
    digits, power, rest = found.groups()
    if _OPEN.fullmatch(digits):
        point, none = digits.replace(",", "."), digits.replace(",", "")
        raise ValueError(f"{text!r} may be {point} or {none}; write one of them")
    return float(_with_point(digits) + power), rest


def _with_point(digits: str) -> str:
    bare = re.sub(r"[ '’\u00a0\u202f]", "", digits)
    mark = max(bare.rfind("."), bare.rfind(","))
    is_mark_of_thousands = bare.count(bare[mark]) > 1 if mark >= 0 else True
    if is_mark_of_thousands:
        return re.sub("[.,]", "", bare)
    return re.sub("[.,]", "", bare[:mark]) + "." + bare[mark + 1 :]
