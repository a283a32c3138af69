# What a person types here; the work is done by scripts/ and by Swift's package manager.

swift_files := Sources Tests Examples Package.swift Benchmarks/Sources Benchmarks/Package.swift
shell_files := scripts/setup scripts/release scripts/vocabulary scripts/goldens scripts/test scripts/test-engine scripts/bench scripts/attack scripts/compare scripts/fuzz scripts/soak .ci/run

.PHONY: help setup extras serve build test test-engine compare attack fuzz soak bench bench-check mutate format lint man clean

help: ## Say what can be made (this list)
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## Install what is missing, with apt
	@scripts/setup

extras: ## Install large packages for sessions too: OpenCV, Numba, scikit-image
	@scripts/setup --extras

serve: setup ## Set up, build for release and serve; options in ARGS="--port 8082"
	@scripts/release
	@scripts/vocabulary release || echo 'serving without token ids; see docs/tokens.md' >&2
	exec .build/release/harmonium serve $(ARGS)

build: ## Build for debugging, tests too; any warning is an error
	swift build --build-tests --explicit-target-dependency-import-check error

test: ## Set up and run every check and every suite, then say how each went
	@scripts/test

test-engine: ## Drive /v1/responses over a real vLLM on the CPU; not part of `test`, as its environment has 2.3 GB
	@scripts/test-engine

compare: ## Run cells on Jupyter's own kernel and on a daemon, and say where they differ
	@scripts/compare

attack: ## Try every attack on the sandbox and say what became of each
	@scripts/attack

fuzz: ## Read a million mutated streams and pages; another number in ARGS
	@scripts/fuzz $(ARGS)

soak: ## Run good and hostile sessions while parts are killed; minutes in ARGS, 10 by default
	@scripts/soak $(ARGS)

bench: ## Set up and measure sandbox, tokenizer, browser and index beside their peers; takes minutes
	@scripts/bench $(ARGS)

bench-check: bench ## Measure, and fail where a ratio to a peer is below Benchmarks/thresholds.json
	@/usr/bin/python3 Benchmarks/check.py .build/bench

mutate: ## Break a line at a time in ten places, and say which suite notices
	@scripts/mutate $(ARGS)

format: ## Format the Swift sources in place
	swift format --in-place --parallel --recursive $(swift_files)

lint: ## Check the format of the Swift sources, and the scripts
	swift format lint --strict --parallel --recursive $(swift_files)
	shellcheck $(shell_files)

man: ## Make the manual page, .build/man/harmonium.1
	swift package plugin generate-manual --configuration debug
	install -D --mode=644 .build/plugins/GenerateManual/outputs/harmonium/harmonium.1 .build/man/harmonium.1

clean: ## Delete everything that was built, the Python environments too
	rm -rf .build Benchmarks/.build
