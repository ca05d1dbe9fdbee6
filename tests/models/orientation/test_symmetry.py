"""Groups, disorientation and sectors, against exact values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.arrays import Floats
from models.orientation.colour import sector_colour
from models.orientation.quaternion import (
    about,
    conjugate,
    from_euler,
    multiply,
    rotate,
    to_euler,
    uniform,
)
from models.orientation.symmetry import (
    GROUPS,
    angle_and_axis,
    disorientation,
    group_of,
    mirrored,
    nearest,
    to_sector,
    to_zone,
)
from models.orientation.texture import random_density

Z = (0, 0, 1)
ONE = np.array([1.0, 0, 0, 0])
LARGEST = {  # corner of the fundamental zone as a Rodrigues vector, and the angle in degrees
    "432": ((np.sqrt(2) - 1, np.sqrt(2) - 1, 3 - 2 * np.sqrt(2)), 62.80),
    "422": ((1, np.sqrt(2) - 1, np.sqrt(2) - 1), 98.42),
    "622": ((1, 2 - np.sqrt(3), 2 - np.sqrt(3)), 93.84),
    "222": ((1, 1, 1), 120.0),
    "32": ((1, 1 / np.sqrt(3), 1 / np.sqrt(3)), 104.48),
    "23": ((1, 0, 0), 90.0),
}
ORDERS = {
    "1": 1, "2": 2, "222": 4, "3": 3, "32": 6, "4": 4, "422": 8, "6": 6, "622": 12, "23": 12, "432": 24,
}  # fmt: skip
seeds = st.integers(0, 10_000)


def some(n: int, seed: int = 0) -> Floats:
    return uniform(n, np.random.default_rng(seed))


@pytest.mark.parametrize(("name", "order"), ORDERS.items())
def test_the_groups_are_closed_and_of_the_right_order(name: str, order: int) -> None:
    s = GROUPS[name].rotations
    assert len(s) == order
    assert np.abs(s[0]) == pytest.approx(ONE)
    products = multiply(s[:, None], s[None]).reshape(-1, 4)
    assert np.abs(products @ s.T).max(axis=1) == pytest.approx(1, abs=1e-12)
    assert np.linalg.norm(products, axis=1) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("angle", "expected"), [(90, 0), (45, 45), (30, 30), (60, 30), (180, 0), (135, 45)]
)
def test_tetragonal_crystals_turned_about_c(angle: float, expected: float) -> None:
    a = some(1)[0]
    found = disorientation(a, multiply(a, about(Z, angle)), GROUPS["422"])
    assert found == pytest.approx(expected, abs=2e-6)


def test_there_are_all_eleven_laue_classes_and_b_is_unique() -> None:
    assert {g.laue for g in GROUPS.values()} == {
        "-1", "2/m", "mmm", "-3", "-3m", "4/m", "4/mmm", "6/m", "6/mmm", "m-3", "m-3m",
    }  # fmt: skip
    half = GROUPS["2"].rotations[1]
    assert rotate(half, np.array([0, 1.0, 0])) == pytest.approx([0, 1, 0]), "b is y"
    halves = [s for s in GROUPS["32"].rotations if abs(s[0]) < 1e-9]
    assert any(np.abs(s) == pytest.approx([0, 1, 0, 0]) for s in halves), "a is twofold in -3m"


@pytest.mark.parametrize("name", sorted(GROUPS.keys() - LARGEST.keys()))
def test_with_one_axis_alone_crystals_may_be_half_a_turn_apart(name: str) -> None:
    random = disorientation(some(200_000), some(200_000, 1), GROUPS[name])
    assert 179 < random.max() <= 180


@pytest.mark.parametrize("name", LARGEST)
def test_no_two_crystals_are_further_apart_than_the_corner_of_the_zone(name: str) -> None:
    vector, expected = LARGEST[name]
    half = np.arctan(np.linalg.norm(vector))
    corner = np.array([np.cos(half), *(np.sin(half) * np.array(vector) / np.linalg.norm(vector))])
    exact = float(disorientation(ONE, corner, GROUPS[name]))
    assert exact == pytest.approx(np.degrees(2 * half), abs=1e-9)
    assert round(exact, 2) == expected
    random = disorientation(some(200_000), some(200_000, 1), GROUPS[name])
    assert exact - 0.8 < random.max() < exact


@given(seeds, st.sampled_from(sorted(GROUPS)))
def test_symmetry_and_order_do_not_matter(seed: int, name: str) -> None:
    group, (a, b) = GROUPS[name], some(2, seed)
    s, t = group.rotations[np.random.default_rng(seed).integers(len(group.rotations), size=2)]
    angle, axis = angle_and_axis(a, b, group)
    assert angle == pytest.approx(float(disorientation(a, b, group)), abs=1e-6)
    other, other_axis = angle_and_axis(multiply(b, t), -multiply(a, s), group)
    assert other == pytest.approx(float(angle), abs=1e-6)
    assert np.allclose(axis, other_axis, atol=1e-6)
    frame = some(1, seed + 1)[0]
    turned = disorientation(multiply(frame, a), multiply(frame, b), group)
    assert turned == pytest.approx(float(angle), abs=1e-6)


@given(seeds, st.sampled_from(sorted(GROUPS)))
def test_the_zone_and_the_nearest_equivalent_are_equivalents_that_are_nearest(
    seed: int, name: str
) -> None:
    group, q = GROUPS[name], some(20, seed)
    all_of = multiply(q[:, None], group.rotations)
    zone = to_zone(q, group)
    assert disorientation(zone, q, group) == pytest.approx(0, abs=1e-5)
    assert zone[:, 0] == pytest.approx(np.abs(all_of[..., 0]).max(axis=1))
    reference = some(20, seed + 1)
    near = nearest(q, reference, group)
    assert disorientation(near, q, group) == pytest.approx(0, abs=1e-5)
    dots = np.abs((all_of * reference[:, None]).sum(axis=2)).max(axis=1)
    assert (near * reference).sum(axis=1) == pytest.approx(dots)


@given(seeds, st.sampled_from(sorted(GROUPS)))
def test_every_direction_has_one_equivalent_in_the_sector(seed: int, name: str) -> None:
    group = GROUPS[name]
    v = np.random.default_rng(seed).normal(size=3)
    all_of = rotate(group.rotations, v)
    inside = to_sector(np.vstack([all_of, -all_of]), group)
    assert np.allclose(inside, inside[0], atol=1e-9)
    assert inside[0] @ group.middle >= (all_of @ group.middle).max() - 1e-9
    if mirrored(group) is group:
        assert (inside[0] @ np.linalg.inv(group.corners) >= -1e-9).all()
    colour = sector_colour(np.vstack([all_of, -all_of]), group)
    assert np.allclose(colour, colour[0], atol=1e-6)
    assert np.linalg.norm(inside[0]) == pytest.approx(np.linalg.norm(v))


@given(seeds)
def test_euler_angles_go_there_and_back(seed: int) -> None:
    q = some(5, seed)
    assert np.abs((from_euler(to_euler(q)) * q).sum(axis=1)) == pytest.approx(1)


def test_bunges_angles_turn_the_crystal_as_three_turns_do() -> None:
    phi1, phi, phi2 = 20.0, 50.0, 70.0
    turns = multiply(about(Z, phi1), multiply(about((1, 0, 0), phi), about(Z, phi2)))
    assert from_euler(np.radians([phi1, phi, phi2])) == pytest.approx(turns)
    assert rotate(about(Z, 90.0), np.array([1.0, 0, 0])) == pytest.approx([0, 1, 0])


def mackenzie(degrees: Floats) -> Floats:
    """Density per degree (n,) of disorientations of cubes up to 60.72 degrees (Mackenzie 1958)."""
    w, k = np.radians(degrees), 3 * (np.sqrt(2) - 1)
    sine, fall = np.sin(w), 1 - np.cos(w)
    last = (k + 4 / np.sqrt(3)) * sine - 6 * fall
    return (
        2 / 15 * np.where(degrees <= 45, fall, np.where(degrees <= 60, k * sine - 2 * fall, last))
    )


def test_random_cubes_follow_mackenzies_distribution() -> None:
    """The closed form up to 60.72 degrees, where 99.4 % of it lies, and its mean of 40.74."""
    found = disorientation(some(400_000), some(400_000, 1), GROUPS["432"])
    edges = np.arange(0, 60.5, 2.5)
    middle = edges[:-1] + 1.25
    seen = np.histogram(found, edges)[0] / len(found) / 2.5
    error = np.sqrt(seen / len(found) / 2.5) + 2e-5
    assert np.abs((seen - mackenzie(middle)) / error).max() < 4
    assert found.mean() == pytest.approx(40.74, abs=0.06)


@pytest.mark.parametrize("name", GROUPS)
def test_the_random_density_is_that_of_random_crystals(name: str) -> None:
    angles = np.linspace(0, 180, 361)
    density = random_density(angles, GROUPS[name])
    found = disorientation(some(100_000), some(100_000, 1), GROUPS[name])
    error = 4 * found.std() / np.sqrt(len(found))
    assert np.trapezoid(density, angles) == pytest.approx(1, abs=2e-3)
    assert np.trapezoid(density * angles, angles) == pytest.approx(found.mean(), abs=error)
    if name == "432":
        assert density[angles < 60] == pytest.approx(mackenzie(angles[angles < 60]), abs=4e-4)


def test_an_unknown_symmetry_is_named() -> None:
    assert group_of("4/mmm") is GROUPS["422"]
    assert group_of("mmm") is GROUPS["222"]
    with pytest.raises(ValueError, match=r"'5/m' is not known here, but 1 \(-1\), 2 \(2/m\), "):
        group_of("5/m")


def test_the_inverse_turns_back() -> None:
    q, v = some(10), np.random.default_rng(0).normal(size=(10, 3))
    assert rotate(conjugate(q), rotate(q, v)) == pytest.approx(v)
