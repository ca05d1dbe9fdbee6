"""What the site takes from the README keeps its form."""

import re

import pytest

from scripts.site import chapter, commands
from tests.pages import DOCS

ASKED = [
    title
    for page in DOCS.glob("*.md")
    for title in re.findall(r"^\{\{ README: (.+) \}\}$", page.read_text(encoding="utf-8"), re.M)
]


@pytest.mark.parametrize("title", ASKED)
def test_a_chapter_comes_whole(title: str) -> None:
    text = chapter(title)
    assert text[0] != "\n"
    assert "](docs/" not in text
    readme = (
        (DOCS.parent / "README.md")
        .read_text(encoding="utf-8")
        .replace("[docs/", "[")
        .replace("](docs/", "](")
    )
    assert f"## {title}\n\n{text}\n" in readme, "also the blanks before its first line of code"


def test_a_chapter_that_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match="no chapter 'Nothing'; it has Start"):
        chapter("Nothing")


def test_every_command_is_described() -> None:
    text = commands()
    assert "## approve\n\n    kyoso approve" in text
    assert "`--as`" in text
