"""`varde import legs FILE --station CODE`: the legs of call-outs from another system."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser

from varde.apps.sentral.management.importing import add_file_arguments, import_file
from varde.apps.station.management.arguments import station_named
from varde.apps.station.queries.imported_legs import imported_leg_times
from varde.apps.station.services.leg_import import Imported, import_legs
from varde.engines.missions.leg_file import COLUMNS, LegTimes


HELP = (
    f"legs of call-outs, one line for each unit (CSV, of which {', '.join(COLUMNS)} are "
    "read; lengths are seconds from the alarm, an empty field is unknown; moments without "
    "an offset are the clock in Norway)"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, and the station that it is of."""
    add_file_arguments(parser, place="--station")


def run(command: BaseCommand, *, file, station, verbosity, **options) -> str:
    """Import the file and tell the times of its legs, or end with 2 and say why."""
    place = station_named(command, station)
    done = import_file(
        command, file, import_legs, what="legs", verbosity=verbosity, station=place
    )
    times = imported_leg_times(place)
    if options["json"]:
        legs = [asdict(one) for one in times]
        return json.dumps(asdict(done) | {"station": station, "legs": legs})
    return _words(done, times)


def _words(done: Imported, times: tuple[LegTimes, ...]) -> str:
    lines = [
        (
            f"{done.rows} units at {done.incidents} incidents: {done.new} new, "
            f"{done.unchanged} known already."
        ),
        "",
        f"{'minutes from the alarm':<24}{'units':>8}{'median':>9}{'90 %':>9}",
    ]
    lines += [
        f"{one.leg:<24}{one.count:>8}{_minutes(one.median_min):>9}"
        f"{_minutes(one.p90_min):>9}"
        for one in times
    ]
    return "\n".join(lines)


def _minutes(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes:.1f}"
