"""Which slice a person should label next, and when to stop."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from models.imaging.active import doubt, expected_gain, looks, next_slice
from models.imaging.segmentation.scores import overlap


def test_doubt_is_the_entropy_of_a_slice() -> None:
    shares = np.zeros((2, 3, 4, 4), np.float32)
    shares[0, 0], shares[:, 1] = 1, 0.5
    shares[0, 2], shares[1, 2] = 0.9, 0.1
    assert doubt(shares) == pytest.approx([0, np.log(2), 0.3251], abs=1e-4)


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Twenty slices: sixteen alike, four much darker."""
    grey = np.random.default_rng(0).normal(0.6, 0.05, (20, 16, 16)).astype(np.float32)
    grey[12:16] -= 0.4
    shares = np.full((2, 20, 16, 16), 0.5, np.float32)
    return grey, shares


def test_the_first_slice_is_an_ordinary_one_and_the_second_is_unlike_it() -> None:
    grey, shares = scene()
    seen = looks(grey, shares)
    first = next_slice(doubt(shares), seen, [])
    assert first not in range(12, 16)
    assert next_slice(doubt(shares), seen, [first]) in range(12, 16)


def test_what_is_certain_needs_no_label() -> None:
    grey, shares = scene()
    shares[0, 12:16], shares[1, 12:16] = 0.999, 0.001
    assert next_slice(doubt(shares), looks(grey, shares), [0]) not in range(12, 16)


def test_no_slice_is_asked_for_twice() -> None:
    grey, shares = scene()
    labelled: list[int] = []
    for _ in range(20):
        labelled.append(next_slice(doubt(shares), looks(grey, shares), labelled))
    assert sorted(labelled) == list(range(20))
    with pytest.raises(ValueError, match="all 20 slices are labelled"):
        next_slice(doubt(shares), looks(grey, shares), labelled)


def test_chosen_slices_teach_more_than_random_ones() -> None:
    """Thirty slices of three kinds, two of them rare, in one of which dark and bright are turned."""
    random = np.random.default_rng(2)
    truth = random.random((30, 12, 12)) < 0.4
    kind = np.repeat([0, 1, 2], (22, 4, 4))[:, None, None]
    low, high = np.array([0.3, 0.5, 0.6])[kind], np.array([0.6, 0.8, 0.3])[kind]
    grey = np.where(truth, low, high) + random.normal(0, 0.05, truth.shape)
    grey = grey.astype(np.float32)
    levels = np.broadcast_to(np.median(grey, axis=(1, 2))[:, None, None], grey.shape)
    seen = np.stack((grey, levels), axis=-1)

    def learnt(labelled: list[int]) -> np.ndarray:
        nearest = KNeighborsClassifier(9).fit(
            seen[labelled].reshape(-1, 2), truth[labelled].ravel()
        )
        told = nearest.predict_proba(seen.reshape(-1, 2))
        return np.asarray(told.T.reshape(2, *truth.shape), np.float32)

    def needed(order: list[int] | None) -> int:
        labelled: list[int] = []
        shares = np.full((2, *truth.shape), 0.5, np.float32)
        while overlap(shares[1] > shares[0], truth) < 0.95:
            known = next_slice(doubt(shares), looks(grey, shares), labelled)
            labelled.append(known if order is None else order[len(labelled)])
            shares = learnt(labelled)
        return len(labelled)

    orders = [list(np.random.default_rng(n).permutation(30)) for n in range(8)]
    assert needed(None) <= 0.6 * np.mean([needed(order) for order in orders])


def test_gain_follows_the_curve_of_the_scores() -> None:
    n = np.arange(1, 13)
    scores = 0.9 - 0.4 / n + np.random.default_rng(3).normal(0, 0.004, 12)
    gain = expected_gain(n, scores, more=6)
    assert gain.mean == pytest.approx(0.4 / 12 - 0.4 / 18, abs=2 * gain.sd)
    assert 0.001 < gain.sd < 0.02
    assert gain.worth(0.005)


def test_it_stops_where_scores_stand_still() -> None:
    scores = 0.8 + np.random.default_rng(5).normal(0, 0.002, 15)
    gain = expected_gain(np.arange(1, 16), scores)
    assert not gain.worth(0.005)
    assert gain.probability(0.005) < 0.05


def test_the_told_error_of_the_gain_covers_the_truth() -> None:
    """Curves of random ceilings, speeds and errors; 90 % intervals, of the curve without noise."""
    random, hits = np.random.default_rng(7), []
    for _ in range(100):
        c, a, sd = random.uniform(0.4, 1.6), random.uniform(0.1, 0.5), random.uniform(0.003, 0.015)
        n = np.arange(1, 11)
        gain = expected_gain(n, 0.85 - a * n**-c + random.normal(0, sd, 10), more=3)
        hits.append(abs(gain.mean - a * (10**-c - 13**-c)) < 1.645 * gain.sd)
    assert 0.8 < np.mean(hits) <= 1


def test_a_gain_needs_a_history() -> None:
    with pytest.raises(ValueError, match="4 scores or more, not 3"):
        expected_gain([1, 2, 3], [0.5, 0.6, 0.65])
