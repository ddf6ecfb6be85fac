# Every target installs what it needs first; the stamp records what is installed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ARTICLE ?= docs/article.txt

.PHONY: setup demo check docs test test-fast format chromium

setup: $(STAMP)

# torch comes first and alone: its CPU build must be installed before a package depends on torch.
$(STAMP): pyproject.toml requirements/torch.txt requirements/dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/torch.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# The type checker of the desk, and axe, which its tests use. The desk itself is served as it is.
TOOLS := node_modules/.package-lock.json
$(TOOLS): package-lock.json $(STAMP)
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

# The tests of the desk need Chromium, and say so where it is missing and cannot be installed here.
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "Chromium is missing: install it to run the tests of the desk."

demo: $(STAMP)
	@$(BIN)/dragoman demo "$(ARTICLE)"

check: $(STAMP) $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PATH="$(BIN):$$PATH" node_modules/.bin/tsc

# The site is written to site/. A link to a missing page or anchor is an error.
docs: $(STAMP)
	$(BIN)/zensical build --strict --clean

# Two processes, because tests wait for servers much of the time. The tests of a file share its servers. In
# the order of the files the long integration tests come first, so that both processes end together.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test: check docs chromium
	$(PYTEST) --cov --cov-report=term

# Without the tests that take long and rarely fail.
test-fast: check chromium
	$(PYTEST) -m "not slow and not exhaustive"

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
