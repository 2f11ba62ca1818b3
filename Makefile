# Lanbi. From git, make and Python >= 3.11; everything else is made here, in .venv/ and .tools/.
# `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8080
DATA ?= ./demo-data
# Words for pytest, e.g. make unit ARGS="tests/calls -k answer"
ARGS ?=

BOOT = $(PYTHON) scripts/bootstrap.py
RUN = .venv/bin/python scripts/run_tests.py
PYTEST = .venv/bin/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup ui demo test check lint format types contracts unit e2e bench faults fuzz soak screens docs verify-docs clean

help: ## say what there is
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r a b; do printf '%-20s %s\n' "$$a" "$$b"; done

setup: ## everything a developer needs: uv, dependencies, the UI built
	@$(BOOT) sync test
	@$(PYTHON) scripts/ui_build.py

ui: ## build the screens when ui/ has changed
	@$(PYTHON) scripts/ui_build.py

demo: ## set up and start the demonstration (PORT=8080 DATA=./demo-data)
	@$(BOOT) sync demo
	@$(PYTHON) scripts/ui_build.py
	@exec .venv/bin/lanbi demo --data "$(DATA)" --port "$(PORT)"

test: ## everything: lint, types, contracts, UI, unit, PostgreSQL, browser
	@$(BOOT) sync test
	@$(PYTHON) scripts/test_needs.py
	@$(RUN) test -- $(ARGS)

check: ## the quick loop, under a minute: lint, types, contracts, unit tests
	@$(BOOT) sync test
	@$(RUN) check -- $(ARGS)

lint: ## ruff, on Python
	@$(BOOT) sync test
	@$(RUN) lint

format: ## let ruff lay out the Python
	@$(BOOT) sync test
	@.venv/bin/ruff format src tests scripts hatch_build.py $(wildcard bench)

types: ## basedpyright
	@$(BOOT) sync test
	@$(RUN) types

contracts: ## who may import whom
	@$(BOOT) sync test
	@$(RUN) contracts

unit: ## tests without browser (ARGS="tests/calls -k answer")
	@$(BOOT) sync test
	@$(PYTEST) -m "not browser and not slow" $(ARGS)

e2e: ## the browser's tests
	@$(BOOT) sync test
	@$(PYTHON) scripts/ui_build.py
	@$(PYTEST) -m browser $(ARGS)

bench: ## what is fast, measured; writes bench/results.json
	@$(BOOT) sync bench
	@.venv/bin/python -m bench $(ARGS)

faults: ## kills, full disks, moved clocks: the long form
	@$(BOOT) sync test
	@$(PYTEST) -m faults $(ARGS)

fuzz: ## models and codecs against many thousands of made-up inputs
	@$(BOOT) sync test
	@LANBI_HYPOTHESIS=fuzz $(PYTEST) -m "not browser and not faults and not slow" $(ARGS)

soak: ## the tests that take long
	@$(BOOT) sync test
	@$(PYTEST) -m slow $(ARGS)

screens: ## pictures of the screens, in screens/
	@$(BOOT) sync test
	@$(PYTHON) scripts/ui_build.py
	@LANBI_SCREENS="$(CURDIR)/screens" $(PYTEST) -m browser $(ARGS)

docs: ## write the pages that come from the code: docs/reference/commands.md
	@$(PYTHON) scripts/commands_page.py

verify-docs: ## what the documents say exists, exists
	@$(BOOT) sync test
	@$(PYTEST) tests/test_house.py -k docs $(ARGS)

clean: ## remove what was built and cached; .venv, .tools and demo-data stay
	@rm -rf dist build screens test-results ui/test-results src/lanbi/web/static .ruff_cache .hypothesis .import_linter_cache
	@find src tests scripts bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
