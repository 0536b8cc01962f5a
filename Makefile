# Two commands set up and go: `make run` and `make test`. `make check` must be clean before a commit.
# Needs Python 3.11 or newer, git and make; everything else is fetched, pinned by hash.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

BIN := .venv/bin
PY := $(BIN)/python
SOURCES := almoner tests bench conftest.py manage.py

# Each stamp is a step that is done, as new as what it was done from. A `.venv` or `node_modules`
# that is a link belongs to another checkout, which looks after it.
ifeq ($(shell test -L .venv && echo linked),)
BASE := .venv/.base
DEV := .venv/.dev
endif
ifeq ($(shell test -L node_modules && echo linked),)
LIBRARIES := node_modules/.installed
endif
VENDOR := almoner/ground/static/vendor/.copied

.PHONY: help setup run test check fast explore cover bench
help:
	@echo "make run     start the desk on http://127.0.0.1:8000 (Ctrl-C stops it)"
	@echo "make test    every test, those in a browser included"
	@echo "make check   format, lint, types, contracts, templates, migrations"
	@echo "make fast    rules and codecs only: seconds, no database"
	@echo "make explore property tests on examples nobody has tried"
	@echo "make cover   every test, with coverage"
	@echo "make bench   measured figures beside their alternatives"
	@echo "make setup   only fetch what the others need"

setup: $(BASE) $(DEV) $(LIBRARIES) $(VENDOR)

run: $(BASE) $(LIBRARIES) $(VENDOR)
	@exec $(PY) -m almoner run --with-parent

test: setup
	@./.ci/chromium
	@./.ci/gateway
	@$(PY) -m pytest -n auto --dist loadscope --no-loadscope-reorder --durations 10

cover: setup
	@./.ci/chromium
	@./.ci/gateway
	@$(PY) -m coverage run -m pytest
	@$(PY) -m coverage report
	@$(PY) -m coverage report --fail-under 100 \
	  --include '*/rules.py,*/rules/*,almoner/access/*,almoner/ledger/*'

check: setup
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m ruff check $(SOURCES)
	$(BIN)/lint-imports
	$(PY) -m djlint --lint --quiet almoner
	$(BIN)/codespell almoner tests bench docs README.md Makefile
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m mypy almoner

fast: $(BASE) $(DEV)
	@$(PY) -m pytest -q \
	  $(wildcard almoner/*/tests/test_*rules*.py) almoner/edges/x12 almoner/edges/fhir

# The property tests, each on two thousand examples of this run's own; what fails is kept in .hypothesis.
explore: setup
	@HYPOTHESIS_PROFILE=new $(PY) -m pytest -q -n auto $$(grep -rlE '^ *@given|RuleBasedStateMachine' almoner tests)

bench: setup
	@$(PY) -m bench

.venv/.made:
	@echo "==> Python environment"
	@set -e; for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    $$python -m venv --clear .venv \
	      || { echo "$$python cannot make environments: on Debian, apt-get install python3-venv"; exit 1; }; \
	    touch $@; exit 0; \
	  fi; \
	done; \
	echo "Almoner needs Python 3.11 or newer; found: $$(python3 --version 2>&1)"; exit 1

# One line for each package as it comes; pip's own errors pass through.
define install
$(PY) -m pip install --no-input --require-hashes --no-deps -r $(1) > .venv/install.log 2>&1 & \
  pip=$$!; tail -n +1 -f --pid=$$pip .venv/install.log \
  | awk -v all=$$(grep -c '==' $(1)) '/^Collecting/ {printf "    %d of %d  %s\n", ++n, all, $$2; fflush()}'; \
  wait $$pip || { tail -20 .venv/install.log; exit 1; }
endef

.venv/.base: requirements/base.txt pyproject.toml .venv/.made
	@echo "==> Python packages (about a minute the first time)"
	@$(call install,requirements/base.txt)
	@$(PY) -m pip install --no-input --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.base
	@echo "==> Packages for tests and checks"
	@$(call install,requirements/dev.txt)
	@touch $@

node_modules/.installed: package.json package-lock.json | $(BASE)
	@echo "==> JavaScript libraries"
	@$(BIN)/npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	@touch $@

$(VENDOR): package-lock.json almoner/config/vendor.py | $(BASE) $(LIBRARIES)
	@$(PY) -m almoner.config.vendor
	@touch $@
