"""What libraries say of a wrong value, in our words: the place, what is wrong, what came."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from models.error import KyosoError

LONGEST = 60
"""Characters of what came that a message repeats."""
LONGEST_LINE = 1000
"""Characters of a line in a log."""
_OURS = (ValueError, LookupError, OSError)
"""What we raise without a name of our own; libraries mostly raise what is below these."""
_AS_WE_SAY = {
    "missing": "this field is missing",
    "extra_forbidden": "this field is not known",
}
_KINDS = {
    "dict_type": "must be names and values", "model_type": "must be names and values",
    "model_attributes_type": "must be names and values", "list_type": "must be a list",
    "tuple_type": "must be a list", "string_type": "must be text", "bool_type": "must be yes or no",
    "float_type": "must be a number", "float_parsing": "must be a number",
    "int_type": "must be a whole number", "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number", "finite_number": "must be a finite number",
}  # fmt: skip
_BOUNDS = {
    "greater_than": "greater than {gt:g}", "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}", "less_than_equal": "at most {le:g}",
}  # fmt: skip


def in_words(error: ValidationError, known: Iterable[str] = ()) -> str:
    """Every fault on one line; where a field is not known and ``known`` says which are, these."""
    strange = any(f["type"] == "extra_forbidden" and len(f["loc"]) == 1 for f in error.errors())
    told = f"; known are {', '.join(known)}" if strange and known else ""
    return "; ".join(faults(error)) + told


def faults(error: ValidationError) -> list[str]:
    """A line for each fault."""
    return [_fault(fault) for fault in error.errors(include_url=False)]


def plainly(error: BaseException) -> str:
    """An error of ours as it is; every fault that pydantic found, in our words; of an error of
    another library what ``said`` keeps of it."""
    if isinstance(error, ValidationError):
        return in_words(error)
    is_ours = isinstance(error, KyosoError) or type(error) in _OURS
    return str(error) if is_ours and str(error) else said(error)


def in_a_line(error: BaseException) -> str:
    """Any error for a log, or a list of troubles, on one line, with its kind: no statement of a
    database, no parameters, no advice for programmers."""
    text = cut(" ".join(plainly(error).split()), LONGEST_LINE)
    return f"{type(error).__name__}: {text}"


def short(error: BaseException) -> str:
    """The first fault only, on one line; of an error of another library its first line."""
    if isinstance(error, ValidationError):
        return faults(error)[0]
    return said(error)


def said(error: BaseException) -> str:
    """What a library says, in one line of reasonable length; of a database what its driver says."""
    cause = getattr(error, "orig", None) or getattr(error, "reason", None)
    if isinstance(cause, BaseException):
        return said(cause)
    text = str(error)
    if isinstance(error, KeyError) and error.args:
        text = str(error.args[0])
    if isinstance(error, OSError) and error.strerror:
        text = error.strerror.lower()
    if isinstance(error, UnicodeError):
        text = "some of it is no text"
    line = text.strip().partition("\n")[0].partition("; use sys.")[0]
    return cut(line, 5 * LONGEST) or type(error).__name__


def cut(text: str, most: int = LONGEST) -> str:
    """As much of a text as a message repeats."""
    return text if len(text) <= most else text[: most - 3] + "..."


def _fault(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    at = f"{place}: " if place else ""
    kind = fault["type"]
    if kind in _AS_WE_SAY:
        return at + _AS_WE_SAY[kind]
    if kind == "value_error":  # ours: it says itself what came
        return at + str(fault["msg"]).removeprefix("Value error, ")
    return at + wrong(fault)


def wrong(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value, and what came, of a fault that pydantic found."""
    kind, context, came = fault["type"], fault.get("ctx", {}), fault.get("input")
    if kind in ("literal_error", "enum"):
        return _none_of(context["expected"], "nothing" if came is None else cut(str(came)))
    if kind == "too_short":
        least = context["min_length"]
        verb = "is" if least == 1 else "are"
        return f"at least {least} {verb} needed, not {context['actual_length']}"
    bound = f"must be {_BOUNDS[kind].format(**context)}" if kind in _BOUNDS else ""
    message = bound or _KINDS.get(kind) or str(fault["msg"])
    text, is_number = cut(str(came)), type(came) in (int, float)
    return f"{message}, not {text if is_number else repr(text)}"


def _none_of(expected: str, came: str) -> str:
    """That a word is none of those that pydantic lists, and which it was perhaps to be."""
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = get_close_matches(came, words, 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"{came} is not one of {', '.join(words)}{meant}"
