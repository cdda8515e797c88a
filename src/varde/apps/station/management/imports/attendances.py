"""`varde import attendances FILE --station CODE`: attendances with triage levels."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from varde.apps.sentral.management.importing import add_file_arguments, import_file
from varde.apps.station.management.arguments import station_named
from varde.apps.station.services.attendance_import import Imported, import_attendances
from varde.engines.triage.attendance_set import COLUMNS, MORE


HELP = (
    "emergency attendances with vital signs and two triage levels (CSV in UTF-8, of which "
    f"{', '.join(COLUMNS + MORE)} are read; an empty field or ?? was not measured; levels "
    "from 1, the most urgent, to 5). They have no clock times, and are kept apart from the "
    "station's own attendances"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, and the station that it is kept at."""
    add_file_arguments(parser, place="--station")


def run(command: BaseCommand, *, file, station, verbosity, **options) -> str:
    """Import the file and say what was in it, or end with 2 and say why."""
    place = station_named(command, station)
    done = import_file(
        command,
        file,
        import_attendances,
        what="attendances",
        verbosity=verbosity,
        station=place,
    )
    if options["json"]:
        return json.dumps(asdict(done) | {"station": station})
    return _words(done)


def _words(done: Imported) -> str:
    first = (
        f"{done.rows} attendances: {done.new} new, {done.unchanged} known already."
        + (f" They are stored as {done.known_as}." if done.known_as else "")
    )
    lines = [first, "", f"{'hastegrad':<12}{'experts':>9}{'nurse':>9}"]
    lines += [
        f"{code:<12}{number:>9}{done.by_nurse[code]:>9}"
        for code, number in done.by_expert.items()
    ]
    lines.append(f"{'not set':<12}{0:>9}{done.nurse_unknown:>9}")
    return "\n".join(lines)
