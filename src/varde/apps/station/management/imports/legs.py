"""`varde import legs FILE --station CODE`: the legs of call-outs from another system."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.sentral.management.arguments import reading
from varde.apps.sentral.management.file_progress import progress, watched
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
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument("--station", required=True, metavar="CODE")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def run(command: BaseCommand, *, file, station, verbosity, **options) -> str:
    """Import the file and tell the times of its legs, or end with 2 and say why."""
    place = station_named(command, station)
    with (
        reading(command, file) as opened,
        progress(quiet=verbosity == 0) as bar,
    ):
        done = import_legs(
            station=place,
            lines=watched(opened, bar, what="legs"),
            file=file.name,
            at=timezone.now(),
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
