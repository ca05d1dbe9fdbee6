"""Boundary laws and the bicrystals they come from, in files.

Bicrystals are a CSV with the columns ``angle_deg`` and ``Jc_A_m2``; ``sd_A_m2``, ``B_T`` and
``T_K`` may be added. A law is YAML or JSON: what ``kyoso boundary`` writes, or by hand::

    source: bicrystals of our own, 2026
    critical_angle_deg: 9
    critical_angle_sd_deg: 1
    decay_deg: 9
    decay_sd_deg: 1
    conditions:
      - {B_T: 0, T_K: 4.2, plateau_A_m2: 2.0e10, sd_A_m2: 2.0e9}
"""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from models.network.bicrystal import BicrystalFit, Bicrystals, fit
from models.network.law import BoundaryLaw
from planner.campaign.campaign import CampaignError
from planner.campaign.file import parse_yaml
from planner.campaign.values import Frozen
from planner.door.files import read_text
from planner.door.json_text import parse_json
from planner.door.words import in_words

NEEDED, ALLOWED = ("angle_deg", "Jc_A_m2"), ("sd_A_m2", "B_T", "T_K")
type Condition = tuple[float | None, float | None]
"""Field in T and temperature in K, where they were told."""


class Plateau(Frozen):
    """What the grains carry in one field at one temperature."""

    B_T: float | None = None
    T_K: float | None = None
    plateau_A_m2: float = Field(gt=0)
    plateau_interval_A_m2: tuple[float, float] | None = None
    sd_A_m2: float = Field(default=0, ge=0)
    covariance: tuple[tuple[float, ...], ...] | None = None
    """Of ln plateau, critical angle and ln decay, in the place of the single deviations."""


class LawFile(Frozen):
    """A boundary law as it stands in a file."""

    source: str = ""
    critical_angle_deg: float = Field(ge=0, lt=180)
    critical_angle_sd_deg: float = Field(default=0, ge=0)
    decay_deg: float = Field(gt=0)
    decay_interval_deg: tuple[float, float] | None = None
    decay_sd_deg: float = Field(default=0, ge=0)
    conditions: tuple[Plateau, ...] = Field(min_length=1)

    def law(self, at: Plateau) -> BoundaryLaw:
        """The law in one condition."""
        covariance = np.diag(
            [
                (at.sd_A_m2 / at.plateau_A_m2) ** 2,
                self.critical_angle_sd_deg**2,
                (self.decay_sd_deg / self.decay_deg) ** 2,
            ]
        )
        if at.covariance is not None:
            covariance = np.array(at.covariance)
        return BoundaryLaw(at.plateau_A_m2, self.critical_angle_deg, self.decay_deg, covariance)


def read_law(
    path: Path | LawFile, field: float | None = None, temperature: float | None = None
) -> BoundaryLaw:
    """The law of a file, fitted to bicrystals where it holds those, in one condition.

    ValueError names the file and what is wrong, or the conditions to choose from.
    """
    if isinstance(path, LawFile):
        return path.law(_chosen(path, field, temperature))
    try:
        told = _law_file(path)
        return told.law(_chosen(told, field, temperature))
    except ValidationError as error:
        raise ValueError(f"{path.name}: {in_words(error)}") from error
    except CampaignError as error:
        raise ValueError(f"{path.name}: {'; '.join(error.problems)}") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from error


def _law_file(path: Path) -> LawFile:
    if path.suffix.lower() == ".csv":
        data, conditions = _bicrystals(path)
        return law_file(fit(data), conditions)
    text = read_text(path)
    content = parse_json(text) if path.suffix.lower() == ".json" else parse_yaml(text)
    if isinstance(content, dict) and "law" in content:
        content = content["law"]
    if not isinstance(content, dict):
        raise ValueError("it holds neither a law nor, as .csv, bicrystals")
    return LawFile.model_validate(content)


