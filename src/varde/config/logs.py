"""How a log line is written: a fault by its kind and its place, never by its text.

The text of a fault can hold what a patient's row holds. PostgreSQL writes the whole key in
"Key (district_id, national_id)=(…) already exists", a parser quotes what it could not read.
An address that is itself a key, such as the link in an offer of a duty, is cut short.
"""

import logging
import re
import traceback
from types import TracebackType


type Raised = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
)


# What follows these in an address lets its holder in without logging in.
SEALED = ("/vaktplan/svar/", "/vaktplan/kalender/", "/konto/ny/")
_SEALED = re.compile(rf"({'|'.join(SEALED)})[^\s\"'<>)]+")


class Line(logging.Formatter):
    """The usual line; a fault below it as kinds and code lines, each with its cause.

    Of an address that is a secret only the beginning is written.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, with what opens something cut out of the addresses."""
        return _SEALED.sub(r"\1…", super().format(record))

    def formatException(self, ei: Raised) -> str:  # noqa: N802  (logging's own name)
        """Where the fault was raised and what kind it is, and those that led to it."""
        fault = ei[1]
        return "" if fault is None else "\n".join(_told(fault, seen=set()))


def _told(fault: BaseException, *, seen: set[int]) -> list[str]:
    seen.add(id(fault))
    cause = fault.__cause__
    if cause is None and not fault.__suppress_context__:
        cause = fault.__context__
    told = (
        _told(cause, seen=seen) if cause is not None and id(cause) not in seen else []
    )
    frames = traceback.format_list(traceback.extract_tb(fault.__traceback__))
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
    return [*told, "".join(frames) + kind]
