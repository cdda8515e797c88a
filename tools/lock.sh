#!/bin/sh
# Renew the locked requirements, or check that they fit pyproject.toml.
#
#   tools/lock.sh renew      what pyproject.toml newly asks for; the rest stays as it is
#   tools/lock.sh upgrade    the newest versions that pyproject.toml allows
#   tools/lock.sh check      change nothing; fail if a lock does not fit pyproject.toml
#
# The outputs hold names, versions and hashes, and neither comments nor addresses: those
# would name the registry or the folder of whoever ran this.
set -eu

cd "$(dirname "$0")/.."
uv=tools/uv.sh

compile() { # OUTPUT, then what to lock
    output=$1
    shift
    "$uv" pip compile pyproject.toml "$@" --output-file "$output" \
        --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
        --no-emit-find-links --quiet >/dev/null
}

compile_all() { # FOLDER, then further options
    folder=$1
    shift
    compile "$folder/run.txt" "$@"
    compile "$folder/dev.txt" --group dev --group docs "$@"
    # Only uv, not Varde: a machine without anything starts here.
    "$uv" pip compile --group setup --output-file "$folder/setup.txt" \
        --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
        --no-emit-find-links --quiet "$@" >/dev/null
}

case "${1:-}" in
renew)
    compile_all requirements
    ;;
upgrade)
    compile_all requirements --upgrade
    ;;
check)
    # An output that exists is kept as far as pyproject.toml allows: a lock that fits
    # comes out unchanged, however many newer versions there are.
    fresh=.local/lock-check
    rm -rf "$fresh"
    mkdir -p "$fresh"
    cp requirements/*.txt "$fresh"
    compile_all "$fresh"
    if ! diff -r requirements "$fresh"; then
        echo "requirements/ does not fit pyproject.toml (the difference is above)." >&2
        echo "Nothing was changed. Run make lock and commit the result." >&2
        exit 1
    fi
    ;;
*)
    echo "usage: tools/lock.sh renew|upgrade|check" >&2
    exit 2
    ;;
esac
