"""A bar that moves as a file is read."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


def watched(opened: BinaryIO, bar: Progress, *, what: str) -> Iterator[bytes]:
    """The file's lines, with the bar moving as they are read."""
    task = bar.add_task(what, total=os.fstat(opened.fileno()).st_size)
    for number, line in enumerate(opened):
        yield line
        if number % 1000 == 0:
            bar.update(task, completed=opened.tell())
    bar.update(task, completed=opened.tell())


def progress(*, quiet: bool) -> Progress:
    """A bar on the error stream, so that what the command prints can still be piped."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
