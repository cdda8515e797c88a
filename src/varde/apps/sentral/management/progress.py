"""A bar on the error stream, so that what a command prints can still be piped."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def on_error_stream(
    title: str, *, quiet: bool
) -> Iterator[Callable[[str, float], None]]:
    """Give a function that is told what is done and how far it has come, 0 to 1."""
    bar = Progress(
        TextColumn("{task.description:<44}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        disable=quiet,
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=1.0)
        yield lambda text, share: bar.update(
            task, description=f"{title}: {text}", completed=share
        )
