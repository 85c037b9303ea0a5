# `make run` starts everything, `make test` tests it. Both begin with `make setup`.
SHELL := /bin/bash
SAM_LOCK := local/artifacts/sam.lock
SAM := $(shell sed -n 's/^aws-sam-cli==\([0-9.]*\).*/\1/p' $(SAM_LOCK))
VENV := .venv
BIN := $(VENV)/bin
SAM_HOME := .cache/sam
CHECKOV_LOCK := local/artifacts/checkov.lock
CHECKOV := $(shell sed -n 's/^checkov==\([0-9.]*\).*/\1/p' $(CHECKOV_LOCK))
CHECKOV_HOME := .cache/checkov
PORT ?= 8080
HOST ?= 127.0.0.1
export UV_PYTHON_DOWNLOADS := never
export PYTHONUNBUFFERED := 1
# Every test in a process of its own and every start would compile what they import anew.
unexport PYTHONDONTWRITEBYTECODE
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1

.PHONY: run test prove mutants check bench setup lock sentences privacy script mail bots cards roots bom \
  sam build checkov checkov-cli deploy-local released back redrive clean

run: setup
	@exec $(BIN)/python -m local --host $(HOST) --port $(PORT)

# Files in their order: the demo's, which takes longest to set up, comes early.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10

test: setup
	@$(PYTEST)

prove: setup
	@$(PYTEST) -m slow

# Plants bugs in the code of signatures and money, and fails where a bug that no unit test notices is
# not listed in docs/mutants.md. mutmut wants the package beside its configuration: so links.
MUTANTS := .cache/mutants
MUTATED := money.* orders.order.* orders.exchange_rates.x_fixed* orders.exchange_rate.* \
  webhooks.signature.* webhooks.*.x_verify* webhooks.woocommerce.x_is_ping* \
  webhooks.standard.x_secret_*

mutants: setup
	@rm -rf $(MUTANTS); mkdir -p $(MUTANTS)
	@ln -s ../../pyproject.toml ../../tests ../../shared/sharetrail $(MUTANTS)
	@echo "mutants: takes some two minutes"
	@cd $(MUTANTS) && $(abspath $(BIN))/mutmut run $(MUTATED:%="sharetrail.%") >log 2>&1 \
	  || { cat log; exit 1; }
	@cd $(MUTANTS) && grep -o '^[^ ]* sharetrail\..*__mutmut_[0-9]*$$' log >all; \
	  sed -n '/^🎉/d; s/^[^ ]* sharetrail\.//p' all | sort >left; \
	  grep -o '[^` ]*__mutmut_[0-9]*' ../../docs/mutants.md | sort >listed; \
	  echo "mutants: $$(wc -l <all), of which survive $$(wc -l <left)"; \
	  comm -13 left listed | sed 's/^/mutants: listed, and gone: /'; \
	  comm -23 left listed | sed 's/^/mutants: survives, and is not listed: /' | tee new; \
  [ -s all ] && [ ! -s new ]

check: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@mkdir -p .cache
	@$(BIN)/lint-imports --no-logo --cache-dir .cache/imports >.cache/floors 2>&1 \
	  || { cat .cache/floors; exit 1; }
	@$(BIN)/mypy shared/sharetrail
	@$(BIN)/mypy functions
	@$(BIN)/cfn-lint template.yaml
	@echo "check: clean"

# Every goal of docs/speed.md, side by side with what it is compared to; some ten minutes.
bench: setup
	@$(BIN)/python -m bench

CATALOGUES := shared/sharetrail/words/catalogues

setup: $(VENV)/.done $(CATALOGUES)/.done

