# What CI runs, and what rewrites the generated parts. In an environment made by: pip install -e '.[dev]'

DOCUMENTS = README.md $(wildcard docs/*.md)
COG = cog -P -I tools

.PHONY: check lint types imports spelling docs docs-check test cluster assets openapi conformance answers notebooks soak kills fuseki clones reference openrefine backends remote

check: lint types imports spelling docs-check test

lint:
	ruff check .
	ruff format --check .

types:
	mypy --strict src

imports:
	lint-imports
	deptry src

spelling:
	codespell

# The blocks between [[[cog and [[[end]]] hold what their commands print.
docs:
	$(COG) -r $(DOCUMENTS)

docs-check:
	$(COG) --check --diff $(DOCUMENTS)

test:
	pytest --cov --cov-report=term

# Fetches what the pages take from npm (package.json), as building a wheel does.
assets:
	python tools/assets.py

# Builds on a Dask cluster of real processes, some of which are killed or hang, and in shards.
cluster:
	CLUSTER=1 pytest -v tests/test_cluster.py tests/test_partitioned.py

# Schemathesis asks every route that /openapi.json describes what it may be asked.
openapi:
	OPENAPI=1 pytest tests/test_openapi.py

# The W3C suites for SPARQL, where they lie beside this checkout; tests/conformance/known.csv says what fails and why.
conformance:
	pytest -v tests/test_conformance.py

# Rewrites tests/answers from a build of the shipped documents, and prints what changed: read it against the documents.
answers:
	python tools/answers.py

# Runs the notebooks over a build of the shipped documents, and keeps what they show.
notebooks:
	python tools/notebooks.py

# Ten minutes of good and hostile requests with 100 workers killed; prints a table (docs/robustness.md).
soak:
	spacekg build --out build/soak
	python tools/soak.py build/soak --seconds 600 --kills 100

# Kills build, dumps and export at fifty moments drawn from SEED; fails when anything is lost (docs/robustness.md).
SEED = 1
kills:
	rm -rf build/kills
	python tools/kills.py build/kills --kills 50 --seed $(SEED)

# Loads the Turtle dump into Fuseki: make fuseki FUSEKI=jena-fuseki-server.jar DUMPS=release/dumps/ID
fuseki:
	FUSEKI=$(FUSEKI) DUMPS=$(DUMPS) pytest -v -rs tests/test_fuseki.py

# Stores of others: Oxigraph's server, virtuoso-t where it is, and Fuseki: make backends FUSEKI=jena-fuseki-server.jar
SUITES = tests/test_hostile.py tests/test_protocol_matrix.py tests/test_web_protocol.py tests/test_web_sparql.py \
  tests/test_web_negotiation.py tests/test_web_pages.py tests/test_web_explore.py tests/test_web_guide.py \
  tests/test_web_resources.py tests/test_web_reconcile.py tests/test_web_lookup.py tests/test_web_linking.py \
  tests/test_web_editor.py tests/test_clients.py
backends:
	FUSEKI=$(FUSEKI) pytest -v -rs tests/test_backends.py tests/test_storing.py

# The tests of the endpoint, its pages and services over each of these; tests/otherwise.csv says what differs.
remote:
	FUSEKI=$(FUSEKI) python tools/remote.py $(filter-out tests/test_hostile.py,$(SUITES)); first=$$?; \
	  STORE_SECONDS=2 FUSEKI=$(FUSEKI) python tools/remote.py --folder build/remote/hostile tests/test_hostile.py && exit $$first

# OpenRefine matches lists with our service and fetches columns: make openrefine OPENREFINE=/usr/share/openrefine
openrefine:
	OPENREFINE=$(OPENREFINE) pytest -v -rs tests/test_openrefine.py

# Builds and dumps from two clean clones of what is committed, and compares every byte.
clones:
	rm -rf build/clones
	for each in one other; do git clone -q . build/clones/$$each && (cd build/clones/$$each && \
	  PYTHONPATH=$$PWD/src python -m spacekg build --out ../$$each-out && \
	  PYTHONPATH=$$PWD/src python -m spacekg dumps --release ../$$each-out && rm -rf ../$$each-out/cache) || exit 1; done
	diff -r build/clones/one-out build/clones/other-out && echo the same bytes

# Rebuilds data/reference from raw extracts of the public sources: make reference RAW=folder; see data/README.md.
reference:
	python tools/make_reference.py $(RAW) data/reference
