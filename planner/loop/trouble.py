"""What the loop cannot do at present, campaign by campaign: a small file beside the record, for
every surface to show. It is of the day: a worker that starts begins a new one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from planner.door.whole import whole


def troubles_file(data: Path) -> Path:
    """Where it lies in a data folder."""
    return data / "run" / "troubles.json"


def write_troubles(data: Path, troubles: Mapping[str, str]) -> None:
    """Write down what stands in the way of which campaign. Where there is no room it stays as it
    was."""
    _write(troubles_file(data), troubles)


def read_troubles(data: Path) -> dict[str, str]:
    """What stood in the way at the last turn of each campaign; nothing where no worker was here."""
    return _read(troubles_file(data))


def write_file_troubles(data: Path, troubles: Mapping[str, str]) -> None:
    """The same of files in the folder of campaigns, by their names."""
    _write(_files(data), troubles)


def read_file_troubles(data: Path) -> dict[str, str]:
    """What is wrong with files in the folder of campaigns; nothing where no server was here."""
    return _read(_files(data))


def _files(data: Path) -> Path:
    return data / "run" / "files.json"


def _write(file: Path, troubles: Mapping[str, str]) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as draft:
            draft.write(json.dumps(dict(troubles), ensure_ascii=False).encode())


def _read(file: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        content = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): str(why) for name, why in content.items()}
    return {}
