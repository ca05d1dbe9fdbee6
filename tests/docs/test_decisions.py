"""Every decision has a number, a title, a date and a status, and stands in the index with them."""

import re

from tests.pages import DOCS

FILES = sorted((DOCS / "decisions").glob("[0-9]*.md"))


def test_the_index_lists_every_decision_as_it_is() -> None:
    rows = re.findall(r"^\| \d.*$", (DOCS / "decisions" / "README.md").read_text("utf-8"), re.M)
    told = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        head = re.match(r"# (\d+)\. (.+)\n\n\*(\d{4}-\d\d-\d\d), (.+)\.\*\n", text)
        assert head is not None, f"{file.name} begins with no number, title, date and status"
        assert int(file.name[:4]) == int(head[1])
        told.append(f"| {head[1]} | [{head[2]}]({file.name}) | {head[3]} | {head[4]} |")
    assert rows == told
