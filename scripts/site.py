"""What the documentation takes from elsewhere when it is built, so that each fact stands once:
chapters of the README, the list of commands, JSON schemas, the decisions. MkDocs calls these
functions (``hooks`` in mkdocs.yml)."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs" / "decisions"
COMMANDS = "command-line.md"
PLACE = re.compile(r"^\{\{ (README|FILE|SCHEMA): (.+?) \}\}$", re.M)


def on_config(config: Any) -> Any:
    """Put every decision into the navigation, by its number."""
    (maintainer,) = (part["Maintainer"] for part in config.nav if "Maintainer" in part)
    (decisions,) = (part["Decisions"] for part in maintainer if "Decisions" in part)
    decisions += [f"decisions/{path.name}" for path in sorted(DECISIONS.glob("[0-9]*.md"))]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the page of commands."""
    files.append(File.generated(config, COMMANDS, content=commands()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put chapters of the README, programs and JSON schemas where a page asks for them:
    ``{{ README: Start }}``, ``{{ FILE: examples/closed_loop.py }}``,
    ``{{ SCHEMA: planner.beliefs.ledger.Ledger }}``."""
    sources = {"README": chapter, "FILE": program, "SCHEMA": schema}
    return PLACE.sub(lambda place: sources[place[1]](place[2]), markdown)


def chapter(title: str) -> str:
    """The text under a heading of the README, with links that hold inside docs. LookupError where
    there is no such heading."""
    parts = re.split(r"^## (.+)\n", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M)
    chapters = dict(zip(parts[1::2], parts[2::2], strict=True))
    if title not in chapters:
        raise LookupError(f"README.md has no chapter {title!r}; it has {', '.join(chapters)}")
    return chapters[title].strip("\n").replace("](docs/", "](").replace("[docs/", "[")


def program(path: str) -> str:
    """A file of the repository as a block of Python."""
    return f"```python\n{(ROOT / path).read_text(encoding='utf-8')}```"


def schema(address: str) -> str:
    """The JSON schema of a value, by its address in Python, as a block that folds."""
    module, _, name = address.rpartition(".")
    kind = getattr(import_module(module), name)
    text = json.dumps(kind.model_json_schema(), indent=2)
    folded = f"<details markdown>\n<summary>schema</summary>\n\n```json\n{text}\n```\n\n</details>"
    return f"### {name}\n\n{folded}\n"


def commands() -> str:
    """Every command of ``kyoso`` with its arguments and options, as the program itself says."""
    import typer.main

    from flows.cli import app

    group = typer.main.get_command(app)
    assert hasattr(group, "commands")
    parts = ["# Commands\n\n`kyoso COMMAND --help` says the same at the command line.\n"]
    for name, lazy in group.commands.items():
        command = lazy.real()
        inside = command.context_class(command, info_name=f"kyoso {name}")
        usage = " ".join(command.collect_usage_pieces(inside))
        parts.append(f"## {name}\n\n    kyoso {name} {usage}\n\n{about(command.help)}\n")
        parts += [line for p in command.params if (line := described(p))]
        parts.append("")
    return "\n".join(parts)


def about(text: str | None) -> str:
    """A help text as Markdown: no cell of it is taken for HTML."""
    return (text or "").replace("\b\n", "").replace("<", "&lt;").strip()


def described(parameter: Any) -> str:
    """An option or argument as one line of a list; empty for --help."""
    if parameter.name == "help" or getattr(parameter, "hidden", False):
        return ""
    names = parameter.opts + parameter.secondary_opts
    shown = ", ".join(f"`{name}`" for name in names)
    if parameter.param_type_name == "argument":
        shown = f"`{parameter.name}`"
    return f"* {shown}: {about(getattr(parameter, 'help', None))}"
