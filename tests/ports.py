"""Which ports processes listen at."""

from collections.abc import Iterable
from ipaddress import ip_address

import psutil


def heard(processes: Iterable[int]) -> set[str]:
    """Addresses at which any of the processes, or a child of them, waits for callers."""
    found = set()
    for pid in processes:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            found |= {
                c.laddr.ip
                for c in process.net_connections("inet")
                if c.status == psutil.CONN_LISTEN
            }
    return found


def beyond_loopback(processes: Iterable[int]) -> set[str]:
    """Those that other machines could reach."""
    return {address for address in heard(processes) if not ip_address(address).is_loopback}
