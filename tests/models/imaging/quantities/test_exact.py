"""Quantities of volumes whose numbers are known exactly."""

import numpy as np
import pytest

from benchmarks.random_media import balls
from models.imaging.quantities.answers import Unsaid
from models.imaging.quantities.chords import Chords, chords, distribution
from models.imaging.quantities.connectivity import bodies, euler_number, percolating
from models.imaging.quantities.distance import distance
from models.imaging.quantities.particles import particles
from models.imaging.quantities.quantify import grid_of, quantify, surface_densities
from models.imaging.quantities.shapes import SHAPES, shapes
from models.imaging.quantities.stereology import mean_of_spheres, unfold
from models.imaging.quantities.thickness import thickness
from models.imaging.volume import LabelledVolume

NAMES = ("matrix", "pore")
CUBE = (10e-9, 10e-9, 10e-9)


def labelled(inside: np.ndarray, voxel: tuple[float, float, float] = CUBE) -> LabelledVolume:
    return LabelledVolume(inside.astype(np.uint8), NAMES, voxel)


def ball(n: int, radius: float, voxel: tuple[float, float, float] = (1, 1, 1)) -> np.ndarray:
    z, y, x = np.indices((n, n, n)) - (n - 1) / 2
    z, y, x = z * voxel[0], y * voxel[1], x * voxel[2]
    return np.asarray(z**2 + y**2 + x**2 < radius**2)


@pytest.mark.parametrize("voxel", [(1.0, 1.0, 1.0), (2.0, 1.0, 1.0)])
def test_boolean_spheres_have_their_fraction_surface_and_chords(
    voxel: tuple[float, float, float],
) -> None:
    """phi = 1 - exp(-eta), S_V = lambda S exp(-eta), chords 4 phi / S_V, over 24 volumes."""
    eta, radius = 0.6, 5.0
    told = []
    for seed in range(24):
        shape = (round(112 / voxel[0]), 112, 112)
        inside = balls(shape, voxel, radius, eta, np.random.default_rng([1, seed]))
        volume = labelled(inside, voxel)
        surface = surface_densities(volume, grid_of(volume))["matrix", "pore"].value
        told.append([inside.mean(), surface, 4 * inside.mean() / surface])
    fraction, surface = 1 - np.exp(-eta), 3 * eta / radius * np.exp(-eta)
    mean = np.mean(told, axis=0)
    assert mean[0] == pytest.approx(fraction, abs=0.005)
    assert mean[1] == pytest.approx(surface, rel=0.03)
    assert mean[2] == pytest.approx(4 * fraction / surface, rel=0.02)


def test_turning_a_volume_of_cubes_changes_nothing() -> None:
    inside = balls((40, 44, 47), (1, 1, 1), 6, 0.5, np.random.default_rng(3))
    first = quantify(labelled(inside)).classes["pore"]
    for axes in ((0, 1), (1, 2), (0, 2)):
        turned = quantify(labelled(np.rot90(inside, axes=axes))).classes["pore"]
        assert turned.euler_number == first.euler_number
        assert turned.bodies == first.bodies
        for name in ("fraction", "surface_density", "mean_chord", "thickness", "connected"):
            a, b = getattr(first, name), getattr(turned, name)
            assert b.value == pytest.approx(a.value, rel=1e-12), name
            assert b.sd == pytest.approx(a.sd, rel=1e-9), name
        assert sorted(first.chord_percentiles) == sorted(turned.chord_percentiles)


def test_cut_chords_count_as_longer_than_what_is_seen() -> None:
    """ProbeLines of 60 voxels through chords of mean length 20: the whole ones alone are 13 long."""
    random = np.random.default_rng(1)
    lines = np.zeros((4000, 60), dtype=bool)
    for line in lines:
        line[:] = _telegraph(random, 60, 20.0)
    found = chords(lines[None], axis=2)
    lengths, upto = distribution(found)
    seen = int(np.searchsorted(lengths, 30))
    assert 1 - upto[seen] == pytest.approx(np.exp(-lengths[seen] / 20), abs=0.02)
    assert found.whole.mean() < 16


def _telegraph(random: np.random.Generator, n: int, mean: float) -> np.ndarray:
    ends = np.cumsum(random.exponential(mean, size=60)) - random.uniform(10, 20) * mean
    return np.asarray(np.searchsorted(ends, np.arange(n)) % 2 == 1)


def test_no_whole_chord_is_no_distribution() -> None:
    lengths, upto = distribution(Chords(np.zeros(0, int), np.array([4, 5])))
    assert len(lengths) == len(upto) == 0


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_slab_is_as_thick_as_its_voxels(stride: int) -> None:
    slab = np.zeros((30, 30, 30), dtype=bool)
    slab[:, :, 10:17] = True
    found = thickness(distance(slab, (1, 1, 1)), (1, 1, 1), stride)
    assert found.percentiles((0.05, 0.95)) == pytest.approx((7, 7), abs=0.01)


def test_distances_are_those_of_scipy() -> None:
    from scipy import ndimage as ndi

    inside = np.random.default_rng(0).random((12, 15, 20)) > 0.05
    for voxel in ((1.0, 1.0, 1.0), (2.0, 1.0, 1.5)):
        true = ndi.distance_transform_edt(inside, sampling=voxel)
        assert distance(inside, voxel) == pytest.approx(true, rel=1e-6)
    with pytest.raises(ValueError, match="nothing outside"):
        distance(np.ones((2, 2, 2), bool), (1, 1, 1))


