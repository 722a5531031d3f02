# make run     open the program, with a practice vault offered and the practice town started
# make test    everything CI runs: format, lint, types, import contracts, tests, in timed parts
# make story   the story of the README in a real window (ONLY=core|grants|egov OUT=DIR)
# make town    the practice town alone; prints its endpoints and control token as JSON
# make bench   the figures, as ratios (ONLY=core)     make soak   the long runs
# make format  let ruff write the house style         make lock   renew the pinned dependencies
.PHONY: run test story town bench soak format lock setup setup-dev clean

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
ONLY ?= core
OUT ?=

run: setup
	@$(PY) main.py

test: setup-dev
	@$(PY) tests/parts.py

story: setup-dev
	@$(PY) tests/journeys/story.py --only "$(ONLY)" $(if $(OUT),--out "$(OUT)")

town: setup
	@$(PY) -m app.sandbox

bench: setup-dev
	@$(PY) tests/performance/bench.py $(if $(filter command line,$(origin ONLY)),--only "$(ONLY)")

soak: setup-dev
	@$(PY) tests/parts.py soak

format: setup-dev
	@$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

lock:
	uv pip compile -q pyproject.toml --generate-hashes --universal --no-header --no-emit-index-url -o requirements.txt
	uv pip compile -q pyproject.toml --extra dev -c requirements.txt --generate-hashes --universal --no-header --no-emit-index-url -o requirements-dev.txt

setup: $(VENV)/ready
	@sh packaging/linux/system-libraries.sh run

setup-dev: $(VENV)/ready-dev
	@sh packaging/linux/system-libraries.sh test

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed (sudo apt-get install -y python3 python3-venv)." >&2; exit 1; fi
	@$(PYTHON) -m venv $(VENV) || { echo "Python cannot make a virtual environment here: sudo apt-get install -y python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/ready: requirements.txt | $(VENV)/bin/python
	@echo "installing the pinned dependencies (about half a minute) ..."
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "installing the pinned dependencies (about half a minute) ..."
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/ready

clean:
	rm -rf $(VENV) build dist out .mypy_cache .ruff_cache .import_linter_cache