# What is said to people, in the languages that are not English: compiled, and not committed.
$(CATALOGUES)/.done: $(wildcard $(CATALOGUES)/*.po) | $(VENV)/.done
	@$(BIN)/python -m local.artifacts.catalogues
	@touch $@

# Gives each catalogue the sentences that the code has now; what has none yet is to be translated.
sentences: setup
	@$(BIN)/python -m local.artifacts.catalogues update

# What is kept of people, as the rooms declare it, into docs/privacy.md.
privacy: setup
	@$(BIN)/python -m local.artifacts.privacy

# uv alone is installed by pip: what the lock says of it, checksums and all.
# A version manager's shim answers `command -v` and then fails, so each candidate is run, not found.
# Python's own pip, where there is one from 22.3 on, installs uv: a pip of our own takes longer to
# install than all the rest.
$(VENV)/.done: requirements.lock pyproject.toml
	@set -e; python=; \
	for candidate in python3.13 python3.12 python3.11 python3; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	[ -n "$$python" ] || { echo "Sharetrail needs Python 3.11 or newer."; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv is missing (Debian: apt install python3-venv)."; exit 1; }; \
	echo "setup: $$($$python --version) in $(VENV)"; \
	[ -x $(BIN)/python ] || $$python -m venv --without-pip $(VENV); \
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >$(VENV)/uv.txt; \
	uv="install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt"; \
	$$python -m pip --python $(BIN)/python $$uv 2>/dev/null \
	  || { $(BIN)/python -m ensurepip >/dev/null; $(BIN)/python -m pip $$uv; }; \
	echo "setup: installing what requirements.lock names"; \
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements.lock; \
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .; \
	touch $@; echo "setup: done"

# Names, versions and hashes only: no download addresses. Of ours, of the SAM CLI, of checkov, of npm's
# tools.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header
lock: setup
	@$(COMPILE) --group dev pyproject.toml --output-file requirements.lock
	@$(COMPILE) $(SAM_LOCK:.lock=.in) --output-file $(SAM_LOCK)
	@$(COMPILE) $(CHECKOV_LOCK:.lock=.in) --output-file $(CHECKOV_LOCK)
	@cd local/artifacts/node && npm install --silent --package-lock-only --ignore-scripts \
	  --no-audit --no-fund --omit-lockfile-registry-resolved

# The script that shops load, by npm's terser; the mails' HTML, from their MJML; the bots' patterns,
# from npm's isbot; the authorities behind AWS's endpoints, from botocore's bundle; the demo's cards,
# from its art. All are committed.
script: setup
	@$(BIN)/python -m local.artifacts.script

mail: setup
	@$(BIN)/python -m local.artifacts.mail

bots: setup
	@$(BIN)/python -m local.artifacts.bots

cards: setup
	@$(BIN)/python -m local.shop.storefront.cards

roots: setup
	@$(BIN)/python -m local.artifacts.roots

# What a deployment ships, for whoever asks, in shared/bom.cdx.json; docs/supply-chain.md.
bom: setup
	@$(BIN)/python -m local.artifacts.bom

# What Lambda runs, in .aws-sam/build: no Docker, and no Python 3.13 but where one is found.
build: setup sam
	@UV=$(abspath $(BIN)/uv) LOCK=$(abspath requirements.lock) $(SAM_HOME)/bin/sam build
	@$(BIN)/python -m local.artifacts.bytecode
	@$(BIN)/python -m local.deployment.stamp

# On AWS. The region is yours: what is exported above would win over your profile's. AWS's CLI knows
# AWS_REGION, and Python's client does not.
STACK ?= sharetrail
YOURS := $(if $(filter file,$(origin AWS_DEFAULT_REGION)),env -u AWS_DEFAULT_REGION \
  $(if $(AWS_REGION),AWS_DEFAULT_REGION=$(AWS_REGION)))

# What was given up goes back to where it came from: all, or QUEUE="FailedClicks FailedOrders".
redrive: setup
	@$(YOURS) $(BIN)/python -m local.operations.redrive --stack $(STACK) $(QUEUE)

sam: $(SAM_HOME)/$(SAM)

# 213 MB that building alone needs, so in an environment of its own.
$(SAM_HOME)/$(SAM): $(SAM_LOCK) | setup
	@echo "build: installing the SAM CLI $(SAM)"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(SAM_HOME)
	@VIRTUAL_ENV=$(SAM_HOME) $(BIN)/uv pip sync --quiet --require-hashes $(SAM_LOCK)
	@touch $@

# Checkov over what SAM makes of template.yaml; what it would have otherwise stands in .checkov.yaml,
# with the reason.
checkov: setup checkov-cli
	@$(BIN)/python -m local.deployment.checks

checkov-cli: $(CHECKOV_HOME)/$(CHECKOV)

# 194 MB, which nothing but this needs.
$(CHECKOV_HOME)/$(CHECKOV): $(CHECKOV_LOCK) | setup
	@echo "checkov: installing $(CHECKOV)"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CHECKOV_HOME)
	@VIRTUAL_ENV=$(CHECKOV_HOME) $(BIN)/uv pip sync --quiet --require-hashes $(CHECKOV_LOCK)
	@touch $@

# A deployment's life in the emulator: made, used, upgraded from the previous release, taken back,
# deleted.
deploy-local: build
	@$(BIN)/python -m local.deployment.rehearsal

# Today's template becomes the previous release, from which the next one is upgraded.
released: setup
	@$(BIN)/python -m local.deployment.released

# In the account that the environment leads to: every function's alias one version back.
back: setup
	@$(YOURS) $(BIN)/python -m local.deployment.back --stack-name $(STACK)

clean:
	@rm -rf $(VENV) .aws-sam .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
