# The environment is .venv; scripts/setup makes it and keeps it up to date.
export OMP_NUM_THREADS ?= 1
WORKERS ?= 2
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench bench-problems bench-replay clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup:  ## create or refresh .venv
	@scripts/setup

run: setup  ## run the example campaign
	$(BIN)/kyoso run examples/quickstart.yaml --turns 12 --approve all

test: check  ## all checks and tests
	$(BIN)/python -m pytest -n $(WORKERS)

check: setup  ## format, lint, types, imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup  ## seconds per proposal beside Ax's default client
	$(BIN)/python -m benchmarks

bench-problems: setup  ## problems with a known optimum, through the whole loop
	$(BIN)/python -m benchmarks.problems

bench-replay: setup  ## past campaigns; CAMPAIGNS="folder#outcome olympus:NAME ..."
	$(BIN)/python -m benchmarks.replay $(CAMPAIGNS) --planners kyoso gp-ei random --seeds 20

clean:  ## remove .venv and all caches
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
