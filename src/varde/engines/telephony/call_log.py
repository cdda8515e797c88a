"""The call log as a file: one line for each call, as any exchange can export it.

    call_id,line,priority,ringing_at,answered_at,ended_at,outcome,operator

UTF-8, commas, a heading with these eight names in any order. Moments are ISO 8601. One
without an offset is the clock on the wall of the zone that the reader is told:

* In the hour that comes twice in autumn it is the first of the two, unless the call would
  then be answered or ended before it rang, or ended before it was answered: then it is
  the second. The same file is therefore always read the same way.
* In the hour that does not exist in spring it is moved forward as the clock was: half past
  two is read as half past three.

A file that must be exact in those hours carries offsets.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum, auto

from varde.domain.errors import BadInput
from varde.engines.csv_rows import decoded_lines, numbered_rows, refuse_other_width


COLUMNS = (
    "call_id",
    "line",
    "priority",
    "ringing_at",
    "answered_at",
    "ended_at",
    "outcome",
    "operator",
)
LONGEST = {"call_id": 80, "line": 20, "operator": 40}  # characters
HIGHEST_PRIORITY = 9
_DATE_AND_MINUTE = len("2026-01-02T12:00")


class Outcome(StrEnum):
    """How a call went. A fault is a call with no person in it: it is not counted."""

    ANSWERED = auto()
    ABANDONED = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """One call of the log. `line_no` is its place in the file, the heading being 1.

    All moments are in UTC. `answered_at` is None unless the call was answered; `ended_at`
    is None where the log does not say.
    """

    line_no: int
    call_id: str
    line: str
    priority: int
    ringing_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome
    operator: str


def read_call_log(
    lines: Iterable[bytes], *, file: str, zone: tzinfo
) -> Iterator[LoggedCall]:
    """The calls of a log, one at a time, in the order of the file.

    Parameters
    ----------
    lines : iterable of bytes
        The file's lines, e.g. a file opened for reading bytes. Blank lines are skipped.
    file : str
        The file's name, for the error text.
    zone : tzinfo
        What a moment without an offset means.

    Raises
    ------
    BadInput
        At the first fault: an empty file, one that is not UTF-8, a wrong heading, a
        missing or surplus field, an unknown outcome, a moment that cannot be read, an
        answer before the ring, an end before the answer. The same call twice is not seen
        here, since that needs the whole file.

    Examples
    --------
    >>> heading = ",".join(COLUMNS).encode()
    >>> row = b"a1,116117,0,2026-01-02T12:00:00Z,2026-01-02T12:00:07Z,,answered,op1"
    >>> (call,) = read_call_log([heading, row], file="log.csv", zone=UTC)
    >>> (call.answered_at - call.ringing_at).seconds, call.ended_at
    (7, None)
    """
    numbered = numbered_rows(decoded_lines(lines, file=file), file=file)
    _, heading = next(numbered, (0, []))
    _check_heading(heading, file=file)
    is_empty = True
    for line_no, fields in numbered:
        is_empty = False
        refuse_other_width(fields, heading, file=file, line_no=line_no, thing="call")
        named = zip(heading, (field.strip() for field in fields), strict=True)
        row = _Row(file=file, line_no=line_no, fields=dict(named))
        yield _call(row, zone=zone)
    if is_empty:
        raise BadInput(
            file=file,
            problem="holds a heading and no calls",
            cure="Export the log again, with its calls, and import that file",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    file: str
    line_no: int
    fields: Mapping[str, str]

    def bad(self, column: str, problem: str, cure: str) -> BadInput:
        """A fault in one field, with the value found there."""
        return BadInput(
            file=self.file,
            line=self.line_no,
            column=column,
            values=[self.fields[column]],
            problem=problem,
            cure=cure,
        )


def _check_heading(heading: list[str], *, file: str) -> None:
    if not heading:
        raise BadInput(
            file=file,
            problem="is empty",
            cure=f"The first line must be: {','.join(COLUMNS)}",
        )
    if sorted(heading) == sorted(COLUMNS):
        return
    missing = [name for name in COLUMNS if name not in heading]
    unknown = [name for name in heading if name not in COLUMNS]
    twice = sorted({name for name in heading if heading.count(name) > 1})
    faults = [
        f"lacks {', '.join(missing)}" if missing else "",
        f"has {len(unknown)} that we do not know" if unknown else "",
        f"names {', '.join(twice)} twice" if twice and not unknown else "",
    ]
    separator = " and separate the fields by commas" if ";" in heading[0] else ""
    raise BadInput(
        file=file,
        line=1,
        values=unknown or heading,
        problem="the heading " + " and ".join(fault for fault in faults if fault),
        cure=f"Write it as {','.join(COLUMNS)}{separator}, and import the file again",
    )


def _call(row: _Row, *, zone: tzinfo) -> LoggedCall:
    outcome = _outcome(row)
    ringing_at = _moment(row, "ringing_at", zone=zone)
    if ringing_at is None:
        raise row.bad(
            "ringing_at",
            "is empty, and a call is counted at the moment it rang",
            "Write when it rang at an operator, and import the file again",
        )
    answered_at = _moment(row, "answered_at", zone=zone, not_before=ringing_at)
    _check_answer(row, outcome, ringing_at=ringing_at, answered_at=answered_at)
    ended_at = _moment(row, "ended_at", zone=zone, not_before=answered_at or ringing_at)
    if ended_at is not None and ended_at < (answered_at or ringing_at):
        before = "it was answered" if answered_at else "it rang"
        raise row.bad(
            "ended_at",
            f"the call ended before {before}",
            "Correct the moment, or write it with its offset from UTC where the clock "
            "was set back, and import the file again",
        )
    return LoggedCall(
        line_no=row.line_no,
        call_id=_text(row, "call_id", is_needed=True),
        line=_text(row, "line"),
        priority=_priority(row),
        ringing_at=ringing_at,
        answered_at=answered_at,
        ended_at=ended_at,
        outcome=outcome,
        operator=_text(row, "operator"),
    )


def _outcome(row: _Row) -> Outcome:
    try:
        return Outcome(row.fields["outcome"])
    except ValueError:
        raise row.bad(
            "outcome",
            "is not an outcome that we know",
            f"Use {', '.join(Outcome)}, and import the file again",
        ) from None


def _check_answer(
    row: _Row,
    outcome: Outcome,
    *,
    ringing_at: datetime,
    answered_at: datetime | None,
) -> None:
    if outcome is Outcome.ANSWERED and answered_at is None:
        raise row.bad(
            "answered_at",
            "is empty, and the outcome says that the call was answered",
            "Write when it was answered, or another outcome, and import the file again",
        )
    if outcome is not Outcome.ANSWERED and answered_at is not None:
        raise row.bad(
            "answered_at",
            f"the call was answered, and its outcome says {outcome}",
            "Make the two agree, and import the file again",
        )
    if answered_at is not None and answered_at < ringing_at:
        raise row.bad(
            "answered_at",
            "the call was answered before it rang",
            "Correct the moment, or write it with its offset from UTC where the clock "
            "was set back, and import the file again",
        )


def _moment(
    row: _Row, column: str, *, zone: tzinfo, not_before: datetime | None = None
) -> datetime | None:
    """The moment in UTC; None where the field is empty."""
    text = row.fields[column]
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
        if len(text) < _DATE_AND_MINUTE:
            raise ValueError(text)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        return _on_the_wall(read, zone=zone, not_before=not_before)
    except (ValueError, OverflowError):
        raise row.bad(
            column,
            "is not a moment that we can read",
            "Write it as 2026-01-31T23:59:00, or with an offset as "
            "2026-01-31T23:59:00+01:00, and import the file again",
        ) from None


def _on_the_wall(
    read: datetime, *, zone: tzinfo, not_before: datetime | None
) -> datetime:
    # In UTC before they are compared: two moments of one zone compare as the clock on the
    # wall shows them, which is the very thing that is in doubt here.
    first = read.replace(tzinfo=zone).astimezone(UTC)
    if not_before is None or first >= not_before:
        return first
    return max(first, read.replace(tzinfo=zone, fold=1).astimezone(UTC))


def _priority(row: _Row) -> int:
    text = row.fields["priority"]
    if len(text) == 1 and text.isascii() and text.isdigit():
        return int(text)
    raise row.bad(
        "priority",
        f"is not a whole number from 0 to {HIGHEST_PRIORITY}",
        "Use 0 for an ordinary line and more for one that goes first, and import the "
        "file again",
    )


def _text(row: _Row, column: str, *, is_needed: bool = False) -> str:
    text = row.fields[column]
    if is_needed and not text:
        raise row.bad(
            column,
            "is empty",
            "Give each call a name of its own, and import the file again",
        )
    if len(text) > LONGEST[column]:
        raise row.bad(
            column,
            f"has {len(text)} characters, and there is room for {LONGEST[column]}",
            "Shorten it, and import the file again",
        )
    if not text.isprintable():
        raise row.bad(
            column,
            "holds a character that cannot be printed",
            "Take it out, and import the file again",
        )
    return text
