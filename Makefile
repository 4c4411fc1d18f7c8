# Two commands carry the project: `make demo` and `make test`. Both set up what they need.
SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
export DATA_DIR ?= $(CURDIR)/var/data
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export AIRFLOW__USAGE_DATA_COLLECTION__ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup system demo quick test check fix docs lock benchmark clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: .venv/.installed  ## Python environment from the hash-pinned lock

.venv/.installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "需要 Python 3.11（找不到 $(PYTHON)）。可用 make PYTHON=/path/to/python3.11 指定。"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv 2>/dev/null || { bash .ci/apt python3.11-venv && $(PYTHON) -m venv .venv; }
	@echo "安装 Python 依赖（按 requirements.lock 的哈希核对）……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

system:  ## PostgreSQL, Chromium, nginx, Pango and Chinese fonts, through apt where they are missing
	@test -x "$$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -1)" || bash .ci/apt postgresql
	@command -v chromium >/dev/null || bash .ci/apt chromium
	@command -v nginx >/dev/null || bash .ci/apt nginx-light
	@ldconfig -p | grep -q libpangoft2-1.0 || bash .ci/apt libpangoft2-1.0-0
	@fc-list 2>/dev/null | grep -qi 'noto.*cjk' || bash .ci/apt fonts-noto-cjk

demo: setup system  ## a simulated county: history, one night through Airflow, pages; Ctrl-C ends it
	@$(BIN)/python -m simulator.demo --home $(CURDIR)/var/demo

check: setup  ## style, types, architecture and SQL style
	@mkdir -p $(DATA_DIR)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests
	$(BIN)/pytest -q tests/architecture

quick: setup  ## style, types, structure, models' examples and readers, under three minutes
	@mkdir -p $(DATA_DIR)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q --numprocesses 2 --dist loadfile tests/architecture \
		tests/unit/test_dbt_unit_tests.py tests/unit/test_audit.py \
		tests/unit/test_sources_csv.py tests/unit/test_sources_xlsx.py \
		tests/unit/test_text.py tests/unit/test_free_text.py tests/unit/test_status.py

test: setup system  ## every check and every test
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -q --numprocesses 2 --dist loadfile --no-loadscope-reorder --ignore tests/architecture

fix: setup  ## let the formatters do their work
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models dbt_project/tests

docs: setup  ## dbt docs of the warehouse, into var/docs
	$(BIN)/dbt docs generate --static --project-dir dbt_project --profiles-dir dbt_project --target-path $(CURDIR)/var/docs

benchmark: setup system  ## ratios against plain DuckDB, measured in one run
	$(BIN)/python -m benchmarks

lock:  ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean:  ## remove what can be made again (never DATA_DIR of a real county)
	rm -rf .venv var/demo .pytest_cache .ruff_cache .mypy_cache dbt_project/target dbt_project/logs
