import json
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.sentral.management.progress import on_error_stream
from varde.config import backup
from varde.config.management.commands.backup import summary


class Command(BaseCommand):
    help = (
        "Put a backup back into a new, empty installation, and check every table of it."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--foreign",
            action="store_true",
            help="the file was made where secrets.json was another",
        )
        parser.add_argument("--json", action="store_true", help="say it as one object")

    def handle(self, *, file, foreign, verbosity, **options):
        try:
            # A file that will be refused must not even bring tables into an empty place.
            manifest = backup.read(file, is_foreign=foreign)
            call_command("migrate", verbosity=0, interactive=False)
            with on_error_stream("Legger tilbake", quiet=verbosity == 0) as say:
                backup.restore(file, manifest, at=timezone.now(), say=say)
        except backup.BackupRefused as refusal:
            self.stderr.write(str(refusal))
            raise SystemExit(2) from None
        if options["json"]:
            self.stdout.write(json.dumps(summary(file, manifest)))
            return
        self.stdout.write(
            f"{manifest.rows} rader i {len(manifest.tables)} tabeller er på plass, slik "
            f"de var {manifest.made_at}. Tabellene og loggen er kontrollert."
        )
