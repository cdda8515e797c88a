"""What the sentral's commands ask for, and how they refuse it: exit 2, nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO, NoReturn

from django.core.management.base import BaseCommand

from varde.apps.records.models import Sentral
from varde.domain.errors import BadInput


BAD_INPUT = 2  # exit status


def refuse(command: BaseCommand, text: str) -> NoReturn:
    """Say what is wrong on the error stream, and end."""
    command.stderr.write(text)
    raise SystemExit(BAD_INPUT)


@contextmanager
def reading(command: BaseCommand, file: Path) -> Iterator[BinaryIO]:
    """The file, opened for its bytes. What is wrong with it, or in it, ends the command."""
    try:
        with file.open("rb") as opened:
            yield opened
    except BadInput as fault:
        refuse(command, str(fault))
    except OSError as fault:
        refuse(
            command,
            f"{file}: cannot be read ({fault.strerror}).\n"
            "Nothing was changed. Name a file that you may read.",
        )


@contextmanager
def using_folder(command: BaseCommand, folder: Path | None) -> Iterator[None]:
    """What is wrong with a folder's files, or with what is kept of them, ends the command."""
    try:
        yield
    except BadInput as fault:
        refuse(command, str(fault))
    except OSError as fault:
        refuse(
            command,
            f"{fault.filename or folder}: cannot be read or written ({fault.strerror}).\n"
            "Nothing was changed. Name a folder that you may use.",
        )


def sentral_named(command: BaseCommand, code: str) -> Sentral:
    """The sentral with this code, or the codes that there are."""
    found = Sentral.objects.filter(code=code).first()
    if found is not None:
        return found
    known = ", ".join(Sentral.objects.order_by("code").values_list("code", flat=True))
    refuse(
        command,
        f"No sentral has the code {code!r}. Known: {known or 'none'}.\n"
        "Nothing was changed. Name one of them with --sentral.",
    )


def day(command: BaseCommand, name: str, text: str) -> date:
    """A date written as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(
            command,
            f"{name} is {text!r}, which is not a date.\n"
            "Nothing was changed. Write it as 2026-01-31.",
        )
