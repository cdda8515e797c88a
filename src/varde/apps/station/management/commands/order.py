"""`varde order < patients.json`: the order of the station's board, for a program."""

import json
import sys

from django.core.management.base import BaseCommand

from varde.apps.sentral.management.arguments import refuse
from varde.apps.station.messages.board_order import why_here
from varde.domain.board_order import BoardRow, board_order
from varde.domain.errors import BadInput
from varde.engines.triage.board_list import BoardList, read_board_list


class Command(BaseCommand):
    help = (
        "Order the patients of a board, read as JSON from standard input: an object with"
        ' "now", "minutes" per level, and "patients", a list of "id", "level",'
        ' "arrived_at" and "last_seen_at". A level is rod, oransje, gul, gronn or bla, or'
        " its number from 1 (rod) to 5 (bla); null is a patient who is not triaged,"
        ' whose minutes are called "ukjent". Moments carry their offset from UTC, as in'
        ' 2026-01-31T23:59:00+01:00; "last_seen_at" may be null or left out, and a look'
        " before the arrival does not count. Rod stands on top and has no place in the"
        " queue; the rest stand by the time left since the last look, or since arrival."
        " Ends with 2 when the input cannot be read. Nothing is stored."
    )
    requires_system_checks = ()  # it reads nothing but what it is handed

    def add_arguments(self, parser):
        """Nothing but the form of the answer."""
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, **options):
        """Print the order, or end with 2 and say why."""
        try:
            board = read_board_list(sys.stdin.buffer.read(), file="standard input")
        except BadInput as fault:
            refuse(self, str(fault))
        rows = board_order(board.patients, now=board.now, minutes=board.minutes)
        if options["json"]:
            self.stdout.write(json.dumps(_figures(board, rows)))
            return
        for row in rows:
            place = "–" if row.place is None else row.place
            self.stdout.write(f"{place:>3}  {row.patient.patient_id}  {why_here(row)}")


def _figures(board: BoardList, rows: tuple[BoardRow, ...]) -> dict[str, object]:
    return {
        "now": board.now.isoformat(),
        "order": [
            {
                "id": board.ids[row.patient.patient_id],
                "place": row.place,
                "level": None if row.patient.level is None else row.patient.level.code,
                "look_again": row.must_look_again,
                "left_s": None
                if row.time_left is None
                else row.time_left.total_seconds(),
                "reason_code": row.reason.value,
                "reason": why_here(row),
            }
            for row in rows
        ],
    }
