# Everything a newcomer needs: `make run` shows the main job, `make test` checks the whole.
# Needs Python 3.11, make and git; all else is installed into .venv from the locked list.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
DESK ?= desk
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help setup run test check unit reference lock clean train-annotator train-events train-relations

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: $(VENV)/.run-stamp ## make .venv with all that détente needs to run

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-stamp: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev-stamp: requirements-dev.txt $(VENV)/.run-stamp
	$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	touch $@

run: setup ## read the example reports and write the brief: desk/brief.html
	mkdir -p $(DESK)
	test -e $(DESK)/desk.toml || cp examples/desk.toml $(DESK)/desk.toml
	$(BIN)/detente run examples/reports --pack-folders examples/pack --desk $(DESK) --known-at 2026-01-08
	$(BIN)/detente run examples/later --pack-folders examples/pack --desk $(DESK) --known-at 2026-01-20

test: check unit ## all checks and all tests

check: $(VENV)/.dev-stamp ## style, types and the floors of the architecture
	$(BIN)/ruff check src tests evals training benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.dev-stamp ## the tests alone
	$(BIN)/python -m pytest -rfEs

reference: setup ## write the generated pages of docs/reference anew
	$(BIN)/python -m tests.reference

lock: $(VENV)/.dev-stamp ## write the locked lists anew from the ranges in pyproject.toml
	$(PIP) install --quiet pip-tools
	$(BIN)/pip-compile $(LOCK) -o requirements.txt pyproject.toml requirements-build.in
	$(BIN)/pip-compile $(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml requirements-build.in

LOCK := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --no-emit-options

# Training has an environment of its own: its frameworks are never installed to run or test détente.
TRAIN := training/runs/env/bin/python

training/runs/env/.stamp: requirements.txt training/requirements.txt
	$(PYTHON) -m venv training/runs/env
	$(TRAIN) -m pip install --quiet --require-hashes -r requirements.txt
	$(TRAIN) -m pip install --quiet -r training/requirements.txt
	$(TRAIN) -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

train-annotator: training/runs/env/.stamp ## train the annotator on $(SHARED)/data and ship it
	$(TRAIN) -m training.annotator --shared $(SHARED) --out src/detente/models/annotator

train-events: training/runs/env/.stamp ## train the event reader and ship it
	$(TRAIN) -m training.events --shared $(SHARED)

train-relations: training/runs/env/.stamp ## train the relation classifier and ship it
	$(TRAIN) -m training.relations --shared $(SHARED) --ship

clean: ## remove what was made, but not the desk
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
