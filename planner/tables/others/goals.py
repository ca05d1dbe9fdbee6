"""Goals of other planners in the words of a mapping: objectives, weighted sums, thresholds,
requirements."""

from typing import Any

from planner.tables.declaration import weighted, weights
from planner.tables.table import Finding

SUM, LIMIT = "objective", "limit"
"""What an outcome is called that the file only writes as a formula."""


class Goals:
    """Collects what a file says about its outcomes; ``findings`` are what of it is not kept."""

    def __init__(self, measured: list[str]) -> None:
        self.measured = measured
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.reference_point: dict[str, float] = {}
        self.findings: list[Finding] = []

    def maximise(self, text: str) -> None:
        """An objective that is to become large: ``strength``, ``-cost``, or a weighted sum, which
        becomes an outcome of its own; its parts have no goal of their own then."""
        try:
            parts, constant = weights(text, self.measured)
        except ValueError as error:
            self._lost(f"the objective {text!r} is not kept: {error}")
            return
        if len(parts) == 1:
            ((name, weight),) = parts.items()
            self.goal(name, "maximize" if weight > 0 else "minimize")
            return
        formula = weighted(parts) + (f" + {constant:g}" if constant else "")
        name = self._name(SUM)
        self.outcomes[name] = {"goal": "maximize", "formula": formula}
        text = f"the goal is a weighted sum, which becomes the outcome {name!r} = {formula}"
        self.findings.append(Finding("weighted-sum", text, "note"))

    def goal(self, name: str, goal: str, **more: Any) -> None:
        """What is to become of an outcome."""
        self.outcomes[name] = {**self.outcomes.get(name, {}), "goal": goal, **more}

    def leave_open(self, name: str, what: str) -> None:
        """The file says of an outcome what cannot be said here; its goal is asked."""
        self.outcomes.setdefault(name, {})
        self.findings.append(Finding("goal-not-kept", f"{what} is not kept", column=name))

    def threshold(self, name: str, bound: float, is_relative: bool = False) -> None:
        """The worst value of an objective that is of interest."""
        if is_relative:
            self._lost(f"the threshold {bound:g} of {name} is relative to a status quo: not kept")
        elif self.outcomes.get(name, {}).get("goal") in ("maximize", "minimize"):
            self.reference_point[name] = bound

    def require(self, text: str, relation: str, bound: float, is_relative: bool = False) -> None:
        """``GEQ`` or ``LEQ``: a requirement on an outcome or on a weighted sum of some."""
        if is_relative:
            self._lost(f"the limit {bound:g} of {text} is relative to a status quo: not kept")
            return
        try:
            parts, constant = weights(text, self.measured)
        except ValueError as error:
            self._lost(f"the limit on {text!r} is not kept: {error}")
            return
        least, limit = relation == "GEQ", bound - constant
        if len(parts) == 1:
            ((name, weight),) = parts.items()
            self._limit(name, limit / weight, least == (weight > 0))
            return
        name = self._name(LIMIT)
        self.outcomes[name] = {"goal": "none", "formula": weighted(parts)}
        self._limit(name, limit, least)

    def require_of(self, name: str, bound: float, *, is_least: bool) -> None:
        """A limit of one outcome, which has no other goal."""
        self._limit(name, bound, is_least)

    def close(self) -> None:
        """Every outcome of which nothing was said has no goal."""
        if any(o.get("goal", "none") != "none" for o in self.outcomes.values()):
            for name in self.measured:
                self.outcomes.setdefault(name, {"goal": "none"})

    def _limit(self, name: str, bound: float, is_least: bool) -> None:
        said = self.outcomes.setdefault(name, {"goal": "none"})
        said["at_least" if is_least else "at_most"] = bound

    def _name(self, name: str) -> str:
        taken = {*self.measured, *self.outcomes}
        return next(n for n in (name, *(f"{name} {i}" for i in range(2, 99))) if n not in taken)

    def _lost(self, text: str) -> None:
        self.findings.append(Finding("goal-not-kept", text))
