"""Another build of Kyoso beside this one, for programs that compare the two."""

import io
import os
import subprocess
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def checked_out(commit: str, place: Path) -> Path:
    """The files of a commit under ``place``, with the plug-ins that its installation would have."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(place, filter="data")
    _declare_plug_ins(place)
    return place


def environment(tree: Path) -> dict[str, str]:
    """That of a program which runs the Kyoso of that tree, with no setting of this one."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KYOSO_")}
    return plain | {"PYTHONPATH": str(tree)}


def _declare_plug_ins(tree: Path) -> None:
    project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    place = tree / "kyoso-0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: kyoso\nVersion: 0\n")
    lines = [line for group, entries in project["entry-points"].items()
             for line in (f"[{group}]", *(f"{n} = {v}" for n, v in entries.items()))]  # fmt: skip
    (place / "entry_points.txt").write_text("\n".join(lines) + "\n")
