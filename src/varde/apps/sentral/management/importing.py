"""What every `varde import` asks for, and how it reads its file."""

from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from varde.apps.sentral.management.arguments import reading
from varde.apps.sentral.management.file_progress import progress, watched


def add_file_arguments(parser: CommandParser, *, place: str) -> None:
    """The file, the code of the place that it is of, and the form of the answer."""
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(place, required=True, metavar="CODE")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output"
    )


def import_file[Done](
    command: BaseCommand,
    file: Path,
    write: Callable[..., Done],
    *,
    what: str,
    verbosity: int,
    **place: object,
) -> Done:
    """What `write` gives back for the file's lines. A bar moves as they are read.

    `what` is what the lines tell of, for the bar; `place` is the sentral or the station.
    What is wrong with the file, or in it, ends the command.
    """
    with (
        reading(command, file) as opened,
        progress(quiet=verbosity == 0) as bar,
    ):
        return write(
            lines=watched(opened, bar, what=what),
            file=file.name,
            at=timezone.now(),
            **place,
        )
