# Commands to work on Chapbook. Each one runs a tool of .venv.
# All paths are relative, so the checkout may be in a folder whose name has spaces.
# Each one takes arguments for its tool: make test ARGS="-k metadata"

RUN := .venv/bin/python
READY := .venv/ready

.PHONY: all install build manual preview release check test lint bench clean lock help
.SUFFIXES:

all: build ## Build every manuscript of source/ into build/; install first if needed (the default)

install: $(READY) ## Make .venv and install everything into it, if it is not there

build: $(READY) ## The same as all
	@$(RUN) -m chapbook build $(ARGS)

manual: $(READY) ## Build the manual, source/manual, into build/manual.pdf, .epub and .html
	@$(RUN) -m chapbook build $(ARGS) source/manual

preview: $(READY) ## Build, and serve the results to browsers on this machine until Ctrl-C
	@$(RUN) -m chapbook build
	@$(RUN) -m chapbook catalog build
	@$(RUN) -m chapbook serve $(ARGS)

release: $(READY) ## Store every manuscript of source/ as an edition in editions/
	@$(RUN) -m chapbook release $(ARGS)

check: $(READY) ## Read the built files back and compare them with the manuscripts and each other
	@$(RUN) -m chapbook check $(ARGS)

test: $(READY) ## Run every test; list the validators that are not installed
	@$(RUN) -m pytest -n auto --dist loadgroup $(ARGS)

lint: $(READY) ## Check style, format, types and imports
	@$(RUN) -m ruff check $(ARGS)
	@$(RUN) -m ruff format --check $(ARGS)
	@$(RUN) -m mypy $(ARGS)
	@$(RUN) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-cache --no-logo

bench: $(READY) ## Compare Chapbook with plain pandoc and WeasyPrint, and measure a large archive
	@$(RUN) -m tests.benchmarks $(ARGS)
	@$(RUN) -m tests.benchmarks.archive

clean: ## Empty build/ (never editions/ and never .venv)
	@[ ! -d build ] || find build -mindepth 1 ! -path build/.gitignore -delete

lock: $(READY) ## Renew the lock, .ci/requirements.txt, from the ranges in pyproject.toml
	@$(RUN) -m venv .venv/uv
	@.venv/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@.venv/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--group build --group test --custom-compile-command "make lock" \
		pyproject.toml --output-file .ci/requirements.txt

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 14

$(READY): .ci/requirements.txt .ci/install pyproject.toml .venv/bin/python
	@sh .ci/install

# Missing on a new machine, and dangling after the system's Python was replaced: both mean a new install.
.venv/bin/python:
	@:
