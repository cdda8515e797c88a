"""`varde import calls FILE --sentral CODE`: a call log from an exchange."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.sentral.management.arguments import sentral_named
from varde.apps.sentral.management.importing import add_file_arguments, import_file
from varde.apps.sentral.services.call_import import Imported, import_calls


HELP = (
    "a call log (CSV: call_id, line, priority, ringing_at, answered_at, ended_at, outcome, "
    "operator; moments without an offset are the clock in Norway)"
)


def add_arguments(parser: CommandParser) -> None:
    """The file, and the sentral that it is of."""
    add_file_arguments(parser, place="--sentral")


def run(command: BaseCommand, *, file, sentral, verbosity, **options) -> str:
    """Import the file and say what was in it, or end with 2 and say why."""
    place = sentral_named(command, sentral)
    done = import_file(
        command, file, import_calls, what="calls", verbosity=verbosity, sentral=place
    )
    return _as_json(done, sentral) if options["json"] else _words(done)


def _as_json(done: Imported, sentral: str) -> str:
    facts = asdict(done) | {
        "sentral": sentral,
        "first_ringing_at": done.first_ringing_at.isoformat(),
        "last_ringing_at": done.last_ringing_at.isoformat(),
    }
    return json.dumps(facts)


def _words(done: Imported) -> str:
    first, last = (
        f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
        for moment in (done.first_ringing_at, done.last_ringing_at)
    )
    return (
        f"{done.rows} rows from {first} to {last}: {done.new} new, {done.unchanged} "
        f"known already.\n{done.calls} calls ({done.answered} answered, {done.abandoned} "
        f"abandoned) and {done.faults} faults."
    )
