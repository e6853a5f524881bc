# Every chore of the project. `make run` and `make test` need nothing but Python 3.11 or later and make.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check bench build migrate openapi schema lock clean

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/shared

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

$(READY): requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed and was not found on PATH."; exit 1; }
	@echo "Setting up: virtual environment ($$($(PYTHON) --version)) and pinned dependencies…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $(READY)

setup: $(READY) ## Create the virtual environment with the pinned dependencies

run: $(READY) ## Run the whole product on this machine (PORT, DATABASE_URL, AUTH0_DOMAIN, AUTH0_AUDIENCE, …)
	@exec $(BIN)/python -m local

demo: $(READY) ## Drive the whole flow over HTTP, against a running or freshly started instance
	@$(BIN)/python -m local.demo

test: $(READY) ## Run all tests
	@$(BIN)/python -m pytest $(ARGS)

check: $(READY) ## Lint, types, import direction, generated files, template
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python supabase/generate_sqlite.py --check
	$(BIN)/python -m local.openapi --check
	$(BIN)/cfn-lint template.yaml

bench: $(READY) ## Measure; prints tables and writes bench/results/*.json
	@$(BIN)/python -m bench

build: $(READY) ## Build every function and the layer with SAM
	@$(BIN)/python -m bench.build

migrate: $(READY) ## Bring DATABASE_URL to the newest schema (DRY_RUN=1 only tells)
	@test -n "$(DATABASE_URL)" || { echo "Say which database: make migrate DATABASE_URL=postgresql://…"; exit 1; }
	@$(BIN)/python -m noillusion.db.migrate '$(DATABASE_URL)' $(if $(DRY_RUN),--dry-run)

openapi: $(READY) ## Write docs/openapi.json from the code
	@$(BIN)/python -m local.openapi

schema: $(READY) ## Write the embedded engine's schema from supabase/migrations
	@$(BIN)/python supabase/generate_sqlite.py

lock: $(READY) ## Pin requirements/*.in with hashes
	@for name in layer generate dev e2e; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links requirements/$$name.in -o requirements/$$name.txt; done

clean: ## Remove everything that was made here
	rm -rf $(VENV) .local .aws-sam .mypy_cache .ruff_cache bench/results
