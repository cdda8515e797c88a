#!/bin/sh
# The unit and spec tests of domain and engines, in two processes beside each other. Every
# branch of theirs is run by these tests, or this fails and names the lines.
set -eu

cd "$(dirname "$0")/.."
data=.local/coverage-core
log=.local/core-engines.log
mkdir -p .local
rm -f "$data" "$data".*

# Folders of their own for what tests write: else pytest closes the folder that all runs
# share, in which others of root's tests have a database of another user.
measured() {
    what=$1
    shift
    exec .venv/bin/python -m coverage run --parallel-mode --data-file="$data" -m pytest \
        -q --no-header -p no:cacheprovider --doctest-modules \
        --basetemp=".local/tmp-core-$what" "$@"
}

measured engines tests/unit/engines src/varde/engines >"$log" 2>&1 &
engines=$!
measured domain tests/unit/domain tests/spec src/varde/domain &
domain=$!
trap 'kill "$engines" "$domain" 2>/dev/null; exit 143' INT TERM
status=0
wait "$domain" || status=$?
wait "$engines" || status=$?
cat "$log"
[ "$status" -eq 0 ] || exit "$status"
.venv/bin/python -m coverage combine --quiet --data-file="$data"
.venv/bin/python -m coverage report --data-file="$data"
