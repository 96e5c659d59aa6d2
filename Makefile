# Standline from an empty checkout: `make demo` needs Python 3.11 or later and nothing else.

# The newest Python on PATH that can make an environment, those first that were built to be quick: as
# systems bring them, or with the optimizations that a build by hand leaves out. PYTHON=… chooses.
CHECK := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
QUICK := import sys, sysconfig; built = sysconfig.get_config_var("CONFIG_ARGS") or ""; \
	sys.exit(sys.base_prefix != "/usr" and "--enable-optimizations" not in built)
SEARCH := python3.14 python3.13 python3.12 python3.11 python3 python
PYTHON ?= $(shell IFS=:; for also in '$(QUICK)' ''; do for it in $(SEARCH); do for at in $$PATH; do \
	"$$at/$$it" -c '$(CHECK)' 2>/dev/null && "$$at/$$it" -c "$$also" && echo "$$at/$$it" && exit; \
	done; done; done)

VENV := .venv
BIN := $(VENV)/bin
# What Standline itself needs, and nothing else; what looks at it; what stands beside it.
RUNTIME := build/runtime
AUDIT := build/audit
BESIDE := build/beside
FAILOVER := build/failover
S3 := build/s3
SPARK := build/spark
APACHE := build/apache-spark
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
UV := 0.13.9
ARGS ?=

# Where this is set, every process of a test run would compile all of Standline anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo dev test test-all test-faults test-failover
.PHONY: test-storage test-attacks test-spark
.PHONY: test-apache-spark sbom audit check lock messages screenshots budgets clean

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/installed  ## Make .venv/bin/standline
demo: install  ## Serve the demo (ARGS="--port 8080 --no-browser")
	@$(BIN)/standline demo $(ARGS)

dev: $(VENV)/installed-dev  ## Install what testing and checking need, too

test: dev  ## Run the first tier of the tests, six minutes (ARGS="-k position")
	@$(PREPARE)
	@$(BIN)/python -m pytest -n logical $(ARGS)

test-all: dev  ## Run every test: all widths, themes, languages and stores, faults and attacks
	@$(PREPARE)
	@$(BIN)/python -m pytest -n logical -m "" $(ARGS)

# What tests ask for beside Python; PostgreSQL comes with what is installed.
PREPARE = $(BIN)/python -m tests.support.chromium && $(BIN)/python -m tests.support.nginx

test-faults: dev $(BESIDE)/installed  ## Cut lines and power, kill, fill disks, count what is lost
	@STANDLINE_FAULTS=many $(BIN)/python -m pytest tests/faults -m "" --timeout 3600 $(ARGS)

test-failover: dev $(FAILOVER)/installed  ## Lose a machine of a PostgreSQL cluster (Patroni, etcd)
	@$(BIN)/python -m tests.failover.cluster
	@STANDLINE_FAILOVER=1 $(BIN)/python -m pytest tests/failover --timeout 1800 $(ARGS)

test-storage: dev $(S3)/installed  ## Keep an archive in storage that speaks S3 (moto)
	@STANDLINE_S3=1 $(BIN)/python -m pytest tests/s3 $(ARGS)

test-attacks: dev  ## Attack forms, imports and the server itself, for an hour
	@$(BIN)/python -m tests.support.chromium
	@STANDLINE_ATTACKS=many $(BIN)/python -m pytest -n logical -m "" --timeout 7200 tests/attacks $(ARGS)

test-spark: $(SPARK)/installed  ## Ask archives on Sail, in one process and as a cluster (pysail)
	@STANDLINE_SPARK=sail $(SPARK)/bin/python -m pytest tests/spark -m "" $(ARGS)

test-apache-spark: $(SPARK)/installed $(APACHE)/installed  ## The same on Apache Spark itself (Java)
	@STANDLINE_SPARK=apache $(SPARK)/bin/python -m pytest tests/spark -m "" --timeout 3600 $(ARGS)

sbom: $(AUDIT)/installed  ## List what Standline is made of (CycloneDX) and its licences, in build/
	@mkdir -p build
	@$(AUDIT)/bin/cyclonedx-py environment $(RUNTIME) --pyproject pyproject.toml --sv 1.6 \
		--output-reproducible -o build/sbom.cdx.json
	@$(AUDIT)/bin/python tests/support/licences.py build/sbom.cdx.json

audit: $(AUDIT)/installed  ## Look for risky code (bandit, and rules of our own for semgrep)
	@$(AUDIT)/bin/bandit -q -r timeline web -c pyproject.toml
	@$(AUDIT)/bin/semgrep scan --quiet --error --metrics off --disable-version-check \
		--config tests/support/semgrep.yml timeline web

check: dev  ## Lint, types, import contracts, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint web/templates --lint --quiet

