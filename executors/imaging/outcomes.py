"""Outcomes of a trial from the numbers of its stack (``quantities_file``), each with its standard
error."""

from collections.abc import Mapping, Sequence
from typing import Any

from executors.learners.segmentation import BEFORE, SCORE
from planner.campaign.outcome import PLAIN

type Estimate = tuple[float, float | None]
"""Value and standard error; None where none is known."""
type Numbers = Mapping[str, Any]
"""A value with its ``sd``, as JSON; null with a ``reason``."""

OF_A_CLASS = {
    "fraction": PLAIN,
    "surface_density": "1/m",
    "chord": "m",
    "thickness": "m",
    "body_size": "m",
    "connected": PLAIN,
    "percolating": PLAIN,
}
"""What is given of each class, and in which unit: ``pore_fraction``, ``pore_chord`` ...

``fraction``: share of the volume. ``surface_density``: its surface per volume of the stack.
``chord``: mean chord. ``thickness``: mean local thickness. ``body_size``: mean equivalent diameter
of whole bodies. ``connected``: share of the class in its largest body. ``percolating``: share in
bodies that reach from face to face, along the axis where that is least.
"""
OF_THE_STACK = {
    "porosity": PLAIN,
    "surface_density": "1/m",
    "grain_size": "m",
    SCORE: PLAIN,
    BEFORE: PLAIN,
}
"""``porosity``: fraction of the class ``pore``. ``surface_density``: all surfaces between classes.
``grain_size``: mean equivalent diameter of the particles of ``grains_of``, told apart."""
PORE = "pore"


def units(classes: Sequence[str]) -> dict[str, str]:
    """All that is given of these classes, and in which unit."""
    return OF_THE_STACK | {f"{c}_{what}": u for c in classes for what, u in OF_A_CLASS.items()}


def outcomes(report: Numbers) -> dict[str, Estimate]:
    """All outcomes that a stack gives; what it does not say is missing."""
    said = _numbers(report)
    return {n: (a["value"], a["sd"]) for n, a in said.items() if a["value"] is not None}


def unsaid(report: Numbers, asked: Sequence[str]) -> dict[str, str]:
    """Of what was asked of the stack and is missing: why."""
    said, there = _numbers(report), ", ".join(report["phases"])
    return {
        name: said[name]["reason"] if name in said else f"the classes are {there}"
        for name in asked
        if name not in (SCORE, BEFORE) and (name not in said or said[name]["value"] is None)
    }


def _numbers(report: Numbers) -> dict[str, Numbers]:
    known: dict[str, Numbers] = {
        "surface_density": report["surface_density_1_m"],
        "grain_size": report["grain_size_m"],
    }
    for name, phase in report["phases"].items():
        mine = _of_class(phase, report["mean_chord_m"][name])
        known |= {f"{name}_{what}": number for what, number in mine.items()}
    if PORE in report["phases"]:
        known["porosity"] = known[f"{PORE}_fraction"]
    return known


def _of_class(phase: Numbers, chord: Numbers) -> dict[str, Numbers]:
    paths = list(phase["percolating_fraction"].values())
    sure = [path for path in paths if path["value"] is not None]
    return {
        "fraction": {"value": phase["fraction"], "sd": phase["sd"]},
        "surface_density": phase["surface_density_1_m"],
        "chord": chord,
        "thickness": phase["thickness_m"],
        "body_size": phase["body_size_m"],
        "connected": phase["largest_body_fraction"],
        "percolating": min(sure, key=lambda path: path["value"]) if sure else paths[0],
    }
