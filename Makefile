# Every target does its own set-up; a second run finds it done.
#
#   make demo    the sample region and its factory, and portals to look at them (PORT=… the port)
#   make test    every test, Spark included
#   make check   style, types, floors, generated pages
#   make bench   the speed claims, each against its peer
#   make docs    writes the generated pages again
#   make lock    resolves the dependencies again

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
DEMO_HOME ?= demo-home
# Where the portal of the demo listens; the program's own choice where empty, 0 for any free port.
PORT ?=
# The first of these that is 3.11 or newer; `make PYTHON=…` chooses another.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
  $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# What the tests take besides: make test ARGS="-k region"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs lock clean

help:
	@sed -n 's/^#  //p' Makefile

demo: $(VENV)/.runtime
	@$(BIN)/ballast demo --home $(DEMO_HOME) $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev
	@.ci/test $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	$(BIN)/python -m pytest -q tests/test_words.py tests/test_docs.py tests/test_layout.py tests/test_face.py

bench: $(VENV)/.dev
	@export JAVA_HOME="$$(.ci/java-home)"; \
	set -e; shopt -s nullglob; for program in benchmarks/*.py; do \
	  echo "== $$program"; $(BIN)/python "$$program"; done

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

# The two locks agree, so that either may be installed over the other.
lock: $(VENV)-lock/bin/uv
	$< pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --extra spark --extra dev --group build pyproject.toml --output-file requirements-dev.lock
	$< pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --group build --constraint requirements-dev.lock pyproject.toml --output-file requirements.lock

$(VENV)-lock/bin/uv:
	@$(PYTHON) -m venv --clear $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip --quiet --disable-pip-version-check install 'uv>=0.8'

# The lock holds setuptools too: building Ballast itself then fetches nothing that is not hashed.
$(VENV)/.runtime: requirements.lock pyproject.toml
$(VENV)/.dev: requirements-dev.lock pyproject.toml
$(VENV)/.runtime $(VENV)/.dev: | $(BIN)/pip
	@echo "Setting up $(VENV) from $< (a minute or two, the first time)"
	@$(PIP) install --require-hashes --requirement $<
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "Ballast needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

clean:
	rm -rf $(VENV) $(VENV)-lock $(DEMO_HOME) $(DEMO_HOME)-factory build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
