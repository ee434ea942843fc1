# One command per job. Each makes its own environment in .venv; only Python and a package index are needed.
#
#   make demo       read the example scans on the CPU and check every value
#   make test       the whole test-suite with branch coverage
#   make lint       style, types and import contracts
#   make docs       the documentation, into docs/_build/html
#   make bench      one benchmark: make bench NAME=import_time
#   make examples   draw the example scans anew (needs the Noto CJK fonts)
#   make clean      remove everything that is made

PYTHON ?= python3
VENV ?= .venv
# What is installed: this checkout. A wheel can be put in its place: make test PACKAGE=dist/....whl EDITABLE=
PACKAGE ?= .
EDITABLE ?= -e
NAME ?=
TEST_OPTIONS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help demo test lint docs bench examples clean
.NOTPARALLEL:

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/.made-cpu
	$(BIN)/python examples/demo.py

test: $(VENV)/.made-dev
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term $(TEST_OPTIONS)

lint: $(VENV)/.made-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.made-docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "The documentation is in docs/_build/html/index.html"

bench: $(VENV)/.made-dev
	$(BIN)/python -m benchmarks $(or $(NAME),--list)

examples: $(VENV)/.made-cpu
	$(BIN)/python examples/make_examples.py

clean:
	rm -rf $(VENV) build dist docs/_build demo-output htmlcov .coverage* coverage.xml
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.made-cpu: $(VENV)/.made pyproject.toml
	$(PIP) $(EDITABLE) '$(PACKAGE)[cpu]'
	@touch $@

$(VENV)/.made-dev: $(VENV)/.made pyproject.toml
	$(PIP) $(EDITABLE) '$(PACKAGE)[dev]'
	$(PIP) --no-deps 'ocrd>=3.13,<4' # for the XML Schema of PAGE that it holds; nothing of it is run
	$(PIP) --no-deps --ignore-requires-python 'htrflow==0.2.6' # the same for ALTO 4.4
	@touch $@ $(VENV)/.made-cpu

$(VENV)/.made-docs: $(VENV)/.made pyproject.toml
	$(PIP) $(EDITABLE) '$(PACKAGE)[all,docs]'
	@touch $@
