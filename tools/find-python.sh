#!/bin/sh
# Print the path of a Python that can run Varde, the one of .python-version first.
#
#   tools/find-python.sh          Python >= 3.12, for Varde itself
#   tools/find-python.sh any      any Python 3 with venv and pip, to bootstrap uv
#
# Each candidate is started, since a version manager's stand-in («shim») may lie on
# PATH without a Python behind it. Nothing is downloaded.
set -eu

wanted=$(cat "$(dirname "$0")/../.python-version")
if [ "${1:-}" = any ]; then
    test='import ensurepip, sys, venv; ok = sys.version_info >= (3, 9)'
else
    test='import sys; ok = sys.version_info >= (3, 12)'
fi

installed=
for root in "${PYENV_ROOT:-$HOME/.pyenv}"; do
    for python in "$root"/versions/"$wanted"*/bin/python3 \
        "$root"/versions/3.1[2-9]*/bin/python3; do
        [ -x "$python" ] && installed="$installed $python"
    done
done

for python in "python$wanted" $installed python3.14 python3.13 python3.12 python3 python \
    /usr/bin/python3 /usr/local/bin/python3; do
    found=$("$python" -c "$test; print(sys.executable if ok else '')" 2>/dev/null) || continue
    if [ -n "$found" ]; then
        echo "$found"
        exit 0
    fi
done

if [ "${1:-}" = any ]; then
    echo "No Python 3.9 or newer with the modules venv and ensurepip was found." >&2
    echo "Nothing was set up. On Debian: apt-get install python3 python3-venv." >&2
else
    echo "No Python $wanted was found, nor any other from 3.12 on." >&2
    echo "Looked for python$wanted on PATH, in pyenv's folder and in /usr/bin." >&2
    echo "Nothing was set up. Install Python $wanted (with pyenv: pyenv install $wanted)" >&2
    echo "and run make setup again." >&2
fi
exit 1
