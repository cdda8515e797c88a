"""The queue: who waits, who talks, and what nobody has. Each in a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from varde.apps.records.events import Happened
from varde.apps.records.models import Alarm, Call, Contact, ContactEvent, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.claiming import claim_rules
from varde.apps.sentral.queries.help.held import AtPartner, holder_of, with_holder
from varde.apps.sentral.queries.lines import line_named
from varde.apps.sentral.queries.nursing_homes import home_with_number


ON_THE_LINE = ("ringing", "answered", "transferred", "unknown")
_NAME = ("first_name", "last_name", "username")
# The columns that are shown. The list is read anew for each call that comes or goes.
_OF_CALL = (
    "caller_number",
    "line",
    "priority",
    "ringing_at",
    "answered_at",
    "contact_id",
    "owner_id",
    "sentral__host_district",
    "origin",
    "district_id",
)
_OF_HANDS = (
    *(f"owner__{column}" for column in _NAME),
    "contact__state",
    "contact__heartbeat_at",
    "contact__hastegrad_phone",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCall:
    """A caller on the line whom nobody has in hand.

    `since` is the first ring, or the first we heard of the call where its ring was not
    seen (`ringing_at` is then None). `is_spoken_with`: the exchange says that somebody took
    the telephone, and we do not know who. `home` is the nursing home that the number is of,
    "" for any other.
    """

    id: int
    caller_number: str
    line: str
    line_text: str
    priority: int
    ringing_at: datetime | None
    since: datetime
    waited_s: float
    is_spoken_with: bool
    contact_id: int | None
    home: str = ""
    origin: str = ""  # the sentral that we help with it
    held: AtPartner | None = None  # the partner that helps us with it


@dataclass(frozen=True, slots=True, kw_only=True)
class CallInHand:
    """A caller on the line, and the one who has the call.

    `since` is when the call was answered. `hastegrad` is the contact's on the telephone, ""
    until it is judged. `is_stale`: the owner's workstation is silent.
    """

    id: int
    contact_id: int | None
    owner_id: int
    owner_name: str
    since: datetime
    line: str
    line_text: str
    priority: int
    hastegrad: str
    is_stale: bool
    is_contact_closed: bool
    home: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerlessContact:
    """An open contact that anybody may claim: put back, or its owner fell silent.

    `since` is the last sign of life. `last_owner` is a name, "" when nobody is known.
    """

    contact_id: int
    since: datetime
    last_owner: str
    is_stale: bool
    hastegrad: str
    is_on_the_line: bool


def waiting_calls(sentral_id: int, *, now: datetime) -> list[WaitingCall]:
    """Every call on the line that nobody has: priority lines first, then the longest wait.

    A call is here, or in `calls_in_hand`, from its first event until it is over.
    """
    calls = (
        _on_the_line(sentral_id).filter(owner=None).order_by("-priority", "since", "pk")
    )
    rows = with_holder(calls, is_call=True)
    return [
        replace(_waiting(call, now=now), held=holder_of(call, now=now)) for call in rows
    ]


def calls_in_hand(
    sentral_id: int, *, now: datetime, most: int | None = None
) -> list[CallInHand]:
    """The calls on the line that somebody has, the longest talk first; at most so many."""
    calls = (
        _talked_on(sentral_id)
        .select_related("owner", "contact")
        .only(*_OF_CALL, *_OF_HANDS)
        .annotate(talks_since=Coalesce("answered_at", "claimed_at", "since"))
        .order_by("talks_since", "pk")
    )
    found = list(calls[:most])
    if not found:
        return []
    stale_after = claim_rules(found[0].sentral, at=now).stale_after
    return [_in_hand(call, stale_after=stale_after, now=now) for call in found]


def count_in_hand(sentral_id: int) -> int:
    """How many calls on the line somebody has."""
    return _talked_on(sentral_id).count()


def ownerless_contacts(sentral_id: int, *, now: datetime) -> list[OwnerlessContact]:
    """Open contacts without a living owner, the longest first. Not the safety alarms.

    A contact at hand for nobody is never silent: it is here from the moment it was put
    back, or from the last sign of life that was missed.
    """
    sentral = reference.sentral(sentral_id)
    if sentral is None:
        return []
    stale_before = now - claim_rules(sentral, at=now).stale_after
    released_by = ContactEvent.objects.filter(
        contact=OuterRef("pk"), kind=Happened.RELEASED
    ).order_by("-occurred_at", "-pk")
    contacts = (
        Contact.objects.filter(
            Q(owner=None) | Q(heartbeat_at__lt=stale_before) | Q(heartbeat_at=None),
            sentral_id=sentral_id,
            state=Contact.State.OPEN,
        )
        # An alarm that nobody has, waits in line with the calls.
        .exclude(Q(owner=None) & Exists(Alarm.objects.filter(contact=OuterRef("pk"))))
        .annotate(
            since=Coalesce("heartbeat_at", "claimed_at", "opened_at"),
            last_owner_id=Coalesce(
                F("owner_id"),
                Subquery(released_by.values("by_id")[:1]),
                output_field=BigIntegerField(),
            ),
            is_on_the_line=Exists(
                Call.objects.filter(contact=OuterRef("pk"), state__in=ON_THE_LINE)
            ),
        )
        .only("owner_id", "hastegrad_phone")
        .order_by("since", "pk")
    )
    found = list(contacts)
    ids = {contact.last_owner_id for contact in found} - {None}
    owners = User.objects.only(*_NAME).in_bulk(ids)
    return [
        OwnerlessContact(
            contact_id=contact.pk,
            since=contact.since,
            last_owner=owners[contact.last_owner_id].name
            if contact.last_owner_id in owners
            else "",
            is_stale=contact.owner_id is not None,
            hastegrad=contact.hastegrad_phone,
            is_on_the_line=contact.is_on_the_line,
        )
        for contact in found
    ]


def _talked_on(sentral_id: int) -> QuerySet[Call]:
    return _on_the_line(sentral_id).filter(owner__isnull=False)


def _on_the_line(sentral_id: int) -> QuerySet[Call]:
    return (
        Call.objects.filter(sentral_id=sentral_id, state__in=ON_THE_LINE)
        .select_related("sentral")
        .only(*_OF_CALL)
        .annotate(since=Coalesce("ringing_at", "recorded_at"))
    )


def _waiting(call: Call, *, now: datetime) -> WaitingCall:
    return WaitingCall(
        id=call.pk,
        caller_number=call.caller_number,
        line=call.line,
        line_text=line_named(call.line, sentral=call.sentral, at=now).name,
        priority=call.priority,
        ringing_at=call.ringing_at,
        since=call.since,
        waited_s=max(0.0, (now - call.since).total_seconds()),
        is_spoken_with=call.answered_at is not None,
        contact_id=call.contact_id,
        home=_home_of(call),
        origin=call.origin,
    )


def _home_of(call: Call) -> str:
    known = home_with_number(call.sentral_id, call.caller_number)
    return known[1] if known is not None else ""


def _in_hand(call: Call, *, stale_after: timedelta, now: datetime) -> CallInHand:
    contact = call.contact
    beat_at = contact.heartbeat_at if contact is not None else None
    is_open = contact is not None and contact.state == Contact.State.OPEN
    return CallInHand(
        id=call.pk,
        contact_id=call.contact_id,
        owner_id=call.owner_id,
        owner_name=call.owner.name,
        since=call.talks_since,
        line=call.line,
        line_text=line_named(call.line, sentral=call.sentral, at=now).name,
        priority=call.priority,
        hastegrad=contact.hastegrad_phone if contact is not None else "",
        is_stale=is_open and (beat_at is None or now - beat_at > stale_after),
        is_contact_closed=contact is not None and not is_open,
        home=_home_of(call),
    )