def test_separate_bodies_shells_and_tori_have_their_euler_number() -> None:
    two = np.zeros((30, 30, 60), dtype=bool)
    two[:, :, :30] = two[:, :, 30:] = ball(30, 10)
    shell = ball(30, 12) & ~ball(30, 7)
    z, y, x = np.indices((20, 40, 40)) - np.array([9.5, 19.5, 19.5])[:, None, None, None]
    torus = (np.hypot(y, x) - 12) ** 2 + z**2 < 16
    for connectivity in (6, 26):
        assert [euler_number(b, connectivity) for b in (two, shell, torus)] == [2, 2, 0]


def test_bodies_that_touch_by_an_edge_are_one_by_26_and_two_by_6() -> None:
    two = np.zeros((3, 4, 4), dtype=bool)
    two[:, :2, :2] = two[:, 2:, 2:] = True
    assert [bodies(two, c).number for c in (6, 26)] == [2, 1]
    assert percolating(bodies(two), axis=0).tolist() == [False, True, True]
    assert not percolating(bodies(two), axis=1).any()
    with pytest.raises(ValueError, match=r"6 .faces. or 26"):
        bodies(two, 18)


@pytest.mark.parametrize(
    ("half", "kind"),
    [((10, 10, 10), "round"), ((2, 14, 14), "flat"), ((3, 3, 20), "long"), ((1.5, 8, 29), "thin")],
)
def test_cracks_are_told_by_their_axes(half: tuple[float, ...], kind: str) -> None:
    at = np.indices((60, 60, 60)) - np.array([30, 30, 30])[:, None, None, None]
    body = ((at / np.array(half)[:, None, None, None]) ** 2).sum(axis=0) <= 1
    found = shapes(body.astype(np.int32), 1, (1, 1, 1))
    assert SHAPES[found.kind[0]] == kind
    assert found.diameter[0] == pytest.approx(2 * np.prod(half) ** (1 / 3), rel=0.05)


def test_a_body_that_the_frame_cuts_stands_for_none() -> None:
    labels = np.zeros((10, 10, 10), dtype=np.int32)
    labels[:3, :3, :3], labels[4:8, 4:8, 4:8] = 1, 2
    assert shapes(labels, 2, (1, 1, 1)).weight.tolist() == [0, pytest.approx((10 / 6) ** 3)]


def test_touching_balls_are_divided() -> None:
    two = np.zeros((30, 30, 50), dtype=bool)
    two[:, :, :30] |= ball(30, 10.5)
    two[:, :, 20:] |= ball(30, 10.5)
    assert bodies(two).number == 1
    labels = particles(two, distance(two, (1, 1, 1)), 1.0)
    assert np.bincount(labels.ravel())[1:] == pytest.approx([two.sum() / 2] * 2, rel=0.02)


def test_profiles_of_balls_give_back_their_sizes() -> None:
    """Balls of diameters 6 to 10, met in proportion to their diameter."""
    random = np.random.default_rng(5)
    true = random.uniform(6, 10, size=200_000)
    met = true[random.random(true.size) < true / 10]
    profiles = np.sqrt(met**2 - (random.uniform(-1, 1, size=met.size) * met) ** 2)
    weight = np.ones(len(profiles))
    found = unfold(profiles, weight, area=met.size / 8 / 3.0)
    assert found.mean == pytest.approx(8, rel=0.02)
    assert found.density.sum() == pytest.approx(3, rel=0.05)
    assert mean_of_spheres(profiles, weight) == pytest.approx(8, rel=0.03)


def test_what_cannot_be_said_has_a_reason() -> None:
    found = quantify(labelled(np.zeros((4, 4, 4), dtype=bool)))
    pore = found.classes["pore"]
    assert pore.fraction.value == 0
    assert pore.fraction.sd is None
    for unsaid in (pore.mean_chord, pore.thickness, pore.size, pore.connected, found.grain_size):
        assert isinstance(unsaid, Unsaid)


def test_the_segmentation_adds_to_the_error() -> None:
    inside = balls((48, 48, 48), (1, 1, 1), 5, 0.4, np.random.default_rng(1))
    alone = quantify(labelled(inside)).classes["pore"].fraction
    both = quantify(labelled(inside), {"pore": 0.03}).classes["pore"].fraction
    assert both.sd == pytest.approx(np.hypot(alone.sd or 0, 0.03))
    with pytest.raises(ValueError, match=r"names .'crack'.; the classes are matrix, pore"):
        quantify(labelled(inside), {"crack": 0.01})


def test_a_small_volume_says_how_much_more_it_needs() -> None:
    """Eight times the volume has an eighth of the variance: it needs an eighth as often as much."""
    small, large = (
        np.median(
            [
                quantify(
                    labelled(balls((n,) * 3, (1, 1, 1), 4, 0.3, np.random.default_rng([n, s])))
                )
                .classes["pore"]
                .fraction.times_needed
                for s in range(6)
            ]
        )
        for n in (40, 80)
    )
    assert 3 < small / large < 20


def test_specks_are_no_bodies() -> None:
    classes = np.zeros((20, 20, 20), np.uint8)
    classes[2::5, 2::5, 2::5] = 1
    classes[8:12, 8:12, 8:12] = 1
    found = quantify(labelled(classes))
    assert (found.classes["pore"].bodies, found.classes["pore"].specks) == (1, 64)


def test_a_single_slice_tells_long_bodies_from_round_ones() -> None:
    classes = np.zeros((1, 60, 60), np.uint8)
    for row in range(5, 50, 10):
        classes[0, row : row + 5, 5:10] = 1
        classes[0, row, 20:40] = 1
    found = quantify(labelled(classes))
    shares = found.classes["pore"].shapes
    assert shares["flat"] == shares["thin"] == 0
    assert shares["round"] == pytest.approx(0.43, abs=0.02), "long ones are cut more often"
