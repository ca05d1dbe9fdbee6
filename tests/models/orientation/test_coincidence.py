import numpy as np
import pytest

from models.orientation.coincidence import _classes, coincidence
from models.orientation.quaternion import about, multiply, uniform
from models.orientation.symmetry import GROUPS, angle_and_axis

CUBIC = {  # Grimmer, Bollmann and Warrington, Acta Cryst. A30, 197 (1974): angles in degrees
    3: [60.00], 5: [36.87], 7: [38.21], 9: [38.94], 11: [50.48], 13: [22.62, 27.80], 15: [48.19],
    17: [28.07, 61.93], 19: [26.53, 46.83], 21: [21.79, 44.42], 23: [40.46], 25: [16.26, 51.68],
    27: [31.59, 35.43], 29: [43.60, 46.40],
}  # fmt: skip


def test_all_cubic_coincidences_up_to_29_are_found() -> None:
    found: dict[int, list[float]] = {}
    for sigma, angle, _ in _classes(GROUPS["432"]):
        found.setdefault(sigma, []).append(round(angle, 2))
    assert found == CUBIC


def test_about_c_they_do_not_depend_on_the_lattice() -> None:
    assert [(s, round(a, 2)) for s, a, _ in _classes(GROUPS["422"])][:2] == [
        (5, 36.87),
        (13, 22.62),
    ]
    assert [(s, round(a, 2)) for s, a, _ in _classes(GROUPS["622"])][:2] == [(7, 21.79), (13, 27.8)]


@pytest.mark.parametrize(
    ("axis", "angle", "sigma"),
    [
        ((1, 1, 1), 60, 3),
        ((1, 1, 1), 53, 3),
        ((1, 1, 1), 50.5, 0),
        ((0, 0, 1), 36.87, 5),
        ((0, 1, 1), 38.94, 9),
    ],
)
def test_boundaries_near_a_coincidence_belong_to_it(
    axis: tuple[float, float, float], angle: float, sigma: int
) -> None:
    random, group = np.random.default_rng(0), GROUPS["432"]
    a = uniform(50, random)
    s, t = group.rotations[random.integers(24, size=(2, 50))]
    found = angle_and_axis(multiply(a, s), multiply(multiply(a, about(axis, angle)), t), group)
    assert (coincidence(*found, group) == sigma).all()


def test_random_cubes_have_as_many_twins_as_chance_gives() -> None:
    """24 x 24 equivalents of 60 degrees about <111>, of which six each are the same rotation; a
    rotation by less than w takes the share (w - sin w) / pi of all. Together 1.76 %."""
    random = np.random.default_rng(0)
    found = angle_and_axis(uniform(100_000, random), uniform(100_000, random), GROUPS["432"])
    w = np.radians(15 / np.sqrt(3))
    share = (coincidence(*found, GROUPS["432"]) == 3).mean()
    assert share == pytest.approx(24 * 24 / 6 * (w - np.sin(w)) / np.pi, rel=0.05)


def test_coincidences_are_those_of_the_lattice_where_it_is_known() -> None:
    """m-3 has the cube's; sixty degrees about its cube diagonal is Sigma 3. FeAs (mmm) has none."""
    one, turn = np.array([1.0, 0, 0, 0]), about((1, 1, 1), np.array([60.0]))
    for name, sigma in (("23", 3), ("222", 0), ("32", 0), ("1", 0)):
        found = angle_and_axis(one, turn, GROUPS[name])
        assert coincidence(*found, GROUPS[name]).tolist() == [sigma]
