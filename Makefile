# Every target installs what it needs first; the stamps record what is installed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
DEVELOPMENT := .venv/.development
ARTICLE ?= docs/article.txt
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup demo check docs test test-fast format chromium

setup: $(DEVELOPMENT)

# What serves the embedded models: without torch, which other models need.
$(STAMP): pyproject.toml requirements/run.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -r requirements/run.txt
	$(INSTALL) --no-deps --editable .
	touch $@

# torch comes first and alone: its CPU build must be installed before a package depends on torch.
$(DEVELOPMENT): $(STAMP) requirements/torch.txt requirements/dev.txt
	$(INSTALL) -r requirements/torch.txt
	$(INSTALL) -r requirements/dev.txt
	touch $@

# The type checker of the desk, and axe, which its tests use. The desk itself is served as it is.
TOOLS := node_modules/.package-lock.json
$(TOOLS): package-lock.json $(DEVELOPMENT)
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The tests of the desk need Chromium, and say so where it is missing and cannot be installed here.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "Chromium is missing: install it to run the tests of the desk."

demo: $(STAMP)
	@$(BIN)/dragoman demo "$(ARTICLE)"

check: $(DEVELOPMENT) $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PATH="$(BIN):$$PATH" node_modules/.bin/tsc

# The site is written to site/. A link to a missing page or anchor is an error.
docs: $(DEVELOPMENT)
	$(BIN)/zensical build --strict --clean

# Two processes, because tests wait for servers much of the time. The tests of a file share its servers. In
# the order of the files the long integration tests come first, so that both processes end together.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test: check docs chromium
	$(PYTEST) --cov --cov-report=term

# Without the tests that take long and rarely fail.
test-fast: check chromium
	$(PYTEST) -m "not slow and not exhaustive"

format: $(DEVELOPMENT)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
