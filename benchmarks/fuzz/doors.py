"""The ways on which a file of a stranger comes in, and what must never happen on them."""

import io
import logging
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

NEVER = ("Traceback", "for further information", "pydantic", "[SQL", "sqlalchemy", "openpyxl.",
         "h5py.", "ruamel", "RuntimeWarning", "UserWarning", "FutureWarning", "object at 0x",
         "Errno", "sys.set_int", "codec can")  # fmt: skip
"""Words of libraries that no person should read."""


class Outcome(NamedTuple):
    """What came of a file on one way."""

    is_accepted: bool
    said: str
    fault: str = ""


def command(*words: str) -> Outcome:
    """A command of ``kyoso``, in this process."""
    from flows.cli import main

    said = io.StringIO()
    sys.argv = ["kyoso", *words]
    with redirect_stdout(said), redirect_stderr(said):
        from flows.cli.common import console

        console.file = said
        try:
            main()
            code: Any = 0
        except SystemExit as end:
            code = end.code
        except BaseException:
            return Outcome(False, said.getvalue(), _last())
    return _judged(said.getvalue(), is_accepted=not code)


class _Uploaded(io.BytesIO):
    """What the panel gets of a file."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def upload(name: str, content: bytes) -> Outcome:
    """A table on the panel's page Import."""
    from planner.tables.table import HistoryError
    from ui.pages.imports import _named, _read
    from ui.views import past

    file = _Uploaded(name, content)
    try:
        found = _read(_named([file]), {})
        said = " ".join([*past.findings(found), *past.roles(found)["why"]])
        return _judged(said, is_accepted=True, is_ours=False)
    except HistoryError as error:
        return _judged(str(error), is_accepted=False)
    except BaseException:
        return Outcome(False, "", _last())


def campaign_upload(name: str, content: bytes) -> Outcome:
    """A campaign's file at the panel."""
    from ui.parts.campaign_file import read_upload

    file = _Uploaded(name, content)
    try:
        read_upload([file])
        return Outcome(True, "")
    except (ValueError, LookupError) as error:
        return _judged(str(error), is_accepted=False)
    except BaseException:
        return Outcome(False, "", _last())


def picture(path: Path) -> Outcome:
    """A file kept with a trial, as the panel shows it."""
    from planner.door import pictures
    from planner.door.refused import Refused

    try:
        pictures.shown(path)
        return Outcome(True, "")
    except Refused as error:
        return _judged(str(error), is_accepted=False)
    except BaseException:
        return Outcome(False, "", _last())


STACKS = ("ImageJ", "OME", "FEI", "PNG slices", "MRC", "NRRD", "HDF5", "Zarr", "OME-Zarr")
"""Kinds of image stacks; of some the file lies in a folder that is the stack."""


def stack(path: Path) -> Outcome:
    """An image stack, with a voxel size that a person gives."""
    from executors.imaging.readers import read_stack
    from planner.door.refused import Refused

    try:
        found = read_stack(path, (2e-8, 8e-9, 8e-9), trust=True)
        return _judged(" ".join(found.notes), is_accepted=True)
    except Refused as error:
        return _judged(str(error), is_accepted=False)
    except BaseException:
        return Outcome(False, "", _last())


def _judged(said: str, is_accepted: bool, is_ours: bool = True) -> Outcome:
    words = [word for word in NEVER if is_ours and word in said]
    silent = "nothing was said" if not is_accepted and not said.strip() else ""
    fault = f"it says {words[0]!r}: {said[-300:]}" if words else silent
    return Outcome(is_accepted, said, fault)


def _last() -> str:
    lines = traceback.format_exc().strip().split("\n")
    place = [line.strip() for line in lines if line.strip().startswith("File")][-1:]
    return f"{lines[-1][:200]} ({' '.join(place)[-120:]})"


def ways(kind: str, path: Path) -> list[Callable[[], Outcome]]:
    """The ways on which a file of this kind is tried; the first is the one that it is made for."""
    name, content = str(path), path.read_bytes()
    foreign = f"../../{path.name}"
    as_table = [lambda: command("import", "--no-ask", name), lambda: upload(foreign, content)]
    match kind:
        case "campaign":
            return [
                lambda: command("check", name),
                lambda: campaign_upload(foreign, content),
            ]
        case "mapping":
            return [lambda: command("import", "--no-ask", str(path.with_name("t.csv")))]
        case "zip":
            return [lambda: command("import", name)]
        case "magnet" | "magnet CSV":
            return [lambda: command("magnet", str(path.with_name("m.yaml")))]
        case "CSV" | "XLSX" | "JSON" | "Ax":
            return as_table
        case "TIFF" | "PNG":
            return [lambda: picture(path), *as_table]
        case _ if kind in STACKS:
            in_folder = path.parent.suffix == ".zarr" or path.parent.name == "slices"
            return [lambda: stack(path.parent if in_folder else path)]
    return [lambda: command("grains", "--min-pixels", "2", name)]


def quiet() -> None:
    """Everything that the ways need, loaded; nothing of it writes to the screen by itself."""
    logging.disable(logging.CRITICAL)
    import ui.pages.imports  # noqa: F401
