"""Make the .mo files that the program reads from the translations beside them.

The same as Django's compilemessages, without gettext on the machine. A text without a
translation, or with a guessed one, is left out: the screen then shows bokmål.

    python tools/compile_messages.py [FILE.po ...]      all of them when none is named
"""

import sys
from pathlib import Path

import polib


LOCALE = Path(__file__).resolve().parent.parent / "src" / "varde" / "web" / "locale"


def main() -> None:
    """Compile, and say how many texts each language lacks."""
    named = [Path(name) for name in sys.argv[1:]]
    for file in named or sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        texts = polib.pofile(str(file))
        texts.save_as_mofile(str(file.with_suffix(".mo")))
        lacking = len(texts.untranslated_entries()) + len(texts.fuzzy_entries())
        if lacking:
            print(f"{file}: {lacking} of {len(texts)} texts lack a translation")


if __name__ == "__main__":
    main()
