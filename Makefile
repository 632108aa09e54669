# make demo   play the story in a scratch repository (REPO=/path: report on your own, unchanged)
# make test   everything that CI runs
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
REPO ?=
CORPORA ?= corpora
BENCH ?=

FUZZ ?= 20

.PHONY: demo test unit lint bench measure fuzz rules clean

demo: $(VENV)/.ready
	@PYTHONPATH=tests $(BIN)/python -m tools.demo $(if $(REPO),--repo "$(REPO)")

test: lint
	@$(BIN)/python -m pytest -n auto --dist loadgroup -q

unit: $(VENV)/.ready
	@$(BIN)/python -m pytest -n auto -q -m "not e2e"

lint: $(VENV)/.ready
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.ready
	@PYTHONPATH=tests $(BIN)/python -m tools.bench $(BENCH)

measure: $(VENV)/.ready
	@$(BIN)/python tests/measure/claims.py "$(CORPORA)/claims.jsonl" "$(CORPORA)/commits.jsonl"
	@$(BIN)/python tests/measure/authorship.py "$(CORPORA)/commits.jsonl"
	@$(BIN)/python tests/measure/paths.py "$(CORPORA)/paths.jsonl"

# atheris is installed for this alone: it has no wheels for every platform
fuzz: $(VENV)/.ready
	@$(BIN)/python -m pip install --quiet "atheris>=3"
	@$(BIN)/python tests/fuzz/run.py --all --seconds $(FUZZ)

rules: $(VENV)/.ready
	@$(BIN)/python tests/tools/compile_rules.py
	@$(BIN)/python tests/tools/coverage_table.py

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
