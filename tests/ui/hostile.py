"""A campaign in which all that people can name or write is a picture and a link from elsewhere, and
what a page shows of it."""

import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

HERE = "e.test"
PLAIN = {
    "id", "form_id", "placeholder", "Selectbox.options", "Selectbox.raw_value", "MultiSelect.options",
    "TextInput.default", "TextInput.value", "TextArea.default", "TextArea.value", "Dataframe.columns",
}  # fmt: skip
"""Fields that Streamlit shows as they are, or not at all; by their last name or with the element."""
MARKDOWN = re.compile(rf"(?<!\\)(\[(?:[^\]\\]|\\.)*\]\(|<a)|http://{HERE}|a@{HERE}")
"""What Markdown would take for a picture or a link."""
HTML = re.compile(r"<a|%\{e\}")
"""What plotly would."""


def evil(what: str) -> str:
    """A name that shows a picture in Markdown, a link in HTML and addresses, where it is not taken
    as text."""
    return f"![{what}](//{HERE})<a href=//{HERE}>%{{e}} http://{HERE} a@{HERE}"  # 64 at most


def hostile() -> dict[str, Any]:
    """Evil in every field, and valid."""
    first, second, numeric = evil("y1"), evil("y2"), evil("x")
    return {
        "name": "test",
        "title": evil("title"),
        "material": evil("material"),
        "synthetic": True,
        "parameters": {
            numeric: {"kind": "range", "low": 0, "high": 10, "unit": "degC"},
            evil("whole"): {"kind": "integer", "low": 1, "high": 9},
            evil("choice"): {"kind": "choice", "values": [evil("a"), evil("b")]},
            evil("ordered"): {"kind": "ordered", "values": [1, 2, 3]},
            evil("fixed"): {"kind": "fixed", "value": evil("value")},
        },
        "constraints": [f"`{numeric}` + `{evil('whole')}` <= 18"],
        "outcomes": {
            first: {"goal": "maximize", "unit": "percent", "at_least": 1},
            second: {"goal": "minimize", "threshold": 9},
        },
        "stages": [
            {"name": "making", "executor": "manual", "gives": [first]},
            {"name": "testing", "executor": "manual", "gives": [second]},
        ],
        "hypotheses": [
            {"kind": "trend", "outcome": first, "parameter": numeric, "sign": "rises",
             "author": evil("author"), "because": evil("because")},
            {"kind": "near", "point": {evil("choice"): evil("a")}, "author": evil("author")},
        ],
        "review": {"autonomy": "by-hand"},
        "planner": {"batch": 3, "generator": "sobol"},
    }  # fmt: skip


def taken(app: AppTest) -> list[str]:
    """Where the page would show more than text, and what."""
    return [
        f"{place}: {text[:200]}"
        for place, text in _shown(app)
        if not {place, place.split(".")[-1]} & PLAIN
        and (HTML if place == "PlotlyChart.spec" else MARKDOWN).search(text)
    ]


def _shown(app: AppTest) -> Iterator[tuple[str, str]]:
    """The place and the text of all that a page holds."""
    for node in _nodes(app._tree):
        proto = getattr(node, "proto", None)
        if isinstance(proto, Message):
            yield from _texts(proto, type(proto).__name__)
        if node.type == "table":
            frame = node.value
            cells = [*frame.columns, *(c for row in frame.to_numpy() for c in row)]
            yield from (("table", str(cell)) for cell in cells)


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _texts(proto: Message, path: str) -> Iterator[tuple[str, str]]:
    for field, value in proto.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from _texts(one, f"{path}.{field.name}")
            elif isinstance(one, str):
                yield f"{path}.{field.name}", one
