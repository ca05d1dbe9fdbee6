"""An orientation map: what a microscope measured on a regular grid, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.arrays import Floats, Integers
from models.orientation.symmetry import PointGroup


@dataclass(frozen=True)
class Phase:
    """A crystalline phase of a map."""

    name: str
    group: PointGroup | None
    """None: a symmetry that is not known here; no point of the map may have this phase."""
    unknown: str = ""
    """Why its symmetry is not known, where it is not."""


@dataclass(frozen=True, eq=False)
class OrientationMap:
    """Orientations on a grid of rows and columns, or of layers, rows and columns.

    ValueError where shapes, steps or phases do not fit together.
    """

    orientations: Floats = field(repr=False)
    """Unit quaternions (..., 4), crystal to sample; of points that are not indexed: anything."""
    phase: Integers = field(repr=False)
    """(...), the number of each point's phase from 1; 0 where it is not indexed."""
    step: tuple[float, ...]
    """Distance of neighbours in metres along each axis: (row, column) or (layer, row, column)."""
    phases: tuple[Phase, ...]
    notes: tuple[str, ...] = ()
    """What a person should know before believing it: lies of the header, poor indexing."""

    def __post_init__(self) -> None:
        if self.orientations.shape != (*self.phase.shape, 4):
            raise ValueError(
                f"orientations {self.orientations.shape} and phases {self.phase.shape} do not fit"
            )
        if len(self.step) != self.phase.ndim or self.phase.ndim not in (2, 3):
            raise ValueError(f"{len(self.step)} steps for a map of {self.phase.ndim} axes")
        if not all(0 < s < np.inf for s in self.step):
            raise ValueError(f"the step must be above 0 m, not {self.step}")
        if self.phase.size == 0:
            raise ValueError("the map holds no point")
        for number in np.unique(self.phase):
            self._check_phase(int(number))

    def _check_phase(self, number: int) -> None:
        if not 0 <= number <= len(self.phases):
            raise ValueError(f"phase {number} is not one of the {len(self.phases)} of the map")
        if number and self.phases[number - 1].group is None:
            name = self.phases[number - 1].name
            raise ValueError(f"phase {number} ({name}) has a symmetry that is not known here")

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along each axis."""
        return self.phase.shape

    @property
    def non_indexed_fraction(self) -> float:
        """Share of the points that have no orientation."""
        return float((self.phase == 0).mean())

    @property
    def thickness(self) -> float | None:
        """Of the whole map across its layers in metres; None for a single section."""
        return self.step[0] * self.shape[0] if self.phase.ndim == 3 else None

    def group(self, number: int) -> PointGroup:
        """The symmetry of a phase."""
        group = self.phases[number - 1].group
        assert group is not None, "checked when the map was made"
        return group

    def with_notes(self, *notes: str) -> "OrientationMap":
        """The same map with more to know."""
        return replace(self, notes=(*self.notes, *notes))


def stack(sections: Sequence[OrientationMap], spacing: float) -> OrientationMap:
    """Serial sections, in order, as a map in three dimensions; ``spacing`` is in metres.

    The sections must lie on each other point for point; they are not aligned here.
    """
    first = sections[0]
    for number, section in enumerate(sections, start=1):
        if section.phase.ndim != 2:
            raise ValueError(f"section {number} is not one section but {section.shape}")
        if section.shape != first.shape:
            raise ValueError(f"section {number} has {section.shape} points, not {first.shape}")
        if not np.allclose(section.step, first.step, rtol=1e-3):
            raise ValueError(f"section {number} has the step {section.step}, not {first.step}")
        if [_known(p) for p in section.phases] != [_known(p) for p in first.phases]:
            raise ValueError(f"section {number} has other phases than the first")
    notes = dict.fromkeys(note for section in sections for note in section.notes)
    return OrientationMap(
        np.stack([s.orientations for s in sections]),
        np.stack([s.phase for s in sections]),
        (spacing, *first.step),
        first.phases,
        tuple(notes),
    )


def _known(phase: Phase) -> tuple[str, str]:
    return phase.name, phase.group.name if phase.group else ""
