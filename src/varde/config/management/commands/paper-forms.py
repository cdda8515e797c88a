"""`varde paper-forms`: numbered paper forms for downtime, as PDF."""  # noqa: N999

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.records.models import Station
from varde.apps.records.scope import scoped
from varde.apps.records.snapshot_folder import write_whole
from varde.apps.sentral import paper
from varde.apps.sentral.management.arguments import refuse, sentral_named
from varde.apps.sentral.queries.paper_forms import numbers_of
from varde.apps.sentral.services import paper_forms
from varde.apps.station.access import place_of, sentral_of
from varde.domain.errors import RuleBroken
from varde.domain.paper_form import FormKind


class Command(BaseCommand):
    help = (
        "Make numbered paper forms for downtime: of a sentral for the telephone, or of a "
        "station for its door. The numbers are kept, and each form is to be entered or "
        "made void. Ends with 2 when something is wrong; then no number was given."
    )

    def add_arguments(self, parser):
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--sentral", metavar="CODE")
        place.add_argument("--station", metavar="CODE")
        parser.add_argument("--count", type=int, default=20, metavar="N")
        parser.add_argument(
            "--out",
            type=Path,
            metavar="FILE",
            help="the PDF, a file that does not exist yet (else skjema-NUMBER.pdf here)",
        )

    def handle(self, *, sentral, station, count, out, **options):
        place, of = self._place(sentral, station)
        if out is not None and out.exists():
            refuse(self, f"{out} exists. Nothing was written. Choose another name.")
        now = timezone.now()
        district_id = place.district_id if place else of.host_district_id
        try:
            with scoped(districts=[district_id]):
                made = paper_forms.issue(
                    sentral=of, station=place, count=count, by=None, at=now
                )
                numbers = numbers_of(made.pk)
                out = out or Path(f"skjema-{numbers[0]}.pdf")
                drawn = paper.draw(
                    numbers,
                    kind=FormKind.DOOR if place else FormKind.PHONE,
                    place=(place or of).name,
                    issued_at=now,
                )
                write_whole(out, drawn)
        except RuleBroken:
            refuse(
                self,
                f"--count is {count}. Nothing was written.\n"
                f"Ask for 1 to {paper_forms.MOST_AT_ONCE} forms.",
            )
        except OSError as fault:
            refuse(
                self,
                f"The PDF was not written ({fault.strerror}), and no number was given.\n"
                "Name a place that you may write to with --out.",
            )
        self.stdout.write(f"{out}: {numbers[0]} to {numbers[-1]}")

    def _place(self, sentral, station):
        if sentral is not None:
            return None, sentral_named(self, sentral)
        found = Station.objects.filter(code=station).first()
        if found is None:
            codes = Station.objects.order_by("code").values_list("code", flat=True)
            refuse(
                self,
                f"No station has the code {station!r}. Known: "
                f"{', '.join(codes) or 'none'}.\n"
                "Nothing was written. Name one of them with --station.",
            )
        place = place_of(found.pk)
        if place is None or not place.sentraler:
            refuse(
                self,
                f"No sentral answers for the station {station!r}. Nothing was written.",
            )
        return found, sentral_of(place)
