"""Settings for all tests: one thread for each process, and how hard hypothesis tries."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before numpy or torch is imported

from hypothesis import settings

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
