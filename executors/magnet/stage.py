"""The magnet: trapped field, decay and homogeneity of superconducting bulks, by finite elements.

The stage's option ``magnet`` describes the case in the words of a magnet file (``kyoso magnet``),
and ``set`` says which of its places the parameters of the campaign fill. Jc comes from the
description, or, where it has none, from the outcomes of earlier stages.
"""

import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from executors.computation import pool
from executors.files import job_folder, write_whole
from executors.learners.jc_law import NAME, MicrostructureLaw, law_of, predict
from executors.magnet.file import magnet_of
from models.magnet.failure import MagnetFailure
from models.magnet.problem import Problem
from models.magnet.result import FIELDS, FieldResult, numbers
from models.magnet.solution import Solution
from planner.campaign.units import convert
from planner.executor import Abandoned, Failed, Finished, Measurement, WorkOrder, read_options

DISC = {"bodies": [{"shape": "disc", "radius": "15 mm", "thickness": "10 mm"}]}
OUTCOMES = {
    "trapped_field": "T",
    "surface_field": "T",
    "homogeneity": "ppm",
    "decay": "ppm/h",
    "held_field": "T",
    "held_homogeneity": "ppm",
}


NUMBERS = {
    "trapped_field": "trapped_field_center",
    "surface_field": "surface_field",
    "homogeneity": "homogeneity_ppm",
    "decay": "decay_ppm_per_hour",
    "held_field": "held_field",
    "held_homogeneity": "held_homogeneity_ppm",
}
"""What the solver calls them."""


def _cores() -> int:
    return os.cpu_count() or 1


class Options(pool.Options):
    """Options of the stage, besides those of every computation."""

    workers: int = Field(default_factory=_cores, ge=1, le=1000)
    """Cases side by side, one core each."""
    magnet: dict[str, Any] = Field(default_factory=lambda: dict(DISC))
    """As in a magnet file."""
    set: dict[str, str] = Field(default_factory=dict)
    """Parameter or earlier outcome -> place in ``magnet``: ``protocol.applied_field``, or
    ``bodies.0.gap``."""
    tables: Path = Path()
    """Folder of the tables that ``magnet`` names."""
    pictures: Literal["none", "field", "all"] = "field"


class Magnet(pool.Computation):
    """Gives ``trapped_field`` and ``homogeneity`` at the end of the ramp, ``held_field`` and
    ``held_homogeneity`` at the end of the hold, ``surface_field`` (first probe height), and
    ``decay`` over the last decade of the hold. The standard error of a field is that from Jc
    together with the numerical one; that of homogeneity and decay is the numerical one alone.

    What cannot be computed is Abandoned. A magnet that the field does not fill, where the tier
    needs it filled, has Failed, and so has one of which a number that is asked for does not exist:
    what is missing stays missing and is never 0.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        told = read_options(Options, options)
        _check(told)
        super().__init__(folder, WarmMagnet(told, folder), told)
        self._set = told.set

    def check(self, order: WorkOrder) -> None:
        """ValueError where an outcome is not given here, or ``set`` names what there is not."""
        _check_gives(order)
        for name in self._set:
            _check_known(name, order)


@dataclass(frozen=True)
class WarmMagnet:
    """What a worker does; made warm before its first order."""

    options: Options
    folder: Path

    def __call__(self, order: WorkOrder) -> Finished | Failed | Abandoned:
        """The answer to one order."""
        return magnetise(self.options, self.folder, order)

    def warm_up(self) -> None:
        """Import and compile what finite elements need, where they can run."""
        from models.magnet.discrete import warm_up, why_not

        if why_not() is None:
            warm_up()


def magnetise(options: Options, folder: Path, order: WorkOrder) -> Finished | Failed | Abandoned:
    """The trapped field of the order's magnet."""
    _check_gives(order)
    words, source = described(options, order)
    try:
        problem, note = _possible(magnet_of(words, options.tables))
    except MagnetFailure as failure:
        return Abandoned(f"{failure.kind}: {failure}")
    from models.magnet.solve import solve

    solution = solve(problem)
    result = solution.result
    if result.status == "under-magnetised":
        return Failed(f"{result.status}: {result.message}")
    if not result.ok:
        return Abandoned(f"{result.status}: {result.message}")
    method = "; ".join([_method(result), *note, *result.warnings, *source])
    measurements, why = _measurements(order, result, method)
    kept = _kept(job_folder(folder, order.job), options, solution)
    if why:
        return Failed(why, measurements=measurements, artifacts=kept)
    return Finished(measurements, artifacts=kept)


def described(options: Options, order: WorkOrder) -> tuple[dict[str, Any], list[str]]:
    """The words of the order's magnet, and where its Jc is from."""
    words = deepcopy(options.magnet)
    for name, place in options.set.items():
        _check_known(name, order)
        if name in order.point:
            told, unit = order.point[name], order.units.get(name, "")
        else:
            told, unit = order.inputs[name].value, order.inputs[name].unit
        put(words, place, f"{told} {unit}" if unit else told)
    if "jc" in words or "materials" in words:
        return words, []
    jc, spread, source = critical_current(order)
    words["jc"] = {"model": "constant", "value": jc, "sd": {"value": jc * spread}}
    return words, [f"Jc by {source}"]


def _check_gives(order: WorkOrder) -> None:
    if unknown := [name for name in order.gives if name not in OUTCOMES]:
        raise ValueError(f"{unknown[0]!r} is not given here, but {', '.join(OUTCOMES)}")


def _check_known(name: str, order: WorkOrder) -> None:
    if name not in order.point and name not in order.inputs:
        raise ValueError(f"set: there is no parameter or earlier outcome {name!r}")


