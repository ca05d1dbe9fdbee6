"""Critical current and features of maps whose answers are known."""

import numpy as np
import pytest

from benchmarks.network import LAW as LAW_OF_THE_BENCH
from benchmarks.network import TEXTURES, _beside_volumes, covered
from models.arrays import Floats, Integers
from models.network.boundaries import Network, by_class, faces, find_network, to_graph
from models.network.current import CriticalCurrent, critical_current, electrodes, healed
from models.network.features import (
    effective_resistance,
    features,
    giant_component,
    percolation_level,
)
from models.network.law import BoundaryLaw
from models.orientation.grains import find_grains
from models.orientation.quaternion import about, uniform
from models.orientation.simulate import biaxial, cells, measure
from models.orientation.symmetry import GROUPS

BA122 = GROUPS["422"]
LAW = BoundaryLaw(1e10, 9, 9)
STEP = 1e-7
Z = (0, 0, 1)


def network_of(labels: Integers, degrees: list[float]) -> Network:
    """Crystals turned about c, on labels from 1 (0: pore)."""
    random, q = np.random.default_rng(0), about(Z, np.array(degrees))
    measured = measure(labels, q, STEP, BA122, random)
    return find_network(measured, find_grains(measured, 1, 4), 0)


def lengths_of(labels: Integers, step: float) -> Floats:
    """Boundary lengths (m,) of labels from 1 that all differ."""
    return faces(labels, (step, step))[1]


def carried(
    network: Network, sides: tuple[str, str] = ("left", "right"), law: BoundaryLaw = LAW
) -> CriticalCurrent:
    at = electrodes(network, sides)
    return critical_current(network, law, at, draws=0, seed=0, angle_error=0.0)


def stripes(*degrees: float) -> Network:
    return network_of(
        np.repeat(np.arange(1, len(degrees) + 1), 10)[None].repeat(12, axis=0), list(degrees)
    )


def test_a_chain_of_grains_carries_its_worst_boundary() -> None:
    found = carried(stripes(0, 12, 30, 41, 45))  # steps of 12, 18, 11 and 4 degrees
    assert found.density == pytest.approx(1e10 / np.e, rel=1e-6)
    assert found.limited_by == "boundaries"
    assert found.flow.cut.tolist() == [1]
    assert carried(stripes(0, 12, 30), ("top", "bottom")).density == pytest.approx(1e10)


def test_healing_a_chain_leaves_the_next_worst_boundary() -> None:
    network = stripes(0, 12, 30, 41)
    better = healed(network, LAW, carried(network))
    next_worst = 1e10 * np.exp(-3 / 9)
    assert better.density == pytest.approx(next_worst, rel=1e-6)
    assert better.gains[0] == pytest.approx((1, next_worst - 1e10 / np.e), rel=1e-6)


def test_grains_side_by_side_add_up() -> None:
    """Upper half with a boundary of 18 degrees, lower half of 27, none between that carries."""
    labels = np.array([[1] * 10 + [2] * 10] * 6 + [[0] * 20] * 2 + [[3] * 10 + [4] * 10] * 6)
    found = carried(network_of(labels, [0, 18, 0, 27]))
    assert found.density == pytest.approx(1e10 * (6 * np.exp(-1) + 6 * np.exp(-2)) / 14, rel=1e-6)


