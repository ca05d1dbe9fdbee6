"""Tiles: they cover a volume once, nobody sees their seams, and a turn turns the answer."""

import numpy as np
import pytest
import torch

from models.imaging.unet.architecture import Architecture
from models.imaging.unet.greys import view_of, window
from models.imaging.unet.inference import Inference
from models.imaging.unet.network import UNet, built
from models.imaging.unet.tiles import tiles

KINDS = (("2-D", 0), ("2.5-D", 2), ("3-D", 0))
SHAPE = (9, 130, 108)


def _network(kind: str, neighbours: int, halvings: int = 2) -> UNet:
    """With normalisation that has seen something: it is no identity then."""
    shape = Architecture(3, kind, neighbours, width=4, halvings=halvings)
    network = built(shape, seed=1)
    greys = torch.randn(2, shape.channels, *((4, 32, 32) if shape.deep else (32, 32)))
    with torch.no_grad():
        network.train()(greys)
    return network.eval()


def _stack(shape: tuple[int, int, int] = SHAPE) -> np.ndarray:
    return np.random.default_rng(0).normal(0.5, 0.2, shape).astype(np.float32)


@pytest.mark.parametrize(("kind", "neighbours"), KINDS)
def test_tiles_cover_a_volume_once(kind: str, neighbours: int) -> None:
    count = np.zeros((7, 130, 75), int)
    for tile in tiles(count.shape, Architecture(2, kind, neighbours, 4, 2), (3, 40, 30)):
        count[tile.core] += 1
    assert (count == 1).all()


@pytest.mark.parametrize(("kind", "neighbours"), KINDS)
@pytest.mark.parametrize("exact", [True, False])
def test_a_volume_in_tiles_is_as_the_whole(kind: str, neighbours: int, exact: bool) -> None:
    stack, running = _stack(), Inference(_network(kind, neighbours), exact=exact)
    view, whole = view_of(stack), running.whole(stack, view_of(stack))
    for tile in tiles(SHAPE, running.architecture, (4, 40, 40)):
        part = running.logits(stack, view, tile)
        np.testing.assert_allclose(part, whole[:, *tile.core], atol=1e-5)


@pytest.mark.parametrize(("kind", "neighbours"), KINDS)
def test_nothing_beyond_its_reach_changes_a_voxel(kind: str, neighbours: int) -> None:
    stack, running = _stack((20, 100, 100)), Inference(_network(kind, neighbours), exact=True)
    view, reach = view_of(stack), running.architecture.reach
    before = running.whole(stack, view)
    changed = stack.copy()
    changed[:, :50] = 7.0
    after = running.whole(changed, view)
    assert (before[..., 50 + reach[1] :, :] == after[..., 50 + reach[1] :, :]).all()
    assert (before[..., 50, :] != after[..., 50, :]).any()
    changed = stack.copy()
    changed[:8] = 7.0
    after = running.whole(changed, view)
    assert np.abs(before[:, 8 + reach[0] :] - after[:, 8 + reach[0] :]).max() < 1e-5


@pytest.mark.parametrize(("kind", "neighbours"), KINDS)
def test_a_turned_stack_gets_the_turned_answer(kind: str, neighbours: int) -> None:
    stack = _stack((4, 48, 64))
    running = Inference(_network(kind, neighbours), exact=True, turned=True)
    straight = running.whole(stack, view_of(stack))
    turned = running.whole(np.rot90(stack, 1, (1, 2)).copy(), view_of(stack))
    np.testing.assert_allclose(np.rot90(straight, 1, (2, 3)), turned, atol=1e-5)


def test_pictures_of_different_places_are_each_seen_alone() -> None:
    stack = _stack((4, 48, 64))
    running = Inference(_network("2.5-D", 2), exact=True)
    view = view_of(stack)
    assert not view.follows
    alone = np.concatenate([running.whole(part[None], view) for part in stack], axis=1)
    np.testing.assert_allclose(running.whole(stack, view), alone, atol=1e-5)


def test_the_same_brightness_whatever_the_microscope_was_set_to() -> None:
    stack = _stack()
    dark = (0.3 * stack + 0.1).astype(np.float32)
    np.testing.assert_allclose(view_of(stack).of(stack), view_of(dark).of(dark), atol=1e-5)


def test_a_stack_of_one_grey_is_refused() -> None:
    with pytest.raises(ValueError, match="all greys of the stack are the same"):
        view_of(np.full((2, 8, 8), 0.4, np.float32))


def test_a_window_beyond_the_stack_repeats_the_outermost_voxels() -> None:
    stack = np.arange(8.0).reshape(2, 2, 2)
    seen = window(stack, (slice(-1, 3), slice(0, 2), slice(0, 3)))
    assert seen.shape == (4, 2, 3)
    assert (seen[0] == seen[1]).all()
    assert (seen[..., 2] == seen[..., 1]).all()


@pytest.mark.parametrize(
    "wrong", [{"kind": "4-D"}, {"kind": "2-D"}, {"classes": 1}, {"halvings": 9}]
)
def test_a_network_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"network|neighbours"):
        Architecture(**{"classes": 3, **wrong})  # type: ignore[arg-type]
