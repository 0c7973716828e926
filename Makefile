# Theograph: `make demo` shows the sample, `make test` runs everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: demo test spark lint types contracts bench lock tokens record clean

demo: $(VENV)/runtime.done
	$(BIN)/theograph demo

test: $(VENV)/dev.done
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Brings pyspark, so that `make test` runs the Spark tests too; Java 17 must be there.
spark: $(VENV)/spark.done

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.done
	$(BIN)/mypy

contracts: $(VENV)/dev.done
	$(BIN)/lint-imports

bench: $(VENV)/dev.done
	$(BIN)/python -m tests.bench

# The generated files that a test compares with their source.
tokens: $(VENV)/dev.done
	$(BIN)/python -m theograph.figures > assets/tokens.css

record: $(VENV)/dev.done
	$(BIN)/theograph record > theograph/record/RECORD.md

# Needs uv. Pins for every platform, with hashes and without any registry's address.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --extra build -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --extra build --extra dev \
	  -o requirements-dev.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --extra build --extra spark \
	  -c requirements-dev.lock -o requirements-spark.lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Theograph needs Python 3.11 or later; try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.done: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(INSTALL_SELF)
	@touch $@

$(VENV)/dev.done: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(INSTALL_SELF)
	@touch $@ $(VENV)/runtime.done

$(VENV)/spark.done: requirements-spark.lock $(VENV)/dev.done
	$(PIP) install --require-hashes --requirement requirements-spark.lock
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
