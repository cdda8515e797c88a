"""`varde verify-snapshot FILE`: whether a page is as it was signed, and by whom."""  # noqa: N999

import re
from pathlib import Path

from django.core.management.base import BaseCommand

from varde.apps.records.signed_page import Wholeness, verify
from varde.apps.sentral import downtime


EXIT = {Wholeness.WHOLE: 0, Wholeness.CHANGED: 1, Wholeness.STRANGER: 2}
UNREADABLE = 3
TAKEN = re.compile(rb'<meta name="varde-taken" content="([0-9T:+.Z-]+)">')
SENTENCES = {
    Wholeness.WHOLE: "{file} is whole: every byte is as it was signed by {named}.\n"
    "It was taken {taken}.",
    Wholeness.CHANGED: "{file} is changed: it is not as it was signed, or was cut short,"
    " or was never signed.\nDo not work by it. Open an older one from the same folder.",
    Wholeness.STRANGER: "{file} is signed by another: it is as {named} signed it,\n"
    "and {expected} was expected. Work by it only if you know that installation;\n"
    "then name its key with --fingerprint.",
}


class Command(BaseCommand):
    help = (
        "Check the signature of a page made by `varde snapshot` or the jobs. Ends with 0 "
        "when it is whole, 1 when it is changed, 2 when another key signed it, 3 when "
        "there is no such file to read. Needs no database."
    )
    requires_system_checks = ()  # it reads one file

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--fingerprint",
            default="",
            help="of the key that is expected, where it is not this installation's own",
        )

    def handle(self, *, file, fingerprint, **options):
        expected = _as_shown(fingerprint) or downtime.own_fingerprint()
        try:
            page = file.read_bytes()
        except OSError as fault:
            self.stderr.write(
                f"{file} cannot be read ({fault.strerror}). Name a file that can."
            )
            raise SystemExit(UNREADABLE) from None
        verdict = verify(page, expected=expected)
        found = TAKEN.search(page)
        words = SENTENCES[verdict.wholeness].format(
            file=file,
            named=verdict.fingerprint,
            expected=expected,
            taken=found[1].decode() if found else "at a time that it does not say",
        )
        self.stdout.write(words)
        if code := EXIT[verdict.wholeness]:
            raise SystemExit(code)


def _as_shown(text):
    """A fingerprint as we write it, however it was typed."""
    signs = "".join(text.split()).lower()
    return " ".join(signs[at : at + 4] for at in range(0, len(signs), 4))
