import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.sentral.management.progress import on_error_stream
from varde.config import backup


class Command(BaseCommand):
    help = "Write a copy of the whole database, as at one moment, to one new file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a file that does not exist yet")
        parser.add_argument("--json", action="store_true", help="say it as one object")

    def handle(self, *, file, verbosity, **options):
        try:
            with on_error_stream("Kopierer", quiet=verbosity == 0) as say:
                manifest = backup.write(file, at=timezone.now(), say=say)
        except backup.BackupRefused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(2) from None
        if options["json"]:
            self.stdout.write(json.dumps(summary(file, manifest)))
            return
        self.stdout.write(
            f"{file}: {manifest.rows} rader i {len(manifest.tables)} tabeller "
            f"({file.stat().st_size / 1e6:.1f} MB). secrets.json er ikke med: ta vare på "
            "den et annet sted."
        )


def summary(file, manifest):
    """What a program reads of a backup."""
    return {
        "file": str(file),
        "varde": manifest.varde,
        "made_at": manifest.made_at,
        "tables": len(manifest.tables),
        "rows": manifest.rows,
    }
