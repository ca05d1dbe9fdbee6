"""What all commands share: options, the store, plain messages, JSON out."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.cli.complaint import Complaint as Complaint
from flows.turns.wiring import Settings, open_record
from planner.campaign.campaign import CampaignError
from planner.campaign.values import plain_data
from planner.desk import Implausible, Upload, person
from planner.door.files import opened as plain_file
from planner.door.refused import about
from planner.door.words import faults
from planner.proposals.failure import PlanningError
from planner.store import Conflict, NotFound, Store, StoreError, holds_record, place_of


def _check_who(who: str | None) -> str | None:
    """The desk's own check, before any work is done; None where the option may be left out."""
    try:
        return None if who is None else person(who)
    except ValueError as error:
        raise Complaint(f"--as: {error}") from error


def _check_json(out: Path | None) -> Path | None:
    """Refuse a place where nothing can be written, before any work is done."""
    if out is None or str(out) == "-":
        return out
    if not out.parent.is_dir():
        raise Complaint(f"--json: there is no folder {out.parent}")
    if out.is_dir():
        raise Complaint(f"--json: {out} is a folder")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise Complaint(f"--json: {out} cannot be written")
    return out


DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the record; or KYOSO_DATA. Default: ./kyoso-data"),
]
Who = Annotated[
    str, typer.Option("--as", callback=_check_who, help="Your name: it stands beside what you do.")
]
Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host",
        help="A name under which others reach the panel, through a proxy; also several times. "
        "Or KYOSO_HOSTS, with commas.",
    ),
]
MaybeWho = Annotated[
    str | None,
    typer.Option("--as", callback=_check_who, help="Your name: it stands beside what you do."),
]
FilesIn = Annotated[
    list[Path] | None,
    typer.Option("--file", help="A picture, curve or log to keep; also several times."),
]
JsonOut = Annotated[
    Path | None,
    typer.Option(
        "--json", callback=_check_json, help="Write the result there as JSON; - is the screen."
    ),
]
console = Console(markup=False, highlight=False, emoji=False)
"""Prints as it is: units and reasons may hold brackets."""


def say(*parts: str | tuple[str, str]) -> None:
    """One message, as it is; a part may be a pair of text and style. Whole lines for programs."""
    console.print(Text.assemble(*parts), soft_wrap=not console.is_terminal)


def show(table: Table) -> None:
    """A table; not at a terminal, no cell is cut."""
    if console.is_terminal:
        console.print(table)
    else:
        console.print(table, width=100_000, crop=False, no_wrap=True, soft_wrap=False)


@contextmanager
def complaints() -> Iterator[None]:
    """Turn what people can mend into a plain message."""
    try:
        yield
    except CampaignError as error:
        raise Complaint("\n".join(error.problems)) from error
    except ValidationError as error:
        raise Complaint("; ".join(faults(error))) from error
    except Conflict as error:
        raise Complaint(f"refused, nothing was changed: {error}") from error
    except (NotFound, LookupError) as error:
        raise Complaint(str(error.args[0] if error.args else error)) from error
    except PlanningError as error:
        raise Complaint(f"the model failed: {error}") from error
    except OSError as error:
        raise Complaint(_os_error(error)) from error
    except Implausible as error:
        raise Complaint(f"{error} (--anyway)") from error
    except (ValueError, StoreError) as error:
        raise Complaint(str(error)) from error


def _os_error(error: OSError) -> str:
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}"


def settings(data: Path | None) -> Settings:
    """Settings from the environment, with ``--data`` on top."""
    return Settings(data=data) if data else Settings()


def with_hosts(chosen: Settings, hosts: list[str] | None) -> Settings:
    """The settings, with names of the panel on top."""
    return chosen.model_copy(update={"hosts": ",".join([chosen.hosts, *(hosts or [])])})


def has_record(chosen: Settings) -> bool:
    """Whether there is a record; an empty file is none."""
    return holds_record(chosen.url)


def record(data: Path | None, *, must_exist: bool = True) -> Store:
    """The store; a Complaint where a command that only reads would make an empty one."""
    chosen = settings(data)
    if chosen.data.exists() and not chosen.data.is_dir():
        raise Complaint(f"the data folder {chosen.data} is a file, not a folder")
    if must_exist and not has_record(chosen):
        place = chosen.data if chosen.database is None else place_of(chosen.database)
        raise Complaint(f"there is no record in {place}; 'kyoso run FILE' makes one")
    return open_record(chosen)


def write_json(answer: Any, out: Path | None) -> None:
    """A value, or plain data, as JSON to a file, or to the screen for ``-``."""
    text = json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False, default=plain_data)
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


@contextmanager
def opened(files: list[Path] | None) -> Iterator[list[Upload]]:
    """Files to hand in, open while the block runs. Refused where one is no plain file."""
    with ExitStack() as stack:
        found = []
        for file in files or []:
            with about(f"--file: {file}"):
                found.append(Upload(file.name, stack.enter_context(plain_file(file))))
        yield found


def line(values: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """Values with units on one line: ``T = 600 degC, route = SPS``."""
    shown = {n: f"{v:.6g}" if isinstance(v, float) else str(v) for n, v in values.items()}
    return ", ".join(f"{n} = {v} {units.get(n, '')}".rstrip() for n, v in shown.items())
