"""A call log is taken in: all of it or nothing, and again without any change.

What is stored is never overwritten. A line that is stored already, and says the same,
changes nothing; one that says something else stops the import.

The abandoned calls of a log are history, and are not put on the list to ring back: nobody
can be helped by being rung about last year, and a list with twenty thousand of them would
hide the one who rang a minute ago.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Sentral, User
from varde.domain.errors import BadInput
from varde.engines.telephony.call_log import COLUMNS, LoggedCall, read_call_log


SOURCE = "import"  # Call.source
# Dropped first: two imports may be parts of one larger transaction.
TABLE = """
DROP TABLE IF EXISTS pg_temp.call_log;
CREATE TEMP TABLE call_log (
  line_no bigint, call_id text, line text, priority smallint, ringing_at timestamptz,
  answered_at timestamptz, ended_at timestamptz, outcome text, operator text
) ON COMMIT DROP
"""
COPY = f"COPY call_log (line_no, {', '.join(COLUMNS)}) FROM STDIN"
TYPES = [
    "int8",
    "text",
    "text",
    "int2",
    "timestamptz",
    "timestamptz",
    "timestamptz",
    "text",
    "text",
]
CONTENT_COLUMNS = COLUMNS[1:]  # all but the call's name


def _content(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in CONTENT_COLUMNS)


# The names in the queries below are our own; nothing from the file is in their text.
# The same call twice in the file, with something else the second time.
TWICE = f"""
SELECT later.line_no, later.call_id, first.line_no,
       {_content("later")}, {_content("first")}
FROM call_log later JOIN (
  SELECT DISTINCT ON (call_id) * FROM call_log ORDER BY call_id, line_no
) first USING (call_id)
WHERE ({_content("later")}) IS DISTINCT FROM ({_content("first")})
ORDER BY later.line_no LIMIT 1
"""  # noqa: S608
# In the order of the key, so that two imports side by side never wait in a ring.
INSERT = """
INSERT INTO records_call (
  district_id, sentral_id, external_id, line, priority, caller_number, state, ringing_at,
  answered_at, abandoned_at, transferred_at, ended_at, operator_code, source, recorded_at)
SELECT DISTINCT ON (call_id)
  %(district)s, %(sentral)s, call_id, line, priority, '',
  CASE outcome WHEN 'answered' THEN 'ended' ELSE outcome END,
  ringing_at, answered_at, CASE outcome WHEN 'abandoned' THEN ended_at END,
  NULL, ended_at, operator, %(source)s, %(now)s
FROM call_log ORDER BY call_id, line_no
ON CONFLICT (sentral_id, external_id) DO NOTHING
"""
STORED = """
SELECT external_id AS call_id, line, priority, ringing_at, answered_at, ended_at,
       CASE WHEN state IN ('abandoned', 'fault') THEN state
            WHEN state = 'ended' THEN 'answered' ELSE state END AS outcome,
       operator_code AS operator
FROM records_call WHERE sentral_id = %(sentral)s
"""
# What is stored now, ours or not, says something else than the file.
DIFFERS = f"""
SELECT log.line_no, log.call_id, NULL,
       {_content("log")}, {_content("stored")}
FROM call_log log JOIN ({STORED}) stored USING (call_id)
WHERE ({_content("log")}) IS DISTINCT FROM ({_content("stored")})
ORDER BY log.line_no LIMIT 1
"""  # noqa: S608
SUMS = """
SELECT count(*), count(DISTINCT call_id),
       count(DISTINCT call_id) FILTER (WHERE outcome = 'answered'),
       count(DISTINCT call_id) FILTER (WHERE outcome = 'abandoned'),
       count(DISTINCT call_id) FILTER (WHERE outcome = 'fault'),
       min(ringing_at), max(ringing_at)
