"""A whole campaign as one file, to keep or to carry to another database.

The same record gives the same bytes: no dates but its own, everything in order, nothing compressed.
``trials.csv`` in it is for a spreadsheet and is not read back.
"""

import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from planner.campaign.campaign import Campaign, parse_campaign
from planner.record.decision import Decision
from planner.record.entry import Entry
from planner.record.event import Event
from planner.record.job import Artifact, Job
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignHead, CampaignVersion
from planner.record.trial import Trial
from planner.store import Store
from planner.store.engine import get_head
from planner.store.results import current
from planner.store.rows import Conflict, find, insert, short
from planner.tables.formulas import csv_text

FORMAT = 1
"""Rises when older programs could no longer read the file."""
_PARTS: dict[str, type[Entry]] = {
    "versions": CampaignVersion,
    "trials": Trial,
    "decisions": Decision,
    "jobs": Job,
    "results": Result,
    "artifacts": Artifact,
    "model_versions": ModelVersion,
    "events": Event,
}
"""In an order in which they can be stored: what is pointed at comes first."""

type Parts = dict[str, list[Any]]


def export_campaign(store: Store, name: str, path: Path) -> None:
    """Write a campaign, its history and its files to a zip file; it appears when it is complete.
    Unreadable where the campaign is damaged."""
    store.campaigns.get(name)
    with store.database.read() as db:
        head = get_head(db, name)
        parts: Parts = {key: find(db, record, campaign=name) for key, record in _PARTS.items()}
    unfinished = path.with_name(path.name + ".part")
    with zipfile.ZipFile(unfinished, "w") as archive:
        _write(archive, "campaign.json", _as_json(head, parts).encode())
        _write(archive, "trials.csv", _as_csv(head, parts).encode("utf-8-sig"))
        for sha256 in sorted({artifact.sha256 for artifact in parts["artifacts"]}):
            with store.files.path(sha256).open("rb") as file:
                _write(archive, f"files/{sha256}", file)
    unfinished.replace(path)


def import_campaign(store: Store, path: Path) -> str:
    """Store a campaign from a file that ``export_campaign`` wrote: its name.

    ValueError where the file is damaged or a newer Kyoso wrote it, Conflict where the name is
    taken; the database is then as it was.
    """
    head, parts = _open(path)
    with _damage_named(path), zipfile.ZipFile(path) as archive:
        if head.name in store.campaigns.names(removed=True):
            raise Conflict(f"there is a campaign {head.name!r} already; nothing was imported")
        _keep_files(store, archive, parts["artifacts"])
        with store.database.begin() as db:
            insert(db, [head])
            for records in parts.values():
                insert(db, records)
    return head.name


def check_export(path: Path) -> str:
    """The name of the campaign in a file; ValueError like ``import_campaign``. Stores nothing."""
    return _open(path)[0].name


def _open(path: Path) -> tuple[CampaignHead, Parts]:
    """What a file holds, checked."""
    with _damage_named(path), zipfile.ZipFile(path) as archive:
        if (broken := archive.testzip()) is not None:
            raise zipfile.BadZipFile(f"{broken} was changed")
        content = json.loads(archive.read("campaign.json"))
        written_in = int(content["format"])
    if written_in > FORMAT:
        raise ValueError(
            f"{path} was written by a newer Kyoso (format {written_in}; this one reads {FORMAT})"
        )
    with _damage_named(path):
        return _read(content)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Whatever a damaged file leads to becomes one ValueError that names it."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise ValueError(f"{path} is damaged, or no zip file: {error}") from error
    except IntegrityError as error:
        raise ValueError(
            f"{path} does not hold a whole campaign: records in it contradict each other"
        ) from error
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{path} does not hold a whole campaign: {short(error)}") from error


