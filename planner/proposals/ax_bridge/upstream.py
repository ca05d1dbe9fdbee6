"""What BoTorch takes no argument for: changed while we plan, and put back.

Seen in BoTorch 0.18.1. ``tests/planner/proposals/test_upstream.py`` fails when it can be passed in,
and then this file can go.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch
from botorch.acquisition.multi_objective import logei
from botorch.optim import initializers
from botorch.utils.sampling import get_polytope_samples
from torch import Tensor


@contextmanager
def botorch_as_tried() -> Iterator[None]:
    """No compiled kernel, short chains, one thread. Not for several threads at once.

    BoTorch would compile a C++ kernel (``_C``) at its first use, for most of a minute, and its
    results differ from machine to machine in the last digits. The Python form costs up to a quarter
    more time.
    """
    with (
        _instead(logei, _C=None, _load_attempted=True),
        _instead(initializers, get_polytope_samples=by_short_chain),
        _one_thread(),
    ):
        yield


@contextmanager
def _one_thread() -> Iterator[None]:
    """The matrices are so small that threads only wait for each other: on two busy cores a batch of
    eight took 29 CPU seconds with two of them, and 3 with one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def by_short_chain(*limits: Any, **settings: Any) -> Tensor:
    """Starts of a search under linear constraints, by a chain of 2,000 steps: BoTorch's 14,000
    take half of all the time, and a start need not be a perfect draw. ``optimize_acqf`` could be
    told by its ``ic_generator``, the optimiser of mixed spaces by nothing."""
    return get_polytope_samples(*limits, **{**settings, "n_burnin": 1000, "n_thinning": 8})


@contextmanager
def _instead(module: ModuleType, **values: Any) -> Iterator[None]:
    """These values in a module, for a while."""
    kept = {name: getattr(module, name) for name in values}
    vars(module).update(values)
    try:
        yield
    finally:
        vars(module).update(kept)
