"""Bodies that the frame of a picture or volume cuts, and what the whole ones stand for."""

import numpy as np
from scipy import ndimage as ndi

from models.arrays import Floats, Integers


def whole_weights(labels: Integers, number: int) -> Floats:
    """How many bodies of an endless field each of the labels 1 to ``number`` stands for, (number,):
    0 where the frame cuts it, above 1 inside.

    A body h high and w wide lies whole in a frame H x W with a chance in proportion to
    (H - h) (W - w): it counts H W / ((H - h) (W - w)), without bias, and with a third axis alike
    (R. E. Miles; C. Lantuejoul). An axis of a single point does not count.
    """
    weight = np.zeros(number)
    axes = [axis for axis, n in enumerate(labels.shape) if n > 1]
    for place, box in enumerate(ndi.find_objects(labels, max_label=number)):
        ends = [(box[a].start, box[a].stop, labels.shape[a]) for a in axes] if box else []
        if ends and all(start > 0 and stop < n for start, stop, n in ends):
            weight[place] = np.prod([n / (n - stop + start) for start, stop, n in ends])
    return weight
