"""MPI in a process that talks to no other one.

dolfinx brings MPI along, which opens ports for partners as soon as it is imported: on every
address of the machine, until the process ends. Our cases are each computed in one process
(``COMM_SELF``), so every library that MPI may speak through is told to open none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

ALONE = {
    "UCX_TLS": "self",  # MPICH of the wheels
    "FI_PROVIDER": "shm",  # MPICH on libfabric
    "OMPI_MCA_pml": "ob1",  # Open MPI: no UCX and no libfabric ...
    "OMPI_MCA_btl": "self",  # ... and no TCP
}
"""What each library reads when it starts."""


@contextmanager
def alone() -> Iterator[None]:
    """Around the first import of MPI. What was set before comes back: programs that this one starts
    may have partners."""
    before = {name: os.environ.get(name) for name in ALONE}
    os.environ.update(ALONE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
