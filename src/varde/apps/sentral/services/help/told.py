"""What another sentral may tell us, checked where it enters and trusted inside.

Whoever has the shared secret may sign a message, also a server that somebody else has
taken. So nothing is believed for being signed: every moment is near our clock, every code
is one that we know, every text has an end, and of everything there is a most.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    TypeAdapter,
    ValidationError,
)

from varde.domain.hastegrad import PHONE
from varde.domain.help import Result, Stage


MOST_ROWS = 300  # of a queue, and records of one message; more than any night has
MOST_OPEN = 300  # that one partner may have put on our list at the same time
MOST_ITEMS = 5000  # of one take-over; days of calls to a large sentral
MOST_KEYS = 2000  # in one list of a message
LONGEST_TEXT = 8000  # characters of an agreement, and of the local routes
LONGEST_LINE = 20  # characters of a line's name, as calls have it
MOST_LINES = 50
# Clocks may differ, and an old take-over is told of until there is a newer one.
AHEAD, BEHIND = timedelta(days=7), timedelta(days=3660)
LATEST_DUE = timedelta(days=366)  # a promise to ring may be for a later day


class NotAsDescribed(ValueError):
    """What was sealed is not what we agreed to send. It never says what was in it."""


class TooMuch(ValueError):
    """More than one sentral may put on our list at the same time."""


def _near(most_ahead: timedelta) -> AfterValidator:
    def is_near(value: datetime) -> datetime:
        now = timezone.now()
        if not now - BEHIND <= value <= now + most_ahead:
            raise ValueError("is too far from our clock")
        return value

    return AfterValidator(is_near)


def _is_text(value: object) -> object:
    # The library would take a number for seconds since 1970.
    if isinstance(value, str | datetime):
        return value
    raise ValueError("must be text such as 2026-01-31T23:59:00+01:00")


def _is_level(value: str) -> str:
    if value and value not in PHONE.codes:
        raise ValueError(f"must be empty or one of {', '.join(PHONE.codes)}")
    return value


CODE = r"^[!-~]+$"  # printable ASCII, no space
KEY = r"^([0-9]{1,4}~)?(call:[!-~]{1,80}|(callback|amk|drill):[0-9]{1,18})$"
SEALED = r"^[A-Za-z0-9+/=]*$"
NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps no such character

Moment = Annotated[AwareDatetime, BeforeValidator(_is_text), _near(AHEAD)]
Due = Annotated[AwareDatetime, BeforeValidator(_is_text), _near(LATEST_DUE)]
Key = Annotated[str, Field(max_length=100, pattern=KEY)]
Keys = Annotated[list[Key], Field(max_length=MOST_KEYS)]
Number = Annotated[str, Field(max_length=20, pattern=NO_NUL)]
Line = Annotated[str, Field(max_length=LONGEST_LINE, pattern=NO_NUL)]
Level = Annotated[str, Field(max_length=10), AfterValidator(_is_level)]
Word = Annotated[str, Field(max_length=40, pattern=NO_NUL)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=NO_NUL)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


# A message.


class AgreementTold(_Strict):
    """The text that is spoken of, and what the sender says to it."""

    terms: dict[str, Any]  # `is_terms` checks those that are new to us
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    accepted_at: Moment | None
    accepted_by: Annotated[str, Field(max_length=150, pattern=NO_NUL)]
    ended: StrictBool


class HelpedTold(_Strict):
    """What the one who is helped says of a take-over."""

    name: UUID
    stage: Stage
    let_go: Keys
    taken_in: Keys
    doubled: Keys
    wants_back: StrictBool


class HelpingTold(_Strict):
    """What the helper says of a take-over."""

    name: UUID
    stage: Stage
    is_drill: StrictBool
    is_automatic: StrictBool
    began_at: Moment
    active_at: Moment | None
    lost_at: Moment | None
    keys: Keys
    records: Annotated[str, Field(pattern=SEALED)]


class Message(_Strict):
    """One message between two sentraler."""

    sender: Annotated[str, Field(max_length=12, pattern=CODE)]
    receiver: Annotated[str, Field(max_length=12, pattern=CODE)]
    seq: Annotated[int, Field(ge=1, lt=2**62)]
    agreement: AgreementTold | None = None
    asks_at: Moment | None = None
    routes: Text = ""
    queue: Annotated[str, Field(pattern=SEALED)] = ""
    helped: HelpedTold | None = None
    helping: HelpingTold | None = None


# What is sealed in it.


class Row(_Strict):
    """One who waits at the other sentral."""

    key: Key
    kind: Literal["call", "callback", "amk"]
    number: Number
    since: Moment
    due_at: Due
    line: Line
    hastegrad: Level


class ContactTold(_Strict):
    """The contact that the helper wrote, as far as it is told."""

    number: Annotated[int, Field(ge=1, lt=2**62)]
    opened_at: Moment
    closed_at: Moment | Literal[""]
    hastegrad: Level
    reason_code: Word
    narrative: Text
    advice: Text
    outcomes: Annotated[list[Word], Field(max_length=50)]


class Record(_Strict):
    """What the helper did with one item."""

    key: Key
    result: Result
    since: Moment
    handled_at: Moment
    is_gone: StrictBool
    number: Number
    line: Line
    hastegrad: Level
    due_at: Due | Literal[""]
    attempts: Annotated[int, Field(ge=0, le=1000)]
    contact: ContactTold | None


_ROW = TypeAdapter(Row)
_RECORDS = TypeAdapter(Annotated[list[Record], Field(max_length=MOST_ROWS)])


def records_of(opened: Any) -> list[Record]:
    """The records of one message, all of them or none. Raises `NotAsDescribed`."""
    try:
        return _RECORDS.validate_python(opened)
    except ValidationError:
        raise NotAsDescribed("records") from None  # its text would quote them


def rows_of(opened: Any) -> tuple[list[Row], int]:
    """The rows of a queue that can be read, and how many there are beside them.

    The other is gone when its queue is opened, and cannot be told to send it anew. So one
    faulty row does not keep the rest from being rung.
    """
    told = opened if isinstance(opened, list) else [opened]
    rows = []
    for one in told[:MOST_ROWS]:
        try:
            rows.append(_ROW.validate_python(one))
        except ValidationError:
            continue
    return rows, len(told) - len(rows)


def is_terms(terms: dict[str, Any], *, parties: Iterable[str]) -> bool:
    """Are these the terms of an agreement between the two, as `agreements.propose` writes?

    Exactly those: what else stood there would count and not be shown, or be shown and not
    count.
    """
    codes = sorted(parties)
    lines = terms.get("lines")
    return (
        terms.keys() == TERMS
        and terms["parties"] == codes
        and isinstance(terms["text"], str)
        and 1 <= len(terms["text"].strip()) <= len(terms["text"]) <= LONGEST_TEXT
        and "\0" not in terms["text"]
        and isinstance(lines, dict)
        and sorted(lines) == codes
        and all(_are_lines(one) for one in lines.values())
        and isinstance(terms["automatic"], bool)
        and _are_days(terms["valid_from"], terms["valid_to"])
        and isinstance(terms["written_at"], str)
        and len(terms["written_at"]) <= 40
        and terms["written_at"].isprintable()
    )


TERMS = {
    "parties", "text", "lines", "automatic", "valid_from", "valid_to", "written_at",
}  # fmt: skip


def _are_lines(lines: object) -> bool:
    return (
        isinstance(lines, list)
        and len(lines) <= MOST_LINES
        and all(
            isinstance(one, str) and 1 <= len(one) <= LONGEST_LINE and one.isprintable()
            for one in lines
        )
    )


def _are_days(first: object, last: object) -> bool:
    days = [_day(first)] if last is None else [_day(first), _day(last)]
    found = [day for day in days if day is not None]
    return len(found) == len(days) and (len(found) == 1 or found[0] < found[1])


def _day(text: object) -> date | None:
    """The day, written as we write it. None for all else."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day is not None and day.isoformat() == text else None
