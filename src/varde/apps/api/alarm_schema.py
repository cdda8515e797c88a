"""What a response centre may send: the signals of its alarms, and the answers."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import (
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
)

from varde.apps.api.signed_door import MOST_EVENTS
from varde.apps.api.telephony_schema import (
    CODE,
    NUMBER,
    date_and_time,
    dialled,
    one_or_many,
)
from varde.apps.sentral.services.alarms import AlarmMessage
from varde.domain.alarm import Progress, SignalKind


# In an address the name of an alarm stands between slashes.
ALARM_ID = r"^[A-Za-z0-9._~:-]+$"
TEXT = r"^[ -~\u00a0-\ud7ff]*$"  # one line of any letters
LINES = r"^[\n -~\u00a0-\ud7ff]*$"


class SignalIn(Schema):
    """One signal of one alarm, as the response centre tells it."""

    model_config = ConfigDict(extra="forbid")

    alarm_id: Annotated[
        str,
        Field(
            max_length=80,
            pattern=ALARM_ID,
            description="The same in every signal of an alarm",
        ),
    ]
    event_id: Annotated[
        str, Field(max_length=80, pattern=CODE, description="Unique within the alarm")
    ]
    sentral: Annotated[
        str, Field(max_length=12, pattern=CODE, description="The sentral's code")
    ]
    kind: Literal["raised", "repeated", "cancelled", "restored"] = Field(
        description="cancelled: by the user; restored: the device works again"
    )
    occurred_at: Annotated[
        AwareDatetime,
        BeforeValidator(date_and_time),
        Field(description="When it happened, with the offset from UTC"),
    ]
    device: (
        Literal[
            "pendant",
            "fall",
            "bed",
            "door",
            "smoke",
            "gps",
            "camera",
            "inactivity",
            "medicine",
            "other",
        ]
        | None
    ) = Field(None, description="What kind of device it is")
    place: Annotated[
        str, Field(max_length=200, pattern=TEXT, description="Where it is, in words")
    ] = ""
    callback_number: Annotated[
        str, Field(pattern=NUMBER, description="To talk with the person")
    ] = ""
    national_id: Annotated[
        str,
        Field(
            pattern=r"^([0-9]{11})?$",
            description="Of the person. One that cannot be used does not stop the alarm",
        ),
    ] = ""
    text: Annotated[
        str,
        Field(
            max_length=2000,
            pattern=LINES,
            description="What else the receiver should know. Goes into the record",
        ),
    ] = ""


Many = Annotated[list[SignalIn], Field(min_length=1, max_length=MOST_EVENTS)]
Payload = Annotated[
    Annotated[SignalIn, Tag("one")] | Annotated[Many, Tag("many")],
    Discriminator(one_or_many),
]


class AlarmState(Schema):
    """How far the sentral has come with an alarm. Moments are null until they are there.

    `done` holds the codes of what was decided, in the order of the codes; it is empty
    until the contact is closed, and `["none"]` where nothing more was needed.
    """

    alarm_id: str
    state: Progress
    received_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    done: list[str]


def message_from(signal: SignalIn) -> AlarmMessage:
    """The signal as the sentral takes it in."""
    return AlarmMessage(
        event_id=signal.event_id,
        alarm_id=signal.alarm_id,
        kind=SignalKind(signal.kind),
        occurred_at=signal.occurred_at,
        device=signal.device or "",
        place=signal.place.strip(),
        callback_number=dialled(signal.callback_number),
        national_id=signal.national_id,
        told=signal.text.strip(),
    )
