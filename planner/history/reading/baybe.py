"""The measurements inside a BayBE campaign (``Campaign.to_json``).

BayBE keeps data frames as pickles. A pickle can run any code, so only the few classes that a data
frame is made of are let in; anything else is refused.
"""

import base64
import io
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.history.table import Finding, HistoryError, Table

_MEASUREMENTS = ("measurements_exp", "_measurements_exp")
_ALLOWED = {
    ("builtins", "slice"),
    ("pandas", "DataFrame"), ("pandas", "Index"), ("pandas", "RangeIndex"),
    ("pandas", "StringDtype"),
    ("pandas._libs.internals", "_unpickle_block"),
    ("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
    ("pandas.arrays", "ArrowStringArray"), ("pandas.arrays", "StringArray"),
    ("pandas.core.arrays.string_", "StringArray"),
    ("pandas.core.arrays.string_", "StringDtype"),
    ("pandas.core.arrays.string_arrow", "ArrowStringArray"),
    ("pandas.core.frame", "DataFrame"),
    ("pandas.core.indexes.base", "Index"), ("pandas.core.indexes.base", "_new_Index"),
    ("pandas.core.indexes.range", "RangeIndex"),
    ("pandas.core.internals.managers", "BlockManager"),
    ("numpy", "dtype"), ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"),
    ("pyarrow.lib", "chunked_array"), ("pyarrow.lib", "type_for_alias"),
    ("pyarrow.lib", "_restore_array"), ("pyarrow.lib", "py_buffer"),
}  # fmt: skip


class _DataFrames(pickle.Unpickler):
    """Builds data frames and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a data frame")
        return super().find_class(module, name)


def is_baybe(content: Mapping[str, Any]) -> bool:
    """Whether JSON is a BayBE campaign."""
    return "searchspace" in content and any(key in content for key in _MEASUREMENTS)


def table_of_baybe(path: Path, content: Mapping[str, Any]) -> Table:
    """The measurements; HistoryError says how to export them where they cannot be read here."""
    encoded = next(content[key] for key in _MEASUREMENTS if key in content)
    try:
        frame = _DataFrames(io.BytesIO(base64.b64decode(encoded))).load()
        columns = [str(name) for name in frame.columns]
        cells = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    except Exception as error:  # another version of pandas can fail in many ways
        raise HistoryError(
            f"{path.name}: the measurements in this BayBE campaign cannot be read ({error}); "
            "export them there: campaign.measurements.to_csv('measurements.csv')"
        ) from error
    if not cells:
        raise HistoryError(f"{path.name}: this BayBE campaign has no measurements")
    rows = tuple((i, tuple(map(_text, row))) for i, row in enumerate(cells, 1))
    note = Finding("format", f"read as a BayBE campaign: {len(rows)} measurements", "note")
    hints = _hints(content)
    return Table(path.name, tuple(columns), rows, hints=hints, findings=(note,), format="BayBE")


def _hints(content: Mapping[str, Any]) -> dict[str, str]:
    """What the campaign says of its columns: parameters, targets with their direction, batches."""
    space = content["searchspace"]
    parts = [space.get(kind) or {} for kind in ("discrete", "continuous")]
    hints = {p["name"]: "parameter" for part in parts for p in part.get("parameters", [])}
    objective = content.get("objective") or {}
    targets = objective.get("targets") or [objective["target"]] if objective else []
    for target in targets:
        small = target.get("minimize") or str(target.get("mode", "")).upper() == "MIN"
        hints[target["name"]] = "outcome:minimize" if small else "outcome:maximize"
    return hints | {"BatchNr": "batch", "FitNr": "ignore"}


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
