# make run · make test · make check · make bench · make pictures: each sets up what it needs first.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PORT ?= $(or $(BPM_PORT),8000)
TESTS ?= tests
WORKERS ?= 2
NODE_FITS := $(shell node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && echo yes)
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run worker test check bench pictures bundles translations requirements clean help

help: ## these lines
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 16

run: bundles translations ## the pages, the worker and a SQLite database on one machine
	@BPM_PORT=$(PORT) exec $(BIN)/python run.py

worker: $(STAMPS)/run ## a worker of its own, for DATABASE_URL on PostgreSQL
	@exec $(BIN)/python -m bpm worker

test: bundles translations $(STAMPS)/dev ## every test; TESTS=tests/feel runs one folder
	@$(BIN)/python frontend/build.py --with-tests
	@$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

check: translations $(STAMPS)/dev ## style, types, floors, templates, known weaknesses of libraries
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint bpm
	@$(BIN)/python tests/audit.py

bench: bundles translations $(STAMPS)/dev ## figures beside the floor, on SQLite and PostgreSQL
	@$(BIN)/python -m benchmarks

pictures: bundles translations $(STAMPS)/dev ## the pictures of the documentation; ALL=folder: every page, on contact sheets
	@$(BIN)/python frontend/build.py --with-tests
	@$(BIN)/python -m tests.browser.pictures $(if $(ALL),--all $(ALL))

bundles: $(STAMPS)/run
	@$(BIN)/python frontend/build.py

translations: $(STAMPS)/translations

requirements: $(STAMPS)/dev ## compile pyproject.toml into the pinned files again
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml \
	  --extra test --extra check -c requirements.txt -o requirements-dev.txt

clean: ## everything that was built; the instance folder stays
	rm -rf $(VENV) $(STAMPS) frontend/node_modules bpm/static/build

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: https://www.python.org/downloads/"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null \
	  || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) \
	       && $(PYTHON) -m pip --python $(BIN)/python install -q pip 2>/dev/null; } \
	  || { rm -rf $(VENV); echo "This Python cannot make environments. On Debian: apt install python3-venv"; exit 1; }

$(STAMPS)/run: requirements.txt requirements-node.txt | $(BIN)/python
	@echo "Installing the libraries …"
	@$(BIN)/python -m pip install -q -r requirements.txt
	@test "$(NODE_FITS)" = yes || $(BIN)/python -m pip install -q -r requirements-node.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/run
	@echo "Installing the test tools …"
	@$(BIN)/python -m pip install -q -r requirements-dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/translations: $(STAMPS)/run $(wildcard bpm/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/pybabel -q compile -d bpm/translations -D "messages scripts"
	@mkdir -p $(STAMPS) && touch $@
