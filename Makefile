# `make run` starts the server, `make test` tests it. Both build .venv first; nothing else is needed
# but Python >= 3.11, make and git.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help run test check format bench lock build clean

help:            ## show this list
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | sort

$(STAMP): pyproject.toml requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"chatkit-backend needs Python >= 3.11; {sys.executable} is {sys.version.split()[0]}. Fix: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP)    ## start the server on http://127.0.0.1:8000
	$(BIN)/chatkit-backend serve

test: $(STAMP)   ## run every test; PostgreSQL is found or started
	$(BIN)/python -m pytest

check: $(STAMP)  ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)  ## measure this server and the reference in one run
	$(BIN)/python -m benchmarks

build: $(STAMP)  ## build the wheel into dist/
	$(BIN)/python -m build --no-isolation --wheel

lock:            ## resolve the lock files again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -c requirements/runtime.lock -o requirements/dev.lock

clean:           ## remove what make made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
