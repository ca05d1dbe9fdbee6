"""The data sets inside the PyPI package ``olymp``: its data files only, its code is never imported.

Source: Olympus (github.com/aspuru-guzik-group/olympus, MIT); each set's paper is its citation.
"""

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from planner.past.mapping import HistoryError, TableMapping, parse_mapping

_PREFIX = "dataset_"


def olympus_set(name: str) -> tuple[Path, TableMapping]:
    """The table (no header line; columns in the order of the mapping) and its mapping."""
    folder, version = _folder()
    known = sorted(p.name.removeprefix(_PREFIX) for p in folder.glob(f"{_PREFIX}*"))
    if name not in known:
        raise HistoryError(f"olympus:{name}: no such data set; there are {', '.join(known)}")
    place = folder / (_PREFIX + name)
    config = json.loads((place / "config.json").read_text(encoding="utf-8"))
    about = (place / "description.txt").read_text(encoding="utf-8", errors="replace")
    return place / "data.csv", _mapping(name, config, about, version)


def _folder() -> tuple[Path, str]:
    try:
        package = distribution("olymp")
    except PackageNotFoundError as error:
        raise HistoryError(
            "Olympus data sets are an extra: pip install 'kyoso[olympus]'"
        ) from error
    return Path(str(package.locate_file("olympus/datasets"))), package.version


def _mapping(name: str, config: Mapping[str, Any], about: str, version: str) -> TableMapping:
    goal = config.get("default_goal", "maximize")
    content = {
        "mapping": 1,
        "name": f"olympus {name}",
        "title": _one_line(about.split("\n\n")[0]),
        "source": f"PyPI olymp {version}, data set {name}",
        "citation": _one_line("".join(re.findall(r"reporting the dataset:(.*)", about, re.DOTALL))),
        "licence": "MIT",
        "table": "data.csv",
        "parameters": {p["name"]: _parameter(p) for p in config["parameters"]},
        "outcomes": {m["name"]: {"goal": m.get("goal", goal)} for m in config["measurements"]},
    }
    return parse_mapping(content, f"olympus:{name}")


def _parameter(config: Mapping[str, Any]) -> dict[str, Any]:
    if "options" in config:
        return {"kind": "choice", "values": config["options"]}
    low, high = (config.get(short, config.get(long)) for short, long in _BOUNDS)
    return {"kind": "range", "low": low, "high": high}


_BOUNDS = (("low", "lower"), ("high", "upper"))


def _one_line(text: str) -> str:
    return " ".join(text.replace("=", " ").split())
