#!/bin/sh
# Run the examples (>>>) in the documentation. A folder without any is not a fault.
set -eu

cd "$(dirname "$0")/.."
status=0
.venv/bin/python -m pytest -q --doctest-glob='*.md' docs README.md CONTRIBUTING.md \
    GLOSSARY.md || status=$?
if [ "$status" -eq 5 ]; then # pytest's word for «no examples»
    exit 0
fi
exit "$status"
