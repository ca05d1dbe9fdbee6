"""A made-up scene in two classes that a network can learn in seconds."""

import numpy as np
from scipy.ndimage import gaussian_filter


def blobs(shape: tuple[int, int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Greys (z, y, x) with noise, and classes: 0 bright, 1 dark."""
    random = np.random.default_rng(seed)
    smooth = gaussian_filter(random.standard_normal(shape), (2, 4, 4))
    classes = (smooth > 0.5 * smooth.std()).astype(np.uint8)
    grey = 0.6 - 0.2 * classes + 0.1 * random.standard_normal(shape)
    return grey.astype(np.float32), classes
