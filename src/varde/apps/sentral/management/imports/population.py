"""`varde import population FILE --source TEXT`: inhabitants of municipalities by year."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.sentral.management.arguments import reading
from varde.apps.sentral.services.population_import import Imported, import_population
from varde.engines.population_file import COLUMNS


HELP = (
    "inhabitants of municipalities on 1 January of a year (CSV in UTF-8, of which "
    f"{', '.join(COLUMNS)} are read; the last may be empty where it is unknown). Lines of "
    "municipalities that are not here are left out"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, and where its figures come from."""
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(
        "--source", required=True, metavar="TEXT", help='e.g. "SSB tabell 07459"'
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="let the file's figures take the place of others that are stored",
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def run(command: BaseCommand, *, file, source, replace, **options) -> str:
    """Import the file and say what was in it, or end with 2 and say why."""
    with reading(command, file) as opened:
        done = import_population(
            lines=opened,
            file=file.name,
            source=source,
            replace=replace,
            at=timezone.now(),
        )
    if options["json"]:
        return json.dumps(asdict(done))
    return _words(done)


def _words(done: Imported) -> str:
    return (
        f"{done.rows} lines: {done.new} new, {done.changed} changed, {done.unchanged} "
        f"known already, {done.left_out} of municipalities that are not here."
    )
