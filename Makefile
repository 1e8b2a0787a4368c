# Every verb is a thin line over `python -m scripts.ROOM.VERB`; add --help to one of those for its options.

PYTHON ?= $(shell for name in python3.11 python3; do $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && exit; done; echo python3)
# “make review LANG=ar”: LANG is also the system’s own, and counts only when it stands on the command line.
SPOKEN := $(if $(filter command line,$(origin LANG)),$(LANG))
PORT ?=
WATCH ?=
PART ?=
RUN := .venv/bin/python -m
# “make new-language br” reads the word after the verb as ID=br: make would take it for another verb.
ifneq ($(filter new-body new-language,$(firstword $(MAKECMDGOALS))),)
ID ?= $(word 2,$(MAKECMDGOALS))
$(eval $(word 2,$(MAKECMDGOALS)):;@:)
endif
SETUP := @$(PYTHON) -m scripts.project.setup --quiet

.DEFAULT_GOAL := help
.PHONY: help setup serve build test prove check lock leaflets bench release law-watch changes directory lighthouse fuzz mutants load review new-body new-language screenshots zensical clean

help: ## Say what each verb does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Create .venv/ and node_modules/ from the lock files
	@$(PYTHON) -m scripts.project.setup

serve: ## Set up, build, serve at localhost (PORT=8000; WATCH=1 builds again on each change)
	$(SETUP) --for build
	@$(RUN) scripts.site.serve $(if $(PORT),--port $(PORT)) $(if $(WATCH),--watch)

build: ## Build the site: site/ in French, site/en/ in English
	$(SETUP) --for build
	@$(RUN) scripts.site.build

test: ## Set up, browsers included, and run what holds a change back: ten minutes on two processors
	$(SETUP) --system
	@$(RUN) scripts.project.test

prove: ## Run what is exhaustive: Python for the browser, every state, the archive twice, mutants, fuzz, every page (PART=1/2: half of it)
	$(SETUP) --system --proofs
	@$(RUN) scripts.project.test --prove $(if $(PART),--part $(PART))

check: ## Check the knowledge, the Python and the JavaScript
	$(SETUP)
	@$(RUN) scripts.project.check

lock: ## Pin again after a change in requirements*.in or package.json
	$(SETUP)
	@$(RUN) scripts.project.lock

leaflets: ## Write the PDFs to dist/
	$(SETUP) --for build
	@$(RUN) scripts.leaflets

bench: ## Measure the engine, the compiler and the browser
	$(SETUP) --system
	@$(RUN) scripts.measure

release: ## Make one archive of the site and the leaflets, with its checksum
	$(SETUP) --for build
	@$(RUN) scripts.site.release

changes: ## Say whose advice changed since a revision (make changes SINCE=v1.0.0)
	$(SETUP)
	@$(RUN) scripts.upkeep.change_feed --since $(SINCE)

law-watch: ## Compare the articles we cite with the newest copies of the law
	$(SETUP)
	@$(RUN) scripts.upkeep.law_watch

directory: ## Compare our directory with the official one; python -m scripts.upkeep.directory --write takes it
	$(SETUP)
	@$(RUN) scripts.upkeep.directory

lighthouse: ## Print Lighthouse's figures for each type of page
	$(SETUP) --system
	@$(RUN) scripts.measure.lighthouse

fuzz: ## Throw generated input at the loader, the command line and Python in the browser
	$(SETUP)
	@$(RUN) scripts.upkeep.fuzz
	@LANE=prove $(RUN) pytest -q tests/leaflets/test_kits.py -k any_document
	@$(RUN) scripts.runtime --fuzz 20000

mutants: ## Break each condition and rule in turn, and count what goes unseen
	$(SETUP)
	@$(RUN) scripts.upkeep.mutants

review: ## Write the packet a jurist reads and signs to build/review/; LANG=ar, that of a language
	$(SETUP) --system
	@$(if $(SPOKEN),$(RUN) scripts.upkeep.language_review $(SPOKEN),$(RUN) scripts.upkeep.review)

new-body: ## Start a new body (make new-body maison-des-usagers) and list what is missing
	$(SETUP)
	@$(RUN) scripts.upkeep.scaffold body $(ID)

new-language: ## Begin a third language (make new-language br NAME=breton), or go on: list what is missing, build the site with it
	$(SETUP)
	@$(RUN) scripts.upkeep.language $(or $(LOCALE),$(ID)) $(if $(NAME),--name "$(NAME)") --to build/languages/$(or $(LOCALE),$(ID))

load: ## Measure the site behind nginx
	$(SETUP) --load
	@$(RUN) scripts.measure.load

screenshots: ## Take the pictures of the pages
	$(SETUP) --system
	@$(RUN) scripts.measure.screenshots

zensical: ## Build with the successor of MkDocs, and hold it to the same checks
	$(SETUP)
	@$(RUN) scripts.site.zensical_build

clean: ## Remove what was built; keep what was installed
	rm -rf site site.* dist build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
