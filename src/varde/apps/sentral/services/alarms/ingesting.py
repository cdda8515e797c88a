"""Taking in what safety alarms and sensors tell, in any order and again and again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from varde.apps.records import audit, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    Alarm,
    AlarmSignal,
    AuditEntry,
    Contact,
    Patient,
    Sentral,
)
from varde.apps.sentral.queries.patients import districts_of
from varde.apps.sentral.services import contacts
from varde.apps.sentral.services.ingesting import (
    Ingested,
    wait_for_the_one_before,
)
from varde.domain import alarm as domain
from varde.domain.alarm import Signal, SignalKind
from varde.domain.errors import RuleBroken


INGEST_LOCK = 0x616C  # "al": beside the sentral's id


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmMessage:
    """One signal, as the sender tells it. A text is "" where nothing was told."""

    event_id: str
    alarm_id: str
    kind: SignalKind
    occurred_at: datetime
    device: str = ""
    place: str = ""
    callback_number: str = ""
    national_id: str = ""
    told: str = ""


@transaction.atomic
def ingest_all(
    *, sentral: Sentral, signals: Sequence[AlarmMessage], at: datetime
) -> Ingested:
    """Take in signals of any alarms of one sentral: all of them or none.

    A signal known by its alarm and event_id changes nothing. Known, but with other
    content: the first is kept, since what was said is never changed, and the log tells.

    The first signal of somebody who needs a person opens a contact that nobody has, in
    the queue when this returns. More signals are told to the one who has it. Asking for
    help after the contact was closed opens a new one: it is never read as old news.
    `at` is when the signals came; when they were given is in them.
    """
    # So that no alarm is made twice.
    wait_for_the_one_before(INGEST_LOCK, sentral)
    by_alarm: dict[str, list[AlarmMessage]] = defaultdict(list)
    for signal in signals:
        by_alarm[signal.alarm_id].append(signal)
    accepted = sum(
        _take_in(sentral, alarm_id, told, at=at) for alarm_id, told in by_alarm.items()
    )
    return Ingested(accepted=accepted, duplicates=len(signals) - accepted)


def _take_in(
    sentral: Sentral, alarm_id: str, told: list[AlarmMessage], *, at: datetime
) -> int:
    """Write the new signals of one alarm and what follows. Returns how many."""
    contact, alarm = _locked(sentral, alarm_id)
    known = {row.event_id: row for row in alarm.signals.all()} if alarm else {}
    new: dict[str, AlarmMessage] = {}
    for message in told:
        stored = known.get(message.event_id)
        first = new.get(message.event_id)
        earlier = stored or first
        if earlier is None:
            new[message.event_id] = message
        elif _said(earlier) != _said(message):
            _log_conflict(sentral, alarm, message, at=at)
    if not new:
        return 0
    alarm = alarm or _made(sentral, alarm_id, told)
    rows = AlarmSignal.objects.bulk_create(
        _row(alarm, message) for message in new.values()
    )
    _refold(alarm, [*known.values(), *rows])
    _follow(alarm, contact, rows, at=at)
    _find_patient(alarm, told, at=at)
    return len(new)


def _locked(sentral: Sentral, alarm_id: str) -> tuple[Contact | None, Alarm | None]:
    """The alarm and its contact, the contact locked first as everywhere."""
    mine = Alarm.objects.filter(sentral=sentral, alarm_id=alarm_id)
    contact_id = mine.values_list("contact_id", flat=True).first()
    contact = None
    if contact_id is not None:
        contact = contacts.locked(contact_id, may_be_closed=True, may_move=True)
    return contact, mine.select_for_update(of=("self",)).first()


def _made(sentral: Sentral, alarm_id: str, told: list[AlarmMessage]) -> Alarm:
    return Alarm.objects.create(
        sentral=sentral,
        district_id=sentral.host_district_id,
        alarm_id=alarm_id,
        first_at=min(message.occurred_at for message in told),
        recorded_at=timezone.now(),
    )


def _row(alarm: Alarm, message: AlarmMessage) -> AlarmSignal:
    return AlarmSignal(
        alarm=alarm,
        district_id=alarm.district_id,
        event_id=message.event_id,
        kind=message.kind.value,
        occurred_at=message.occurred_at,
        recorded_at=timezone.now(),
        device=message.device,
        place=message.place,
        callback_number=message.callback_number,
        told=message.told,
    )


def _said(one: AlarmSignal | AlarmMessage) -> tuple[object, ...]:
    """What two signals of one name must have alike. The national number is not kept."""
    return (
        str(one.kind),
        one.occurred_at,
        one.device,
        one.place,
        one.callback_number,
        one.told,
    )


def _log_conflict(
    sentral: Sentral, alarm: Alarm | None, message: AlarmMessage, *, at: datetime
) -> None:
    audit.log(
        what="alarm_signal_conflict",
        kind=AuditEntry.Kind.REFUSED,
        by=None,
        at=at,
        district_id=alarm.district_id if alarm else sentral.host_district_id,
        table="records_alarm",
        row_id=alarm.pk if alarm else None,
        data={"event_id": message.event_id, "kind": message.kind.value},
    )


def _refold(alarm: Alarm, rows: Iterable[AlarmSignal]) -> None:
    """Bring the alarm's columns up to date: the latest that was told of each counts.

    Of two told at the same moment the value that sorts last: then the order in which they
    came does not matter.
    """
    known = list(rows)
    folded = domain.fold(as_domain(known))
    alarm.state = folded.state.value
    alarm.first_at, alarm.calls = folded.first_at, folded.calls
    alarm.called_at = folded.called_at
    alarm.cancelled_at, alarm.restored_at = folded.cancelled_at, folded.restored_at
    for column in ("device", "place", "callback_number"):
        told = [
            (row.occurred_at, getattr(row, column))
            for row in known
            if getattr(row, column)
        ]
        if told:
            setattr(alarm, column, max(told)[1])
    alarm.save()


def as_domain(rows: Iterable[AlarmSignal]) -> list[Signal]:
    """The stored signals as the rules see them."""
    return [Signal(SignalKind(row.kind), row.occurred_at) for row in rows]


def _follow(
    alarm: Alarm, contact: Contact | None, new: list[AlarmSignal], *, at: datetime
) -> None:
    """Open a contact, or tell the one who has it."""
    if contact is None:
        moments = [moment.at for moment in as_domain(new) if _needs_a_person(moment)]
        if moments:
            _open(alarm, None, new, since=min(moments), at=at)
        return
    if contact.state == Contact.State.OPEN:
        _add_to(alarm, contact, new, at=at)
        return
    closed_at = contact.closed_at or at
    again = domain.begins_anew(as_domain(new), closed_at=closed_at)
    if again is not None:
        _open(alarm, contact, new, since=again, at=at)


def _needs_a_person(signal: Signal) -> bool:
    return domain.fold([signal]).needs_a_person


def _open(
    alarm: Alarm,
    before: Contact | None,
    new: list[AlarmSignal],
    *,
    since: datetime,
    at: datetime,
) -> None:
    """A contact that nobody has. What is known from the one before goes along."""
    contact = Contact.objects.create(
        sentral=alarm.sentral,
        district_id=alarm.district_id,
        station=before.station if before else None,
        municipality=before.municipality if before else None,
        channel=Contact.Channel.ALARM,
        opened_at=min(since, at),
        recorded_at=timezone.now(),
        callback_number=alarm.callback_number,
        whereabouts=alarm.place,
        narrative="\n".join(row.told for row in new if row.told),
    )
    alarm.contact = contact
    alarm.save(update_fields=["contact"])
    events.happened(
        contact=contact,
        kind=Happened.OPENED,
        by=None,
        at=contact.opened_at,
        channel=contact.channel,
        alarm=alarm.pk,
    )
    if before is not None and before.patient_id is not None:
        contacts.choose_patient(
            contact_id=contact.pk, patient_id=before.patient_id, by=None, at=at
        )
    _tell(contact)


def _add_to(
    alarm: Alarm, contact: Contact, new: list[AlarmSignal], *, at: datetime
) -> None:
    """What the alarm says besides. What somebody wrote in the contact stays as it is."""
    filled = []
    for column, value in (
        ("callback_number", alarm.callback_number),
        ("whereabouts", alarm.place),
    ):
        if value and not getattr(contact, column):
            setattr(contact, column, value)
            filled.append(column)
    if filled:
        contact.save(update_fields=filled)
    events.happened(
        contact=contact,
        kind=Happened.ALARM_SIGNAL,
        by=None,
        at=at,
        kinds=[row.kind for row in new],
    )
    _tell(contact)


def _find_patient(alarm: Alarm, told: list[AlarmMessage], *, at: datetime) -> None:
    """Choose the patient by the national number that came, unless one is chosen.

    A number that cannot be used never stops an alarm: the operator is told to ask.
    """
    number = max((message.national_id for message in told), default="")
    if not number or alarm.contact_id is None:
        return
    contact = Contact.objects.get(pk=alarm.contact_id)
    if contact.patient_id is not None or contact.state == Contact.State.CLOSED:
        return
    try:
        _choose(contact, number, sentral=alarm.sentral, at=at)
    except RuleBroken:
        Alarm.objects.filter(pk=alarm.pk).update(has_wrong_number=True)
        return
    Alarm.objects.filter(pk=alarm.pk).update(has_wrong_number=False)


def _choose(contact: Contact, number: str, *, sentral: Sentral, at: datetime) -> None:
    """The patient with the number, wherever the sentral answers; else a new record."""
    known = _known_patient(number, sentral=sentral)
    if known is None:
        try:
            contacts.new_patient(
                contact_id=contact.pk, fields={"national_id": number}, by=None, at=at
            )
        except IntegrityError:
            # Somebody at the desk made the record at this very moment.
            known = _known_patient(number, sentral=sentral)
            if known is None:
                raise
    if known is not None:
        contacts.choose_patient(
            contact_id=contact.pk, patient_id=known.pk, by=None, at=at
        )


def _known_patient(number: str, *, sentral: Sentral) -> Patient | None:
    rows = Patient.objects.filter(
        national_id=number, merged_into=None, district__in=districts_of(sentral)
    )
    return rows.order_by("pk").first()


def _tell(contact: Contact) -> None:
    announce(
        Topic.QUEUE,
        Topic.CONTACTS,
        Topic.AMK,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
