"""What the columns of a historical table mean (``mapping.yaml``), in the words of a campaign."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from planner.campaign.campaign import Campaign, Name
from planner.campaign.checks import numeric_names
from planner.campaign.expression import Formula, parse_formula
from planner.campaign.file import read_yaml
from planner.campaign.outcome import Outcome
from planner.campaign.parameter import Derived, Fixed, Parameter, Unit
from planner.campaign.stage import Stage
from planner.campaign.units import UnknownUnit, check_unit
from planner.campaign.values import Frozen
from planner.door.words import faults, short
from planner.tables.table import HistoryError

__all__ = ["HistoryError", "TableMapping", "parse_mapping", "read_mapping"]

type PoolKind = Literal["factorial", "adaptive", "random", "literature", "unknown"]
type Trust = Literal["known", "nominal", "batch", "none"]

_RULE = re.compile(r"\s*(missing|(<=|>=|==|<|>)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?))\s*")


LEFT_OUT, NO_VALUE, FAILED = "left out", "missing", "failed"
"""What a cell may stand for besides another value: its row is left out, nothing was measured, the
sample failed."""


@dataclass(frozen=True)
class Question:
    """Something that only a person knows; ``guess`` is what the mapping says until then."""

    field: str
    """Place in the mapping, such as ``outcomes.yield.goal``."""
    text: str
    guess: str
    allowed: tuple[str, ...] = ()
    free: bool = False
    """Whether a value may be given instead."""


def _check_rule(rule: str) -> str:
    if not _RULE.fullmatch(rule):
        raise ValueError(f"{rule!r} is not a failure rule such as '== 0', '<= 1' or 'missing'")
    return rule


Rule = Annotated[str, AfterValidator(_check_rule)]


class MappedOutcome(Frozen):
    """An outcome of the campaign and the columns that go with it."""

    goal: Literal["maximize", "minimize", "target", "none"]
    unit: Unit = ""
    value: float | None = None
    tolerance: float | None = Field(default=None, gt=0)
    at_least: float | None = None
    at_most: float | None = None
    sd: str | None = None
    """Column of the standard deviation of one measurement, in the outcome's unit."""
    n: str | None = None
    """Column of how many measurements are behind the value."""
    formula: str = ""
    """Where it stands, the outcome has no column: it is computed from outcomes that were measured
    and from parameters, as ``2*strength - 3*cost``."""

    def outcome(self, threshold: float | None) -> Outcome:
        """The same as the campaign writes it; ``threshold`` is its part of the reference point."""
        return Outcome(**self.model_dump(exclude={"sd", "n", "formula"}), threshold=threshold)


class RowOrder(Frozen):
    """Which column tells the order of the experiments, and how far it may be believed."""

    column: str | None = None
    trust: Trust = "none"
    """known: the source states it; nominal: looks chronological; batch: between batches only."""


