# Every chore of the project. `make run` and `make test` need nothing but Python 3.11 or later and make.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run demo pgbouncer test test-browsers coverage trust check lint-openapi bench bench-calls bench-due bench-generation bench-isolation bench-leaving bench-reads bench-schedules bench-storage bench-versions bench-webhooks bench-worker build deploy-local e2e migrate openapi examples bad-inputs schema schema-dump lock clean audit advisories oldest

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAM_VENV := .venv-e2e
SAM_READY := $(SAM_VENV)/.ready
EMULATOR_VENV := .venv-ministack
EMULATOR_READY := $(EMULATOR_VENV)/.ready
LAMBDA_VENV := .venv-lambda
AUDIT_VENV := .venv-audit
AUDIT_READY := $(AUDIT_VENV)/.ready
FUZZ_VENV := .venv-fuzz
FUZZ_READY := $(FUZZ_VENV)/.ready
CLIENTS_VENV := .venv-clients
SDKS_VENV := .venv-sdks
SDKS_READY := $(SDKS_VENV)/.ready
AI_SERVERS_VENV := .venv-ai-servers
AI_SERVERS_READY := $(AI_SERVERS_VENV)/.ready
LITELLM_VENV := .venv-litellm
LITELLM_READY := $(LITELLM_VENV)/.ready
# The oldest Python that is supported, as python3.11 or among the versions of pyenv.
OLDEST := 3.11
OLDEST_PYTHON ?= $(shell for p in python$(OLDEST) $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$(OLDEST).*/bin/python; do if $$p -c 'import ensurepip, sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != "$(OLDEST)")' 2>/dev/null; then echo $$p; break; fi; done)
OLDEST_VENV := .venv-$(OLDEST)
OLDEST_READY := $(OLDEST_VENV)/.ready
CLIENTS_READY := $(CLIENTS_VENV)/.ready
NODE_PROJECTS := tools/node clients/typescript
NODE_READY := $(NODE_PROJECTS:%=%/node_modules/.ready)
# Tests wait more than they compute, so more of them run at once than there are processors.
WORKERS ?= 4
export PYTHONPATH := $(CURDIR):$(CURDIR)/layers/shared
# Where the caller forbids bytecode, each of the hundreds of processes that tests start would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
# glibc would keep the memory of every file that a test has sent: 303 instead of 137 MB after one module of tests. Benchmarks do without:
# each piece of a stream would be mapped again, which takes three times the processor time.
test coverage trust: export MALLOC_MMAP_THRESHOLD_ := 131072

help: ## Show this help
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

# An environment of an earlier attempt that failed, or of a Python that is too old or gone, is made again.
$(READY): requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is required and was not found on PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or later is required. $(PYTHON) is $$($(PYTHON) --version 2>&1 || true)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; exit 1; }
	@{ $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { test -x $(BIN)/uv || $(BIN)/python -m pip --version; }; } \
	  >/dev/null 2>&1 || rm -rf $(VENV)
	@echo "Setting up the virtual environment ($$($(PYTHON) --version)) and pinned dependencies. This takes a minute or two…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $(READY)
	@echo "The virtual environment is ready."

$(SAM_READY): requirements/e2e.txt | $(READY)
	@echo "Setting up the SAM CLI in a separate environment…"
	@test -x $(SAM_VENV)/bin/python || $(PYTHON) -m venv $(SAM_VENV)
	@$(BIN)/uv pip install --quiet --python $(SAM_VENV)/bin/python --require-hashes -r requirements/e2e.txt
	@touch $(SAM_READY)

$(EMULATOR_READY): requirements/ministack.txt requirements/lambda.txt | $(READY)
	@command -v python3.13 >/dev/null || { echo "Functions run on Python 3.13, and python3.13 was not found on PATH."; exit 1; }
	@echo "Setting up the AWS emulator and the Lambda runtime in separate environments…"
	@for name in ministack lambda; do \
	  test -x .venv-$$name/bin/python || python3.13 -m venv --without-pip .venv-$$name; \
	  $(BIN)/uv pip install --quiet --python .venv-$$name/bin/python --require-hashes -r requirements/$$name.txt; done
	@touch $(EMULATOR_READY)