def test_a_neck_between_pores_limits_clean_grains() -> None:
    labels = np.ones((20, 31), dtype=int)
    labels[:8, 15] = labels[13:, 15] = 0
    found = carried(network_of(labels, [0]))
    assert found.density == pytest.approx(1e10 * 5 / 20)
    assert found.limited_by == "grains"
    split = np.ones((20, 31), dtype=int)
    split[:, 15] = 0
    assert carried(network_of(np.where(split, np.arange(31) // 16 + 1, 0), [0, 0])).density == 0


def test_a_neck_within_a_grain_limits_it_wherever_it_lies() -> None:
    """A dumb-bell between pores: two halves of 20 rows, and an oblique neck of 6 between them."""
    y, x = np.indices((20, 60))
    labels = np.ones((20, 60), dtype=int)
    turn = (y - 9.5) / 2 + x - 29.5  # along the current, in a frame that leans
    labels[(np.abs(turn) < 6) & (np.abs(y - 9.5) > 3)] = 0
    found = carried(network_of(labels, [0]))
    assert found.density == pytest.approx(1e10 * 6 / 20, rel=0.02)
    assert found.limited_by == "grains"
    labels[(x > 29) & (labels > 0)] = 2
    weak = carried(network_of(labels, [0, 18]))  # a boundary in the neck
    assert weak.density == pytest.approx(1e10 * np.exp(-1) * 6 / 20, rel=0.02)
    assert weak.limited_by == "boundaries"


def test_a_clean_crystal_carries_the_plateau_in_either_direction() -> None:
    for sides in (("left", "right"), ("bottom", "top")):
        assert carried(network_of(np.ones((12, 30), int), [0]), sides).density == pytest.approx(
            1e10
        )


@pytest.mark.parametrize("seed", range(3))
def test_maps_with_necks_carry_what_finite_volumes_say(seed: int) -> None:
    """A guard; ``make bench-network ARGS=necks`` has a hundred maps."""
    for _, now in _beside_volumes(seed):
        assert now == pytest.approx(1, abs=0.03)


def test_a_flat_boundary_has_its_true_length_in_any_direction() -> None:
    y, x = np.indices((200, 200))
    for degrees in (0, 20, 45, 70):
        a = np.radians(degrees)
        labels = 1 + ((x - 99.5) * np.cos(a) + (y - 99.5) * np.sin(a) > 0)
        expected = 200 * STEP / max(abs(np.cos(a)), abs(np.sin(a)))
        assert network_of(labels, [0, 20]).area == pytest.approx([expected], rel=0.01)


def test_areas_and_junctions_of_a_solid() -> None:
    labels = np.ones((8, 10, 12), dtype=int)
    labels[:, :, 6:], labels[:, 5:, 6:] = 2, 3
    network = network_of(labels, [0, 20, 40])
    assert network.pairs.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert network.area == pytest.approx(np.array([40, 40, 48]) * STEP**2)
    assert network.junctions == 1
    assert carried(network, ("front", "back")).density == pytest.approx(1e10)


def test_the_network_of_a_drawn_polycrystal_is_complete() -> None:
    random = np.random.default_rng(0)
    true, q = cells((150, 200), 150, random), uniform(150, random)
    measured = measure(true, q, STEP, BA122, random, noise=0.3)
    network = find_network(measured, find_grains(measured, 3, 4), 2)
    fine = lengths_of(cells((150, 200), 150, np.random.default_rng(0), finer=4), STEP / 4)
    assert network.area.sum() == pytest.approx(fine.sum(), rel=0.02)
    faces = len(network.pairs) - network.grains + 1  # Euler: junctions of a plane graph
    assert abs(network.junctions - faces) <= 0.1 * faces
    graph = to_graph(network)
    assert len(graph) == 150
    assert sum(d["area"] for _, _, d in graph.edges(data=True)) == pytest.approx(network.area.sum())
    assert sum(by_class(network).values()) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(3))
def test_low_angle_boundaries_join_a_biaxial_texture_and_not_a_random_one(seed: int) -> None:
    random = np.random.default_rng(seed)
    for q, least, most in ((uniform(300, random), 0, 0.05), (biaxial(300, 5, random), 0.95, 1)):
        measured = measure(cells((130, 160), 300, random), q, STEP, BA122, random, noise=0.2)
        network = find_network(measured, find_grains(measured, 1.5, 4), 2)
        assert least <= giant_component(network, 9) <= most
        at = electrodes(network, ("left", "right"))
        told = features(network, 9, at.first, at.second)
        assert told["percolates"] == (least > 0)
        assert ((told["percolation_angle_deg"] or np.inf) <= 9) == (least > 0)


def test_resistances_in_series_and_side_by_side() -> None:
    assert effective_resistance(stripes(0, 20, 40), np.array([0]), np.array([2])) == pytest.approx(
        2
    )
    labels = np.kron([[1, 2], [3, 4]], np.ones((6, 6), int))
    four = network_of(labels, [0, 20, 20, 40])
    assert effective_resistance(four, np.array([0, 2]), np.array([1, 3])) == pytest.approx(0.5)
    assert effective_resistance(four, np.array([0]), np.array([3])) == pytest.approx(1)


def test_bonds_of_a_square_lattice_percolate_at_one_half() -> None:
    """n rows and n + 1 columns: dual to itself, so the mean threshold is 1/2 at any size."""
    n, random = 24, np.random.default_rng(0)
    index = np.arange(n * (n + 1)).reshape(n, n + 1)
    across = np.stack([index[:, :-1].ravel(), index[:, 1:].ravel()], axis=1)
    down = np.stack([index[:-1].ravel(), index[1:].ravel()], axis=1)
    pairs = np.vstack([across, down])
    found = [
        percolation_level(pairs, random.random(len(pairs)), index[:, 0], index[:, -1], index.size)
        for _ in range(150)
    ]
    assert abs(np.mean(found) - 0.5) < 2 * np.std(found) / np.sqrt(len(found))


def test_the_interval_covers_the_truth_of_most_maps() -> None:
    """Twelve maps with laws drawn from what is stated; a guard, ``benchmarks.network`` has 200."""
    found = [
        covered(seed, TEXTURES["biaxial, 10 degrees"], LAW_OF_THE_BENCH)[0] for seed in range(12)
    ]
    assert sum(found) >= 10


def test_the_interval_holds_what_is_uncertain() -> None:
    network, at_random = stripes(0, 12, 30), BoundaryLaw(1e10, 9, 9, np.diag([0.01, 0.0, 0.0]))
    at = electrodes(network, ("left", "right"))
    found = critical_current(network, at_random, at, draws=300, seed=1, angle_error=0.0)
    again = critical_current(network, at_random, at, draws=300, seed=1, angle_error=0.0)
    assert (found.draws == again.draws).all()
    assert found.sd / found.density == pytest.approx(
        0.11, abs=0.02
    )  # law 10 %, one length 4 %, all lengths 2.5 %
    assert found.interval[0] < found.density < found.interval[1]


@pytest.mark.parametrize(
    ("sides", "why"),
    [
        (("left", "top"), "must lie opposite"),
        (("left", "left"), "must lie opposite"),
        (("west", "right"), "'west' is not one of left"),
        (("front", "back"), "'front' is not one of"),
    ],
)
def test_electrodes_that_make_no_sense_are_refused(sides: tuple[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        electrodes(stripes(0, 20), sides)


def test_no_grain_at_an_electrode_is_said() -> None:
    labels = np.ones((10, 10), dtype=int)
    labels[:, 0] = 0
    with pytest.raises(ValueError, match="no grain lies at the left side"):
        electrodes(network_of(labels, [0]), ("left", "right"))
