"""What an array holds, by one name each; its shape and unit stand in the docstrings."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.integer]
"""Labels, indices and counts, of any width."""
type Flags = NDArray[np.bool_]
