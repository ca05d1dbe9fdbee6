"""Asks servers on this machine whether they are there, and finds free ports."""

import socket
from base64 import b64encode
from http.client import HTTPException
from urllib.request import ProxyHandler, Request, build_opener

_OPENER = build_opener(ProxyHandler({}))  # a proxy has no business between our own processes


def answers(url: str, json: bytes | None = None, seconds: float = 2.0, key: str = "") -> bool:
    """Whether a GET, or a POST of ``json``, is answered with success; ``key`` is that of the
    server (``user:password``), where it asks for one."""
    headers = {"Content-Type": "application/json"}
    headers |= {"Authorization": f"Basic {b64encode(key.encode()).decode()}"} if key else {}
    request = Request(url, data=json, headers=headers)
    try:
        with _OPENER.open(request, timeout=seconds) as answer:
            return bool(answer.status < 300)
    except (OSError, HTTPException):
        return False


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int = 0) -> int:
    """The port, or any other where it is taken or none is wanted."""
    if wanted and is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
