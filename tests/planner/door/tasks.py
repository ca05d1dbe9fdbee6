"""Work for a child, as harmless as it is greedy."""

import os
import time

import numpy as np


def answer(*texts):
    return {
        "texts": list(texts),
        "numbers": np.arange(6.0).reshape(2, 3),
        "secret": os.environ.get("KYOSO_SMTP", ""),
    }


def eat(*_):
    return {"much": np.ones(10**10)}


def die(*_):
    os._exit(3)


def work(*_):
    while time.process_time() < 1000:
        pass


def complain(*_):
    raise ValueError("it is damaged\nfor further information")
