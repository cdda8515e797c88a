"""What the telephone exchange may send: the events, and the receipt for them."""

import re
from typing import Annotated, Literal

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)

from varde.apps.api.signed_door import MOST_EVENTS
from varde.apps.sentral.services.calls import TelephonyMessage
from varde.domain.call import EventKind


# Names that Varde gives to what it infers itself.
OWN_NAMES = "varde:"
CODE = r"^[!-~]+$"  # printable ASCII, no space
WORDS = r"^[ -~ÆØÅæøå]*$"
NUMBER = r"^(anonymous|[+]?[0-9 ()-]{0,19})$"
# Numbers of ten digits that begin with 47 are not in use in Norway.
_NORWEGIAN = re.compile(r"(?:[+]|00)?47([0-9]{8})")
_DATE_AND_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}")


def date_and_time(value: object) -> object:
    """Text that is a date and a time; what is not is refused."""
    # The library would take a number for seconds since 1970.
    if isinstance(value, str) and _DATE_AND_TIME.match(value):
        return value
    raise ValueError("must be text such as 2026-01-31T23:59:00+01:00")


def _is_number(value: object) -> object:
    # JSON has one kind of number: 3.0 is 3. Text and true are not numbers.
    if isinstance(value, bool | str):
        raise ValueError("must be a number")
    return value


def _is_not_ours(value: str) -> str:
    if value.startswith(OWN_NAMES):
        raise ValueError(
            f"must not begin with {OWN_NAMES}, which Varde keeps for itself"
        )
    return value


class EventIn(Schema):
    """One event of one call, as the exchange tells it."""

    model_config = ConfigDict(extra="forbid")

    event_id: Annotated[
        str,
        Field(max_length=80, pattern=CODE, description="Unique within the call"),
        AfterValidator(_is_not_ours),
    ]
    sentral: Annotated[
        str, Field(max_length=12, pattern=CODE, description="The sentral's code")
    ]
    call_id: Annotated[
        str,
        Field(
            max_length=80, pattern=CODE, description="The same in every event of a call"
        ),
    ]
    kind: Literal["ringing", "answered", "abandoned", "transferred", "ended"] = Field(
        description="ringing: at an operator, after the menu"
    )
    occurred_at: Annotated[
        AwareDatetime,
        BeforeValidator(date_and_time),
        Field(description="When it happened, with the offset from UTC"),
    ]
    line: Annotated[
        str, Field(max_length=20, pattern=WORDS, description="The line that was rung")
    ] = ""
    priority: (
        Annotated[
            int,
            Field(
                ge=0, le=9, description="Higher goes first. Left out: the line decides"
            ),
            BeforeValidator(_is_number),
        ]
        | None
    ) = None
    caller_number: Annotated[
        str, Field(pattern=NUMBER, description="Empty or anonymous where it is hidden")
    ] = ""
    operator: Annotated[
        str,
        Field(
            max_length=40,
            pattern=WORDS,
            description="Who answered, by the exchange's name",
        ),
    ] = ""
    target: Annotated[
        str, Field(max_length=40, pattern=WORDS, description="Where a transfer goes")
    ] = ""
    recording_reference: Annotated[
        str, Field(max_length=200, pattern=r"^[!-~]*$", description="Of the sound log")
    ] = ""


def one_or_many(value: object) -> str:
    """Which of the two forms a message has."""
    return "many" if isinstance(value, list) else "one"


Many = Annotated[list[EventIn], Field(min_length=1, max_length=MOST_EVENTS)]
Payload = Annotated[
    Annotated[EventIn, Tag("one")] | Annotated[Many, Tag("many")],
    Discriminator(one_or_many),
]


class Receipt(Schema):
    """How many events were new, and how many were known already. All are stored."""

    accepted: int
    duplicates: int


def message_from(event: EventIn) -> TelephonyMessage:
    """The event as the sentral takes it in."""
    return TelephonyMessage(
        event_id=event.event_id,
        call_id=event.call_id,
        kind=EventKind(event.kind),
        occurred_at=event.occurred_at,
        line=event.line.strip(),
        priority=event.priority,
        caller_number=dialled(event.caller_number),
        operator=event.operator.strip(),
        target=event.target.strip(),
        recording_reference=event.recording_reference,
    )


def dialled(number: str) -> str:
    """The number in the form in which the same caller always has it.

    >>> dialled("+47 22 33 44 55"), dialled("0046 8 123"), dialled("anonymous")
    ('22334455', '+468123', '')
    """
    digits = re.sub(r"[ ()-]", "", number)
    if digits in {"anonymous", "+"}:
        return ""
    norwegian = _NORWEGIAN.fullmatch(digits)
    if norwegian:
        return norwegian[1]
    return f"+{digits[2:]}" if digits.startswith("00") else digits