$(OLDEST_READY): requirements/dev.txt | $(READY)
	@echo "Setting up an environment with Python $(OLDEST) ($(OLDEST_PYTHON))…"
	@test -x $(OLDEST_VENV)/bin/python || $(OLDEST_PYTHON) -m venv --without-pip $(OLDEST_VENV)
	@$(BIN)/uv pip install --quiet --python $(OLDEST_VENV)/bin/python --require-hashes -r requirements/dev.txt
	@touch $(OLDEST_READY)

$(AUDIT_READY): requirements/audit.txt | $(READY)
	@echo "Setting up the audit tools in a separate environment…"
	@test -x $(AUDIT_VENV)/bin/python || $(PYTHON) -m venv $(AUDIT_VENV)
	@$(BIN)/uv pip install --quiet --python $(AUDIT_VENV)/bin/python --require-hashes -r requirements/audit.txt
	@touch $(AUDIT_READY)

$(FUZZ_READY): requirements/fuzz.txt | $(READY)
	@echo "Setting up Schemathesis in a separate environment…"
	@test -x $(FUZZ_VENV)/bin/python || $(PYTHON) -m venv $(FUZZ_VENV)
	@$(BIN)/uv pip install --quiet --python $(FUZZ_VENV)/bin/python --require-hashes -r requirements/fuzz.txt
	@touch $(FUZZ_READY)

$(CLIENTS_READY): requirements/clients.txt | $(READY)
	@echo "Setting up the tools of the Python client in a separate environment…"
	@test -x $(CLIENTS_VENV)/bin/python || $(PYTHON) -m venv $(CLIENTS_VENV)
	@$(BIN)/uv pip install --quiet --python $(CLIENTS_VENV)/bin/python --require-hashes -r requirements/clients.txt
	@touch $(CLIENTS_READY)

$(SDKS_READY): requirements/sdks.txt | $(READY)
	@echo "Setting up the clients of others in a separate environment…"
	@test -x $(SDKS_VENV)/bin/python || $(PYTHON) -m venv $(SDKS_VENV)
	@$(BIN)/uv pip install --quiet --python $(SDKS_VENV)/bin/python --require-hashes -r requirements/sdks.txt
	@touch $(SDKS_READY)

$(AI_SERVERS_READY): requirements/ai-servers.txt | $(READY)
	@echo "Setting up a server of others for tests of AI in a separate environment…"
	@test -x $(AI_SERVERS_VENV)/bin/python || $(PYTHON) -m venv --without-pip $(AI_SERVERS_VENV)
	@$(BIN)/uv pip install --quiet --python $(AI_SERVERS_VENV)/bin/python --require-hashes -r requirements/ai-servers.txt
	@touch $(AI_SERVERS_READY)

$(LITELLM_READY): requirements/litellm.txt | $(READY)
	@echo "Setting up LiteLLM in a separate environment…"
	@test -x $(LITELLM_VENV)/bin/python || $(PYTHON) -m venv --without-pip $(LITELLM_VENV)
	@$(BIN)/uv pip install --quiet --python $(LITELLM_VENV)/bin/python --require-hashes -r requirements/litellm.txt
	@touch $(LITELLM_READY)

.PHONY: clients api-page test-clients test-sdks test-ai-servers node chromium
# Only these targets need Node.
node:
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { \
	  echo "This target needs Node 20 or later with npm, and they were not found on PATH. make run and make test do not need them."; exit 1; }

%/node_modules/.ready: %/package-lock.json | node
	@echo "Setting up the Node packages of $*…"
	@npm ci --silent --prefix $*
	@touch $@

# Two targets at once can need a package each, and apt-get serves one at a time.
INSTALL := flock /tmp/noillusion-apt.lock sh -c 'command -v $$0 || { apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq $$0; }'

# CHROMIUM names another Chromium or Chrome.
chromium:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Setting up Chromium for the tests…"; \
	    said=$$($(INSTALL) chromium 2>&1) || { \
	      echo "$$said" | tail -5; echo "Chromium could not be installed. Install it with your package manager, then try again."; exit 1; }; \
	  else echo "This target opens pages in Chromium: install it, or name another one with CHROMIUM=."; exit 1; fi; }

setup: $(READY) ## Create the virtual environment with the pinned dependencies

run: $(READY) ## Run the whole product locally (PORT, DATABASE_URL, AUTH0_DOMAIN, AUTH0_AUDIENCE, …)
	@exec $(BIN)/python -m local