FROM call_log
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was in the file, and what of it was new. `calls` are without the faults."""

    rows: int
    new: int
    unchanged: int
    calls: int
    answered: int
    abandoned: int
    faults: int
    first_ringing_at: datetime
    last_ringing_at: datetime
    sha256: str


@transaction.atomic
def import_calls(
    *,
    sentral: Sentral,
    lines: Iterable[bytes],
    file: str,
    at: datetime,
    by: User | None = None,
) -> Imported:
    """Take in a call log (`engines.telephony.call_log`) line by line.

    Moments without an offset are the clock in Norway. The import is one act in the log,
    with its counts and the file's SHA-256.

    Raises `BadInput`, and then nothing is changed: for whatever the reader refuses, for a
    call that stands twice with different content, and for one that is stored otherwise.
    """
    digest = sha256()
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        zone = timezone.get_default_timezone()
        calls = read_call_log(_digested(lines, digest.update), file=file, zone=zone)
        _copy(cursor, calls)
        cursor.execute(TWICE)
        _refuse(cursor.fetchone(), file=file)
        values = {
            "sentral": sentral.pk,
            "district": sentral.host_district_id,
            "source": SOURCE,
            "now": timezone.now(),
        }
        cursor.execute(INSERT, values)
        new = cursor.rowcount
        cursor.execute(DIFFERS, values)
        _refuse(cursor.fetchone(), file=file)
        cursor.execute(SUMS)
        imported = _summed(cursor.fetchone(), new=new, digest=digest.hexdigest())
    _leave_trace(imported, sentral, by=by, at=at)
    return imported


def _digested(
    lines: Iterable[bytes], update: Callable[[bytes], None]
) -> Iterator[bytes]:
    for line in lines:
        update(line)
        yield line


def _copy(cursor: CursorWrapper, calls: Iterator[LoggedCall]) -> None:
    with cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        for call in calls:
            copy.write_row(
                (
                    call.line_no,
                    call.call_id,
                    call.line,
                    call.priority,
                    call.ringing_at,
                    call.answered_at,
                    call.ended_at,
                    call.outcome.value,
                    call.operator,
                )
            )


def _refuse(found: Sequence[Any] | None, *, file: str) -> None:
    """Say which column of which line is not as it was said before."""
    if found is None:
        return
    line_no, call_id, first_line, *content = found
    half = len(CONTENT_COLUMNS)
    both = zip(CONTENT_COLUMNS, content[:half], content[half:], strict=True)
    column, here, other = next(found for found in both if found[1] != found[2])
    if first_line is None:
        where = "is stored"
        cure = "What is stored is not overwritten: correct the line, or take it out"
    else:
        where = f"stands in line {first_line}"
        cure = "Keep the line that is right"
    raise BadInput(
        file=file,
        line=line_no,
        column=column,
        values=[_readable(here), _readable(other)],
        problem=f"the call {call_id!r} {where} with another value (first what this line "
        "says, then the other)",
        cure=f"{cure}, and import the file again",
    )


def _readable(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return str(value)


def _summed(row: Sequence[Any], *, new: int, digest: str) -> Imported:
    rows, different, answered, abandoned, faults, first, last = row
    return Imported(
        rows=rows,
        new=new,
        unchanged=different - new,
        calls=answered + abandoned,
        answered=answered,
        abandoned=abandoned,
        faults=faults,
        first_ringing_at=first,
        last_ringing_at=last,
        sha256=digest,
    )


def _leave_trace(
    imported: Imported, sentral: Sentral, *, by: User | None, at: datetime
) -> None:
    audit.log(
        what="calls_imported",
        by=by,
        at=at,
        district_id=sentral.host_district_id,
        place=sentral.code,
        purpose="",
        data={
            "rows": imported.rows,
            "new": imported.new,
            "unchanged": imported.unchanged,
            "calls": imported.calls,
            "faults": imported.faults,
            "sha256": imported.sha256,
        },
    )
    announce(Topic.NUMBERS, sentral_id=sentral.pk)
