#!/bin/bash
# All that can be checked without running tests. Every step runs, also after a fault, and
# nothing in the checkout is changed.
set -uo pipefail

cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

step() { # NAME, then the command
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAULT   %s\n%s\n' "$name" "$output" | sed '2,$s/^/        /'
        failed+=("$name")
    fi
}

migrations() {
    # The command starts the embedded database; its own folder keeps it from the data.
    VARDE_HOME=$PWD/.local/check-home "$bin/varde" makemigrations --check --dry-run
}

step "format (ruff)" "$bin/ruff" format --check --output-format concise
step "lint (ruff)" "$bin/ruff" check --output-format concise
step "layers (import-linter)" "$bin/lint-imports" --no-cache --no-logo
step "types (mypy, strict on domain and engines)" "$bin/python" -m mypy
step "templates (djlint)" "$bin/djlint" --lint --quiet src
step "migrations fit the models" migrations
step "requirements fit pyproject.toml" tools/lock.sh check
step "package-lock.json fits package.json" tools/npm.sh ci --dry-run --silent
step "handbook builds, own files only" tools/build-handbook.sh .local/check-site

if [ ${#failed[@]} -gt 0 ]; then
    echo
    echo "${#failed[@]} step(s) with faults. make fix mends format and simple lint." >&2
    exit 1
fi