# LINKEDIN_CLIENT_ID and so on name the operator's own registrations, as for make run. Without them the simulators are tested.
.PHONY: smoke
smoke: $(READY) ## Test a registration with a real account, or the simulators (PLATFORM=linkedin, REGISTRATION, MEDIA, LEAVE=1)
	@exec $(BIN)/python -m tools.smoke $(PLATFORM) $(if $(REGISTRATION),--registration $(REGISTRATION)) $(if $(MEDIA),--media "$(MEDIA)") \
	  $(if $(LEAVE),--leave) $(ARGS)

demo: $(READY) ## Run the whole flow over HTTP against a running or new instance
	@exec $(BIN)/python -m local.demo

# Tests need the real pooler, which is not a Python package. Without permission to install it, the tests that use it are skipped.
pgbouncer:
	@PATH="$$PATH:/usr/sbin:/usr/local/sbin"; command -v pgbouncer >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Setting up pgbouncer for the tests…"; \
	    said=$$($(INSTALL) pgbouncer 2>&1) || { \
	      echo "$$said" | tail -5; echo "pgbouncer could not be installed. Install it with your package manager, then try again."; exit 1; }; \
	  else echo "pgbouncer is not installed: tests that use the pooler are skipped."; fi; }

test: $(READY) pgbouncer ## Run all tests (WORKERS=4 in parallel, ARGS for pytest)
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

# Log in with libraries for frontends in Chromium, and test two issuers of others. The packages are pinned in tests/browsers.
test-browsers: $(READY) ## Log in with real frontend libraries and connect accounts in Chromium (needs Node 20 and Chromium; CHROMIUM=path)
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Node 20 or later with npm is required for these tests and was not found on PATH."; exit 1; }
	@cd tests/browsers && npm ci --ignore-scripts --loglevel=error && npm test --silent

# The short form of these tests is part of "make test".
coverage: $(READY) ## Report which lines and branches of the package the tests of units, flows, rules and handlers reach
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --cov noillusion --cov-branch --cov-report term:skip-covered \
	  tests/unit tests/flows tests/property tests/api $(ARGS)

ifeq ($(OLDEST_PYTHON),)
oldest: ## Import, start and test the product on the oldest Python that is supported (needs Python 3.11)
	@echo "Python $(OLDEST) was not found, neither as python$(OLDEST) nor among the versions of pyenv: NOTHING WAS TESTED ON IT."
else
oldest: $(OLDEST_READY)
	@echo "Testing on $$($(OLDEST_VENV)/bin/python --version)"
	@exec $(OLDEST_VENV)/bin/python -m pytest -n $(WORKERS) --dist loadscope $(ARGS) \
	  tests/unit/test_modules.py tests/flows/test_contract.py tests/flows/test_shapes.py tests/e2e/test_conditions.py
endif

trust: $(READY) ## Test against lost answers, killed functions and schedulers, all time zones on both databases (long)
	@TRUST=long exec $(BIN)/python -m pytest tests/trust tests/property/test_time_zones.py -n $(WORKERS) --dist loadscope --no-loadscope-reorder --show-capture=no $(ARGS)

.PHONY: fuzz test-fuzz
fuzz: $(READY) $(FUZZ_READY) ## Send requests made from the OpenAPI document to an instance on each database (long; ARGS=--seed=1)
	@exec $(BIN)/python -m tests.fuzz $(ARGS)

test-fuzz: $(READY) $(FUZZ_READY) ## The short form of "make fuzz", with the same requests every time
	@exec $(BIN)/python -m tests.fuzz --short $(ARGS)

check: $(READY) ## Check style, types, import contracts, generated files, the template and what will end (TODAY=2027-06-20)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.sqlite_schema --check
	$(BIN)/python -m tools.openapi --check
	$(BIN)/python -m openapi_spec_validator --subschema-errors all docs/openapi.json
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory lint-openapi; else echo "Node was not found: make lint-openapi is left out."; fi
	$(BIN)/cfn-lint template.yaml
	$(BIN)/python -m tools.sunsets $(if $(TODAY),--today $(TODAY))
	cmp requirements/layer.txt layers/shared/requirements.txt
	cmp requirements/generate.txt functions/generate/requirements.txt

