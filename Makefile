# `make run` starts the server, `make test` tests it. Both build .venv first; nothing else is needed
# but Python >= 3.11, make and git.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
NODE_TESTS := tests/node/node_modules examples/react/node_modules examples/nextjs/node_modules
UI     := src/chatkit_backend/static/ui/manifest.json
UI_SOURCES := $(shell find ui/src -type f) ui/package.json ui/vite.config.ts ui/tsconfig.json

.DEFAULT_GOAL := help
.PHONY: help run test chromium check format bench lock build clean

help:            ## show this list
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  +##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | sort

$(STAMP): pyproject.toml requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"chatkit-backend needs Python >= 3.11; {sys.executable} is {sys.version.split()[0]}. Fix: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The UI's tools, and what tests let loose on the server: the official Node client, the examples.
# Without npm they say so.
ui/node_modules $(NODE_TESTS): %/node_modules: %/package.json %/package-lock.json
	@if command -v npm >/dev/null; then cd $* && npm ci --silent --no-audit --no-fund && touch node_modules; fi

# The web UI. Without Node.js >= 20 the server has none, and says so.
$(UI): ui/node_modules $(UI_SOURCES)
	@if command -v npm >/dev/null; then cd ui && npm run --silent build; \
	else echo "No npm: the web UI is not built; install Node.js >= 20 for it." >&2; fi

run: $(STAMP) $(UI)  ## start the server on http://127.0.0.1:8000
	$(BIN)/chatkit-backend serve

test: $(STAMP) $(UI) $(NODE_TESTS) chromium  ## run every test; PostgreSQL is found or started
	@if test -d ui/node_modules; then cd ui && npm test --silent; fi
	$(BIN)/python -m pytest

chromium: $(STAMP) ## find a Chromium for the browser tests, or install one
	@$(BIN)/python -m tests.browser.chromium

check: $(STAMP) ui/node_modules  ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if test -d ui/node_modules; then cd ui && npm run --silent check; fi

format: $(STAMP) ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)  ## measure this server and the reference in one run
	$(BIN)/python -m benchmarks

build: $(STAMP) $(UI)  ## build the wheel into dist/
	$(BIN)/python -m build --no-isolation --wheel

lock:            ## resolve the lock files again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/runtime.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -c requirements/runtime.lock -o requirements/dev.lock

clean:           ## remove what make made
	rm -rf $(VENV) ui/node_modules $(NODE_TESTS) examples/react/dist examples/nextjs/.next src/chatkit_backend/static dist build .mypy_cache .ruff_cache .pytest_cache
