"""`varde import people FILE --workplace KEY`: people, positions and documents of a sheet."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.sentral.management.arguments import reading, refuse
from varde.apps.staffing import sheets
from varde.apps.staffing.access import Workplace, workplace_named, workplaces
from varde.apps.staffing.messages.people_import import all_faults
from varde.apps.staffing.services.people_import import import_people
from varde.engines.people_rows import NEEDED, OPTIONAL
from varde.engines.sheet_rows import RowsRefused


HELP = (
    "people and their positions (CSV or XLSX; columns "
    f"{', '.join(NEEDED)}, and where known {', '.join(OPTIONAL)}, and the documents of the "
    "handbook, «Kompetanse», with their day)"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, and the workplace that it is of."""
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(
        "--workplace", required=True, metavar="KEY", help="as stasjon-HEL, sentral-HEL"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def run(command: BaseCommand, *, file, workplace, **options) -> str:
    """Import the file, or end with 2 and say which cells are wrong."""
    place = place_named(command, workplace)
    with reading(command, file) as opened:
        rows = sheets.rows_of_file(
            opened.read(sheets.LARGEST_SHEET + 1), file=file.name
        )
    try:
        done = import_people(rows, at_place=place, by=None, at=timezone.now())
    except RowsRefused as error:
        said = "\n".join(all_faults(error))
        refuse(command, f"{file.name}:\n{said}\nIngenting er endret.")
    if options["json"]:
        return json.dumps(asdict(done))
    return (
        f"{done.rows} rows: {done.people} new people, {done.positions} new positions, "
        f"{done.documents} new documents."
    )


def place_named(command: BaseCommand, key: str) -> Workplace:
    """The workplace of a key, or end with 2 and say which there are."""
    found = workplace_named(key)
    if found is not None:
        return found
    known = ", ".join(place.key for place in workplaces())
    refuse(
        command,
        f"No workplace has the key {key!r}. Known: {known or 'none'}.\n"
        "Nothing was changed. Name one of them with --workplace.",
    )
    return None
