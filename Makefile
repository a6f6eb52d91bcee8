# The two commands of the README: `make run` and `make test`. Everything else is for those who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCKED := $(VENV)/.locked
# A house of its own for followthemoney, which needs a compiler and 800 MB.
FTM := .venv-ftm
FTM_STAMP := $(FTM)/.installed
FTM_LOCKED := $(FTM)/.locked

# Where an environment forbids compiled modules, each of a thousand processes the tests start compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test conformance lock bench reference clean format peers

run: $(STAMP)
	@$(BIN)/bongsu run

test: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder # reordered, the files of few but long tests come last

$(STAMP): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# An interrupted installation leaves no stamp, and the next one begins anew.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("Bongsu needs Python 3.11 or newer; $(PYTHON) is %d.%d. Run: make PYTHON=python3.11 $(MAKECMDGOALS)" % v[:2])'
	@echo "Preparing $(VENV) (once; a minute or two)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@touch $(LOCKED)

conformance: $(FTM_STAMP) ## hold what we export against followthemoney itself (needs g++, pkg-config, libicu-dev)
	$(FTM)/bin/pytest tests/conformance

$(FTM_STAMP): $(FTM_LOCKED) pyproject.toml
	@$(FTM)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(FTM_STAMP)

# PyICU is built from its source: with the locked setuptools, which are there before it.
$(FTM_LOCKED): requirements-ftm.lock
	@command -v g++ >/dev/null && command -v pkg-config >/dev/null && pkg-config --exists icu-i18n \
		|| { echo "make conformance builds PyICU: on Debian, apt-get install g++ pkg-config libicu-dev python3-dev" >&2; exit 1; }
	@echo "Preparing $(FTM) (once; some minutes)"
	@$(PYTHON) -m venv --clear $(FTM)
	@sed -n '/^setuptools==/,/[^\\]$$/p' requirements-ftm.lock > $(FTM)/setuptools.lock
	@$(FTM)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r $(FTM)/setuptools.lock
	@$(FTM)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation \
		--only-binary :all: --no-binary pyicu -r requirements-ftm.lock
	@touch $(FTM_LOCKED)

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
# Every extra by name but ftm: all of requirements.lock comes as wheels.
lock: $(STAMP) ## renew requirements.lock and requirements-ftm.lock from pyproject.toml
	$(COMPILE) --extra s3 --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra ftm --group conformance --output-file requirements-ftm.lock pyproject.toml

format: $(STAMP)
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

bench: $(STAMP) ## measure beside a peer in the same run
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/names.py
	$(BIN)/python benchmarks/resolution.py

# nomenklatura pins an older DuckDB and builds PyICU: it has an environment of its own, for the benchmark alone.
peers: benchmarks/requirements-peers.txt ## prepare the peers that `make bench` measures names beside (needs g++, pkg-config, libicu-dev)
	@$(PYTHON) -m venv --clear .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt

reference: $(STAMP) ## write docs/reference/ from the code
	$(BIN)/python -m bongsu.cli.reference docs/reference

clean:
	rm -rf $(VENV) $(FTM) .venv-peers build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
