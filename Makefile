# Everything a person does in this project. `make` alone lists the commands.
# Each works in a fresh clone: what it needs, it sets up first.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
PYTHON := $(BIN)/python
UV := tools/uv.sh

# Further words for the command itself: make demo ARGS="--speed 10 --seed 3"
ARGS :=
# Test processes side by side, one for each core. 0 runs the tests in one process.
WORKERS := auto

# Run once, with their coverage, by tools/core-coverage.sh: beside the other tests, in the
# time in which those wait for a server, a page or a clock, and only then (nice).
CORE_LOG := .local/core-coverage.log
CORE_IS_RUN := $(addprefix --ignore=,tests/unit/domain tests/unit/engines tests/spec)

# A stamp for each finished step, newer than what the step was made from. The folder's
# own path is part of the name, since .venv holds it too: a copied or moved checkout
# sets itself up again instead of running the first one's code.
STAMPS := .local/setup-$(shell pwd | cksum | cut -d' ' -f1)

# What the program reads of the translations, made from the .po files beside them.
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard src/varde/web/locale/*/LC_MESSAGES/*.po))

# No interpreter is downloaded, and the caller's own Python environment stays out.
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# What is compiled is kept, in this folder: each process of the tests would compile all
# its packages again, which takes longer than many tests.
unexport PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX
export UV_COMPILE_BYTECODE := 1
# uv and Node follow the certificates that pip was told of.
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
export NODE_EXTRA_CA_CERTS ?= $(PIP_CERT)
endif

.PHONY: help
help:
	@echo "Varde. Commands (each sets up what it needs):"; echo
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/  make \1|\2/p' Makefile \
	    | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

# ---------------------------------------------------------------- to run it

.PHONY: demo
demo: setup site/index.html ## the made-up legevakt with its history and live traffic, and the server on it
	@exec $(BIN)/varde demo $(ARGS)

# ---------------------------------------------------------------- to change it

.PHONY: test
test: setup site/index.html ## all tests: unit, spec, integration, browser
	@nice -n 19 tools/core-coverage.sh >$(CORE_LOG) 2>&1 & core=$$!; \
	    trap 'kill $$core 2>/dev/null || true' EXIT; status=0; \
	    $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile \
	        $(if $(ARGS),$(ARGS),$(CORE_IS_RUN)) || status=$$?; \
	    echo "Domain and engines, with their coverage:"; \
	    wait $$core || status=$$?; cat $(CORE_LOG); exit $$status

.PHONY: test-fast
test-fast: setup ## unit and spec tests, under 20 seconds
	@$(PYTHON) -m pytest tests/unit tests/spec $(ARGS)

.PHONY: explore
explore: setup ## the properties again with new examples: ARGS="tests/unit/domain"
	@$(PYTHON) -m pytest -n $(WORKERS) --hypothesis-profile explore $(if $(ARGS),$(ARGS),tests/unit)

.PHONY: check
check: setup ## format, lint, imports, types, templates, migrations, locks, docs. Changes nothing
	@tools/check.sh

.PHONY: messages
messages: $(STAMPS)/packages ## gather the texts into the translations (needs gettext)
	@tools/messages.sh

.PHONY: fix
fix: setup ## what can be fixed by machine
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format
	@echo "Fixed what a machine can fix. The rest: make check"

.PHONY: bench
bench: setup ## the benchmarks of docs/benchmarks.md, their yardsticks side by side
	@$(PYTHON) -m benchmarks $(ARGS)

.PHONY: bench-rota
bench-rota: setup ## published rosters beside a plain CP-SAT model: ARGS="curtois:8 inrc1:sprint01 --seconds 600"
	@$(PYTHON) -m benchmarks.rota $(ARGS)

.PHONY: screenshots
screenshots: setup site/index.html ## every screen of the demo in docs/screens/, light and dark, wide and narrow
	@$(PYTHON) tools/screenshots.py

.PHONY: docs
docs: setup ## build the handbook into site/; its examples are run
	@tools/build-handbook.sh
	@tools/doc-examples.sh
	@echo "Built: site/index.html, served by Varde at /hjelp/"

# The program serves the handbook, so what starts the program builds it first.
site/index.html: $(shell find docs tools/handbook -type f) mkdocs.yml $(STAMPS)/varde
	@tools/build-handbook.sh
	@touch $@

# ---------------------------------------------------------------- to set it up

.PHONY: setup
setup: $(STAMPS)/varde $(STAMPS)/npm $(TRANSLATIONS) ## Python, Node and front-end packages, in this folder only

.PHONY: lock
lock: $(STAMPS)/packages ## fit requirements/ and package-lock.json to what is asked for (UPGRADE=1: newest)
	@tools/lock.sh $(if $(UPGRADE),upgrade,renew)
	@tools/npm.sh $(if $(UPGRADE),update,install) --package-lock-only
	@echo "Locked. Read the difference before you commit it: git diff requirements package-lock.json"

.PHONY: clean
clean: ## remove all that the commands above made in this folder, not the data
	@rm -rf .venv .tools node_modules site .local .coverage .coverage.* test-results \
	    .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build \
	    $(TRANSLATIONS)
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Clean. make setup makes it all again."

$(STAMPS)/uv: requirements/setup.txt
	@echo "setup: uv into .tools"
	@mkdir -p $(@D)
	@python=$$(tools/find-python.sh any); "$$python" -m venv --clear .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --only-binary :all: -r requirements/setup.txt
	@touch $@

$(STAMPS)/venv: $(STAMPS)/uv .python-version
	@python=$$(tools/find-python.sh); echo "setup: .venv with $$("$$python" -V)"; \
	    $(UV) venv --quiet --clear --python "$$python" .venv
	@touch $@

$(STAMPS)/packages: $(STAMPS)/venv requirements/dev.txt
	@echo "setup: locked Python packages"
	@$(UV) pip sync --quiet --python $(PYTHON) --require-hashes requirements/dev.txt
	@touch $@

# The build tool is among the locked packages, so this step asks no registry.
$(STAMPS)/varde: $(STAMPS)/packages pyproject.toml
	@echo "setup: Varde itself, editable"
	@$(UV) pip install --quiet --python $(PYTHON) --offline --no-deps \
	    --no-build-isolation --editable .
	@touch $@

$(STAMPS)/npm: $(STAMPS)/packages package.json package-lock.json .npmrc
	@echo "setup: locked front-end packages"
	@tools/npm.sh ci --silent
	@touch $@

$(TRANSLATIONS): %.mo: %.po $(STAMPS)/packages tools/compile_messages.py
	@echo "setup: $@"
	@$(PYTHON) tools/compile_messages.py $<