lint-openapi: tools/node/node_modules/.ready ## Lint docs/openapi.json with the rules of tools/node/redocly.yaml (needs Node)
	@REDOCLY_SUPPRESS_UPDATE_NOTICE=true REDOCLY_TELEMETRY=off tools/node/node_modules/.bin/redocly lint --config tools/node/redocly.yaml docs/openapi.json

audit: $(AUDIT_READY) ## Audit the template and the code for security
	$(AUDIT_VENV)/bin/checkov --config-file .checkov.yaml
	$(AUDIT_VENV)/bin/bandit --quiet --configfile .bandit.yaml --recursive layers/shared/noillusion functions

# Strict: if the index has no advisories, this fails instead of finding nothing.
advisories: $(AUDIT_READY) ## Check the locked dependencies for known vulnerabilities
	$(AUDIT_VENV)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/layer.txt
	$(AUDIT_VENV)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/generate.txt

bench: $(READY) $(SAM_READY) ## Run the benchmarks; writes bench/results/*.json (ARGS=--document, ARGS=S6, ARGS="S12 --mib 64")
	@exec $(BIN)/python -m bench $(ARGS)

bench-versions: $(READY) $(SAM_READY) ## Compare cold starts with another version in one run (BEFORE=commit; ARGS=--document)
	@test -n "$(BEFORE)" || { echo "Name the version to compare with: make bench-versions BEFORE=v0.2.0"; exit 1; }
	@exec $(BIN)/python -m bench.versions $(BEFORE) $(ARGS)

bench-webhooks: $(READY) ## Benchmark webhooks of which some do not answer (ARGS="--endpoints 1000 --dead 100 --document")
	@exec nice $(BIN)/python -m bench.webhooks $(ARGS)

bench-generation: $(READY) $(LITELLM_READY) ## Benchmark an AI call and a fallback against the SDKs and LiteLLM's Router (S7 and S8; ARGS="--calls 200 --document")
	@exec nice $(BIN)/python -m bench.generation $(ARGS)

bench-calls: $(READY) ## Count platform calls for 1,000 posts whose figures are read (S9; ARGS="--rates 1 10 --document")
	@exec nice $(BIN)/python -m bench.calls $(ARGS)

bench-schedules: $(READY) ## Measure the question what is due, with 10 million scheduled posts (S11; ROWS=10000000)
	@ROWS=$(or $(ROWS),10000000) exec $(BIN)/python -m pytest -s --timeout 7200 tests/postgres/test_schedule_plans.py

bench-isolation: $(READY) ## Benchmark what others wait while a platform hangs or a user has very much due (S15; ARGS="--users 1000 --large 100000 --document")
	@exec nice $(BIN)/python -m bench.isolation $(ARGS)

bench-worker: $(READY) ## Benchmark the worker that reads figures, also with a database 3 ms away (S10; ARGS="--posts 10000 --document")
	@exec nice $(BIN)/python -m bench.worker $(ARGS)

bench-due: $(READY) ## Benchmark the query for due figures (S11; ARGS="--rows 10000000 --document")
	@exec nice $(BIN)/python -m bench.due $(ARGS)

bench-reads: $(READY) ## Benchmark reads of analytics (S14; ARGS="--rows 10000000 --document")
	@exec nice $(BIN)/python -m bench.reads $(ARGS)

bench-storage: $(READY) ## Count rows, bytes and WAL of figures (S16; ARGS="--targets 2000 --document")
	@exec nice $(BIN)/python -m bench.storage $(ARGS)

bench-leaving: $(READY) ## Benchmark the deletion of a large account (S13; ARGS="--others 10000000 --document")
	@exec nice $(BIN)/python -m bench.leaving $(ARGS)

api-page: tools/node/node_modules/.ready ## Build the reference page docs/api.html, which make run serves at /docs (needs Node)
	@node tools/node/page.mjs

clients: $(NODE_READY) $(CLIENTS_READY) ## Generate and build the TypeScript and the Python client and the collection (needs Node)
	@npm run --silent --prefix clients/typescript build
	@cd clients/typescript && npm pack --silent
	@cd clients/python && ../../$(CLIENTS_VENV)/bin/python generate.py && ../../$(CLIENTS_VENV)/bin/hatchling build -t wheel
	@node tools/node/collection.mjs

test-clients: $(READY) $(NODE_READY) $(CLIENTS_READY) chromium ## Test the clients, the reference page and the collection against a local instance (needs Node)
	@CLIENTS=1 $(BIN)/python -m pytest --timeout 300 tests/clients $(ARGS)

