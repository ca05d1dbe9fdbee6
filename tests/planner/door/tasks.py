"""Work for a child, as harmless as it is greedy."""

import os
import time

import numpy as np

from planner.door.child import Answer


def answer(*texts: str) -> Answer:
    return {
        "texts": list(texts),
        "numbers": np.arange(6.0).reshape(2, 3),
        "secret": os.environ.get("KYOSO_SMTP", ""),
    }


def eat(*_: str) -> Answer:
    return {"much": np.ones(10**10)}


def large(megabytes: str) -> Answer:
    return {"much": np.zeros((int(megabytes), 1_000_000), np.uint8)}


def die(*_: str) -> Answer:
    os._exit(3)


def work(*_: str) -> Answer:
    while time.process_time() < 1000:
        pass
    return {}


def complain(*_: str) -> Answer:
    raise ValueError("it is damaged\nfor further information")
