# make demo    install into .venv and show the router at work
# make test    all tests, lint and types; fault tests in their short forms
# make chaos   the long forms of the fault tests; CHAOS_DELIVERIES=50000 makes fewer than a million
# make bench   the benchmarks
# make scores  what detection finds of labelled data, and what it costs
# make check   lint and types alone
# make docs    write what the pages take from the code anew

VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find router destinations -type f ! -name '*.pyc')
NEWEST_FIRST := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(shell for p in $(NEWEST_FIRST); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# What was installed for development serves the demonstration as well.
INSTALLED := $(if $(wildcard $(VENV)/developed),$(VENV)/developed,$(VENV)/installed)

.PHONY: demo test chaos bench scores check docs clean
.DEFAULT_GOAL := test

demo: $(INSTALLED)
	$(BIN)/router demo

test: check
	$(BIN)/pytest -n 2

chaos: $(VENV)/developed
	$(BIN)/pytest -m chaos

bench: $(INSTALLED)
	$(BIN)/router bench

scores: $(VENV)/developed
	$(BIN)/python -m tests.decide.detect.scores
	$(BIN)/python -m tests.decide.detect.costs

check: $(VENV)/developed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

docs: $(VENV)/developed
	$(BIN)/python -m tests.house.filemap --write
	$(BIN)/python -m tests.house.pages --write
	$(BIN)/python -m tests.destinations.reference --write

clean:
	rm -rf $(VENV) build dist

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "The router needs Python 3.11 or newer, and $$(python3 --version 2>&1) is here." \
		"Install one, or name one: make $(or $(MAKECMDGOALS),test) PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: pyproject.toml $(SOURCES) | $(VENV)/python
	$(BIN)/pip install --quiet --disable-pip-version-check .
	@touch $@

$(VENV)/developed: pyproject.toml | $(VENV)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
