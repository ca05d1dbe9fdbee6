"""``make bench-proposals``: seconds per proposal beside Ax's default client."""

from benchmarks.speed import main

main()
