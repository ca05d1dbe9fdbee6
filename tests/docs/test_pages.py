"""What the documentation tells people to type exists, and so does what README and CONTRIBUTING link to."""

import re
import shlex
from pathlib import Path

import pytest

from tests.commands import commands
from tests.pages import DOCS, blocks

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
COMMANDS = {
    name: {option for p in command.real().params for option in p.opts + p.secondary_opts}
    | {"--help"}
    for name, command in commands().items()
}
ROOMS = "planner|executors|models|flows|ui|tests|scripts|benchmarks|examples|docs|findings"
IN_AN_EXAMPLE = {
    "add-a-panel-page.md": {"ui/views/waits.py", "ui/pages/waits.py"},
    "0011-walks-of-a-proposal-and-a-result.md": {"ui/frame", "ui/desk", "ui/bench"},
}
"""Files that a page tells the reader to make, or that stood there before."""
TARGETS = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def told(page: Path, program: str) -> list[str]:
    """What follows the name of a program wherever it stands as code, without comments."""
    text = page.read_text(encoding="utf-8")
    inline = re.findall(rf"`{program} ([^`]+)`", text)
    lines = re.findall(rf"^(?: {{4,}}|\$ ?)(?:source [^\n]*&& )?{program} ([^\n]+)", text, re.M)
    return [re.split(r"\s+#|;|\(", line)[0].replace("\n", " ").strip() for line in inline + lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_exists_with_its_options(page: Path) -> None:
    for line in told(page, "kyoso"):
        names, rest = (
            found.groups()
            if (found := re.match(r"(\w[\w-]*(?: \| [\w-]+)*)(.*)", line))
            else ("", line)
        )
        for name in filter(None, names.split(" | ")):
            if name == "COMMAND":
                continue
            assert name in COMMANDS, f"kyoso {line}"
            options = {w.partition("=")[0] for w in _words(rest) if w.startswith("--")}
            assert options <= COMMANDS[name], f"kyoso {line}: {options - COMMANDS[name]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_exists(page: Path) -> None:
    for line in told(page, r"make(?! =)"):
        assert line.split()[0] in TARGETS, f"make {line}"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8")):
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_ours_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(
        rf"`((?:{ROOMS})/[\w./-]*\w|\w+(?:/\w+)+\.(?:py|yaml))`", page.read_text("utf-8")
    )
    gone = {n for n in named if not ((ROOT / n).exists() or (ROOT / f"{n}.py").exists())}
    assert gone == IN_AN_EXAMPLE.get(page.name, set())


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_no_python_of_a_page_is_left_untried(page: Path) -> None:
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert not blocks(page.name) or any(f'"{page.name}"' in test for test in tests)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that is not closed in an excerpt
        return line.split()
