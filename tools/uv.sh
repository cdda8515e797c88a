#!/bin/sh
# Run this folder's uv. Where it has no registry of its own, it follows pip's settings,
# which a house with its own registry has usually set.
set -eu

here=$(dirname "$0")/..
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$("$here/.tools/bin/python" -m pip config get \
        global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then
        UV_DEFAULT_INDEX=$index
        export UV_DEFAULT_INDEX
    fi
fi
exec "$here/.tools/bin/uv" "$@"
