# make run    try the bot: a Slack and a Zendesk on this machine, no accounts needed (ARGS="--fast" passes options on)
# make test   every check, with the time that each takes (AGAIN=tests tries failed unit tests again by themselves)
# make image  build the container image and try it (needs Docker or Podman)
# make bench  the figures that the design promises
# make semantic  install what finds known issues by meaning too: 100 MB on disk, never needed
# make fmt    put the code in shape · make lock  renew the locks (needs uv) · make clean  remove what was made here

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# The first Python that is new enough; PYTHON=/path/to/python3.12 chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV ?= uv
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"
# Hundreds of processes start in the tests: whatever is compiled is compiled once, also where the shell says otherwise.
export PYTHONDONTWRITEBYTECODE :=
# Stories, browsers and labs mostly wait, so more of them than cores run at once. What measures packets or draws pages
# does it apart from the stories, whose programs start all the time. All of them are in these folders; a worker imports
# whatever stands in them, so that stories with a browser stand by themselves.
MEASURING := browser or netlab
MEASURING_IN := tests/netlab tests/probes/page tests/sandbox/page tests/sandbox/test_lab.py tests/stories/browser
STORIES_IN := tests/stories tests/sandbox/test_program.py

.PHONY: run test image bench semantic fmt lock clean

run: $(VENV)/.run
	@exec $(BIN)/secondline sandbox $(ARGS)

# What computes and what waits for other processes go side by side. The unit tests list what failed for themselves.
test: $(VENV)/.dev
	@$(BIN)/python -m tests.checks $(addprefix --again=,$(AGAIN)) \
	  "format=$(BIN)/ruff format --check ." \
	  "lint=$(BIN)/ruff check ." \
	  "types=$(BIN)/mypy" \
	  "contracts=$(BIN)/lint-imports" \
	  "tests=$(BIN)/python -m pytest -q -o cache_dir=.pytest_cache/unit -n 2 --dist loadgroup -m 'not (story or $(MEASURING) or image)'" \
	  "+measuring=$(BIN)/python -m pytest -q -n 4 --dist loadgroup -m '$(MEASURING)' $(MEASURING_IN)" \
	  "+stories=$(BIN)/python -m pytest -q -n 8 --dist loadgroup -m 'story and not ($(MEASURING))' $(STORIES_IN) \
	  --ignore tests/stories/browser"

image: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -s -m image tests/image $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench $(ARGS)

semantic: $(VENV)/.run
	$(PIP) install --quiet --require-hashes -r requirements-semantic.lock

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The runtime lock takes its versions from the larger one, so that both can be installed into one environment.
lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	$(COMPILE) $(ARGS) --group dev -o requirements-dev.lock
	$(COMPILE) $(ARGS) --group build -c requirements-dev.lock -o requirements.lock
	$(COMPILE) $(ARGS) --extra semantic -c requirements-dev.lock -o requirements-semantic.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find bot commands tests -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment with pip in it: a venv that was begun without python3-venv has a Python and no pip.
$(VENV)/.made:
	@[ -n "$(PYTHON)" ] || { echo "Second Line needs Python 3.11 or newer, and none was found."; \
	  echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 run"; \
	  exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Second Line needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "This Python can't make a virtual environment. Debian, Ubuntu: apt install python3-venv, then the same again."; \
	  exit 1; }
	@touch $@

# The project itself is built by what the lock brought: nothing unpinned is fetched.
$(VENV)/.run: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing Second Line into $(VENV) …"
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.made requirements-dev.lock pyproject.toml
	@echo "Installing Second Line and its test tools into $(VENV) …"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@$(PIP) install --quiet --no-build-isolation --no-deps --no-index --editable .
	@touch $@
