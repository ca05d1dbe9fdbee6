"""Every answer that a command writes as JSON stands in the documentation with a schema that holds."""

import json
import re

import pytest

from scripts.site import schema
from tests.pages import DOCS

PAGE = (DOCS / "api" / "answers.md").read_text(encoding="utf-8")
OPEN = {"Question", "Guidance", "Push"}
"""Values of other rooms: what a record keeps is read as it was kept."""
ANSWERS = re.findall(r"^\{\{ SCHEMA: (.+) \}\}$", PAGE, re.M)


def test_each_answer_of_the_table_has_its_schema_on_the_page() -> None:
    assert re.findall(r"\]\(#(\w+)\)", PAGE) == [a.rpartition(".")[2].lower() for a in ANSWERS]


@pytest.mark.parametrize("address", ANSWERS)
def test_a_schema_allows_nothing_that_it_does_not_name(address: str) -> None:
    found = json.loads(schema(address).partition("```json")[2].partition("```")[0])
    parts = [part for part in (found, *found.get("$defs", {}).values()) if "properties" in part]
    assert {p["title"] for p in parts if p.get("additionalProperties", True)} <= OPEN
    assert set(found["required"]) <= set(found["properties"])
