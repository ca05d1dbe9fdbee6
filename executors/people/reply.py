"""What people write into a result file, read and checked. Nothing of a wrong file is taken."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from planner.campaign.file import parse_yaml
from planner.campaign.parameter import is_number, read_number
from planner.campaign.units import convert, split_quantity
from planner.campaign.values import Frozen, Point
from planner.door.csv_text import read_rows
from planner.door.files import Inside, read_text
from planner.door.json_text import parse_json
from planner.door.words import in_words
from planner.executor import Abandoned, Answer, Failed, Finished, Measurement, WorkOrder

RESULTS = ("result.yaml", "result.json", "result.csv")


class Reading(Frozen):
    """One value; ``82.1 percent`` is short for ``{value: 82.1, unit: percent}``."""

    value: float = Field(strict=True)
    unit: str = ""
    standard_error: float | None = Field(default=None, ge=0, strict=True)
    """In ``unit``."""
    method: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        if isinstance(given, str):
            value, unit = split_quantity(given)
            return {"value": value, "unit": unit}
        return {"value": given} if is_number(given) else given


class Reply(Frozen):
    """The whole answer to an order."""

    measured: dict[str, Reading] = Field(default={})
    as_run: Point | None = None
    """In the units of the order; ``"848 K"`` is converted."""
    failed: str | None = Field(default=None, min_length=1)
    abandoned: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Reply":
        if self.abandoned and (self.failed or self.measured):
            raise ValueError("'abandoned' says that nothing was learned; it stands alone")
        if not (self.abandoned or self.failed or self.measured):
            raise ValueError("one of 'measured', 'failed' and 'abandoned' is needed")
        return self


def read_reply(file: Path | Inside, order: WorkOrder) -> Reply:
    """The reply in a file. ValueError says what is wrong with it; OSError: it cannot be read."""
    text = read_text(file)
    match Path(file.name).suffix:
        case ".csv":
            content = _from_csv(text, order)
        case ".json":
            content = parse_json(text)
        case _:
            content = parse_yaml(text)
    try:
        return Reply.model_validate(content)
    except ValidationError as error:
        raise ValueError(in_words(error)) from error


def answer(reply: Reply, order: WorkOrder, artifacts: Mapping[str, Path | Inside]) -> Answer:
    """The reply as an answer to the order; ValueError where it does not belong to it."""
    if reply.abandoned:
        return Abandoned(reply.abandoned)
    measured = tuple(_measurement(name, m, order) for name, m in reply.measured.items())
    as_run = _as_run(reply.as_run, order)
    if reply.failed:
        return Failed(reply.failed, as_run, measured, artifacts)
    return Finished(measured, as_run, artifacts)


def _measurement(name: str, reading: Reading, order: WorkOrder) -> Measurement:
    if name not in order.gives:
        raise ValueError(f"{name!r} was not asked for, but {', '.join(order.gives) or 'nothing'}")
    expected = order.units.get(name, "")
    if expected and not reading.unit:
        raise ValueError(f"{name}: {reading.value:g} came without a unit, such as {expected!r}")
    try:
        convert(reading.value, reading.unit, expected)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    return Measurement(
        name, reading.value, reading.unit, reading.standard_error, reading.method, "folder"
    )


def _as_run(given: Point | None, order: WorkOrder) -> Point | None:
    """The parameters that differed, in the units of the order."""
    real: Point = {}
    for name, value in (given or {}).items():
        if name not in order.point:
            raise ValueError(f"as_run: {name!r} is no parameter ({', '.join(order.point)})")
        try:
            numeric = is_number(order.point[name])
            real[name] = read_number(value, order.units.get(name, "")) if numeric else value
        except ValueError as error:
            raise ValueError(f"as_run: {name}: {error}") from error
    return real or None


def _from_csv(text: str, order: WorkOrder) -> dict[str, Any]:
    """One line each for an outcome, an as-run parameter, ``failed`` or ``abandoned``."""
    content: dict[str, Any] = {"measured": {}, "as_run": {}}
    for row in read_rows(text):
        cells = {
            str(k).strip(): v.strip() for k, v in row.items() if isinstance(v, str) and v.strip()
        }
        if not {"name", "value"} <= cells.keys():
            raise ValueError(
                f"each line needs 'name' and 'value'; {', '.join(cells) or 'none'} came"
            )
        name = cells.pop("name")
        if name in order.gives or name not in (*order.point, "failed", "abandoned"):
            content["measured"][name] = cells | {
                key: _number(cells[key]) for key in ("value", "standard_error") if key in cells
            }
        elif name in order.point:
            content["as_run"][name] = f"{cells['value']} {cells.get('unit', '')}".strip()
        else:
            content[name] = cells["value"]
    return content


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a number") from error
