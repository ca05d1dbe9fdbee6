# The environment is .venv; scripts/setup makes it and keeps it up to date.
export OMP_NUM_THREADS ?= 1
WORKERS ?= 2
PORT ?= 8501
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check docs coverage hooks screenshots clean bench bench-proposals bench-problems bench-replay
.PHONY: bench-history bench-hypotheses bench-start bench-cli bench-kill bench-kills bench-ba122 bench-micrographs
.PHONY: bench-imaging bench-imaging-quantities bench-imaging-unet bench-magnet bench-network bench-record bench-roles fuzz

help:  ## show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /  make \1\t/p' Makefile | expand -t 26

setup:  ## create or refresh .venv
	@scripts/setup

run: setup  ## the planning server with an example campaign; PORT=8501, KYOSO_DATA=./kyoso-data
	exec $(BIN)/kyoso up examples/ba122.yaml --port $(PORT)

test: check docs  ## all checks and tests
	$(BIN)/python -m pytest -n $(WORKERS)

check: setup  ## format, lint, types, imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check --no-cache  # its cache does not see that a module came or went
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: setup  ## the documentation as a site, into site/; a dead link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

coverage: setup  ## branches that the tests reach, as a number, and by line in htmlcov/; TESTS=tests/planner
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered --cov-report=html $(TESTS)
	@$(BIN)/coverage report --format=total --precision=1 | tee coverage.txt

hooks: setup  ## the checks before every commit, by pre-commit
	$(BIN)/pre-commit install

bench: bench-proposals bench-history  ## speed of everything, beside its peers
	$(BIN)/python -m benchmarks.magnet speed
	$(BIN)/python -m benchmarks.network speed $(ARGS)
	-$(BIN)/python -m benchmarks.magnet getdp

bench-proposals: setup  ## seconds per proposal beside Ax's default client
	$(BIN)/python -m benchmarks

bench-problems: setup  ## problems with a known optimum, through the whole loop
	$(BIN)/python -m benchmarks.problems

bench-replay: setup  ## past campaigns; CAMPAIGNS="folder#outcome olympus:NAME ..."
	$(BIN)/python -m benchmarks.replay $(CAMPAIGNS) --planners kyoso gp-ei random --seeds 20

bench-matrix: setup  ## does the model plan? campaigns of every kind; ARGS="--together 4"
	$(BIN)/python -m benchmarks.matrix --workers $(WORKERS) $(ARGS)

bench-roles: setup  ## roles of columns guessed right, in every form of many tables; ARGS=-v
	$(BIN)/python -m benchmarks.roles $(ARGS)

bench-start: setup  ## seconds from a clone to a healthy panel, cold and warm; memory of the panel
	$(BIN)/python -m benchmarks.start

bench-cli: setup  ## CPU seconds of kyoso --help and kyoso status, beside an older build; AGAINST=COMMIT
	$(BIN)/python -m benchmarks.cli_start $(AGAINST)

bench-record: setup  ## reading the record, beside an older build; AGAINST=COMMIT
	$(BIN)/python -m benchmarks.record $(if $(AGAINST),--against $(AGAINST))

bench-kills: setup  ## kill -9 of the loop, a hundred times on SQLite and on PostgreSQL
	$(BIN)/python -m benchmarks.kills

bench-kill: setup  ## kill -9 of a whole server, ten times, then Prefect's database
	$(BIN)/python -m benchmarks.kill

bench-ba122: setup  ## the three-stage example over five seeds
	$(BIN)/python -m benchmarks.ba122

bench-micrographs: setup  ## a hundred micrographs of known state, measured back; ARGS=--renderings
	$(BIN)/python -m benchmarks.micrographs $(ARGS)

bench-imaging: setup  ## segmentation, labelling and numbers of image stacks; ARGS="baselines active"
	$(BIN)/python -m benchmarks.imaging $(ARGS)

bench-magnet: setup  ## the magnet solver: speed, GetDP where it is installed, 500 random cases
	$(BIN)/python -m benchmarks.magnet

bench-history: setup  ## replays per minute beside BayBE and Ax (BayBE in .venv-peers)
	@[ -x .venv-peers/bin/python ] || { $(BIN)/python -m venv .venv-peers && \
	    .venv-peers/bin/python -m pip install -q "baybe[simulation]==0.15.0" matplotlib; }
	$(BIN)/python -m benchmarks.history

bench-network: setup  ## grain maps and networks; ARGS="speed --map FILE.cpr --defdap PYTHON"
	$(BIN)/python -m benchmarks.network $(ARGS)

bench-hypotheses: setup  ## what right and wrong hypotheses are worth; PARTS="kinds trends conflict bound calibration late ablation"
	$(BIN)/python -m benchmarks.hypotheses $(PARTS)

bench-imaging-quantities: setup  ## numbers of volumes beside exact ones and PoreSpy (in .venv-peers); ARGS="exact cells coverage peer"
	@[ -x .venv-peers/bin/python ] || $(BIN)/python -m venv .venv-peers
	@.venv-peers/bin/python -c "import porespy" 2>/dev/null || .venv-peers/bin/python -m pip install -q "porespy==3.2.*"
	$(BIN)/python -m benchmarks.imaging_quantities $(ARGS)

bench-imaging-unet: setup  ## the U-Net beside forest, oracle and MONAI (in .venv-peers); hours; ARGS="--seeds 1 --steps 800"
	@[ -x .venv-peers/bin/python ] || $(BIN)/python -m venv .venv-peers
	@.venv-peers/bin/python -c "import monai" 2>/dev/null || .venv-peers/bin/python -m pip install -q "monai==1.6.1"
	$(BIN)/python -m benchmarks.imaging_unet_speed
	$(BIN)/python -m benchmarks.imaging_unet_coverage
	$(BIN)/python -m benchmarks.imaging_unet $(ARGS)

fuzz: setup  ## 3,600 damaged files through everything that takes files of strangers; ten minutes
	$(BIN)/python -m benchmarks.fuzz --workers $(WORKERS)

screenshots: setup  ## pictures of the panel into docs/images, light and dark; needs chromium
	$(BIN)/python -m scripts.screenshots

clean:  ## remove .venv and all caches
	rm -rf .venv .venv-peers build site htmlcov *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
