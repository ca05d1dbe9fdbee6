"""A whole campaign as one file, to keep or to carry to another database.

The same record gives the same bytes: no dates but its own, everything in order, nothing compressed.
``checksum.json`` says what was exported; ``trials.csv`` is for a spreadsheet and is not read back.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from planner.campaign.campaign import Campaign, parse_campaign
from planner.door.archive import broken_named, unpacked
from planner.door.bounds import MB, RECORD, RECORD_VALUES, check_values
from planner.door.files import check_bytes
from planner.door.json_text import parse_json
from planner.door.names import artifact_name
from planner.door.refused import Refused, about
from planner.door.whole import whole
from planner.door.words import said, short
from planner.record.completion import completed
from planner.record.decision import Decision
from planner.record.entry import Entry
from planner.record.event import Event
from planner.record.job import Artifact, Job
from planner.record.misfit import misfit
from planner.record.record import Record
from planner.record.result import ModelVersion, Result
from planner.record.status import CampaignHead, CampaignVersion
from planner.record.trial import Trial
from planner.store import Store
from planner.store.checksum import checksum, differences
from planner.store.engine import get_head
from planner.store.results import current
from planner.store.rows import Conflict, find, insert
from planner.tables.formulas import csv_text

RECORD_PART, CHECKSUM_PART = "campaign.json", "checksum.json"
EXPORT = 1_000_000 * MB
"""Bytes of a campaign with its files, unpacked; they go to the disk in parts."""
_BLOCK = 1 << 20
FORMAT = 2
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
    content = _as_data(head, parts)
    with whole(path) as file, zipfile.ZipFile(file, "w") as archive:
        _write(archive, RECORD_PART, _as_json(content).encode())
        _write(archive, CHECKSUM_PART, _as_json(checksum(content)).encode())
        _write(archive, "trials.csv", _as_csv(head, parts).encode("utf-8-sig"))
        for sha256 in sorted({artifact.sha256 for artifact in parts["artifacts"]}):
            with store.files.path(sha256).open("rb") as kept:
                _write(archive, f"files/{sha256}", kept)


def import_campaign(store: Store, path: Path) -> str:
    """Store a campaign from a file that ``export_campaign`` wrote: its name.

    ValueError where the file is damaged, was changed, or a newer Kyoso wrote it, Conflict where the
    name is taken; the database is then as it was.
    """
    with _damage_named(path), unpacked(path, EXPORT) as archive:
        head, parts, _ = _open(archive)
        if head.name in store.campaigns.names(removed=True):
            raise Conflict(f"there is a campaign {head.name!r} already; nothing was imported")
        _keep_files(store, archive, parts["artifacts"])
        with store.database.begin() as db:
            insert(db, [head])
            for records in parts.values():
                insert(db, records)
    return head.name


def check_export(path: Path) -> str:
    """What a person should know of a file before it is imported, empty where there is nothing;
    ValueError like ``import_campaign``. Stores nothing."""
    with _damage_named(path), unpacked(path, EXPORT) as archive:
        return _open(archive)[2]


def is_export(path: Path) -> bool:
    """Whether a zip file is an exported campaign, damaged or not, and no workbook."""
    try:
        with unpacked(path, EXPORT) as archive:
            return RECORD_PART in archive.namelist()
    except (Refused, OSError):
        return False


def _open(archive: zipfile.ZipFile) -> tuple[CampaignHead, Parts, str]:
    """What a file holds, checked, and a note."""
    content = _part(archive, RECORD_PART)
    if (written_in := int(content["format"])) > FORMAT:
        raise Refused(
            f"was written by a newer Kyoso (format {written_in}; this one reads {FORMAT})"
        )
    note = ""
    if CHECKSUM_PART not in archive.namelist():
        note = "it carries no checksum: whether it was changed since its export cannot be said"
    elif changed := differences(content, _part(archive, CHECKSUM_PART)):
        raise Refused(f"was changed since its export: {'; '.join(changed)}")
    _check_spreadsheet(archive)
    return *_read(content), note


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """A part as plain data. ValueError where it is damaged or too large."""
    with about(name):
        check_bytes(archive.getinfo(name).file_size, RECORD)
    with broken_named():
        content = archive.read(name)
    with about(name):
        found = parse_json(content.decode(), RECORD_VALUES)
        check_values(found, RECORD_VALUES)  # a database reads no more levels than we do
        return found


def _check_spreadsheet(archive: zipfile.ZipFile) -> None:
    """Refused where the table for people is not what was written."""
    with broken_named():
        if "trials.csv" in archive.namelist():
            with archive.open("trials.csv") as file:
                while file.read(_BLOCK):
                    pass


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Whatever a damaged file leads to becomes one ValueError that names it."""
    try:
        yield
    except Refused as error:
        raise ValueError(f"{path} {error}") from error
    except IntegrityError as error:
        raise ValueError(
            f"{path} does not hold a whole campaign: records in it contradict each other"
        ) from error
    except UnicodeError as error:
        raise ValueError(f"{path} does not hold a whole campaign: it holds broken text") from error
    except KeyError as error:
        raise ValueError(
            f"{path} does not hold a whole campaign: {said(error)} is missing"
        ) from error
    except (LookupError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"{path} does not hold a whole campaign: {short(error)}") from error


