"""`varde indicator answer-time`: the figures that the page shows, for a program."""

import json

from django.core.management.base import BaseCommand

from varde.apps.sentral.management.arguments import day, refuse, sentral_named
from varde.apps.sentral.queries.answer_time import answer_time_of_days


class Command(BaseCommand):
    help = "Print an indicator of a sentral for a period."

    def add_arguments(self, parser):
        """One word for the indicator, then whose and when."""
        names = parser.add_subparsers(dest="name", required=True, metavar="INDICATOR")
        answer_time = names.add_parser(
            "answer-time", help="answer time as Helsedirektoratet counts it"
        )
        answer_time.add_argument("--sentral", required=True, metavar="CODE")
        answer_time.add_argument(
            "--from", required=True, dest="first", metavar="DATE", help="first day"
        )
        answer_time.add_argument(
            "--to",
            required=True,
            dest="until",
            metavar="DATE",
            help="the day after the last (by the clock in Norway)",
        )
        answer_time.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, sentral, first, until, **options):
        """Print the figures, or end with 2 and say why."""
        place = sentral_named(self, sentral)
        begins, ends = day(self, "--from", first), day(self, "--to", until)
        if begins >= ends:
            refuse(
                self,
                f"--to {ends} is not after --from {begins}, and is not part of the "
                "period.\nNothing was changed. Name the day after the last.",
            )
        found = answer_time_of_days(place.pk, first=begins, until=ends).figures()
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, value in found.items():
            self.stdout.write(f"{name:<12}{'–' if value is None else value}")
