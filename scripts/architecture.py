"""Draws the rooms of the project and who imports whom, from the real imports: a picture for the
documentation.

    python -m scripts.architecture            # writes docs/images/architecture.svg
    python -m scripts.architecture --check    # exit code 1 if the picture is out of date

Rooms and their order are those of the contracts in ``pyproject.toml``. An arrow from one room to
another is drawn where it imports it and no longer way through other rooms says so already: one
import more changes nothing, a new dependency does.
"""

import argparse
import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "images" / "architecture.svg"

WIDE, HIGH = 108, 30
"""A room in pixels."""
ACROSS, DOWN = 16, 34
"""Space between rooms, and between their layers."""
EDGE, TITLE = 16, 46
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1d2b36; text-anchor: middle }
  .title { font-weight: 600; font-size: 16px }
  .about { font-size: 12px; fill: #50616e }
  .package { fill: #f3f6f8; stroke: #b6c4ce }
  .room { fill: #ffffff; stroke: #3d6b8c }
  .arrow { stroke: #6d8ca3; fill: none; marker-end: url(#tip) }
  .between { stroke: #1d2b36; stroke-width: 1.6; fill: none; marker-end: url(#tip) }
"""
ABOUT = {
    "planner": "what a campaign is and what to do next",
    "executors": "who carries out a job",
    "models": "scientific models: arrays in, arrays out",
    "flows": "the loop at work, service, command line",
    "ui": "the panel",
}

type Layers = list[list[str]]
type Place = tuple[float, float]
type Box = tuple[float, float, float, float]


def main() -> None:
    """Write the picture, or say whether it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if not parser.parse_args().check:
        PICTURE.write_text(picture(), encoding="utf-8")
        print(PICTURE.relative_to(ROOT))
    elif PICTURE.read_text(encoding="utf-8") != picture():
        sys.exit(f"{PICTURE.relative_to(ROOT)} is out of date: python -m scripts.architecture")


def picture() -> str:
    """The whole drawing as SVG: packages in their layers, the highest at the top."""
    packages, inside = contracts(ROOT / "pyproject.toml")
    graph = grimp.build_graph(*inside, cache_dir=None)
    parts: list[str] = []
    boxes: dict[str, Box] = {}
    top, right = float(EDGE), 0.0
    for layer in packages:
        left = float(EDGE)
        for name in layer:
            width, height = size(inside[name])
            parts += package(name, inside[name], needs(graph, name, inside[name]), left, top)
            boxes[name] = left, top, width, height
            left += width + DOWN
        right = max(right, left - DOWN)
        top += max(boxes[name][3] for name in layer) + DOWN
    parts += [between(boxes[a], boxes[b]) for a, b in neighbours(packages, graph)]
    return drawing(parts, right + EDGE, top - DOWN + EDGE)


def contracts(file: Path) -> tuple[Layers, dict[str, Layers]]:
    """The layers of the packages, and of the rooms in each, as the contracts have them."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))["tool"]["importlinter"]
    layered = [c for c in told["contracts"] if c["type"] == "layers"]
    whole = next(c for c in layered if "containers" not in c)
    rooms = {c["containers"][0]: layers_of(c["layers"]) for c in layered if "containers" in c}
    return layers_of(whole["layers"]), rooms


def layers_of(lines: list[str]) -> Layers:
    """``a | b`` as two names side by side."""
    return [[name.strip() for name in line.split("|")] for line in lines]


def needs(graph: grimp.ImportGraph, package: str, layers: Layers) -> set[tuple[str, str]]:
    """Which room imports which, without what follows from other arrows."""
    rooms = [name for layer in layers for name in layer]
    direct = {
        (a, b)
        for a in rooms
        for b in rooms
        if a != b and imports(graph, f"{package}.{a}", f"{package}.{b}")
    }
    return {(a, b) for a, b in direct if not any(
        (a, c) in direct and reaches(direct, c, b) for c in rooms if c not in (a, b)
    )}  # fmt: skip


def reaches(arrows: set[tuple[str, str]], start: str, end: str) -> bool:
    """Whether a way of arrows leads from one room to another."""
    return start == end or any(reaches(arrows, b, end) for a, b in arrows if a == start)


def imports(graph: grimp.ImportGraph, a: str, b: str) -> bool:
    """Whether anything in one room imports anything in another."""
    return graph.direct_import_exists(importer=a, imported=b, as_packages=True)


def neighbours(packages: Layers, graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """Each package, and the next one below that it imports."""
    pairs = []
    for depth, layer in enumerate(packages):
        below = [name for lower in packages[depth + 1 :] for name in lower]
        for a in layer:
            pairs += [(a, b) for b in below if imports(graph, a, b)][:1]
    return pairs


def size(layers: Layers) -> Place:
    """Width and height of a package."""
    most = max(len(layer) for layer in layers)
    width = most * (WIDE + ACROSS) - ACROSS + 2 * EDGE
    return max(width, 320), TITLE + len(layers) * (HIGH + DOWN) - DOWN + EDGE


def package(
    name: str, layers: Layers, arrows: set[tuple[str, str]], left: float, top: float
) -> list[str]:
    """A package with its rooms and the arrows between them."""
    width, height = size(layers)
    middle = left + width / 2
    parts = [
        f'<rect class="package" x="{left:g}" y="{top:g}" '
        f'width="{width:g}" height="{height:g}" rx="8"/>',
        f'<text class="title" x="{middle:g}" y="{top + 20:g}">{name}/</text>',
        f'<text class="about" x="{middle:g}" y="{top + 36:g}">{escape(ABOUT.get(name, ""))}</text>',
    ]
    places = {room: place for place, room in rooms_at(layers, middle, top + TITLE)}
    parts += [arrow(places[a], places[b]) for a, b in sorted(arrows)]
    for room, (x, y) in places.items():
        parts.append(
            f'<rect class="room" x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="5"/>'
            f'<text x="{x + WIDE / 2:g}" y="{y + 20:g}">{room}</text>'
        )
    return parts


def rooms_at(layers: Layers, middle: float, top: float) -> list[tuple[Place, str]]:
    """The upper left corner of each room."""
    places = []
    for row, layer in enumerate(layers):
        left = middle - (len(layer) * (WIDE + ACROSS) - ACROSS) / 2
        y = top + row * (HIGH + DOWN)
        places += [((left + i * (WIDE + ACROSS), y), room) for i, room in enumerate(layer)]
    return places


def arrow(start: Place, end: Place) -> str:
    """From the lower edge of a room to the upper edge of another."""
    x, y = start[0] + WIDE / 2, start[1] + HIGH
    u, v = end[0] + WIDE / 2, end[1] - 2
    bend = (v - y) / 2
    return (
        f'<path class="arrow" d="M{x:g} {y:g} C{x:g} {y + bend:g} {u:g} {v - bend:g} {u:g} {v:g}"/>'
    )


def between(upper: Box, lower: Box) -> str:
    """From a package straight down to one below it, or round the corner to its side."""
    x, y = upper[0] + upper[2] / 2, upper[1] + upper[3]
    side = lower[0] + lower[2]
    if x < side:
        return f'<path class="between" d="M{x:g} {y:g} V{lower[1] - 2:g}"/>'
    x = upper[0] + upper[2] - 2 * EDGE
    return f'<path class="between" d="M{x:g} {y:g} V{lower[1] + TITLE:g} H{side + 2:g}"/>'


def drawing(parts: list[str], width: float, height: float) -> str:
    """The parts as one SVG file."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        'aria-label="Packages and rooms of Kyoso in their layers">\n'
        f"<style>{STYLE}</style>\n"
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#3d6b8c"/></marker>'
        "</defs>\n"
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff" rx="8"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
