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
    file = troubles_file(data)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as draft:
            draft.write(json.dumps(dict(troubles), ensure_ascii=False).encode())


def read_troubles(data: Path) -> dict[str, str]:
    """What stood in the way at the last turn of each campaign; nothing where no worker was here."""
    with suppress(OSError, ValueError):
        content = json.loads(troubles_file(data).read_text(encoding="utf-8"))
        return {str(name): str(why) for name, why in content.items()}
    return {}
