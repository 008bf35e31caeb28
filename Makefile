SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Where the ensure-* scripts put what the machine lacks.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

PORT ?= 8000
DATA ?= var

# What `make up` runs.
UP ?= var/up
RELAYS ?= 2
WORKERS ?= 2
MASTERS ?= 3

# What `make sagas` does.
SAGAS ?= 200

# What `make load` does.
SOCKETS ?= 50000
NODES ?= 3
RAMP ?= 50
HOLD ?= 300
ANNOUNCEMENTS ?= 20
SCENARIOS ?= hold announce storm
OPTIONS ?=
HOST ?= http://localhost:8000

# What `make chaos` does.
N ?= 20
FIRST ?= 1
BROKER ?= redis
PAUSE ?=
# What `make deaths` does.
AT_ONCE ?= 60
EVERY ?= 1

PY := .venv/bin/python
INSTALLED := .venv/.installed
NPM_CLIENT := tests/wire/node/node_modules/.installed
NPM_SERVER := tests/bench/engine/servers/node/node_modules/.installed
# Prints what a command said only if it failed.
quietly = out=$$($(1) 2>&1) || { echo "$$out"; exit 1; }

WEB := web/dist/index.html
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print)

help: ## say what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: $(INSTALLED) ## install what the server needs into .venv
	@:

run: $(INSTALLED) $(WEB) ## serve everything in one process with demo data (PORT=8000 DATA=var)
	@PORT="$(PORT)" DATA="$(DATA)" exec $(PY) -m realtime

up: $(INSTALLED) $(WEB) ## the scaled mode on this machine: PostgreSQL, a Redis Cluster, 3 nodes, 2 relays, 2 workers (PORT UP NODES RELAYS WORKERS MASTERS)
	@scripts/ensure-packages redis-server postgresql
	@exec $(PY) -m scripts.up up --folder "$(UP)" --port $(PORT) --web $(NODES) --relay $(RELAYS) --worker $(WORKERS) --masters $(MASTERS)

down: $(INSTALLED) ## end what make up runs
	@$(PY) -m scripts.up down --folder "$(UP)"

check: $(INSTALLED) ## lint, format, types, architecture
	@$(PY) -m ruff check -q .
	@$(PY) -m ruff format -q --check .
	@$(call quietly,$(PY) -m mypy)
	@$(call quietly,.venv/bin/lint-imports)

test: servers $(INSTALLED) $(WEB) $(NPM_CLIENT) $(NPM_SERVER) ## every test, with real databases, brokers and browsers
	@cd web && npm run --silent check && npm test --silent
	@$(PY) -m pytest -q -n 2

protocol-suites: $(INSTALLED) ## Socket.IO's own protocol suites (CHECKOUT=a clone of socketio/socket.io)
	@scripts/ensure-node
	@scripts/protocol-suites $(CHECKOUT)

sagas: servers $(INSTALLED) ## many bookings at once while gateways, workers, suppliers and clients fail (SAGAS)
	@SAGAS=$(SAGAS) $(PY) -m pytest -q tests/integration/test_many_sagas.py

coverage: servers $(INSTALLED) ## privacy, rooms and the domain: every branch, or the check fails
	@$(PY) -m pytest -q -n 2 tests/unit tests/property tests/contract --cov --cov-report=term-missing:skip-covered

bench: servers $(INSTALLED) ## measure commits, computations, the way to Redis, the whole stack, the way of a fact, the relays, whole bookings, what is killed under load, and the server against its peers, into docs/BENCHMARKS.md (BENCH_QUICK=1 BENCH_ROUNDS=5)
	@$(PY) -m tests.bench.commit $(if $(BENCH_QUICK),--rounds 1 --seconds 0.5) | $(PY) -m tests.bench.page commit
	@$(PY) -m tests.bench.computation $(if $(BENCH_QUICK),--rounds 1 --seconds 0.3) | $(PY) -m tests.bench.page computation
	@$(PY) -m tests.bench.broker $(if $(BENCH_QUICK),--rounds 1 --number 30000) | $(PY) -m tests.bench.page broker
	@$(PY) -m tests.bench.stack $(if $(BENCH_QUICK),--authors 4 --seconds 1) | $(PY) -m tests.bench.page stack
	@$(PY) -m tests.bench.delivery $(if $(BENCH_QUICK),--seconds 2 --rates 20) | $(PY) -m tests.bench.page delivery
	@$(PY) -m tests.bench.relays $(if $(BENCH_QUICK),--rounds 1 --seconds 1) | $(PY) -m tests.bench.page relays
	@$(PY) -m tests.bench.workflows $(if $(BENCH_QUICK),--rounds 1 --bookings 10 --commands 20) | $(PY) -m tests.bench.page workflows
	@$(PY) -m tests.bench.failover $(if $(BENCH_QUICK),--rounds 1 --watchers 4 --seconds 2) | $(PY) -m tests.bench.page failover
	@$(MAKE) -s $(NPM_SERVER) || true
	@$(PY) -m tests.bench.engine

