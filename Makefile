# Everything is one word: run test prove lint fix demo bench. Needs Python 3.11 or newer, make, and a package index once.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
SLATE_DATA ?= instance
TESTS ?= tests
EXTRAS ?=
export HOST PORT SLATE_DATA

BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
RUN := .venv/installed-run
DEV := .venv/installed-dev
ASKED := $(patsubst %,.venv/extra-%,$(EXTRAS))

.PHONY: run demo test prove lint fix bench lock

run: $(RUN) $(ASKED)  ## Start Slate on HOST:PORT, with a demo world on the first start; Ctrl-C stops it
	@$(BIN)/slate serve --demo

demo: $(RUN)  ## Make the demo world in the data folder
	@$(BIN)/slate demo

test: $(DEV) $(ASKED)  ## Run every test, in a browser too
	@$(BIN)/python -m scripts.get_chromium
	@$(BIN)/python -m pytest -n 2 --maxschedchunk 4 $(TESTS)

prove: $(DEV) $(ASKED)  ## Kill, fill, fuzz and overload Slate for up to an hour; writes docs/proof.md
	@$(BIN)/python -m scripts.get_chromium
	@SLATE_LONG_TESTS=1 $(BIN)/python -m pytest -n 2 --maxschedchunk 1 -m "prove or long" --proof docs/proof.md $(TESTS)

lint: $(DEV)  ## Check style, types and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: $(DEV)  ## Put right what a machine can put right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEV)  ## Measure what the documents promise, as a table
	@$(BIN)/python -m bench.run

lock:  ## Write the lock files anew
	scripts/lock.sh

# The stamps are made last: an installation that was interrupted is done again.
$(RUN): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Slate needs Python 3.11 or newer; set PYTHON=python3.12, for example.")'
	@echo "Installing Slate into .venv (about a minute, once) …"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q webapp
	@touch $@

# What Slate can do without, under licences of its own: EXTRAS=heic make run
.venv/extra-%: requirements-%.lock $(RUN)
	@echo "Installing the extra $* …"
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

requirements-%.lock:
	@echo "Slate has no extra named $*. There is: heic (pictures of iPhones)." >&2; exit 1

$(DEV): $(RUN) requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
