"""Classical ways of segmenting, and how they are scored."""

from dataclasses import replace

import numpy as np
import pytest

from models.imaging.segmentation.forest import Forest, LabelledSlices, fit
from models.imaging.segmentation.otsu import Otsu
from models.imaging.segmentation.sauvola import Sauvola, tuned
from models.imaging.segmentation.scores import calibration_error, overlap, scored
from models.imaging.segmentation.segmenter import Segmenter
from models.imaging.segmentation.watershed import Watershed, parted
from models.imaging.simulated.recipe import StackRecipe
from models.imaging.simulated.simulate import simulate
from models.imaging.volume import ImageStack, LabelledVolume, Probabilities

VOXEL = (30e-9, 20e-9, 20e-9)
SMALL = replace(StackRecipe(), shape=(16, 128, 128))


@pytest.fixture(scope="module")
def pairs() -> list[tuple[ImageStack, LabelledVolume]]:
    return [simulate(SMALL, seed) for seed in (1, 2)]


def two_greys(sd: float = 0.03) -> tuple[ImageStack, LabelledVolume]:
    """A dark block in a bright one, with noise."""
    classes = np.ones((4, 64, 64), np.uint8)
    classes[:, 16:48, 16:48] = 0
    grey = 0.2 + 0.5 * classes + np.random.default_rng(0).normal(0, sd, classes.shape)
    return (
        ImageStack(grey.astype(np.float32), VOXEL),
        LabelledVolume(classes, ("pore", "matrix"), VOXEL),
    )


@pytest.mark.parametrize("segmenter", [Otsu(), Sauvola(41, 0.1), Watershed()])
def test_what_is_easily_seen_is_found(segmenter: Segmenter) -> None:
    stack, truth = two_greys()
    found = segmenter.probabilities(stack)
    assert found.names == segmenter.names
    assert np.allclose(found.shares.sum(axis=0), 1, atol=1e-5)
    assert min(scored(found, truth).iou.values()) > 0.97


def test_otsu_parts_three_greys() -> None:
    grey = np.repeat(np.array([0.1, 0.5, 0.8], np.float32), 400).reshape(1, 20, 60)
    grey = grey + np.random.default_rng(1).normal(0, 0.02, grey.shape).astype(np.float32)
    found = Otsu(("pore", "impurity", "matrix")).probabilities(ImageStack(grey, VOXEL)).labels()
    assert np.mean(found.classes.ravel() == np.repeat([0, 1, 2], 400)) > 0.995


def test_a_tuned_threshold_is_at_least_as_good_as_any_other(
    pairs: list[tuple[ImageStack, LabelledVolume]],
) -> None:
    stack, truth = pairs[0]
    best = tuned(stack, truth, "pore", range(0, 16, 4))

    def score(one: Sauvola) -> float:
        return overlap(one.dark(stack.grey[::4]), truth.where("pore")[::4])

    assert score(best) >= score(Sauvola(15, 0.4))


def test_touching_particles_are_parted_at_the_neck() -> None:
    z, y, x = np.indices((24, 40, 60)) * 20e-9

    def ball(at: float) -> np.ndarray:
        return np.asarray((z - 240e-9) ** 2 + (y - 400e-9) ** 2 + (x - at) ** 2 < (200e-9) ** 2)

    numbers = parted(ball(400e-9) | ball(740e-9), (20e-9, 20e-9, 20e-9), 200e-9)
    assert numbers.max() == 2
    assert numbers[12, 20, 20] != numbers[12, 20, 37]


def test_a_forest_sees_more_with_neighbouring_slices(
    pairs: list[tuple[ImageStack, LabelledVolume]],
) -> None:
    (stack, truth), (other, unseen) = pairs
    labelled = [LabelledSlices(stack, truth, tuple(range(0, 16, 2)))]
    slices = [3, 8, 12]
    some = LabelledVolume(unseen.classes[slices], unseen.names, VOXEL)
    single, several = (
        scored(_told(fit(labelled, 0, around, pixels=1000), other, slices), some)
        for around in ((), (-2, -1, 1, 2))
    )
    assert several.mean_iou > single.mean_iou + 0.02
    assert several.log_loss < several.share_log_loss
    otsu = scored(Otsu().probabilities(other), _pores(unseen))
    assert several.iou["pore"] > otsu.iou["pore"] + 0.1


def _told(forest: Forest, stack: ImageStack, slices: list[int]) -> Probabilities:
    shares = np.stack([forest.in_slice(stack.grey, z) for z in slices], axis=1)
    return Probabilities(shares, forest.names, VOXEL)


def _pores(truth: LabelledVolume) -> LabelledVolume:
    pores = truth.where("pore")
    return LabelledVolume((~pores).astype(np.uint8), ("pore", "matrix"), truth.voxel_m)


def test_a_class_without_labels_has_no_share() -> None:
    stack, truth = two_greys()
    named = LabelledVolume(truth.classes, ("pore", "matrix", "impurity"), VOXEL)
    found = fit([LabelledSlices(stack, named, (0,))], 0).probabilities(stack)
    assert (found.shares[2] == 0).all()


def test_the_majority_alone_is_no_good_score() -> None:
    truth = LabelledVolume(np.array([[[0, 0, 0, 0, 1]]], np.uint8), ("matrix", "pore"), VOXEL)
    white = np.zeros((2, 1, 1, 5), np.float32)
    white[0] = 1
    found = scored(Probabilities(white, ("matrix", "pore"), VOXEL), truth)
    assert found.iou == {"matrix": 0.8, "pore": 0.0}
    assert found.mean_iou == pytest.approx(0.4)
    assert found.log_loss > found.share_log_loss


def test_told_probabilities_that_come_true_have_no_calibration_error() -> None:
    random = np.random.default_rng(0)
    share = random.random(200_000, np.float32)
    assert calibration_error(share, random.random(200_000) < share) < 0.01
    assert calibration_error(share, random.random(200_000) < share**2) > 0.1


def test_other_classes_cannot_be_scored() -> None:
    stack, truth = two_greys()
    with pytest.raises(ValueError, match="cannot be scored by"):
        scored(Otsu(("pore", "grain")).probabilities(stack), truth)
