"""Faults that were put into a stack are found again and taken out; each step can be undone."""

import json

import numpy as np
import pytest
from scipy import ndimage

from models.arrays import Floats
from models.imaging.repair.alignment import Alignment
from models.imaging.repair.light import EvenBrightness, EvenLight
from models.imaging.repair.repaired import RepairStep, repaired
from models.imaging.repair.stripes import Destriping
from models.imaging.volume import Greys, ImageStack

SHAPE = (16, 160, 160)
VOXEL = (2e-8, 1e-8, 1e-8)


def specimen(seed: int = 0, lean: float = 0.0) -> Greys:
    """Dark pores in grey, that change slowly with depth and may lean along y."""
    random = np.random.default_rng(seed)
    rough = ndimage.gaussian_filter(random.standard_normal(SHAPE), (8, 4, 4), mode="wrap")
    pores = np.where(rough > np.quantile(rough, 0.8), 0.2, 0.6)
    return moved(pores.astype(np.float32), lean * np.arange(len(pores))[:, None] * [1, 0])


def moved(grey: Greys, position: Floats) -> Greys:
    return np.stack(
        [ndimage.shift(s, p, order=3, mode="wrap") for s, p in zip(grey, position, strict=True)]
    )


def noisy(grey: Greys, noise: float = 0.04) -> Greys:
    return (grey + np.random.default_rng(9).normal(0, noise, grey.shape)).astype(np.float32)


def drift() -> Floats:
    walk = np.cumsum(np.random.default_rng(1).normal(0, 0.8, (SHAPE[0], 2)), axis=0)
    return np.asarray(walk - walk[0])


def test_drift_is_found_to_parts_of_a_pixel() -> None:
    found = Alignment().measured(noisy(moved(specimen(), drift())))["position"]
    between = np.sqrt((np.diff(found - drift(), axis=0) ** 2).mean())
    assert between < 0.15
    assert np.abs(found - drift()).max() < 1


def test_aligned_slices_are_cut_to_what_all_of_them_show() -> None:
    step, grey = Alignment(), moved(specimen(), drift())
    numbers = step.measured(grey)
    mended = step.applied(grey, numbers)
    high, low = np.ceil(numbers["position"].max(axis=0)), np.ceil(-numbers["position"].min(axis=0))
    assert mended.shape == (16, *(160 - high - low))
    top, left = low.astype(int)
    true = specimen()[:, top : top + mended.shape[1], left : left + mended.shape[2]]
    assert (mended - true).std() < 0.5 * (
        grey[:, top : top + mended.shape[1], left : left + mended.shape[2]] - true
    ).std()


def test_what_leans_in_the_specimen_is_taken_for_drift() -> None:
    """The caveat: no picture can tell the two apart."""
    found = Alignment().measured(specimen(lean=0.7))["position"]
    assert np.diff(found[:, 0]).mean() == pytest.approx(0.7, abs=0.1)


def test_slices_that_share_too_little_are_refused() -> None:
    positions = np.linspace(0, 90, 16)[:, None] * [1, 0]
    with pytest.raises(
        ValueError, match="stand up to 90 of 160 pixels off each other: less than half"
    ):
        Alignment().applied(specimen(), {"position": positions})


def test_stripes_are_taken_out_and_little_else() -> None:
    random = np.random.default_rng(2)
    stripes = ndimage.gaussian_filter1d(random.standard_normal((16, 160)), 0.7, axis=1)
    stripes *= 0.1 / stripes.std()
    clean = specimen()
    grey = noisy(clean * (1 + stripes[:, None]).astype(np.float32))
    step, known = Destriping(), clean * stripes[:, None]
    taken = grey - step.applied(grey, step.measured(grey))
    taken_from_clean = noisy(clean) - step.applied(noisy(clean), {})
    left = 1 - ((taken - taken_from_clean) * known).sum() / (known**2).sum()
    assert abs(left) < 0.35
    assert (grey - taken - noisy(clean)).std() < 0.6 * (grey - noisy(clean)).std()
    assert taken_from_clean.std() < 0.25 * known.std()


def test_brightness_of_slices_is_told_from_pores_that_grow() -> None:
    """A mean of a slice would take the pores for a darker detector."""
    rough = ndimage.gaussian_filter(np.random.default_rng(3).standard_normal(SHAPE), (8, 4, 4))
    level = np.quantile(rough, np.linspace(0.95, 0.7, 16))
    grey = np.where(rough > level[:, None, None], 0.2, 0.6)
    gain = 1 + np.random.default_rng(4).normal(0, 0.05, 16)
    found = EvenBrightness().measured(noisy((grey * gain[:, None, None]).astype(np.float32)))[
        "gain"
    ]
    left = found / gain
    assert (left / left.mean()).std() < 0.005
    means = grey.mean(axis=(1, 2))
    assert (means / means.mean()).std() > 0.05


def test_slow_light_is_evened() -> None:
    y, x = np.meshgrid(np.linspace(-1, 1, 160), np.linspace(-1, 1, 160), indexing="ij")
    light = 1 + 0.1 * y - 0.15 * x + 0.1 * x * y
    grey = noisy((specimen() * light).astype(np.float32))
    step = EvenLight()
    numbers = step.measured(grey)
    left = step.light(SHAPE[1:], numbers) / light
    assert (left / left.mean()).std() < 0.02 < 0.1 * light.std() + 0.02
    assert light.std() > 0.09
    assert step.applied(grey, numbers).shape == SHAPE


STEPS: tuple[RepairStep, ...] = (EvenBrightness(), EvenLight(), Destriping(), Alignment())


def test_a_step_can_be_undone_and_the_others_stay() -> None:
    raw = ImageStack(noisy(moved(specimen(), drift())), VOXEL, ("SYNTHETIC",))
    before = raw.grey.copy()
    whole = repaired(raw, STEPS)
    assert [done.step.name for done in whole.steps] == [
        "brightness",
        "light",
        "destriping",
        "alignment",
    ]
    assert len(whole.stack.notes) == 5
    assert whole.stack.notes[0] == "SYNTHETIC"
    other = whole.without("destriping")
    again = repaired(raw, [STEPS[0], STEPS[1], STEPS[3]])
    assert (other.stack.grey == again.stack.grey).all()
    assert (
        other.without("light").without("brightness").without("alignment").stack.grey == before
    ).all()
    assert (raw.grey == before).all(), "the raw stack is kept"
    with pytest.raises(
        ValueError, match="no step is named 'drift'; there are brightness, light, dest"
    ):
        whole.without("drift")


def test_what_was_done_is_plain_numbers() -> None:
    raw = ImageStack(noisy(specimen()), VOXEL)
    told = [done.plain() for done in repaired(raw, STEPS).steps]
    assert json.loads(json.dumps(told)) == told
    assert told[3]["parameters"]["reach"] == 3
    assert len(told[3]["numbers"]["position"]) == 16
    assert len(told[0]["numbers"]["gain"]) == 16


def test_one_slice_can_be_repaired_too() -> None:
    raw = ImageStack(noisy(specimen())[:1], VOXEL)
    assert repaired(raw, STEPS).stack.shape == (1, 160, 160)


def test_a_picture_too_small_for_stripes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a picture of \(5, 7\) points is too small"):
        Destriping().measured(np.zeros((2, 5, 7), np.float32))
