#!/bin/sh
# Build the handbook into site/, or into the folder named. Any warning is a fault: then,
# and only then, what MkDocs said is shown. (Its own --quiet also hides the warnings from
# its strict mode.)
set -eu

cd "$(dirname "$0")/.."
folder=${1:-site}
mkdir -p .local
if ! said=$(.venv/bin/python -m mkdocs build --clean --strict --site-dir "$folder" 2>&1)
then
    printf '%s\n' "$said" >&2
    exit 1
fi
