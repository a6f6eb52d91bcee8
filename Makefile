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
# And one for Spark, which needs Java 17 and 700 MB.
SPARK := .venv-spark
SPARK_STAMP := $(SPARK)/.installed
SPARK_LOCKED := $(SPARK)/.locked

# Where an environment forbids compiled modules, each of a thousand processes the tests start compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test screenshots conformance spark lock bench reference clean format peers sea-peers

run: $(STAMP)
	@$(BIN)/bongsu run
	@$(BIN)/bongsu serve

test: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder # reordered, the files of few but long tests come last
	BONGSU_TEST_DATABASE=postgres $(BIN)/pytest -n auto --dist loadfile tests/web # those with a database again, skipped without PostgreSQL

screenshots: $(STAMP) ## take the pictures of docs/explanation/site.md anew, of the sandbox (needs chromium)
	$(BIN)/pytest -n 0 tests/web/browser/take_screenshots.py

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

spark: $(SPARK_STAMP) ## run every detector of the sea desk on Spark too, and hold the answers together (needs Java 17)
	$(SPARK)/bin/pytest tests/spark

$(SPARK_STAMP): $(SPARK_LOCKED) pyproject.toml
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(SPARK_STAMP)

# pyspark comes as its source, in which there is nothing to compile: with the locked setuptools, which are there before it.
$(SPARK_LOCKED): requirements-spark.lock
	@command -v java >/dev/null || { echo "make spark needs Java 17: on Debian, apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	@echo "Preparing $(SPARK) (once; a minute or two)"
	@$(PYTHON) -m venv --clear $(SPARK)
	@sed -n '/^setuptools==/,/[^\\]$$/p' requirements-spark.lock > $(SPARK)/setuptools.lock
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r $(SPARK)/setuptools.lock
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --no-build-isolation \
		--only-binary :all: --no-binary pyspark -r requirements-spark.lock
	@touch $(SPARK_LOCKED)

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
# Every extra by name but ftm and spark: all of requirements.lock comes as wheels.
lock: $(STAMP) ## renew the locks from pyproject.toml
	$(COMPILE) --extra s3 --extra web --extra postgres --extra timestamps --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra ftm --group conformance --output-file requirements-ftm.lock pyproject.toml
	$(COMPILE) --extra spark --group spark --output-file requirements-spark.lock pyproject.toml

format: $(STAMP)
	$(BIN)/ruff format src tests
	$(BIN)/ruff check --fix src tests

bench: $(STAMP) ## measure beside a peer in the same run
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/names.py
	$(BIN)/python benchmarks/resolution.py
	$(BIN)/python benchmarks/sea.py
	$(BIN)/python benchmarks/encounters.py
	$(BIN)/python benchmarks/site.py
	$(BIN)/python benchmarks/sea_radio.py 100000
	$(BIN)/python benchmarks/sea_import.py 500000 50000

# nomenklatura pins an older DuckDB and builds PyICU: it has an environment of its own, for the benchmark alone.
peers: benchmarks/requirements-peers.txt ## prepare the peers that `make bench` measures names beside (needs g++, pkg-config, libicu-dev)
	@$(PYTHON) -m venv --clear .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt

sea-peers: benchmarks/requirements-sea-peers.txt ## prepare the peers that `make bench` measures the sea desk beside
	@$(PYTHON) -m venv --clear .venv-sea-peers
	@.venv-sea-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-sea-peers.txt

reference: $(STAMP) ## write docs/reference/ from the code
	$(BIN)/python -m bongsu.cli.reference docs/reference

clean:
	rm -rf $(VENV) $(FTM) $(SPARK) .venv-peers .venv-sea-peers build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