def put(words: dict[str, Any], place: str, value: object) -> None:
    """Set a place such as ``bodies.0.gap``; ValueError where the description has no such place."""
    *path, last = place.split(".")
    at: Any = words
    try:
        for part in path:
            at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
        at[int(last) if isinstance(at, list) else last] = value
    except (IndexError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"set: the magnet has no place {place!r}") from error


def _check(options: Options) -> None:
    """Refuse a description that no order could make whole. ValueError says what is wrong."""
    words = deepcopy(options.magnet)
    if not options.set:
        words.setdefault("jc", {"model": "constant", "value": 1e8})
        try:
            magnet_of(words, options.tables)
        except MagnetFailure as failure:
            raise ValueError(f"magnet: {failure}") from failure
    for place in options.set.values():
        put(words, place, 0)


def _possible(problem: Problem) -> tuple[Problem, list[str]]:
    """The problem itself, or in closed form where finite elements cannot run and it is as good."""
    if problem.fidelity != "critical-state":
        return problem, []
    from models.magnet.discrete import why_not

    reason = why_not()
    return (replace(problem, fidelity="analytic"), [reason]) if reason else (problem, [])


def _method(result: FieldResult) -> str:
    if result.fidelity == "analytic":
        return "closed form of uniform currents"
    share = (result.trapped_field_center or 0.0) / (result.analytic_bound_T or 1.0)
    told = f"finite elements, {result.fidelity}, {result.dofs} unknowns"
    return f"{told}, {share:.4%} of uniform currents"


def _measurements(
    order: WorkOrder, result: FieldResult, method: str
) -> tuple[tuple[Measurement, ...], str]:
    """What is there of what is asked for, and why the rest does not exist. ValueError where the
    description does not ask for it."""
    known = numbers(result)
    absent = result.missing | {
        f"held_{name}": why for name, why in (result.after_hold or {}).get("missing", {}).items()
    }
    reasons = []
    for outcome in order.gives:
        if (number := NUMBERS[outcome]) in known:
            continue
        if number not in absent:
            raise ValueError(
                f"{outcome} was not computed: it takes a sphere, a height, or a hold by power law"
            )
        reasons.append(f"{outcome}: {absent[number]}")
    return tuple(
        Measurement(
            outcome, known[NUMBERS[outcome]], OUTCOMES[outcome],
            _standard_error(result, NUMBERS[outcome]), method, "computed",
        )
        for outcome in order.gives
        if NUMBERS[outcome] in known
    ), "; ".join(reasons)  # fmt: skip


def _standard_error(result: FieldResult, number: str) -> float | None:
    """That from Jc, of fields in proportion to the centre, together with the numerical one."""
    numerical = result.errors[number].total if number in result.errors else None
    if number not in FIELDS:
        return numerical
    value, centre = numbers(result)[number], result.trapped_field_center or 0.0
    share = min(1.0, abs(value / centre)) if centre else 1.0
    return float(np.hypot((result.sigma_T or 0.0) * share, numerical or 0.0))


def _kept(place: Path, options: Options, solution: Solution) -> dict[str, Path]:
    """The pictures that were asked for, and the whole result."""
    import json

    place.mkdir(parents=True, exist_ok=True)
    told = place / "magnet.json"
    write_whole(told, json.dumps(solution.result.as_json(), indent=1, allow_nan=False))
    kept = {told.name: told}
    if options.pictures == "none" or solution.held is None:
        return kept
    from executors.magnet.pictures import draw, field_map

    if options.pictures == "all":
        return kept | {path.name: path for path in draw(solution, place)}
    picture = place / "field.png"
    if not solution.problem.endless:
        kept[picture.name] = field_map(solution, picture)
    return kept


def critical_current(order: WorkOrder) -> tuple[float, float, str]:
    """Jc in A/m^2, the standard deviation of its logarithm, and where it is from.

    Two estimates y_i of ln Jc with standard deviations s_i become one: the mean with weights
    1 / s_i^2, and 1 / sqrt(sum 1 / s_i^2). ValueError where there is none.
    """
    known = {
        source: estimate
        for source, estimate in (("coupon", _coupon(order)), ("law", _by_law(order)))
        if estimate
    }
    if not known:
        raise ValueError("there is neither a measured 'jc' nor a Jc law with its microstructure")
    mean, sd = np.array(list(known.values())).T
    weight = 1 / sd**2
    value = float(np.exp((weight * mean).sum() / weight.sum()))
    return value, float(1 / np.sqrt(weight.sum())), " and ".join(known)


def _coupon(order: WorkOrder) -> tuple[float, float] | None:
    """ln Jc as measured, and its standard deviation; a value without one is taken to 10 %."""
    if (m := order.inputs.get("jc")) is None:
        return None
    jc = convert(m.value, m.unit, "A/m^2")
    if jc <= 0:
        raise ValueError(f"jc must be above 0, not {jc:g} A/m^2")
    return float(np.log(jc)), (m.standard_error or 0.1 * m.value) / m.value


def _by_law(order: WorkOrder) -> tuple[float, float] | None:
    """ln Jc by the campaign's law, where the order brings one and the microstructure is known."""
    # WorkOrder has no field `models` yet: the states of the model versions in use, by learner.
    state: Mapping[str, Any] | None = getattr(order, "models", {}).get(NAME)
    if state is None:
        return None
    law: MicrostructureLaw = law_of(state)
    values = {name: (m.value, m.unit) for name, m in order.inputs.items()}
    return predict(law, values)