load: servers $(INSTALLED) ## hold 50,000 sockets on this machine and kill a node (SOCKETS NODES RAMP HOLD ANNOUNCEMENTS SCENARIOS OPTIONS)
	@$(PY) -m loadtests.drive $(SCENARIOS) --sockets $(SOCKETS) --nodes $(NODES) --ramp $(RAMP) --hold $(HOLD) \
	  --announcements $(ANNOUNCEMENTS) $(OPTIONS)

load-smoke: servers $(INSTALLED) ## the same with 1,000 sockets, in less than a minute
	@$(PY) -m loadtests.drive hold announce storm --sockets 1000 --nodes 2 --ramp 10 --hold 3 --announcements 4 --every 0.5

chaos: servers $(INSTALLED) ## break everything while people work, N seeds of it, and sum it up in docs/CHAOS.md (N FIRST BROKER PAUSE)
	@$(PY) -m tests.chaos --seeds $(N) --first $(FIRST) --broker $(BROKER) --pause "$(PAUSE)" --page

deaths: servers $(INSTALLED) ## kill a worker at every boundary of its workflows' steps, on both databases (AT_ONCE EVERY)
	@$(PY) -m tests.chaos.deaths --at-once $(AT_ONCE) --every $(EVERY)

load-web: $(INSTALLED) ## Locust's page on http://localhost:8089, for a server at HOST
	@.venv/bin/locust -f loadtests/locustfile.py --host $(HOST)

screenshots: servers $(INSTALLED) $(WEB) ## take the pictures in docs/screenshots again
	@$(PY) -m scripts.screenshots

web: $(WEB) ## build the browser app into web/dist
	@:

types: $(INSTALLED) web/node_modules/.installed ## make the browser app's types and docs/asyncapi.json from the server's schemas
	@$(PY) -m scripts.browser_types web/src/generated
	@$(PY) -m realtime.asyncapi docs/asyncapi.json

migrate: $(INSTALLED) ## bring the database of SPIRIT_DATABASE_URL up to date
	@$(PY) -m backend.adapters.db.migrate

lock: .tools/.uv-ready ## pin what pyproject.toml asks for in requirements.lock, and with the extra in requirements-aioredis-cluster.lock
	@uv pip compile -q pyproject.toml --group dev --group load --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' -o requirements.lock
	@uv pip compile -q pyproject.toml --extra aioredis-cluster --group contract --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' -o requirements-aioredis-cluster.lock

.tools/aioredis-cluster/.installed: requirements-aioredis-cluster.lock | .tools/.uv-ready
	@[ -x $(@D)/bin/python ] || uv venv -q --python $(PY) $(@D)
	@uv pip sync -q --require-hashes --python $(@D)/bin/python requirements-aioredis-cluster.lock
	@touch $@

clean: ## remove what make can make again (your data in var/ stays)
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov web/node_modules web/dist tests/wire/node/node_modules tests/bench/engine/servers/node/node_modules

servers:
	@scripts/ensure-packages redis-server postgresql chromium

.tools/.uv-ready:
	@scripts/ensure-uv
	@mkdir -p $(@D) && touch $@

$(INSTALLED): requirements.lock | .tools/.uv-ready
	@echo "Installing Python packages ..."
	@[ -x $(PY) ] || uv venv -q .venv
	@uv pip sync -q --require-hashes --compile-bytecode --python $(PY) requirements.lock
	@touch $@

%/node_modules/.installed: %/package-lock.json | $(INSTALLED)
	@scripts/ensure-node
	@echo "Installing npm packages of $* ..."
	@cd $* && npm ci --silent --no-audit --no-fund
	@touch $@

$(WEB): web/node_modules/.installed $(WEB_SOURCES)
	@echo "Building the browser app ..."
	@cd web && $(call quietly,npm run --silent build)
	@touch $@

.PHONY: help setup run up down check test protocol-suites coverage bench chaos deaths load load-smoke load-web screenshots web types migrate lock clean servers
