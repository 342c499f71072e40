# make demo    crawl the demo portals and browse the archive      make demo SERVE=0   stop before serving
# make test    run the tests; make trial: those that take long       make serve          browse archive.db
# make bench   measure                                            make check          lint, types, tests
# make audit   known vulnerabilities of the dependencies         make accuracy       how often readers are right

PYTHON ?= python3
PORT ?= 8001
SERVE ?= 1
PY := .venv/bin/python
UV ?= $(firstword $(wildcard .venv/bin/uv) uv)
COMPILE := $(UV) pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

.PHONY: accuracy audit demo release serve test trial check lint bench bench-memory bench-search bench-hostile bench-integrity bench-stories bench-scale screenshots requirements clean

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --upgrade pip

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	$(PY) -m pip install --quiet --no-deps -e .
	@touch .venv/installed

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch .venv/installed-dev

demo: .venv/installed
	$(PY) -m scrapy demo $(if $(filter 0 no false,$(SERVE)),--no-serve) --port $(PORT)

serve: .venv/installed
	$(PY) -m datasette archive.db -m datasette-metadata.json --port $(PORT)

# An independent replay program, which disagrees with the crawler about a package.
.venv-replay/installed: requirements-replay.txt
	$(PYTHON) -m venv .venv-replay
	.venv-replay/bin/python -m pip install --quiet --upgrade pip
	.venv-replay/bin/python -m pip install --quiet --require-hashes -r requirements-replay.txt
	@touch .venv-replay/installed

test: .venv/installed-dev .venv-replay/installed
	$(PY) -m pytest -n 2 -q -m "not long" $(ARGS)

# The tests that take long, on top of `make test`: before a release, and each night.
trial: .venv/installed-dev .venv-replay/installed
	$(PY) -m pytest -n 2 -q -m long $(ARGS)

lint: .venv/installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/hadolint deploy/container/Containerfile
	.venv/bin/shellcheck deploy/install.sh .ci/run
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/container/compose.yaml

check: lint test

# Known vulnerabilities of what is pinned; asks the advisory service of the package index.
audit: .venv/installed-dev
	$(PY) -m pip_audit --strict --require-hashes --disable-pip -r requirements.txt
	$(PY) -m pip_audit --strict --require-hashes --disable-pip -r requirements-dev.txt

bench: .venv/installed-dev
	$(PY) -m bench

# Fifty thousand pages, which take half an hour; ARGS="--pages 5000" is quicker.
bench-memory: .venv/installed-dev
	$(PY) -m bench.memory $(ARGS)

# Takes an hour or more; ARGS="--sizes 10000,100000" is quicker.
bench-search: .venv/installed-dev
	$(PY) -m bench.search $(ARGS)

# ARGS="--sizes 10000,100000,1000000" takes hours.
bench-stories: .venv/installed-dev
	$(PY) -m bench.stories $(ARGS)

# Archives merged, pages read on a cluster here.
bench-scale: .venv/installed-dev
	$(PY) -m bench.scale $(ARGS)

# The worst input that is known, and the worst visitor. ARGS="--no-pages" leaves out the first; half an hour.
bench-hostile: .venv/installed-dev
	$(PY) -m bench.hostile --load build/bench-hostile $(ARGS)

# How well injected articles are found, and what it costs.
bench-integrity: .venv/installed-dev
	$(PY) -m bench.integrity

# docs/accuracy.md: how often readers are right on the real pages that REAL_PAGES names.
accuracy: .venv/installed-dev
	$(PY) -m bench.accuracy
	$(PY) -m bench.search_quality

# A wheel, a source archive, the changes, what the program stands on (CycloneDX) and the hashes of these, in dist/; then
# both are tried on a bare Python 3.11 and 3.13, where the machine has them.
release: .venv/installed-dev
	rm -rf dist
	$(PY) -m build --outdir dist
	$(PY) -m cyclonedx_py requirements requirements.txt -o dist/portal-archive.cdx.json
	cp CHANGELOG.md dist/
	cd dist && sha256sum * > SHA256SUMS
	rm -rf build *.egg-info
	$(PY) -m pytest -q -rs tests/release

# The pictures of the README and docs/, of the archive that the demo filled.
screenshots: .venv/installed-dev
	$(PY) docs/screenshots.py $(ARGS)

# Pins every dependency anew.
requirements:
	$(COMPILE) --extra browser --extra parquet --extra dev --extra bench -o requirements-dev.txt pyproject.toml
	$(COMPILE) -c requirements-dev.txt -o requirements.txt pyproject.toml
	$(COMPILE) -o requirements-replay.txt --group replay

clean:
	rm -rf .venv .venv-replay demo-run build *.egg-info
