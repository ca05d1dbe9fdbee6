"""What all commands share: options, the store, plain messages, JSON out."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from flows.wiring import Settings, open_record
from planner.campaign import CampaignError
from planner.store import Conflict, NotFound, Store

DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the record; or KYOSO_DATA. Default: ./kyoso-data"),
]
Who = Annotated[str, typer.Option("--as", help="Your name: it stands beside what you do.")]
JsonOut = Annotated[
    Path | None, typer.Option("--json", help="Write the result there as JSON; - is the screen.")
]
console = Console()


class Complaint(Exception):
    """A message for the person at the keyboard; the command has changed nothing."""


@contextmanager
def complaints() -> Iterator[None]:
    """Turn what people can mend into a plain message."""
    try:
        yield
    except CampaignError as error:
        raise Complaint("\n".join(error.problems)) from error
    except Conflict as error:
        raise Complaint(f"refused, nothing was changed: {error}") from error
    except (NotFound, LookupError) as error:
        raise Complaint(str(error.args[0] if error.args else error)) from error
    except (ValueError, OSError) as error:
        raise Complaint(str(error)) from error


def settings(data: Path | None) -> Settings:
    """Settings from the environment, with ``--data`` on top."""
    return Settings(data=data) if data else Settings()


def record(data: Path | None, *, must_exist: bool = True) -> Store:
    """The store; a Complaint where a command that only reads would make an empty one."""
    chosen = settings(data)
    if must_exist and chosen.database is None and not (chosen.data / "kyoso.db").exists():
        raise Complaint(f"there is no record in {chosen.data}; 'kyoso run FILE' makes one")
    return open_record(chosen)


def write_json(content: Any, out: Path | None) -> None:
    """JSON to a file, or to the screen for ``-``."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    if str(out) == "-":
        print(text)
    elif out is not None:
        out.write_text(text + "\n", encoding="utf-8")


def assignments(texts: list[str]) -> dict[str, str]:
    """``["T=600 degC", "route=SPS"]`` as a mapping; ValueError names what is not ``name=value``."""
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise ValueError(f"{text!r} is not of the form name=value")
        if name.strip() in pairs:
            raise ValueError(f"{name.strip()!r} is given twice")
        pairs[name.strip()] = value.strip()
    return pairs


def line(values: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """Values with units on one line: ``T = 600 degC, route = SPS``."""
    shown = {n: f"{v:.6g}" if isinstance(v, float) else str(v) for n, v in values.items()}
    return ", ".join(f"{n} = {v} {units.get(n, '')}".rstrip() for n, v in shown.items())
