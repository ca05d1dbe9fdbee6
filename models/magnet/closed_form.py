"""The analytic tier: uniform currents in closed form. Also the bound that every result carries."""

import numpy as np

from models.magnet import analytic
from models.magnet.failure import MagnetFailure
from models.magnet.laws import Constant
from models.magnet.problem import Body, Problem
from models.magnet.result import FieldAt, FieldResult


def carried(problem: Problem) -> list[tuple[Body, float]]:
    """Each body with what it can carry at zero field, at the largest factor of its map."""
    told = []
    for body in problem.bodies:
        material = problem.materials[body.material]
        jc = float(material.jc(np.zeros(1), problem.protocol.temperature)[0][0])
        told.append((body, jc * (material.jc_map.factor.max() if material.jc_map else 1.0)))
    return told


def is_uniform(problem: Problem) -> bool:
    """Whether the closed form is exact and no bound only."""
    used = [problem.materials[b.material] for b in problem.bodies]
    return all(isinstance(m.jc, Constant) and m.jc_map is None for m in used)


def bound(problem: Problem) -> float:
    """Centre in T if every body carried uniformly what it can carry at zero field."""
    return float(analytic.stack_on_axis(carried(problem), problem.centre))


def unseen(problem: Problem) -> list[str]:
    """Warnings of what the problem asks for and its tier, or its bound, cannot tell."""
    told = []
    if problem.fidelity != "power-law" and problem.protocol.hold > 0:
        told.append("ramp, hold and decay are not computed: they take the power-law tier")
    if problem.fidelity == "analytic" and problem.probes.homogeneity_sphere:
        told.append("homogeneity is not computed: it takes finite elements")
    fields = np.linspace(0, max(1.0, bound(problem)), 200)
    used = {body.material for body in problem.bodies}
    laws = [problem.materials[name].jc for name in sorted(used)]
    if any((law(fields, problem.protocol.temperature)[1] > 0).any() for law in laws):
        told.append("Jc rises with the field: uniform Jc as at zero field is no upper bound")
    return told


def needed_field(problem: Problem, trapped: float) -> float:
    """Applied field in T that magnetises fully a magnet which then traps ``trapped``."""
    return {"field-cooling": 1.0, "zero-field-cooling": 2.0, "fully-magnetised": 0.0}[
        problem.protocol.kind
    ] * trapped


def check_magnetised(problem: Problem, trapped: float) -> list[str]:
    """A warning where full magnetisation is close. MagnetFailure where it is not reached."""
    needed, applied = needed_field(problem, trapped), problem.protocol.applied_field
    if applied < needed * (1 - 1e-9):
        raise MagnetFailure(
            "under-magnetised",
            f"an applied field of {applied:g} T is not enough: full magnetisation takes "
            f"{needed:.4g} T; the power-law tier can tell what is trapped",
            at_most=min(applied, trapped),
        )
    if applied < 1.1 * needed:
        return [f"under-magnetised soon: {applied:g} T applied, {needed:.4g} T needed"]
    return []


def analytic_result(problem: Problem) -> FieldResult:
    """The closed form as a result, with standard error from those of Jc at zero field."""
    trapped = bound(problem)
    warnings = check_magnetised(problem, trapped) + unseen(problem)
    if not is_uniform(problem):
        warnings.append("uniform Jc as at zero field: no estimate of what Jc(B) or a map allows")
    parts, endless = carried(problem), problem.endless
    heights = () if endless else problem.probes.heights
    surface = analytic.stack_on_axis(parts, problem.top + np.array(heights))
    gradient, sigma = _gradient(problem)
    return FieldResult(
        "analytic", "ok", trapped_field_center=trapped, analytic_bound_T=trapped,
        surface_field=[FieldAt(h, float(b)) for h, b in zip(heights, surface, strict=True)],
        sigma_T=sigma, gradient=gradient,
        moment_A_m2=sum(analytic.ring_moment(body, jc) for body, jc in parts),
        warnings=warnings,
    )  # fmt: skip


def _gradient(problem: Problem) -> tuple[dict[str, float], float]:
    """d centre / d value of each material, and the standard error."""
    gradient, square = {}, 0.0
    for name, material in problem.materials.items():
        parts = [(body, jc) for body, jc in carried(problem) if body.material == name]
        known = material.jc.parameters()
        if not parts or "value" not in known:
            continue
        value, sd = known["value"]
        share = float(analytic.stack_on_axis(parts, problem.centre)) / value
        gradient[parameter_name(name, "value")] = share
        square += (share * sd) ** 2
    return gradient, float(np.sqrt(square))


def parameter_name(material: str, parameter: str) -> str:
    """How a parameter is called in results."""
    return f"{material}.{parameter}" if material else parameter
