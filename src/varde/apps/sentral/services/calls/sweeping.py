"""What nobody told us: workstations that fell silent, and calls that did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Call, Contact, Sentral, TelephonyEvent
from varde.apps.sentral.queries.claiming import claim_rules
from varde.apps.sentral.queries.queue import ON_THE_LINE
from varde.apps.sentral.services import callbacks
from varde.apps.sentral.services.calls.claiming import locked_call
from varde.apps.sentral.services.calls.folding import (
    FROM_EXCHANGE,
    SILENCE,
    refold,
)
from varde.domain.call import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many contacts were found stale, and how many calls were ended."""

    stale: int
    silent: int


def sweep(*, at: datetime) -> Swept:
    """Look for claims gone stale and calls gone silent, in every sentral within the scope.

    A stale contact keeps its owner until somebody claims it, and comes alive again with
    the owner's next sign of life; it gets an event, and the screens show it as without an
    owner. A call of which the exchange has said nothing for the set time, and with which
    nobody works, is ended; one that nobody answered is then on the list to ring back.

    Run every few seconds. Each row has a transaction of its own, so that a sweep never
    holds the desk up.
    """
    stale = silent = 0
    for sentral in Sentral.objects.order_by("pk"):
        stale += sum(_mark(pk, at=at) for pk in _stale(sentral, at=at))
        silent += sum(_end(pk, sentral, at=at) for pk in _silent(sentral, at=at))
    return Swept(stale=stale, silent=silent)


def _stale(sentral: Sentral, *, at: datetime) -> list[int]:
    """Open contacts whose owner fell silent, and which are not marked so yet."""
    before = at - claim_rules(sentral, at=at).stale_after
    marked = Q(
        events__kind=Happened.WENT_STALE, events__occurred_at__gte=F("heartbeat_at")
    )
    found = Contact.objects.filter(
        sentral=sentral,
        state=Contact.State.OPEN,
        owner__isnull=False,
        heartbeat_at__lt=before,
    ).exclude(pk__in=Contact.objects.filter(marked, state=Contact.State.OPEN))
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _mark(contact_id: int, *, at: datetime) -> bool:
    contact = (
        Contact.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("sentral")
        .filter(pk=contact_id, state=Contact.State.OPEN, owner__isnull=False)
        .first()
    )
    if contact is None or contact.heartbeat_at is None:
        return False
    went_at = contact.heartbeat_at + claim_rules(contact.sentral, at=at).stale_after
    if at <= went_at:
        return False  # a sign of life came in between
    events.happened(
        contact=contact,
        kind=Happened.WENT_STALE,
        by=None,
        at=went_at,
        owner=contact.owner_id,
    )
    announce(
        Topic.QUEUE,
        Topic.CONTACTS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    return True


def _silent(sentral: Sentral, *, at: datetime) -> Iterator[int]:
    """Calls on the line of which the exchange has said nothing for long."""
    since = at - _silence(sentral, at=at)
    return (
        Call.objects.filter(
            sentral=sentral, state__in=ON_THE_LINE, source=FROM_EXCHANGE
        )
        .annotate(told_at=Coalesce(Max("events__recorded_at"), "recorded_at"))
        .filter(told_at__lt=since)
        .order_by("pk")
        .values_list("pk", flat=True)
        .iterator()
    )


@transaction.atomic
def _end(call_id: int, sentral: Sentral, *, at: datetime) -> bool:
    call = locked_call(call_id)
    known = list(call.events.all())
    told_at = max((event.recorded_at for event in known), default=call.recorded_at)
    if call.state not in ON_THE_LINE or told_at + _silence(sentral, at=at) > at:
        return False
    if call.contact_id is not None and _is_worked_with(call.contact_id, at=at):
        return False
    # Not before the desk answered: a talk that we know of did take place.
    moments = [event.occurred_at for event in known]
    moments += [call.claimed_at] if call.claimed_at else []
    inferred = TelephonyEvent(
        call=call,
        district_id=call.district_id,
        event_id=SILENCE,
        kind=EventKind.ENDED.value,
        occurred_at=max(moments, default=told_at),
        recorded_at=timezone.now(),
    )
    TelephonyEvent.objects.bulk_create([inferred])
    refold(call, [*known, inferred])
    callbacks.follow(call=call, at=at)
    announce(
        Topic.QUEUE,
        Topic.NUMBERS,
        sentral_id=call.sentral_id,
        contact_id=call.contact_id,
    )
    return True


def _is_worked_with(contact_id: int, *, at: datetime) -> bool:
    """Is the contact open, in somebody's hand, and its workstation alive?"""
    contact = Contact.objects.select_related("sentral").filter(pk=contact_id).first()
    if contact is None or contact.state == Contact.State.CLOSED:
        return False
    if contact.owner_id is None or contact.heartbeat_at is None:
        return False
    return at - contact.heartbeat_at <= claim_rules(contact.sentral, at=at).stale_after


def _silence(sentral: Sentral, *, at: datetime) -> timedelta:
    return timedelta(
        minutes=settings.value(
            "telephony.silent_min",
            on=timezone.localdate(at),
            district_id=sentral.host_district_id,
        )
    )
