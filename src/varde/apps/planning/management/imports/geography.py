"""`varde import geography DIR`: the official open files, measured and kept."""

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.planning import travel_figures
from varde.apps.planning.geography_folder import assumptions_on, keep, read_folder
from varde.apps.planning.nvdb_file import nvdb_geography
from varde.apps.planning.osrm_file import osrm_times
from varde.apps.sentral.management.arguments import refuse, using_folder
from varde.engines.access.survey import surveyed


HELP = (
    "a folder with the official open files as they are published: roads, municipalities, "
    "built-up areas, names and coast of N1000 (Parquet), inhabitants by municipality, age "
    "and sex (SSB 07459), SSB's grid, centrality, the stations and who uses which (CSV). "
    "Measures how far everybody has to every station and keeps it for varde access"
)
N1000, NVDB, OSRM = "n1000", "nvdb", "osrm"


def add_arguments(parser: CommandParser) -> None:
    """The folder, the year, and what measures the minutes."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder")
    parser.add_argument(
        "--year",
        type=int,
        help="inhabitants on 1 January of this year; else the newest",
    )
    parser.add_argument(
        "--router",
        choices=(N1000, NVDB, OSRM),
        default=N1000,
        help="what measures the minutes: the roads of N1000 (the usual); NVDB Ruteplan "
        "in the same folder, a .gdb or its zip file, which needs varde[nvdb]; or OSRM, "
        "which needs varde[osrm] and --osrm",
    )
    parser.add_argument(
        "--osrm",
        type=Path,
        metavar="FILE.osrm",
        help="the road network that osrm-extract and osrm-contract prepared",
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def run(command: BaseCommand, *, folder, year, router, osrm, **options) -> str:
    """Read and measure, and say what was read and what lacks; or end with 2."""
    if (router == OSRM) != (osrm is not None):
        refuse(
            command,
            "--router osrm and --osrm FILE.osrm go together: one of them is not there.\n"
            "Nothing was changed. Name both, or neither.",
        )
    with using_folder(command, folder):
        geography = read_folder(
            folder, assumptions=assumptions_on(timezone.localdate()), year=year
        )
        if router == NVDB:
            geography = nvdb_geography(folder, geography)
        times = None if osrm is None else osrm_times(osrm, geography)
        survey = surveyed(geography, times=times)
        kept = keep(survey, geography, home=settings.VARDE_HOME)
    if options["json"]:
        return json.dumps(asdict(survey.report))
    return f"{travel_figures.report_words(survey)}\nKept in {kept}."
