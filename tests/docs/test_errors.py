"""The page of errors names every one, and what each is besides."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("planner", "executors", "models", "flows", "ui")
BUILT_IN = ("Exception", "Error")


def raised() -> dict[str, tuple[str, ...]]:
    """Every class of the packages that is an error, with what it is made of."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    classes = {
        node.name: tuple(ast.unparse(base) for base in node.bases)
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }

    def is_error(name: str) -> bool:
        return name.endswith(BUILT_IN) or any(is_error(base) for base in classes.get(name, ()))

    return {name: bases for name, bases in classes.items() if any(map(is_error, bases))}


def test_every_error_stands_on_the_page_and_under_one_root() -> None:
    lines = re.findall(
        r"^\| `(\w+)` \| (?:`(\w+)`)? ?\|", (ROOT / "docs/errors.md").read_text(), re.M
    )
    errors = raised()
    assert errors.pop("KyosoError") == errors.pop("Complaint") == ("Exception",)
    assert {
        name: tuple(base for base in bases if base != "KyosoError")
        for name, bases in errors.items()
    } == {name: (also,) if also else () for name, also in lines}
    assert all(set(bases) & {"KyosoError", *errors} for bases in errors.values())