# Only what is in tests/sdks is collected: the other conftest.py need the product's environment.
test-sdks: $(READY) $(SDKS_READY) ## Test the simulators of the platforms with the clients of others (ARGS for pytest)
	@SDKS=1 exec $(SDKS_VENV)/bin/python -m pytest --confcutdir tests/sdks --timeout 120 tests/sdks $(ARGS)

test-ai-servers: $(READY) $(AI_SERVERS_READY) tests/ai_servers/node_modules/.ready ## Test generation against servers of others for the three AI providers (needs Node; ARGS for pytest)
	@AI_SERVERS=1 exec $(BIN)/python -m pytest --timeout 120 tests/ai_servers $(ARGS)

build: $(READY) $(SAM_READY) ## Build all functions and the layer with SAM (ARCHITECTURE=x86_64; default: arm64)
	@exec $(BIN)/python -m tools.build $(if $(ARCHITECTURE),--architecture $(ARCHITECTURE))

deploy-local: $(READY) $(SAM_READY) $(EMULATOR_READY) pgbouncer ## Build and deploy into a local AWS emulator; run it again to update (PARAMETERS="Name=value …")
	@exec $(BIN)/python -m tools.deploy_local

e2e: $(READY) $(SAM_READY) $(EMULATOR_READY) pgbouncer ## Build, deploy, test the deployed stack over HTTP, update it, test it again, remove it
	@E2E=1 exec $(BIN)/python -m pytest --timeout 900 tests/e2e_deployed $(ARGS)

migrate: $(READY) ## Migrate DATABASE_URL to the newest schema (DRY_RUN=1 only reports, LOGINS=1 creates the logins)
	@test -n "$${DATABASE_URL:-}" || { echo "Set the database: DATABASE_URL=postgresql://… make migrate"; exit 1; }
	@$(BIN)/python -m tools.migrate $(if $(DRY_RUN),--dry-run,$(if $(LOGINS),--logins))

openapi: $(READY) ## Generate docs/openapi.json, docs/errors.md, docs/prompts.md and docs/reference/kinds.md from the code
	@$(BIN)/python -m tools.openapi

examples: $(READY) ## Record the example responses of the OpenAPI document from a running instance
	@RECORD=1 $(BIN)/python -m pytest tests/e2e/test_examples.py
	@$(BIN)/python -m tools.openapi

bad-inputs: $(READY) ## Record the answers in docs/bad-inputs.md
	@RECORD=1 $(BIN)/python -m pytest tests/api/test_bad_inputs.py

schema: $(READY) ## Generate the SQLite schema from supabase/migrations
	@$(BIN)/python -m tools.sqlite_schema

schema-dump: $(READY) ## Dump the schema with example rows for the upgrade tests (VERSION=0.2.0)
	@test -n "$(VERSION)" || { echo "Name the release: make schema-dump VERSION=0.2.0"; exit 1; }
	@$(BIN)/python -m tests.support.dumps $(VERSION)

lock: $(READY) ## Lock requirements/*.in with hashes
	@for name in layer generate dev e2e audit clients sdks ai-servers litellm fuzz; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links requirements/$$name.in -o requirements/$$name.txt; done
	@for name in ministack lambda; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links requirements/$$name.in -o requirements/$$name.txt; done
	@cp requirements/layer.txt layers/shared/requirements.txt
	@cp requirements/generate.txt functions/generate/requirements.txt

clean: ## Remove what these targets created, but keep the data of make run (DATA=1 removes it as well)
	rm -rf $(VENV) $(OLDEST_VENV) $(AUDIT_VENV) $(FUZZ_VENV) $(CLIENTS_VENV) $(SDKS_VENV) $(AI_SERVERS_VENV) $(LITELLM_VENV) $(SAM_VENV) $(EMULATOR_VENV) $(LAMBDA_VENV) .aws-sam .mypy_cache .ruff_cache bench/results $(NODE_PROJECTS:%=%/node_modules) docs/api.html clients/*/dist tests/browsers/node_modules tests/browsers/next-app/.next tests/ai_servers/node_modules
	@if [ -n "$(DATA)" ]; then (set -x; rm -rf .local .local-platforms); \
	elif [ -e .local ]; then echo "Kept .local, the data of make run. To remove it as well: make clean DATA=1"; fi