class TableMapping(Frozen):
    """A historical table: parameters, outcomes, order, batches, arms, and where it comes from."""

    mapping: Literal[1]
    """Version of this format."""
    name: str
    title: str = ""
    source: str = ""
    citation: str = ""
    licence: str = ""
    table: str
    """The table's file, next to the mapping."""
    sheet: str | None = None
    """Which sheet of a workbook; without it the one with the most cells."""
    pool: PoolKind = "unknown"
    """How the conditions came to be measured; an optimiser's choice (``adaptive``) is enriched."""
    order: RowOrder = RowOrder()
    batch: str | None = None
    """Column of the batch number; a negative number means: no place in the order."""
    arm: str | None = None
    """Column that tells campaigns in one table apart, for example ``random`` and ``mobo``."""
    status: str | None = None
    """Column with ``failed`` (the sample failed), ``abandoned`` (not data), or any other word."""
    context: tuple[str, ...] = ()
    """Columns that were recorded but not set."""
    only: dict[str, bool | int | float | str] = Field(default_factory=dict)
    """Of a long table, the value that a column has in the rows that count, as ``{age_d: 28}``."""
    cells: dict[str, dict[str, bool | int | float | str]] = Field(default_factory=dict)
    """By column, what cells stand for: ``{yield: {"~97": 97, "-": failed, "": left out}}``. A row
    is ``left out``, a value ``missing``, a sample ``failed``."""
    ragged_rows: Literal["left out"] | None = None
    """What is done with rows that have more or fewer cells than there are columns; unless this is
    said, such a table is not used."""
    parameters: dict[Name, Parameter] = Field(min_length=1)
    constraints: tuple[str, ...] = ()
    outcomes: dict[Name, MappedOutcome] = Field(min_length=1)
    failure: dict[str, Rule] = Field(default_factory=dict)
    """By outcome, which values mean a failed sample: ``== 0``, ``<= 1``, ``missing``."""
    reference_point: dict[str, float] = Field(default_factory=dict)
    """By objective, the worst value that is of interest."""

    @model_validator(mode="before")
    @classmethod
    def _unknown_units_are_labels(cls, content: Any) -> Any:
        if not isinstance(content, Mapping):
            return content
        groups = {
            key: {name: _labelled(item) for name, item in content[key].items()}
            for key in ("parameters", "outcomes")
            if isinstance(content.get(key), Mapping)
        }
        return {**content, **groups}

    @model_validator(mode="after")
    def _names_are_outcomes(self) -> Self:
        for field in ("failure", "reference_point"):
            for name in set(getattr(self, field)) - set(self.outcomes):
                raise ValueError(f"{field}: {name!r} is no outcome ({', '.join(self.outcomes)})")
        if self.order.trust != "none" and not (self.order.column or self.batch):
            raise ValueError(f"order: trust {self.order.trust!r} needs a column")
        self.campaign()
        for name in self.formulas:
            self.formula(name)
        return self

    @property
    def measured(self) -> list[str]:
        """The columns of outcomes."""
        return [n for n, o in self.outcomes.items() if not o.formula]

    @property
    def formulas(self) -> list[str]:
        """The outcomes that are computed from others."""
        return [n for n, o in self.outcomes.items() if o.formula]

    def formula(self, outcome: str) -> Formula:
        """How an outcome is computed. ValueError where that cannot be read."""
        names = [*self.measured, *numeric_names(self.parameters)]
        try:
            return parse_formula(self.outcomes[outcome].formula, names)
        except ValueError as error:
            raise ValueError(f"outcomes.{outcome}.formula: {error}") from error

    @property
    def settings(self) -> list[str]:
        """The columns of parameters that were set."""
        return [n for n, p in self.parameters.items() if not isinstance(p, Fixed | Derived)]

    @property
    def columns(self) -> list[str]:
        """Every column that the table must have."""
        extra = [c for o in self.outcomes.values() for c in (o.sd, o.n)]
        named = [
            self.order.column,
            self.batch,
            self.arm,
            self.status,
            *extra,
            *self.context,
            *self.only,
            *self.cells,
        ]
        return [*self.settings, *self.measured, *dict.fromkeys(c for c in named if c)]

    def campaign(self) -> Campaign:
        """The campaign behind the table: one stage gives every outcome, by look-up."""
        outcomes = {n: o.outcome(self.reference_point.get(n)) for n, o in self.outcomes.items()}
        return Campaign(
            name=self.name,
            title=self.title,
            parameters=self.parameters,
            constraints=self.constraints,
            outcomes=outcomes,
            stages=(Stage(name="experiment", executor="lookup", gives=tuple(outcomes)),),
        )

    def fails(self, outcome: str, value: float | None) -> bool:
        """Whether the failure rule of the outcome says that this value means a failed sample."""
        match = _RULE.fullmatch(self.failure.get(outcome, ""))
        if match is None:
            return False
        if value is None or match[1] == "missing":
            return value is None and match[1] == "missing"
        limit = float(match[3])
        return {
            "<=": value <= limit, ">=": value >= limit, "==": value == limit,
            "<": value < limit, ">": value > limit,
        }[match[2]]  # fmt: skip


def parse_mapping(content: Any, name: str) -> TableMapping:
    """A mapping from plain data. HistoryError lists every problem after ``name``."""
    try:
        return TableMapping.model_validate(content)
    except ValidationError as error:
        raise HistoryError("\n".join(f"{name}: {fault}" for fault in faults(error))) from error


def read_mapping(path: Path) -> TableMapping:
    """The mapping in a file. HistoryError names the file and every problem."""
    if path.parent.is_dir() and not path.exists():
        raise HistoryError(f"{path.parent}: there is no {path.name} in this folder")
    try:
        return parse_mapping(read_yaml(path), path.name)
    except HistoryError:
        raise
    except ValueError as error:
        raise HistoryError(f"{path.name}: {short(error)}") from error


def _labelled(item: Any) -> Any:
    """The same parameter or outcome, with a unit that nobody knows as a label in brackets. One
    that would be misread stays, and is refused by its name."""
    if not isinstance(item, Mapping) or not isinstance(item.get("unit"), str):
        return item
    try:
        return {**item, "unit": check_unit(item["unit"])}
    except UnknownUnit:
        return {**item, "unit": f"[{item['unit']}]"}
    except ValueError:
        return item
