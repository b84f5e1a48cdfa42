# TenEleven. `make run` sets everything up, builds a bundle if there is none or DATA changed, and serves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE ?= bundle
HOST ?= 127.0.0.1
PORT ?= 8011
# A folder of release files; without it the build asks the publishers, then falls back to packages.
DATA ?= $(TENELEVEN_DATA)

# Bytecode is kept whatever the shell says: each of a build's and a server's processes would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup develop run build test lint bench docs dist lock clean

# What serving needs, by the run-time lock alone.
setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# What tests, lint, benchmarks and documentation need besides.
develop: $(VENV)/.developed

$(VENV)/.developed: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	touch $@

build: setup
	$(BIN)/teneleven build --bundle $(BUNDLE) $(if $(DATA),--data $(DATA))

run: setup
	$(BIN)/teneleven build --if-changed --bundle $(BUNDLE) $(if $(DATA),--data $(DATA))
	$(BIN)/teneleven serve --bundle $(BUNDLE) --host $(HOST) --port $(PORT)

test: develop
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: develop
	$(BIN)/python -m bench --bundle $(BUNDLE) $(if $(DATA),--data $(DATA))

# The documentation as a site that is read from disk, with search: build/docs/index.html.
docs: develop
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The wheel, the source distribution and the bill of materials, in dist/.
dist: develop
	$(BIN)/python -m build --quiet --no-isolation --outdir dist .
	$(BIN)/teneleven licences --check --sbom --lock requirements.lock > dist/teneleven.cdx.json

# Chooses versions anew within pyproject.toml's bounds and writes their hashes; needs uv on the path.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11
lock:
	$(LOCK) pyproject.toml --extra all --group pyproject.toml:setup -o requirements.lock
	$(LOCK) pyproject.toml --extra all --extra dev --extra payment --extra mcp -c requirements.lock -o requirements-dev.lock
	$(LOCK) pyproject.toml --extra spark -c requirements.lock -c requirements-dev.lock -o requirements-spark.lock

clean:
	rm -rf $(BUNDLE) dist .mypy_cache .ruff_cache .pytest_cache
