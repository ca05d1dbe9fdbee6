"""Micrographs of known state, measured back: bias, honest standard errors, exact pictures."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.renderings import Rendering, render
from models.micrograph.drawn import Appearance, draw
from models.micrograph.microstructure import Microstructure, boundaries, connected_fraction, measure
from models.micrograph.segmentation import SegmentedMicrograph

PIXEL = 20e-9


def textures(n: int) -> list[Appearance]:
    """States over the range of the example campaign, always the same ones."""
    random = np.random.default_rng(2024)
    return [
        Appearance(random.uniform(28, 40), random.uniform(0.02, 0.25), random.uniform(0.1, 0.98))
        for _ in range(n)
    ]


def measured(
    texture: Appearance, seed: int, noise: float = 0.04, size: int = 512
) -> Microstructure:
    image, _ = draw(texture, size, noise, np.random.default_rng(seed))
    return measure(image, PIXEL)[0]


@pytest.mark.timeout(240)
def test_what_is_drawn_comes_back() -> None:
    """Within 2 standard errors, and the errors are not just large. A guard: the figures of a
    hundred pictures are those of ``make bench-micrographs``."""
    known = [(t, measured(t, seed, size=400)) for seed, t in enumerate(textures(25))]
    porosity = np.array([(m.porosity[0] - t.porosity) / m.porosity[1] for t, m in known])
    size = np.array([(m.grain_size[0] - t.grain_size * PIXEL) / m.grain_size[1] for t, m in known])
    for z in (porosity, size):
        assert np.mean(np.abs(z) <= 2) >= 0.88
        assert 0.5 < z.std() < 1.3
        assert abs(z.mean()) < 0.7
    assert np.median([m.grain_size[1] / m.grain_size[0] for _, m in known]) < 0.05
    assert np.median([m.porosity[1] for _, m in known]) < 0.02
    clean, wetted = np.array([(m.clean_boundaries[0], t.wetted) for t, m in known]).T
    error = np.array([m.clean_boundaries[1] for _, m in known])
    assert np.mean(np.abs(clean - 1 + wetted) <= 2 * error) >= 0.85
    assert np.corrcoef(clean, wetted)[0, 1] < -0.98


def test_the_connected_fraction_and_the_boundary_density_scatter_as_they_say() -> None:
    """Pictures of one sample differ by about the standard error that each of them gives."""
    many = [measured(Appearance(32, 0.1, 0.55), seed, size=400) for seed in range(8)]
    for name, least, most in (("connected_fraction", 0.3, 2.5), ("boundary_density", 0.3, 2.0)):
        values, errors = np.array([getattr(m, name) for m in many]).T
        assert least < values.std(ddof=1) / np.median(errors) < most, name


def test_a_turned_picture_measures_the_same() -> None:
    image, _ = draw(Appearance(32, 0.08, 0.3), 512, 0.03, np.random.default_rng(5))
    there, turned = measure(image, PIXEL)[0], measure(np.rot90(image).copy(), PIXEL)[0]
    for name in ("porosity", "grain_size", "boundary_density", "clean_boundaries"):
        (a, error), (b, _) = getattr(there, name), getattr(turned, name)
        assert abs(a - b) < error, name


def test_a_chessboard_is_measured_exactly() -> None:
    """Square grains of 32 pixels behind grooves: d = 32 sqrt(4 / pi), S_V = 2 / 32."""
    image = np.full((512, 512), 0.6)
    for at in range(16, 512, 32):
        image[at - 1 : at + 1] = image[:, at - 1 : at + 1] = 0.3
    found, phases = measure(image, 1.0)
    assert found.porosity[0] == 0
    assert found.grain_size[0] == pytest.approx(32 * np.sqrt(4 / np.pi), rel=0.01)
    assert found.boundary_density[0] == pytest.approx(2 / 32, rel=0.01)
    assert found.clean_boundaries[0] == 1
    assert found.connected_fraction[0] == 1
    assert len(boundaries(phases)) == 2 * 16 * 17


def test_the_network_falls_apart_where_film_divides_it() -> None:
    grains = np.repeat(np.arange(1, 5), 8)[None, :].repeat(32, axis=0)
    film = np.zeros(grains.shape, dtype=bool)
    film[:, 7:9] = True
    phases = SegmentedMicrograph(grains, np.zeros_like(film), film)
    links = boundaries(phases)
    assert links[:, 3].tolist() == [1, 0, 0]
    assert connected_fraction(phases, links)[0] == pytest.approx(3 / 4)


def test_drawing_keeps_its_promises() -> None:
    texture = Appearance(20, 0.15, 0.5)
    pictures = [draw(texture, 384, 0.0, np.random.default_rng(seed)) for seed in range(6)]
    grains = [g for _, g in pictures]
    assert np.mean([np.mean(g == 0) for g in grains]) == pytest.approx(0.15, abs=0.02)
    again = draw(texture, 384, 0.0, np.random.default_rng(0))
    assert (again[0] == pictures[0][0]).all()
    assert (again[1] == pictures[0][1]).all()


@pytest.mark.parametrize("wrong", [(3, 0.1, 0.1), (30, 1.0, 0.1), (30, -0.1, 0.1), (30, 0.1, 1.1)])
def test_impossible_textures_are_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"too small|0 to 1"):
        draw(Appearance(*wrong), 512, 0.0, np.random.default_rng(0))


PLAIN = Rendering("spaced", 30, 0, 0, 0.6, 0.5, 1.2, 0.02, 0, 0.8, 0.03)


def rendered(told: Rendering, seed: int = 0) -> Microstructure:
    random = np.random.default_rng(seed)
    return measure(render(told, 448, random), 1.0)[0]


@pytest.mark.parametrize(
    "change",
    [{}, {"cells": "poisson"}, {"light": 0.4}, {"contrast": 0.05}, {"groove": 0.3, "matrix": 0.45},
     {"porosity": 0.15}, {"porosity": 0.1, "wetted": 0.6}, {"blur": 1.3}],
)  # fmt: skip
def test_other_renderings_come_back_within_their_errors(change: dict[str, Any]) -> None:
    """A guard; ``make bench-micrographs ARGS=--renderings`` has a hundred of the whole family."""
    told = replace(PLAIN, **change)
    found = rendered(told)
    assert abs(found.grain_size[0] - told.grain_size) < 3 * found.grain_size[1]
    assert found.grain_size[1] < 0.15 * told.grain_size
    assert abs(found.porosity[0] - told.porosity) < 3 * found.porosity[1]
    if not told.porosity:
        assert found.porosity[0] == 0


def test_grooves_that_drown_in_noise_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not seen clearly: grains are \d|whole grains"):
        rendered(replace(PLAIN, groove=0.12, noise=0.06))


def test_too_few_grains_say_nothing() -> None:
    with pytest.raises(ValueError, match="grains are in the picture, not 30"):
        measured(Appearance(120, 0.05, 0.2), 0)
