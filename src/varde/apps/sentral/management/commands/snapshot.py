"""`varde snapshot --sentral CODE`: the board as a signed page, made by hand."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.scope import scoped
from varde.apps.records.snapshot_folder import write_whole
from varde.apps.sentral import downtime
from varde.apps.sentral.management.arguments import refuse, sentral_named


class Command(BaseCommand):
    help = (
        "Make the signed page of a sentral that opens without a server, as the jobs do "
        "each minute. It holds patient data: it is readable by its owner only, and the "
        "making is logged. Ends with 2 when it cannot be written."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sentral", required=True, metavar="CODE")
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="a file that does not exist yet, instead of the sentral's own folder",
        )

    def handle(self, *, sentral, out, **options):
        place = sentral_named(self, sentral)
        now = timezone.now()
        if out is not None and out.exists():
            refuse(self, f"{out} exists. Nothing was written. Choose another name.")
        with scoped(districts=[place.host_district_id]):
            audit.log(
                what="snapshot",
                by=None,
                at=now,
                district_id=place.host_district_id,
                purpose="",
                table="records_sentral",
                row_id=place.pk,
            )
        try:
            if out is None:
                out = downtime.take(place, at=now)
            else:
                write_whole(out, downtime.signed(place, at=now))
        except OSError as fault:
            refuse(
                self,
                f"The page was not written ({fault.strerror}). What was there before is "
                "whole.\nSee to the disk and its rights, or name another folder with "
                "--out or\nVARDE_SNAPSHOT_DIR, and run it again.",
            )
        self.stdout.write(f"{out}\nSigned by {downtime.own_fingerprint()}")
