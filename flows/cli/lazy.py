"""Commands that are imported when they are called: a list of all of them needs none."""

import ast
import gc
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Lazy(TyperCommand):
    """A command of which only the name is known, and its place: ``file:function``."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name)
        self._file, _, self._function = place.partition(":")

    def read_help(self) -> None:
        """Take over the words of the function, read from its file."""
        self.help = _words(self._file)[self._function]

    def make_context(self, *args: Any, **settings: Any) -> Any:
        """Called: the real command takes over, its own help included."""
        return self.real().make_context(*args, **settings)

    def real(self) -> Any:
        """The command itself; its file is imported."""
        app = typer.Typer(add_completion=False)
        app.command(self.name)(getattr(_imported(f"flows.cli.{self._file}"), self._function))
        return typer.main.get_command(app)


class LazyGroup(TyperGroup):
    """The commands in ``places``, a mapping of names to places, in its order."""

    places: Mapping[str, str]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._lazy = {name: Lazy(name, place) for name, place in self.places.items()}
        self.commands.update(self._lazy)

    def format_help(self, *args: Any) -> None:
        """The list of all: only it needs the words of each."""
        for command in self._lazy.values():
            command.read_help()
        super().format_help(*args)


def _imported(module: str) -> ModuleType:
    """The module. What an import makes is no garbage: looking for some takes a tenth longer."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()


@cache
def _words(file: str) -> dict[str, str]:
    """What each function of a file says of itself. Nothing is imported."""
    program = ast.parse(files("flows.cli").joinpath(f"{file}.py").read_text(encoding="utf-8"))
    functions = [node for node in program.body if isinstance(node, ast.FunctionDef)]
    return {function.name: _paragraph(ast.get_docstring(function) or "") for function in functions}


def _paragraph(text: str) -> str:
    """The first one, on one line: the list of commands breaks it where its column ends."""
    return " ".join(text.partition("\n\n")[0].split())
