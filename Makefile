# minernews: `make` alone prints this help.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
MANAGE := $(BIN)/python manage.py
.DEFAULT_GOAL := help
.PHONY: help setup run dev test check browser-tests bench bench-kill format preflight

help: ## print this help
	@echo "minernews: make TARGET [PORT=8000] [DATA_DIR=var] [PYTHON=python3]"
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

preflight:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "minernews: no $(PYTHON) on this machine; Python 3.11 or newer is needed" >&2; exit 1; }
	@$(PYTHON) minernews/preflight.py $(filter run dev,$(MAKECMDGOALS:dev=run))

setup: preflight $(VENV)/.runtime ## only install: virtualenv in .venv and what minernews runs on

run: setup ## the site as in production, samples imported, at http://127.0.0.1:8000
	@exec $(MANAGE) serve

dev: setup ## the autoreloading development server
	@DEBUG=true $(MANAGE) serve --prepare-only
	@DEBUG=true exec $(MANAGE) runserver $${HOST:-127.0.0.1}:$${PORT:-8000}

test: $(VENV)/.tools ## everything needed, then the whole test suite
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.tools ## what .ci/run runs: lint, types, system checks, tests on SQLite and PostgreSQL
	@BIN=$(BIN) sh .ci/check

format: $(VENV)/.tools ## put the code into its form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/.tools ## the figures: queries a page, import rate, time to first page
	@$(BIN)/python bench/pages.py && $(BIN)/python bench/import.py && $(BIN)/python bench/first_page.py

bench-kill: $(VENV)/.tools ## kill imports and exports at 500 moments, and compare what they make in the end
	@$(BIN)/python bench/kill.py --points 500

$(VENV)/bin/python: | preflight
	@echo "Installing into $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --prefer-binary -r requirements.txt >$(VENV)/install.log 2>&1 || { cat $(VENV)/install.log >&2; echo "minernews: installing failed; the log is $(VENV)/install.log" >&2; exit 1; }
	@touch $@

$(VENV)/.tools: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install -q --prefer-binary -r requirements-dev.txt >$(VENV)/install.log 2>&1 || { cat $(VENV)/install.log >&2; echo "minernews: installing failed; the log is $(VENV)/install.log" >&2; exit 1; }
	@touch $(VENV)/.runtime $@
