"""`varde import calls FILE --sentral CODE`: a call log from an exchange."""
# ruff: noqa: N999  the file's name is the command's

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from varde.apps.sentral.management.arguments import reading, sentral_named
from varde.apps.sentral.services.call_import import Imported, import_calls


class Command(BaseCommand):
    help = "Take in a file: all of it or nothing, and again without any change."

    def add_arguments(self, parser):
        """One word for what is in the file, then the file."""
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        calls = kinds.add_parser(
            "calls",
            help="a call log (CSV: call_id, line, priority, ringing_at, answered_at, "
            "ended_at, outcome, operator; moments without an offset are the clock in "
            "Norway)",
        )
        calls.add_argument("file", type=Path, help="the file")
        calls.add_argument("--sentral", required=True, metavar="CODE")
        calls.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, file, sentral, verbosity, **options):
        """Import the file, or end with 2 and say why."""
        place = sentral_named(self, sentral)
        with (
            reading(self, file) as opened,
            _progress(quiet=verbosity == 0) as bar,
        ):
            done = import_calls(
                sentral=place,
                lines=_watched(opened, bar),
                file=file.name,
                at=timezone.now(),
            )
        self.stdout.write(_as_json(done, sentral) if options["json"] else _words(done))


def _watched(opened: BinaryIO, bar: Progress) -> Iterator[bytes]:
    """The file's lines, with the bar moving as they are read."""
    task = bar.add_task("calls", total=os.fstat(opened.fileno()).st_size)
    for number, line in enumerate(opened):
        yield line
        if number % 1000 == 0:
            bar.update(task, completed=opened.tell())
    bar.update(task, completed=opened.tell())


def _progress(*, quiet: bool) -> Progress:
    """A bar on the error stream, so that what the command prints can still be piped."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


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
