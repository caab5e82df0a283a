# Two commands do everything: `make demo` and `make test`. `make` alone lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= demo-data
USERS ?= 300000
DAYS ?= 365
DATA ?= .data/bench

.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.product: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the product …"
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.tests: requirements-test.lock $(VENV)/.product
	@echo "installing what tests need …"
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-test.lock
	@touch $@

install: $(VENV)/.product $(VENV)/.tests ## install the product and what its tests need into .venv

demo: $(VENV)/.product ## install, generate the sample, serve on http://localhost:8080
	@$(BIN)/audience-builder demo --data $(DEMO_DATA) --users $(USERS) --days $(DAYS)

korean: $(VENV)/.product ## install the Korean morpheme analyser too (its model comes as a source archive of plain data)
	@$(INSTALL) --require-hashes --only-binary :all: --no-binary kiwipiepy-model -r requirements-korean.lock

gemini: $(VENV)/.product ## install the client of Gemini too (off until a key is set: docs/language.md)
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-gemini.lock

capture: $(VENV)/.product ## install what follows an operational PostgreSQL too (Debezium; needs Java 17)
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-capture.lock

kafka: $(VENV)/.product ## install the client of Kafka too, for a stream that lies there
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-kafka.lock

test: $(VENV)/.tests lint types docs-check test-web ## install what tests need and run every test
	@$(BIN)/pytest -n 2 --dist worksteal

NODE := $(BIN)/python -m tools.node

web/node_modules/.installed: $(VENV)/.tests web/package-lock.json web/codegen/package-lock.json
	@echo "installing what the web application is built with …"
	@# Not `npm ci` for the first: it refuses a lock without the packages of platforms its registry does not serve. What is
	@# installed is what the lock says, by its hashes, and the lock stays as it is.
	@$(NODE) npm install --no-save --prefix web && $(NODE) npm ci --prefix web/codegen
	@touch $@

web: web/node_modules/.installed ## build the web application into the package (audience_builder/api/page)
	@$(NODE) npm --prefix web run codegen && $(NODE) npm --prefix web run build

test-web: web/node_modules/.installed ## the web application: style, types, tests, and whether what is built is current
	@$(NODE) npm --prefix web run check -- --without-browser

web/provider/node_modules/.installed: web/node_modules/.installed web/provider/package-lock.json
	@$(NODE) npm ci --prefix web/provider
	@touch $@

journeys: web/node_modules/.installed web/provider/node_modules/.installed ## the same, and a marketer's journeys in a real Chromium (/usr/bin/chromium, or CHROMIUM=…)
	@$(NODE) npm --prefix web run check

laws: $(VENV)/.tests ## the laws at length: 10,000 generated rules over 100 generated people, every engine; 5,000 a language read aloud and back; 10,000 orders of deliveries
	@$(BIN)/pytest tests/laws tests/rule tests/apply -m laws -n 2 --dist worksteal

mutants: $(VENV)/.tests ## seed faults in engines and index and see whether the laws catch them (long; goes on where it stopped)
	@$(BIN)/python -m tools.mutants

bench: $(VENV)/.tests ## measure the product beside its rivals on the data found (DATA=folder) and write docs/performance.md
	@$(BIN)/python -m bench --data $(DATA)

growth: $(VENV)/.tests ## counts over indexes of several sizes (FOLDERS=… made by python -m bench.index_only); writes docs/growth.md
	@$(BIN)/python -m bench.growth $(FOLDERS)

test-live: $(VENV)/.tests capture ## a real PostgreSQL and a real Debezium: from a booking's commit to a moved count, with kills (needs postgresql-15 and Java 17)
	@$(BIN)/python -m tools.live

bench-live: $(VENV)/.tests ## events a second from being sent to being counted, while counts are asked; writes docs/live-performance.md
	@$(BIN)/python -m bench.live

bench-sockets: $(VENV)/.tests ## a thousand live connections, a hundred of them standing still, and a server killed meanwhile; writes docs/socket-performance.md
	@$(BIN)/python -m bench.sockets

bench-membership: $(VENV)/.tests ## what recording memberships costs at a million users and 200 audiences; writes docs/membership-performance.md
	@$(BIN)/python -m bench.membership

kill: $(VENV)/.tests ## kill what takes, captures, applies, saves and records a thousand times, and cut its power 300 times: nothing may be lost or counted twice
	@$(BIN)/python -m tools.killing
	@$(BIN)/python -m tools.killing --power-cuts --times 300

bench-vault: $(VENV)/.tests ## measure the contacts vault (a million contacts) and the audit trail: the figures of docs/privacy.md and docs/audit.md
	@$(BIN)/python -m bench.vault

bench-http: $(VENV)/.tests ## counts a second over HTTP from one worker, on the data found (DATA=folder); writes docs/http-performance.md
	@$(BIN)/python -m bench.http --data $(DATA)

bench-web: web/node_modules/.installed ## what a marketer waits for in a real Chromium, on the data found (DATA=folder; made there first); writes docs/web-performance.md
	@$(BIN)/python -m bench.web --data $(DATA)

lint: $(VENV)/.tests ## style and layers
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && $(BIN)/lint-imports --no-cache > /dev/null

types: $(VENV)/.tests ## strict types
	@$(BIN)/pyright

docs: $(VENV)/.tests ## write the generated documents anew
	@$(BIN)/python -m tools.docs

docs-check: $(VENV)/.tests ## are the generated documents current?
	@$(BIN)/python -m tools.docs --check

# The extras stay in the locks: pip asks for the newest release of a package named with an extra that has no pin of its own.
LOCK := $(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --no-strip-extras --generate-hashes --python-version 3.11 pyproject.toml

lock: $(VENV)/.tests ## resolve the dependencies anew into the two locks (no addresses in them)
	@$(LOCK) --extra build -o requirements.lock
	@$(LOCK) --extra build --extra clickhouse --extra test -c requirements.lock -o requirements-test.lock
	@$(LOCK) --extra build --extra korean -c requirements.lock -o requirements-korean.lock
	@$(LOCK) --extra build --extra gemini -c requirements.lock -o requirements-gemini.lock
	@$(LOCK) --extra build --extra capture -c requirements.lock -o requirements-capture.lock
	@$(LOCK) --extra build --extra kafka -c requirements.lock -o requirements-kafka.lock

clean: ## remove what was installed and generated
	@rm -rf $(VENV) $(DEMO_DATA) .pytest_cache .ruff_cache .hypothesis

.PHONY: growth bench-sockets bench-live bench-membership kill kafka capture test-live help install demo korean gemini test web test-web journeys laws mutants bench bench-vault lint types docs docs-check lock clean bench-http bench-web
