# Two commands do everything: `make demo` and `make test`. `make` alone lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= demo-data
USERS ?= 300000
DAYS ?= 365

.DEFAULT_GOAL := help

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(VENV)/.installed ## install the product and what its tests need into .venv

demo: $(VENV)/.installed ## install, generate the sample, serve on http://localhost:8080
	@$(BIN)/audience-builder demo --data $(DEMO_DATA) --users $(USERS) --days $(DAYS)

test: $(VENV)/.installed lint types docs-check ## install what tests need and run every test
	@$(BIN)/pytest -n 2 --dist worksteal

laws: $(VENV)/.installed ## the laws at length: 10,000 generated rules over 100 generated people, three engines
	@$(BIN)/pytest tests/laws -m laws -n 2 --dist worksteal

bench: $(VENV)/.installed ## measure counts, facets and edits at 1 M users against DuckDB in the same run
	@$(BIN)/python -m bench

lint: $(VENV)/.installed ## style and layers
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && $(BIN)/lint-imports --no-cache > /dev/null

types: $(VENV)/.installed ## strict types
	@$(BIN)/pyright --level error > /tmp/pyright.$$$$ || (cat /tmp/pyright.$$$$; rm -f /tmp/pyright.$$$$; exit 1); rm -f /tmp/pyright.$$$$

docs: $(VENV)/.installed ## write the generated documents anew
	@$(BIN)/python -m tools.docs

docs-check: $(VENV)/.installed ## are the generated documents current?
	@$(BIN)/python -m tools.docs --check

lock: ## resolve the dependencies anew into requirements.lock (no addresses in it)
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --generate-hashes --all-extras --python-version 3.11 pyproject.toml -o requirements.lock

clean: ## remove what was installed and generated
	@rm -rf $(VENV) $(DEMO_DATA) .pytest_cache .ruff_cache .hypothesis

.PHONY: help install demo test laws bench lint types docs docs-check lock clean
