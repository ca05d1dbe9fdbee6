"""The commands of ``kyoso`` by their names, as tests look at them."""

import typer

from flows.cli import app
from flows.cli.lazy import Lazy, LazyGroup


def commands() -> dict[str, Lazy]:
    """All of them; each is imported when it is asked for."""
    group = typer.main.get_command(app)
    assert isinstance(group, LazyGroup)
    found = {name: c for name, c in group.commands.items() if isinstance(c, Lazy)}
    assert found.keys() == group.commands.keys()
    return found
