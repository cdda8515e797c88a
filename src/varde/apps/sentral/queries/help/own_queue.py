"""Our open queue, as a partner is given it: the least that one must have to go on safely."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models.functions import Coalesce

from varde.apps.records.models import AmkHandover, Call, CallBack, Contact, Sentral


MOST = 300  # in one copy; more than any queue, and less than a message may hold
NOBODY_TALKS = ("ringing", "unknown", "transferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One who waits: the number, since when, and how urgent. Never who it is."""

    key: str
    kind: str
    number: str
    since: str
    due_at: str
    line: str
    hastegrad: str
    call_id: int | None
    callback_id: int | None
    is_in_hand: bool

    def told(self) -> dict[str, Any]:
        """What the partner is given."""
        row = asdict(self)
        return {
            name: row[name]
            for name in (
                "key",
                "kind",
                "number",
                "since",
                "due_at",
                "line",
                "hastegrad",
            )
        }


def waiting(sentral: Sentral, *, lines: list[str]) -> list[Waiting]:
    """Those who wait at our own sentral, on these lines (all when none is named).

    A call that rings and the same call when it was missed have one key.
    """
    found = [*_amk(sentral), *_calls(sentral), *_callbacks(sentral)]
    shared = [one for one in found if not lines or not one.line or one.line in lines]
    return shared[:MOST]


def _calls(sentral: Sentral) -> list[Waiting]:
    rows = (
        Call.objects.filter(
            sentral=sentral, state__in=NOBODY_TALKS, owner=None, origin=""
        )
        .annotate(since=Coalesce("ringing_at", "recorded_at"))
        .order_by("-priority", "since", "pk")
    )
    return [
        Waiting(
            key=f"call:{call.external_id}",
            kind="call",
            number=call.caller_number,
            since=call.since.isoformat(),
            due_at=call.since.isoformat(),
            line=call.line,
            hastegrad="",
            call_id=call.pk,
            callback_id=None,
            is_in_hand=False,
        )
        for call in rows[:MOST]
    ]


def _callbacks(sentral: Sentral) -> list[Waiting]:
    rows = (
        CallBack.objects.filter(sentral=sentral, state=CallBack.State.OPEN, origin="")
        .select_related("call", "contact")
        .order_by("due_at", "pk")
    )
    return [
        Waiting(
            key=f"call:{row.call.external_id}"
            if row.call is not None
            else f"callback:{row.pk}",
            kind="callback",
            number=row.number,
            since=row.created_at.isoformat(),
            due_at=row.due_at.isoformat(),
            line=row.call.line if row.call is not None else "",
            hastegrad=row.hastegrad,
            call_id=row.call_id,
            callback_id=row.pk,
            is_in_hand=row.contact is not None
            and row.contact.state == Contact.State.OPEN,
        )
        for row in rows[:MOST]
    ]


def _amk(sentral: Sentral) -> list[Waiting]:
    rows = (
        AmkHandover.objects.filter(
            sentral=sentral,
            acknowledged_at=None,
            not_needed_at=None,
            contact__origin="",
        )
        .select_related("contact")
        .order_by("started_at", "pk")
    )
    return [
        Waiting(
            key=f"amk:{row.contact_id}",
            kind="amk",
            number=row.contact.callback_number,
            since=row.started_at.isoformat(),
            due_at=row.started_at.isoformat(),
            line="",
            hastegrad="akutt",
            call_id=None,
            callback_id=None,
            is_in_hand=row.contact.state == Contact.State.OPEN
            and row.contact.owner_id is not None,
        )
        for row in rows[:MOST]
    ]
