# `make demo` and `make test` do all the set-up themselves; the stamp says what was installed.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
ARTICLE ?= docs/article.txt

.PHONY: setup demo test check format

setup: $(STAMP)

# torch first and alone: its CPU build must be there before another package asks for any torch.
$(STAMP): pyproject.toml requirements/torch.txt requirements/dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/torch.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: $(STAMP)
	@$(BIN)/dragoman demo "$(ARTICLE)"

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Two processes: much of the time goes by waiting for servers. A file's tests share what it starts.
test: check
	$(BIN)/pytest -n 2 --dist loadfile

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
