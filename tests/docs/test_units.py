"""The table of units in the docs, line by line."""

import re
from pathlib import Path

import pytest

from planner.campaign.units import check_unit, convert

PAGE = (Path(__file__).parents[2] / "docs" / "units.md").read_text()


def lines(title: str) -> list[list[str]]:
    """The cells of the table under a title."""
    part = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = [r.strip("|").split("|") for r in part.splitlines() if r.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


def quoted(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


@pytest.mark.parametrize(("written", "what", "example"), lines("Read"))
def test_what_is_read(written: str, what: str, example: str) -> None:
    for unit in quoted(written):
        assert check_unit(unit) == unit
    given, wanted = (side.split(" ", 1) for side in example.split(" = "))
    found = convert(float(given[0]), given[1], wanted[1])
    assert found == pytest.approx(float(wanted[0]), rel=1e-9)


@pytest.mark.parametrize(("given", "wanted", "because"), lines("Not turned into each other"))
def test_what_is_not_turned_into_each_other(given: str, wanted: str, because: str) -> None:
    with pytest.raises(ValueError, match="cannot be turned into") as told:
        convert(1, *quoted(given), *quoted(wanted))
    assert all(unit in str(told.value) for unit in quoted(because))


@pytest.mark.parametrize(("written", "what", "instead"), lines("Refused"))
def test_what_is_refused_and_what_to_write(written: str, what: str, instead: str) -> None:
    for unit in quoted(written):
        with pytest.raises(ValueError, match=what) as told:
            check_unit(unit)
        assert all(repr(way) in str(told.value) for way in quoted(instead)), told.value


def test_labels_are_kept() -> None:
    for label in quoted(PAGE.split("## Labels\n")[1]):
        assert check_unit(label) == label