def law_file(found: BicrystalFit, conditions: list[Condition]) -> LawFile:
    """A fitted law as it stands in a file."""
    first = found.laws[0]
    return LawFile(
        source=f"fitted; ln J scatters by {found.scatter:.3g}",
        critical_angle_deg=first.critical_angle,
        critical_angle_sd_deg=float(np.sqrt(first.covariance[1, 1])),
        decay_deg=first.decay,
        decay_interval_deg=found.decay,
        decay_sd_deg=float(first.decay * np.sqrt(first.covariance[2, 2])),
        conditions=tuple(
            Plateau(
                B_T=b,
                T_K=t,
                plateau_A_m2=law.plateau,
                plateau_interval_A_m2=interval,
                sd_A_m2=float(law.plateau * np.sqrt(law.covariance[0, 0])),
                covariance=tuple(tuple(row) for row in law.covariance.tolist()),
            )
            for (b, t), law, interval in zip(conditions, found.laws, found.plateau, strict=True)
        ),
    )


def named(condition: Condition) -> str:
    """Field and temperature as people read them; nothing where none was told."""
    told = zip(condition, ("T", "K"), strict=True)
    return ", ".join(f"{value:g} {unit}" for value, unit in told if value is not None)


def read_bicrystals(path: Path) -> tuple[Bicrystals, list[Condition]]:
    """Measured boundaries and the conditions they were measured in."""
    try:
        return _bicrystals(path)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _bicrystals(path: Path) -> tuple[Bicrystals, list[Condition]]:
    lines = read_text(path).splitlines()
    text = "\n".join(line for line in lines if line.strip() and not line.startswith("#"))
    try:
        reader = csv.DictReader(io.StringIO(text), skipinitialspace=True, restval="")
        names = [name.strip() for name in reader.fieldnames or []]
        rows = [{str(k).strip(): str(v).strip() for k, v in row.items()} for row in reader]
    except csv.Error as error:
        raise ValueError(f"the table is damaged: {error}") from error
    if odd := [n for n in names if n not in (*NEEDED, *ALLOWED)]:
        raise ValueError(f"column {odd[0]!r} is not one of {', '.join((*NEEDED, *ALLOWED))}")
    if missing := [n for n in NEEDED if n not in names]:
        there = ", ".join(names) or "none"
        raise ValueError(f"the column {missing[0]!r} is missing; there are {there}")
    if long := [i for i, row in enumerate(rows, 1) if len(row) > len(names)]:
        raise ValueError(f"row {long[0]} has more values than the {len(names)} columns")
    columns = {n: np.array([_number(row, n, i) for i, row in enumerate(rows, 1)]) for n in names}
    where = [(_or_none(columns, "B_T", i), _or_none(columns, "T_K", i)) for i in range(len(rows))]
    conditions = list(dict.fromkeys(where))
    sd = columns.get("sd_A_m2")
    data = Bicrystals(
        columns["angle_deg"],
        columns["Jc_A_m2"],
        None if sd is None else sd / columns["Jc_A_m2"],
        np.array([conditions.index(c) for c in where], dtype=int) if len(conditions) > 1 else None,
    )
    return data, conditions


def _number(row: dict[str, str], name: str, number: int) -> float:
    try:
        return float(row[name])
    except (KeyError, ValueError) as error:
        raise ValueError(f"row {number}: {name} is {row.get(name, '')!r}, not a number") from error


def _or_none(columns: dict[str, Any], name: str, i: int) -> float | None:
    return float(columns[name][i]) if name in columns else None


def _chosen(told: LawFile, field: float | None, temperature: float | None) -> Plateau:
    fitting = [
        c
        for c in told.conditions
        if (field is None or field == c.B_T) and (temperature is None or temperature == c.T_K)
    ]
    if len(fitting) != 1:
        there = "; ".join(named((c.B_T, c.T_K)) or "not told" for c in told.conditions)
        raise ValueError(f"choose one field and temperature among: {there}")
    return fitting[0]