def _read(content: dict[str, Any]) -> tuple[CampaignHead, Parts]:
    head = CampaignHead.model_validate(content["campaign"])
    parts: Parts = {
        key: [record.model_validate(item) for item in content[key]]
        for key, record in _PARTS.items()
    }
    if {record.campaign for records in parts.values() for record in records} != {head.name}:
        raise ValueError(f"not everything in it belongs to the campaign {head.name!r}")
    versions = [
        parse_campaign(v.content) for v in sorted(parts["versions"], key=attrgetter("version"))
    ]
    _check_versions(head, [v.version for v in parts["versions"]], versions)
    _check_trials(versions, parts)
    return head, parts


def _check_versions(head: CampaignHead, numbers: list[int], versions: list[Campaign]) -> None:
    """ValueError where the head is not that of these versions: a name is good once it is that of a
    valid campaign."""
    for campaign in versions:
        if campaign.name != head.name:
            raise ValueError(
                f"it is called {head.name!r}, but the campaign in it is called {campaign.name!r}"
            )
    if sorted(numbers) != list(range(1, len(numbers) + 1)) or head.version != len(numbers):
        there = ", ".join(map(str, sorted(numbers))) or "none"
        raise ValueError(f"its version {head.version} is to hold; it has the versions {there}")


def _check_trials(versions: list[Campaign], parts: Parts) -> None:
    """ValueError where trials do not fit the campaign, or something belongs to no trial."""
    free, trials = versions[-1].free, {trial.number for trial in parts["trials"]}
    for trial in parts["trials"]:
        if lacking := [name for name in free if name not in trial.point]:
            raise ValueError(f"trial {trial.number} has no value of {', '.join(lacking)}")
        if trial.campaign_version > len(versions):
            raise ValueError(f"trial {trial.number} is of version {trial.campaign_version}")
    for kind in ("decisions", "jobs", "results", "artifacts"):
        if strays := {record.trial for record in parts[kind]} - trials:
            raise ValueError(f"{kind} in it belong to trial {min(strays)}, which is not there")
    outcomes = {name for campaign in versions for name in campaign.outcomes}
    if strange := {result.outcome for result in parts["results"]} - outcomes:
        raise ValueError(f"results in it are of {min(strange)!r}, which is no outcome")


def _keep_files(store: Store, archive: zipfile.ZipFile, artifacts: list[Artifact]) -> None:
    for sha256 in sorted({artifact.sha256 for artifact in artifacts}):
        with archive.open(f"files/{sha256}") as file:
            kept, _ = store.files.put_stream(file)
        if kept != sha256:
            raise ValueError(f"the file {sha256} in it is another one")


def _as_json(head: CampaignHead, parts: Parts) -> str:
    records = {
        key: [record.model_dump(mode="json") for record in found] for key, found in parts.items()
    }
    content = {"format": FORMAT, "campaign": head.model_dump(mode="json"), **records}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _as_csv(head: CampaignHead, parts: Parts) -> str:
    """One line for each trial, as it was really run, with its current results."""
    contents = {version.version: version.content for version in parts["versions"]}
    campaign = Campaign.model_validate(contents[head.version])
    record = Record(trials=tuple(parts["trials"]), results=tuple(current(parts["results"])))
    lines = (_line(campaign, record, trial) for trial in record.trials)
    return csv_text([_header(campaign), *lines])


def _header(campaign: Campaign) -> list[str]:
    def named(name: str, what: str = "") -> str:
        unit = campaign.unit(name)
        return f"{name}{what} ({unit})" if unit else f"{name}{what}"

    outcomes = [named(name, what) for name in campaign.outcomes for what in ("", " standard error")]
    return ["number", "state", "origin", "generator", *map(named, campaign.parameters), *outcomes]


def _line(campaign: Campaign, record: Record, trial: Trial) -> list[object]:
    point = record.as_run(trial)
    values = {
        r.outcome: (r.value, r.standard_error) for r in record.results_of.get(trial.number, [])
    }
    measured = [cell for name in campaign.outcomes for cell in values.get(name, (None, None))]
    asked = [point.get(name) for name in campaign.parameters]
    return [trial.number, trial.state, trial.origin, trial.generator, *asked, *measured]


def _write(archive: zipfile.ZipFile, name: str, content: Any) -> None:
    entry = zipfile.ZipInfo(name)  # of 1980, as the format counts
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    with archive.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target)
