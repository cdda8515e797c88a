"""`varde import KIND FILE`: a file from another system. Each room has its own kinds."""
# ruff: noqa: N999  the file's name is the command's

from django.core.management.base import BaseCommand

from varde.apps.planning.management.imports import geography
from varde.apps.sentral.management.imports import calls, population
from varde.apps.staffing.management.imports import duties, people
from varde.apps.station.management.imports import attendances, legs


# Each is a module with HELP, `add_arguments(parser)` and `run(command, **options) -> str`.
KINDS = {
    "calls": calls,
    "attendances": attendances,
    "duties": duties,
    "geography": geography,
    "legs": legs,
    "people": people,
    "population": population,
}


class Command(BaseCommand):
    help = "Take in a file: all of it or nothing, and again without any change."

    def add_arguments(self, parser):
        """One word for what is in the file, then the file."""
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        for name, kind in KINDS.items():
            kind.add_arguments(kinds.add_parser(name, help=kind.HELP))

    def handle(self, *, kind, **options):
        """Import the file and print what was in it, or end with 2 and say why."""
        self.stdout.write(KINDS[kind].run(self, **options))