def _read(content: dict[str, Any]) -> tuple[CampaignHead, Parts]:
    head = CampaignHead.model_validate(content["campaign"])
    parts: Parts = {
        key: [_record(record, item, f"{key}, record {i}") for i, item in enumerate(content[key], 1)]
        for key, record in _PARTS.items()
    }
    parts["artifacts"] = [
        artifact.model_copy(update={"name": artifact_name(artifact.name)})
        for artifact in parts["artifacts"]
    ]
    if {record.campaign for records in parts.values() for record in records} != {head.name}:
        raise ValueError(f"not everything in it belongs to the campaign {head.name!r}")
    versions = [
        parse_campaign(v.content) for v in sorted(parts["versions"], key=attrgetter("version"))
    ]
    _check_versions(head, [v.version for v in parts["versions"]], versions)
    _check_trials(versions, parts)
    return head, parts


def _record(kind: type[Entry], content: Any, place: str) -> Any:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise ValueError(f"{place}: {short(error)}") from error


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
    record = _record_of(parts, versions[-1])
    for trial in record.trials:
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
    if why := misfit(versions[-1], record):
        raise ValueError(why)


def _record_of(parts: Parts, campaign: Campaign) -> Record:
    """What a store would load."""
    stored = Record(
        trials=tuple(parts["trials"]),
        jobs=tuple(parts["jobs"]),
        results=tuple(current(parts["results"])),
        decisions=tuple(parts["decisions"]),
    )
    return completed(campaign, stored)


def _keep_files(store: Store, archive: zipfile.ZipFile, artifacts: list[Artifact]) -> None:
    sizes = {artifact.sha256: artifact.size for artifact in artifacts}
    for sha256, size in sorted(sizes.items()):
        if (there := archive.getinfo(f"files/{sha256}").file_size) != size:
            raise ValueError(f"the file {sha256} in it has {there} bytes, its record says {size}")
    for sha256 in sorted(sizes):
        with broken_named(), archive.open(f"files/{sha256}") as file:
            kept, _ = store.files.put_stream(file)
        if kept != sha256:
            raise ValueError(f"the file {sha256} in it is another one")


def _as_data(head: CampaignHead, parts: Parts) -> dict[str, Any]:
    records = {
        key: [record.model_dump(mode="json") for record in found] for key, found in parts.items()
    }
    return {"format": FORMAT, "campaign": head.model_dump(mode="json"), **records}


def _as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _as_csv(head: CampaignHead, parts: Parts) -> str:
    """One line for each trial, as it was really run, with its current results."""
    contents = {version.version: version.content for version in parts["versions"]}
    campaign = Campaign.model_validate(contents[head.version])
    record = _record_of(parts, campaign)
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
