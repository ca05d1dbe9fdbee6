"""Material packs: the numbers of a material, each with unit, status and source."""

from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from models.process.bulk import Numbers
from planner.campaign.file import read_yaml
from planner.campaign.units import check_unit, convert
from planner.campaign.values import Frozen

PACKS = Path(str(files("executors") / "materials"))


class Quantity(Frozen):
    """A number, and how far it may be believed."""

    value: float
    unit: str = ""
    status: Literal["read", "calculated", "assumed"]
    """``assumed``: chosen for a simulator, not a property of the material."""
    source: Annotated[str, Field(min_length=1)]


class Pack(Frozen):
    """All that is known, or assumed, of a material."""

    material: str
    synthetic: bool
    process: dict[str, Quantity]
    """The numbers of ``models.process.bulk``, by the names of its fields."""

    def numbers(self) -> Numbers:
        """The numbers in SI units. ValueError names what is missing, unknown or of a wrong unit."""
        wanted = {f.name: f.metadata["unit"] for f in fields(Numbers)}
        if odd := wanted.keys() ^ self.process.keys():
            raise ValueError(f"{self.material}: missing or unknown: {', '.join(sorted(odd))}")
        return Numbers(**{name: _in_si(name, self.process[name], wanted[name]) for name in wanted})


def read_pack(name: str) -> Pack:
    """A pack by its name (``ba122``) or by the path of its YAML file."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else PACKS / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in PACKS.glob("*.yaml"))) or "none"
        raise ValueError(f"there is no material pack {path}; known by name: {known}")
    return Pack.model_validate(read_yaml(path))


def _in_si(name: str, quantity: Quantity, unit: str) -> float:
    try:
        return convert(quantity.value, check_unit(quantity.unit), unit)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
