"""``make bench``: seconds per proposal beside Ax's default client. Others: ``make bench-...``."""

from benchmarks.speed import main

main()
