# The commands of this repository. `make` alone lists them.
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup demo test escape wine-test crash bench accuracy screens lint clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'

setup:  ## system packages, .venv and models; does nothing when all is there
	@./packaging/setup.sh

demo: setup  ## one whole sitting: played by you where there is a display, else by scripts; see demo-output/
	@$(PYTHON) -m demo

test: setup  ## every test, the demo last
	@$(PYTHON) -m tests.everything

escape: setup  ## every attempt at leaving a locked exam, as a table; ARGS=--write renews docs/escapes.md
	@$(PYTHON) -m tests.escape $(ARGS)

crash: setup  ## 100 real kills of a locked desktop; docs/crash-matrix.md (SEED=n for other moments)
	@$(PYTHON) -m tests.candidate_agent.lockdown.crash_matrix

wine-test: setup  ## the port suite and the Windows backend, in a Windows Python under Wine (skipped where Wine cannot be had)
	@$(PYTHON) -m tests.wine

bench: setup  ## figures beside their peers; bench/results/latest.json
	@$(PYTHON) -m bench

accuracy: setup  ## what the findings on the device find, by group of people and light: docs/accuracy.md (fetches pictures, ten minutes)
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) -m bench.accuracy

screens: setup  ## a picture of every screen of the candidate in three sizes: docs/screens/
	@$(PYTHON) -m tests.screens.pictures

lint: setup  ## ruff, mypy for three systems, import floors
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@for system in linux win32 darwin; do echo "mypy, $$system"; $(PYTHON) -m mypy --platform $$system --cache-dir=.mypy_cache/$$system || exit 1; done
	@echo "mypy, demo"; $(PYTHON) -m mypy demo --cache-dir=.mypy_cache/linux
	@.venv/bin/lint-imports

clean:  ## everything that was made here, .venv included
	@rm -rf .venv build dist demo-output demo-output-* *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache candidate_agent/capture/analysis/models/files
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "clean"
