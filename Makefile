# The one door for chores. `make demo` and `make test` work on a fresh machine.

SHELL := /bin/bash
-include .duckdb/features.mk
CARGO ?= cargo
PREFIX ?= $(HOME)/.local

.PHONY: help setup build demo test check bench fuzz random install bundled

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

setup: ## find or fetch libduckdb; afterwards plain cargo works
	@bash scripts/setup.sh

build: setup ## build the program
	$(CARGO) build --bin peloton-looker $(FEATURES)

demo: build ## run the main job on simulated data and show the result
	$(CARGO) run --quiet --bin peloton-looker $(FEATURES) -- demo

test: setup ## all tests
	@bash scripts/test-setup.sh
	$(CARGO) test --workspace $(FEATURES)

check: setup ## format, lints, documentation, licences
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets $(FEATURES) -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps $(FEATURES)
	@if command -v cargo-deny >/dev/null; then \
		$(CARGO) deny --log-level error check licenses bans sources; \
	else \
		echo "cargo-deny is not installed: licences, bans and sources were not checked (cargo install cargo-deny)"; \
	fi

bench: setup ## print every figure that the documentation claims
	$(CARGO) bench --workspace $(FEATURES)
	$(CARGO) build --release --bins $(FEATURES)
	python3 scripts/kill.py
	@bash scripts/test-setup.sh
	.venv/bin/python scripts/kill_publish.py

fuzz: setup ## a minute of hostile input for each parser (SECONDS_EACH=60)
	bash scripts/fuzz.sh

random: setup ## random LookML models, compared with an evaluator that shares no code (MODELS=2000)
	LOOKML_RANDOM_MODELS=$(or $(MODELS),2000) $(CARGO) test --release -p lookml --test random \
		$(if $(FEATURES),--features duckdb/bundled) -- --nocapture

install: setup ## program and library side by side in $(PREFIX)/lib/peloton-looker, linked from $(PREFIX)/bin
	bash scripts/install.sh "$(PREFIX)" $(FEATURES)

bundled: ## static program with DuckDB compiled in (about 20 minutes)
	$(CARGO) build --release --bin peloton-looker --features bundled
