"""How large a voxel is: what a person gives (``--voxel 20nm,20nm,20nm``), what a file says, and
where the two, or two tags, contradict each other. No reader of TIFF files is safe here alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.imaging.volume import Voxel
from planner.door.refused import Refused
from planner.door.words import cut

AXES = "zyx"
AGREE = 0.01
"""Two sizes of one axis differ by no more than this part."""
DIGITS = 13
"""Of an edge that a file tells; the others come from ratios and units."""
METRES = {
    "m": 1.0, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "nm": 1e-9, "pm": 1e-12, "Å": 1e-10,
    "inch": 0.0254,
}  # fmt: skip
_SPELLINGS = {
    "micron": "um", "microns": "um", "micrometer": "um", "micrometers": "um", "micrometre": "um",
    "nanometer": "nm", "nanometers": "nm", "nanometre": "nm", "millimeter": "mm", "meter": "m",
    "millimetre": "mm", "metre": "m", "centimeter": "cm", "centimetre": "cm", "picometer": "pm",
    "a": "Å", "å": "Å", "ang": "Å", "angstrom": "Å", "angstroms": "Å", "in": "inch",
    "inches": "inch", '"': "inch", "micrometres": "um", "nanometres": "nm", "metres": "m",
}  # fmt: skip
"""Units of a length as programs of microscopy write them."""

type Given = tuple[float | None, float | None, float | None]
"""Edges in metres along z, y and x as a person gives them; None: as the file says."""


@dataclass(frozen=True)
class VoxelTag:
    """What one tag of a file says of the voxel along one axis."""

    axis: str
    value: float
    unit: str
    source: str
    """The tag, as a person would look for it."""

    @property
    def metres(self) -> float | None:
        """The edge; None where it is no length above 0, such as 0, or a number without a unit."""
        scale = scale_of(self.unit)
        edge = float(f"{self.value * scale:.{DIGITS}g}") if scale else 0.0
        return edge if 0 < edge < 1 else None

    def __str__(self) -> str:
        edge = self.metres
        told = in_words(edge) if edge else f"{self.value:g} {self.unit or 'without a unit'}"
        return f"{told} ({self.source})"


def scale_of(unit: str) -> float | None:
    """Metres in a unit of length; None where it is none.

    >>> scale_of("nm"), scale_of("micron"), scale_of("\\\\u00B5m"), scale_of("pixel")
    (1e-09, 1e-06, 1e-06, None)
    """
    plain = unit.strip().replace("\\u00B5", "u").replace("\\u00b5", "u").replace("\\u00C5", "Å")
    plain = plain.replace("µ", "u").replace("μ", "u").replace("\u212b", "Å")
    return METRES.get(plain) or METRES.get(_SPELLINGS.get(plain.lower(), ""))


def read_voxel(text: str) -> Given:
    """What ``--voxel`` says: one edge for all axes or z,y,x; ``?`` where the file says it.

    >>> read_voxel("20nm,?,8 nm")
    (2e-08, None, 8e-09)
    """
    edges = [_edge(part.strip(), text) for part in text.split(",")]
    if len(edges) not in (1, 3):
        raise ValueError(
            f"--voxel is one length or three (z,y,x), such as 20nm,8nm,8nm: {cut(text)!r}"
        )
    return (edges[0], edges[-2] if len(edges) > 1 else edges[0], edges[-1])


def _edge(part: str, text: str) -> float | None:
    if part == "?":
        return None
    match = re.fullmatch(r"([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*(\S+)", part)
    scale = scale_of(match[2]) if match else None
    try:
        edge = float(match[1]) * (scale or 0) if match else 0.0
    except ValueError:
        edge = 0.0
    if not 0 < edge < 1:
        units = ", ".join(METRES)
        raise ValueError(f"--voxel {cut(text)!r}: {part!r} is no length above 0 in {units}")
    return edge


def settled(
    tags: Sequence[VoxelTag], given: Given | None, slices: int, trust: bool = False
) -> tuple[Voxel, tuple[str, ...]]:
    """The voxel, and where each edge comes from. What is given holds against the file only with
    ``trust``. Refused where sizes contradict each other, or an axis has none."""
    edges: dict[str, tuple[float, str]] = {}
    notes: list[str] = []
    for axis, edge in zip(AXES, given or (None,) * 3, strict=True):
        told = [tag for tag in tags if tag.axis == axis and tag.metres]
        if edge is not None and trust:
            notes += [f"the file says {c} along {axis}, which was overruled"
                      for c in told if not _agree(c.metres, edge)]  # fmt: skip
            told = []
        if found := _one(axis, told, edge):
            edges[axis] = found
    if slices == 1 and "x" in edges and "z" not in edges:
        edges["z"] = (edges["x"][0], "as x: there is one slice")
    if missing := [axis for axis in AXES if axis not in edges]:
        raise Refused(_asking(missing, tags))
    z, y, x = (edges[axis][0] for axis in AXES)
    return (z, y, x), (*notes, *_told(edges), *_odd(z, y, x))


def _one(axis: str, told: Sequence[VoxelTag], edge: float | None) -> tuple[float, str] | None:
    """The edge along one axis and its source; Refused where two contradict each other."""
    for other in told[1:]:
        if not _agree(told[0].metres, other.metres):
            raise Refused(f"contradicts itself: a voxel along {axis} is {told[0]}, and {other}")
    if told and edge is not None and not _agree(told[0].metres, edge):
        raise Refused(
            f"says that a voxel along {axis} is {told[0]}, but {in_words(edge)} was given "
            "(with --trust-voxel what is given holds)"
        )
    if edge is not None:
        return edge, "given"
    return (told[0].metres or 0.0, told[0].source) if told else None


def _agree(one: float | None, other: float | None) -> bool:
    return bool(one and other and abs(one - other) <= AGREE * max(one, other))


def _asking(missing: Sequence[str], tags: Sequence[VoxelTag]) -> str:
    unusable = "; ".join(f"{c.axis}: {c}" for c in tags if c.axis in missing and not c.metres)
    why = f" (of no use: {unusable})" if unusable else ""
    usable = {c.axis for c in tags if c.metres}
    example = ",".join("?" if axis in usable else "20nm" for axis in AXES)
    ask = "z, y, x; ? is what the file says" if "?" in example else "z, y, x"
    return (
        f"does not say how large a voxel is along {', '.join(missing)}{why}: "
        f"give it, such as --voxel {example} ({ask})"
    )


def _told(edges: dict[str, tuple[float, str]]) -> tuple[str]:
    by_source: dict[str, list[str]] = {}
    for axis in AXES:
        by_source.setdefault(edges[axis][1], []).append(axis)
    size = " x ".join(in_words(edges[axis][0]) for axis in AXES)
    sources = "; ".join(f"{', '.join(axes)}: {source}" for source, axes in by_source.items())
    return (f"voxel {size} (z, y, x), from {sources}",)


def _odd(z: float, y: float, x: float) -> tuple[str, ...]:
    """What looks like axes in the wrong order, or a detector that stretches."""
    if _agree(x, y):
        return ()
    if _agree(y, z) or _agree(x, z):
        return (
            "a voxel is not square within a slice, but equal along another pair of axes: its edges "
            "may have been written in the order z, y, x (pynrrd with index_order='C' does so)",
        )
    return (f"a pixel is not square: y is {y / x:.3g} times x",)


def in_words(edge: float) -> str:
    """A length for people.

    >>> in_words(2e-8), in_words(1.5e-5), in_words(8.5e-5)
    ('20 nm', '15 um', '85 um')
    """
    unit = next((u for u in ("mm", "um", "nm") if edge >= METRES[u]), "pm")
    return f"{edge / METRES[unit]:.6g} {unit}"
