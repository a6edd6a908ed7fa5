# Everything a newcomer needs: `make demo` shows the program, `make test` proves it. Python 3.10+ and a package index suffice.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_VIDEO ?= sample_videos/push_up_floor_good.mp4
DEMO_EXERCISE ?= push_up
DEMO_OUT ?= out/demo
TEST_WORKERS ?= 2
RENDER_JOBS ?= 2

.PHONY: help demo test lint format docs texts model clips clean

help:
	@echo "make demo    analyse a sample recording, say where the report lies and how to open the page"
	@echo "make test    style, types, import rules and tests, as the CI runs them"
	@echo "make lint    only style, types and import rules"
	@echo "make format  let ruff rewrite the code's layout"
	@echo "make docs    write docs/exercises.md and the schemas again from their sources"
	@echo "make texts   gather every text into the catalogue, and compile the translations"
	@echo "make model   fetch the pose model into your cache"
	@echo "make clips   render the sample recordings again (needs the extra 'render')"
	@echo "make clean   remove the virtual environment and what was built"

# A stamp, so that the packages are installed again only when their list has changed.
$(VENV)/.installed: pyproject.toml tools/system_packages.sh
	PYTHON=$(PYTHON) sh tools/system_packages.sh run
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else "posturecam needs Python 3.10 or newer; say: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev,web]'
	touch $@

model: $(VENV)/.installed
	$(BIN)/posturecam model fetch

demo: model
	$(BIN)/posturecam analyse $(DEMO_VIDEO) --exercise $(DEMO_EXERCISE) --out $(DEMO_OUT) --overwrite
	@echo "The page for exercising before a camera, for reports and for reviews: $(BIN)/posturecam app"

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.installed model
	sh tools/system_packages.sh test
	$(MAKE) lint
	$(BIN)/pytest -n $(TEST_WORKERS)

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed
	$(BIN)/posturecam specs docs --out docs/exercises.md
	$(BIN)/posturecam specs schema > exercise_specs/schema.json
	$(BIN)/python -m posturecam.report.json_schema

texts: $(VENV)/.installed
	$(BIN)/python tools/texts.py

clips: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[render]'
	$(BIN)/python -m sample_videos.render --all --jobs $(RENDER_JOBS)

clean:
	rm -rf $(VENV) build dist out *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
