"""Loops over voxels, compiled when they are first called and kept beside the source."""

from collections.abc import Callable
from typing import cast

import numba


def compiled[F: Callable[..., object]](function: F) -> F:
    """The same function as machine code."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
