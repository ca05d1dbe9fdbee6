"""The order as people read it: what to set, what to measure, how to answer."""

from typing import Any

from planner.campaign.file import write_yaml
from planner.executor import WorkOrder

_HOW_TO_ANSWER = """\
# Set what stands under "set", measure what stands under "measure", then save result.yaml here:
#
#   measured:
{example}#   as_run: {{}}          # parameters that were really different, with their real values
#
# or, where the sample failed (that is a result):    failed: why
# or, where it could not be tried or measured:       abandoned: why
#
# result.csv does as well (columns name, value, unit, standard_error; as-run values by parameter
# name), and result.json with the fields above. Other files in this folder are kept with the
# results; save the result file last. It may be mended until it was read without complaint.

"""


def work_order(order: WorkOrder, how_to_answer: str = "") -> str:
    """The order as commented YAML, with every value and its unit.

    ``how_to_answer`` stands on top, as comments, where it is not by a result file.
    """
    unit = order.units.get
    content: dict[str, Any] = {
        "job": order.job,
        "set": {name: _with_unit(value, unit(name)) for name, value in order.point.items()},
        "measure": {n: {"unit": unit(n)} if unit(n) else "a plain number" for n in order.gives},
    }
    if order.inputs:
        content["measured_before"] = {
            name: _with_unit(m.value, m.unit) for name, m in order.inputs.items()
        }
    example = "".join(
        f"#     {name}: {{value: ..., {f'unit: {unit(name)}, ' if unit(name) else ''}"
        f"standard_error: ...}}\n"
        for name in order.gives
    )
    return (how_to_answer or _HOW_TO_ANSWER.format(example=example)) + write_yaml(content)


def _with_unit(value: Any, unit: str | None) -> dict[str, Any]:
    return {"value": value, "unit": unit} if unit else {"value": value}
