#!/bin/sh
# Every branch of domain and engines is run by their own tests, or this fails and names
# the lines.
set -eu

cd "$(dirname "$0")/.."
data=.local/coverage-core
mkdir -p .local
.venv/bin/python -m coverage run --data-file="$data" -m pytest -q --no-header \
    -p no:cacheprovider tests/unit/domain tests/unit/engines tests/spec \
    --doctest-modules src/varde/domain src/varde/engines
.venv/bin/python -m coverage report --data-file="$data"
