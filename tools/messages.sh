#!/bin/sh
# Gather the texts of the program into the translations (src/varde/web/locale).
#
#   tools/messages.sh
#
# New texts come out empty or marked "fuzzy" (a guess from a like text): translate them,
# take the mark away, and run `make setup`. Needs gettext, which only this command needs:
# apt-get install gettext.
set -eu

cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
if ! command -v xgettext >/dev/null || ! command -v msgattrib >/dev/null; then
    echo "xgettext and msgattrib are missing. Nothing was changed." >&2
    echo "Install them (apt-get install gettext) and run tools/messages.sh again." >&2
    exit 1
fi

# The command reads no data; the settings only ask that a database is named.
(cd src/varde && DATABASE_URL=postgresql:///none "$python" -m django makemessages \
    --settings varde.config.settings --locale nn --locale en \
    --no-obsolete --add-location file --verbosity 0)

for file in src/varde/web/locale/*/LC_MESSAGES/django.po; do
    # In the order of the texts and without the hour, so that a difference shows words.
    msgattrib --no-obsolete --sort-output --output-file "$file.new" "$file"
    sed '/^"POT-Creation-Date:/d' "$file.new" >"$file"
    rm "$file.new"
done

"$python" tools/compile_messages.py