lock: $(BIN)/python  ## Choose versions anew (ARGS="--upgrade") and pin them by hash
	@$(PIP) uv==$(UV)
	@$(LOCK) --group build --extra analysis $(ARGS) -o requirements.lock
	@$(LOCK) --group build --group dev -c requirements.lock $(ARGS) -o requirements-dev.lock
	@$(subst pyproject.toml,tests/support/audit.in,$(LOCK)) $(ARGS) -o requirements-audit.lock
	@$(subst pyproject.toml,tests/support/beside.in,$(LOCK)) $(ARGS) -o requirements-beside.lock
	@$(subst pyproject.toml,tests/support/failover.in,$(LOCK)) $(ARGS) -o requirements-failover.lock
	@$(subst pyproject.toml,tests/support/s3.in,$(LOCK)) $(ARGS) -o requirements-s3.lock
	@$(subst pyproject.toml,tests/support/spark.in,$(LOCK)) -c requirements.lock \
		-c requirements-dev.lock $(ARGS) -o requirements-spark.lock
	@$(subst pyproject.toml,tests/support/apache_spark.in,$(LOCK)) $(ARGS) \
		-o requirements-apache-spark.lock

# What the demo answers its questions with is in it, though only those who analyse need it.
# Universal: one lock for every platform and Python that the project runs on.
LOCK = UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile pyproject.toml --quiet \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate

messages: dev  ## Bring the catalogues up to the texts of the site, and the table of errors
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml -k lazy_gettext -k lazy_pgettext:1c,2 \
		-k in_catalogues --no-wrap --no-location --sort-output -o build/messages.pot .
	@for it in web/translations/*/LC_MESSAGES/messages.po; do \
		lang=$$(basename $$(dirname $$(dirname $$it))); \
		$(BIN)/pybabel -q update -i build/messages.pot -o $$it -l $$lang --no-wrap \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; done
# A new catalogue calls itself fuzzy as a whole, and would be left out.
	@$(BIN)/pybabel -q compile --use-fuzzy -d web/translations
	@$(BIN)/python -m tests.support.messages

screenshots: dev  ## Draw the demo's pages into build/screenshots, and the README's picture
	@$(BIN)/python -m tests.support.chromium
	@$(BIN)/python -m tests.support.screenshots $(ARGS)

budgets: dev  ## Measure pages against their budgets
	@$(BIN)/python -m tests.support.budgets

clean:  ## Remove what make has made
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find timeline web tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or later with venv on PATH;" \
		"install one (Debian: python3-venv), or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c '$(CHECK)' 2>/dev/null || { echo "make: $(PYTHON) is not a Python 3.11 or later" \
		"with venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

# Every file is checked against its hash, so nothing is resolved and no index is trusted.
$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing into $(VENV)"
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(RUNTIME)/installed: requirements.lock
	@echo "installing into $(RUNTIME)"
	@"$(PYTHON)" -m venv $(RUNTIME)
	@$(RUNTIME)/$(HASHED) -r requirements.lock
	@touch $@

$(BESIDE)/installed: requirements-beside.lock | $(BIN)/python
	@echo "installing what stands beside Standline"
	@"$(PYTHON)" -m venv $(BESIDE)
	@$(BESIDE)/$(HASHED) -r requirements-beside.lock
	@touch $@

$(FAILOVER)/installed: requirements-failover.lock | $(BIN)/python
	@echo "installing Patroni into $(FAILOVER)"
	@"$(PYTHON)" -m venv $(FAILOVER)
	@$(FAILOVER)/$(HASHED) -r requirements-failover.lock
	@touch $@

$(S3)/installed: requirements-s3.lock | $(BIN)/python
	@echo "installing a server that speaks S3 into $(S3)"
	@"$(PYTHON)" -m venv $(S3)
	@$(S3)/$(HASHED) -r requirements-s3.lock
	@touch $@

$(SPARK)/installed: requirements-spark.lock requirements-dev.lock requirements.lock
	@echo "installing a Spark Connect server into $(SPARK)"
	@"$(PYTHON)" -m venv $(SPARK)
	@for it in requirements.lock requirements-dev.lock requirements-spark.lock; do \
		$(SPARK)/$(HASHED) -r $$it || exit 1; done
	@$(SPARK)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps \
		--no-build-isolation -e .
	@touch $@

$(APACHE)/installed: requirements-apache-spark.lock
	@echo "installing Apache Spark into $(APACHE)"
	@"$(PYTHON)" -m venv $(APACHE)
	@$(APACHE)/$(HASHED) -r requirements-apache-spark.lock
	@touch $@

$(AUDIT)/installed: requirements-audit.lock $(RUNTIME)/installed
	@echo "installing into $(AUDIT)"
	@"$(PYTHON)" -m venv $(AUDIT)
	@$(AUDIT)/$(HASHED) -r requirements-audit.lock
	@touch $@

HASHED = bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "installing what tests and checks need"
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock
# Each process of a test run would compile all tests for itself: here two do half of them each.
	@$(BIN)/python -m pytest -q --collect-only tests/web >/dev/null & \
		$(BIN)/python -m pytest -q --collect-only --ignore tests/web >/dev/null; wait
	@touch $@
