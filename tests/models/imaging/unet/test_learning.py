"""Learning: a scene is learned in seconds, the same seed is the same model, licences are kept."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.imaging.segmentation.scores import scored
from models.imaging.unet.architecture import Architecture
from models.imaging.unet.calibration import ScoreCalibration, calibrated
from models.imaging.unet.crops import WIDE, Crops
from models.imaging.unet.examples import Example, example, held_back
from models.imaging.unet.fractions import fraction_errors
from models.imaging.unet.learning import learn
from models.imaging.unet.model import SegmentationModel, carried_over
from models.imaging.unet.training import Plan, cross_entropy_and_overlap
from models.imaging.volume import UNLABELLED, ImageStack, LabelledVolume
from tests.models.imaging.unet.phantom import blobs

SMALL = Architecture(2, "2.5-D", 1, width=8, halvings=2)
PLAN = Plan(steps=40, batch=4, side=48, rate=1e-2)
NAMES = ("bright", "dark")
VOXEL = (2e-8, 1e-8, 1e-8)


def _examples(count: int = 2) -> list[Example]:
    return [example(*blobs((6, 64, 64), seed), name=f"scene {seed}") for seed in range(count)]


def _learned(**more: object) -> SegmentationModel:
    learned, held, told = held_back(_examples())
    return learn(learned, held, told, NAMES, PLAN, architecture=SMALL, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model() -> SegmentationModel:
    return _learned()


def test_a_scene_is_learned_and_its_probabilities_are_honest(model: SegmentationModel) -> None:
    grey, classes = blobs((6, 64, 64), 9)
    found = model.probabilities(ImageStack(grey, VOXEL))
    score = scored(found, LabelledVolume(classes, NAMES, VOXEL))
    assert score.mean_iou > 0.85
    assert score.log_loss < 0.5 * score.share_log_loss
    assert max(score.calibration_error.values()) < 0.03
    assert np.allclose(found.shares.sum(axis=0), 1, atol=1e-5)


def test_the_same_seed_is_the_same_model(model: SegmentationModel) -> None:
    again = _learned()
    assert all((again.weights[name] == part).all() for name, part in model.weights.items())


def test_training_goes_on_from_a_model_and_keeps_its_licences(model: SegmentationModel) -> None:
    first = replace(model, origin=replace(model.origin, licences=("CC-BY-NC-4.0",)))
    second = _learned(start=first, licences=("own",))
    assert second.version == 2
    assert second.origin.licences == ("CC-BY-NC-4.0", "own")
    assert second.origin.started_from == first.name


def test_what_is_not_for_commerce_is_in_no_model_that_is_handed_on(
    model: SegmentationModel,
) -> None:
    first = replace(model, origin=replace(model.origin, licences=("CC-BY-NC-4.0",)))
    with pytest.raises(ValueError, match=r"'CC-BY-NC-4.0' \(non-commercial\)"):
        _learned(start=first, licences=("own",), shippable=True)
    with pytest.raises(ValueError, match="nothing says what trained the model"):
        _learned(shippable=True)


def test_classes_of_the_same_name_are_carried_over(model: SegmentationModel) -> None:
    network = carried_over(model, ("new", "dark"), seed=0)
    head = network.state_dict()["head.bias"].numpy()
    assert head[1] == model.weights["head.bias"][1]


def test_voxels_that_nobody_labelled_count_nothing() -> None:
    scores, classes = torch.randn(2, 3, 8, 8), torch.randint(0, 3, (2, 8, 8))
    classes[:, :, 4:] = UNLABELLED
    other = scores.clone()
    other[..., 4:] += 5 * torch.randn(2, 3, 8, 4)
    assert cross_entropy_and_overlap(scores, classes) == cross_entropy_and_overlap(other, classes)


def test_crops_keep_greys_and_classes_together() -> None:
    """A grey that is its class stays so through turns, and through another scale nearly."""
    classes = blobs((5, 60, 40), 1)[1]
    part = Example(classes.astype(np.float32), classes)
    crops = Crops([part], SMALL, side=72, seed=0)
    crops.changes = replace(crops.changes, gain=0, offset=0, gamma=0, between=0)
    greys, told = crops.batch(6)
    assert greys.shape == (6, 3, 72, 72)
    assert (greys[:, 1] == told).all()
    crops.changes = replace(WIDE, gain=0, offset=0, gamma=0, between=0, noise=0, blur=0)
    greys, told = crops.batch(6)
    assert ((greys[:, 1] > 0.5) == told.bool()).float().mean() > 0.97


def test_few_stacks_keep_rows_for_scores_and_many_keep_stacks() -> None:
    learned, held, _ = held_back(_examples(2))
    both = (learned[0].classes != UNLABELLED).astype(int) + (held[0].classes != UNLABELLED)
    assert (both == 1).all()
    learned, held, told = held_back(_examples(5))
    assert [part.name for part in held] == ["scene 4"]
    assert len(learned) == 4
    assert told == "stacks scene 4"


def test_a_network_that_is_too_sure_is_cooled() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 20_000).astype(np.uint8)
    honest = 1.5 * (np.arange(3)[:, None] == truth) + random.gumbel(size=(3, 20_000))
    logits = np.log(np.exp(honest) / np.exp(honest).sum(axis=0)).astype(np.float32)
    plain, warm = calibrated(logits, truth), calibrated(3 * logits, truth)
    assert warm.temperature == pytest.approx(3 * plain.temperature, rel=1e-3)
    assert warm.offsets == pytest.approx(plain.offsets, abs=1e-3)


def test_calibration_keeps_sums_at_one() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 2, 4, 4)).astype(np.float32)
    shares = ScoreCalibration(2.0, (0.5, 0.0, -0.5)).probabilities(scores)
    assert np.allclose(shares.sum(axis=0), 1, atol=1e-6)


def _said(classes: np.ndarray, shift: float, random: np.random.Generator) -> np.ndarray:
    """Probabilities that are too low by a tenth and off by ``shift`` and by chance."""
    dark = np.clip(0.9 * classes + shift + 0.1 * random.standard_normal(classes.shape), 0, 1)
    return np.stack([1 - dark, dark]).astype(np.float32)


def test_the_error_of_a_fraction_covers_what_stacks_have_in_common_and_what_not() -> None:
    random = np.random.default_rng(0)
    scenes = [blobs((8, 64, 64), seed)[1] for seed in range(72)]
    shares = [_said(classes, 0.01 * random.standard_normal(), random) for classes in scenes]
    error = fraction_errors(list(zip(shares[:12], scenes[:12], strict=True)))[1]
    inside = 0
    for said, classes in zip(shares[12:], scenes[12:], strict=True):
        off = error.corrected(float(said[1].mean())) - (classes == 1).mean()
        inside += abs(off) <= error.widening() * error.sd(classes.size)
    assert 0.8 <= inside / 60 <= 0.97
