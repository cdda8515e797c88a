"""`varde import duties FILE --workplace KEY`: duties of a sheet into a draft rota."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.records.models import Rota
from varde.apps.sentral.management.arguments import reading, refuse
from varde.apps.sentral.messages import explain
from varde.apps.staffing import sheets
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.management.imports.people import place_named
from varde.apps.staffing.messages.people_import import all_faults
from varde.apps.staffing.services.duties_import import import_duties
from varde.domain.errors import RuleBroken
from varde.engines.duty_rows import NEEDED, OPTIONAL
from varde.engines.sheet_rows import RowsRefused


HELP = (
    f"duties into a draft rota (CSV or XLSX; columns {', '.join(NEEDED)}, and "
    f"{', '.join(OPTIONAL)}: a start and an end, or a date and a shift)"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, the workplace, and which of its drafts."""
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(
        "--workplace", required=True, metavar="KEY", help="as stasjon-HEL, sentral-HEL"
    )
    parser.add_argument(
        "--rota",
        type=int,
        metavar="N",
        help="the number of the draft, as in its address; the only one if left out",
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def run(command: BaseCommand, *, file, workplace, rota, **options) -> str:
    """Import the file, or end with 2 and say which cells are wrong."""
    place = place_named(command, workplace)
    draft = _draft(command, place, rota)
    with reading(command, file) as opened:
        rows = sheets.rows_of_file(
            opened.read(sheets.LARGEST_SHEET + 1), file=file.name
        )
    try:
        done = import_duties(
            rows,
            rota_id=draft.pk,
            seen=None,
            workplace=place,
            by=None,
            at=timezone.now(),
        )
    except RowsRefused as error:
        said = "\n".join(all_faults(error))
        refuse(command, f"{file.name}:\n{said}\nIngenting er endret.")
    except RuleBroken as error:
        refuse(command, f"{explain(error)}\nIngenting er endret.")
    if options["json"]:
        return json.dumps(asdict(done))
    return (
        f"{done.rows} rows: {done.filled} duties filled, {done.changed} given to another, "
        f"{done.emptied} made vacant, {done.added} new."
    )


def _draft(command: BaseCommand, place: Workplace, number: int | None) -> Rota:
    drafts = Rota.objects.filter(state=Rota.State.DRAFT, **place.where)
    found = [row for row in drafts if number in (None, row.pk)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{row.pk} ({row.starts_on}–{row.ends_on})" for row in drafts)
    refuse(
        command,
        f"{'No such draft' if number else 'Which draft?'} At {place.key}: "
        f"{known or 'none'}.\nNothing was changed. Name one with --rota, or make one "
        "under Vaktplan, «Lag ny plan».",
    )
    return found[0]
