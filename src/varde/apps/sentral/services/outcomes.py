"""What it was decided to do with a contact: tasks with an owner, a due time and a clock.

Each kind has one who settles it. Some are done the moment they are decided (advice was
given; the patient was told to ring the fastlege); a promise to ring back lives on in the
call-back list, 113 in its hand-over; the rest are tasks until somebody has done them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    CallBack,
    Contact,
    FastlegeSlot,
    Outcome,
    Role,
    User,
)
from varde.apps.sentral.services import amk, callbacks, interpreter, promises
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """Who has a kind of outcome, and whether it is done when it is decided."""

    owner_role: Role
    is_done_at_once: bool = False


KINDS: dict[Outcome.Kind, Settling] = {
    Outcome.Kind.ADVICE: Settling(owner_role=Role.OPERATOR, is_done_at_once=True),
    # Settled by `arrived`.
    Outcome.Kind.ATTENDANCE: Settling(owner_role=Role.DOCTOR),
    Outcome.Kind.HOME_VISIT: Settling(owner_role=Role.DOCTOR),
    Outcome.Kind.CALL_OUT: Settling(owner_role=Role.DOCTOR),
    # Settled by AMK's acknowledgement (`amk`).
    Outcome.Kind.AMK: Settling(owner_role=Role.OPERATOR),
    Outcome.Kind.AMBULANCE: Settling(owner_role=Role.OPERATOR),
    Outcome.Kind.KAD: Settling(owner_role=Role.DOCTOR),
    Outcome.Kind.ADMISSION: Settling(owner_role=Role.DOCTOR),
    # The patient rings the surgery, or has got an hour there (`fastlege_hours.book`).
    Outcome.Kind.FASTLEGE: Settling(owner_role=Role.OPERATOR, is_done_at_once=True),
    Outcome.Kind.NURSING_HOME_DOCTOR: Settling(owner_role=Role.OPERATOR),
    Outcome.Kind.OTHER_SERVICE: Settling(owner_role=Role.OPERATOR),
    Outcome.Kind.POLICE_FIRE: Settling(owner_role=Role.OPERATOR),
    # The task is the call-back's (`callbacks`), with its own due time and attempts.
    Outcome.Kind.CALL_BACK: Settling(owner_role=Role.OPERATOR, is_done_at_once=True),
    # Settled by the interpreter's result (`interpreter`).
    Outcome.Kind.INTERPRETER: Settling(owner_role=Role.OPERATOR),
}
# Have another clock of their own beside the outcome's.
OWN_CLOCK = frozenset({Outcome.Kind.ATTENDANCE, Outcome.Kind.CALL_BACK})


@transaction.atomic
def add(
    *,
    contact_id: int,
    kind: str,
    by: User,
    at: datetime,
    note: str = "",
    station_id: int | None = None,
    due_at: datetime | None = None,
    promised_at: datetime | None = None,
    travel_min: int | None = None,
    number: str = "",
    overbook: bool = False,
    was_told: bool = False,
) -> Outcome:
    """Decide on one outcome of an open contact. Several may be decided.

    113 is one hand-over a contact: decided on again, the one that stands is given back.

    Parameters
    ----------
    kind : str
        One of the fourteen of `Outcome.Kind`. Advice, fastlege and a promise to ring back
        are done at once; 113 starts its clock; an interpreter is asked for; a call-back is
        put on the list, to `number` or the contact's.
    station_id : int, optional
        Where the patient goes; else the station of the patient's place. In another
        district that the sentral answers for, the contact goes along to that district.
    due_at : aware datetime, optional
        When the task must be done or begun. Else by the district's minutes for the kind
        and the hastegrad on the phone; None where no hastegrad is set.
    promised_at : aware datetime, optional
        Attendance: the time told to the patient. None takes the first that hastegrad,
        capacity and travel allow. A time that another got in the meantime is refused with
        the next one, unless `overbook`: the operator may decide that there is room.
    was_told : bool
        The patient has been told `promised_at` already, on paper: it is kept as it is,
        whatever room the station has.
    travel_min : int, optional
        Minutes on the road, >= 0; else those known from the patient's place.

    Raises
    ------
    RuleBroken
        CONTACT_IS_CLOSED; FIELD_NOT_VALID (kind, station, due_at, promised_at, note,
        travel_min); for attendance HASTEGRAD_NOT_SET, RED_IS_NEVER_QUEUED,
        STATION_NEEDED, TRAVEL_TIME_UNKNOWN, NO_ATTENDANCE_TIME, ATTENDANCE_TIME_TAKEN
        (next_at).
    """
    may_move = kind == Outcome.Kind.ATTENDANCE or station_id is not None
    contact = locked(contact_id, may_move=may_move)
    if kind not in Outcome.Kind.values:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    wanted = Outcome.Kind(kind)
    standing = amk.outcome_of(contact) if wanted is Outcome.Kind.AMK else None
    if standing is not None:
        return standing
    outcome = _new(contact, wanted, note=note, due_at=due_at, by=by, at=at)
    if wanted is Outcome.Kind.ATTENDANCE:
        promises.promise_time(
            contact,
            outcome,
            station_id=station_id,
            promised_at=promised_at,
            travel_min=travel_min,
            overbook=overbook,
            was_told=was_told,
            at=at,
        )
    elif station_id is not None:
        outcome.station = promises.sent_to(contact, station_id, at=at)
    promises.go_along(contact, outcome, by=by, at=at)
    outcome.save()
    if wanted is Outcome.Kind.AMK:
        amk.start(contact, by=by, at=at)
    if wanted is Outcome.Kind.INTERPRETER:
        interpreter.request(
            contact_id=contact.pk, language=contact.language, by=by, at=at
        )
    if wanted is Outcome.Kind.CALL_BACK:
        callbacks.promise(
            contact_id=contact.pk,
            due_at=due_at,
            number=number,
            about=outcome.note[:200],
            by=by,
            at=at,
        )
    _tell(contact, outcome, Happened.OUTCOME_ADDED, by=by, at=at)
    return outcome


@transaction.atomic
def settle(*, outcome_id: int, by: User, at: datetime, note: str = "") -> Outcome:
    """The task is done. 113 is settled by AMK's acknowledgement, not here.

    Raises `RuleBroken`: TASK_IS_SETTLED, AMK_MISSION_NUMBER_NEEDED.
    """
    contact, outcome = _both(outcome_id)
    if outcome.state != Outcome.State.OPEN:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    if outcome.kind == Outcome.Kind.AMK:
        raise RuleBroken(Rule.AMK_MISSION_NUMBER_NEEDED)
    _end(outcome, Outcome.State.DONE, note=note, by=by, at=at)
    _tell(contact, outcome, Happened.OUTCOME_SETTLED, by=by, at=at)
    return outcome


@transaction.atomic
def cancel(*, outcome_id: int, by: User, at: datetime, note: str) -> Outcome:
    """It is not to be done after all, with a reason.

    What was done at once (advice, a call-back promised) may be taken back while the contact
    is open. 113 is called off with its clock, an hour at the fastlege is given back, and an
    open call-back of the contact is struck off.

    Raises `RuleBroken`: TASK_IS_SETTLED, FIELD_NOT_VALID (note, empty).
    """
    why = plain("note", note, longest=300)
    if not why:
        raise not_valid("note", Why.EMPTY)
    _strike_callbacks(outcome_id, why, by=by, at=at)
    contact, outcome = _both(outcome_id, may_move=True)
    is_open = contact.state == Contact.State.OPEN
    kind = Outcome.Kind(outcome.kind)
    may_take_back = (
        outcome.state == Outcome.State.DONE and is_open and KINDS[kind].is_done_at_once
    )
    if outcome.state != Outcome.State.OPEN and not may_take_back:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    if kind is Outcome.Kind.AMK:
        amk.not_needed(contact_id=contact.pk, reason=why, by=by, at=at)
        outcome.refresh_from_db()
        return outcome
    if kind is Outcome.Kind.FASTLEGE:
        FastlegeSlot.objects.filter(contact=contact).update(
            contact=None, booked_at=None
        )
    _end(outcome, Outcome.State.CANCELLED, note=why, by=by, at=at)
    _tell(contact, outcome, Happened.OUTCOME_CANCELLED, by=by, at=at)
    promises.go_home(contact, by=by, at=at)
    return outcome


@transaction.atomic
def arrived(*, outcome_id: int, by: User, at: datetime) -> Outcome:
    """The patient has come: the real time is kept beside the promised one.

    Raises `RuleBroken`: TASK_IS_SETTLED; FIELD_NOT_VALID (kind) for another kind than
    attendance.
    """
    contact, outcome = _both(outcome_id)
    if outcome.kind != Outcome.Kind.ATTENDANCE:
        raise not_valid("kind", Why.NOT_A_CHOICE)
    if outcome.state != Outcome.State.OPEN:
        raise RuleBroken(Rule.TASK_IS_SETTLED)
    outcome.arrived_at = at
    outcome.save(update_fields=["arrived_at"])
    _end(outcome, Outcome.State.DONE, note="", by=by, at=at)
    _tell(contact, outcome, Happened.ARRIVED, by=by, at=at)
    return outcome


def settle_kind(
    contact: Contact, kind: Outcome.Kind, *, by: User, at: datetime
) -> None:
    """What another act has done: its open outcomes of a kind are settled with it."""
    for outcome in contact.outcomes.filter(kind=kind, state=Outcome.State.OPEN):
        _end(outcome, Outcome.State.DONE, note="", by=by, at=at)
        _tell(contact, outcome, Happened.OUTCOME_SETTLED, by=by, at=at)


def _new(
    contact: Contact,
    kind: Outcome.Kind,
    *,
    note: str,
    due_at: datetime | None,
    by: User,
    at: datetime,
) -> Outcome:
    settling = KINDS[kind]
    if due_at is not None and due_at < at:
        raise not_valid("due_at", Why.IN_THE_PAST)
    is_done = settling.is_done_at_once
    return Outcome(
        contact=contact,
        district_id=contact.district_id,
        kind=kind,
        state=Outcome.State.DONE if is_done else Outcome.State.OPEN,
        note=plain("note", note, longest=300),
        # The operator who decided has it, until the contact is closed.
        owner=by if settling.owner_role is Role.OPERATOR else None,
        owner_role=settling.owner_role,
        created_at=at,
        created_by=by,
        due_at=None if is_done else due_at or _due_at(contact, kind, at=at),
        settled_at=at if is_done else None,
        settled_by=by if is_done else None,
    )


def _due_at(contact: Contact, kind: Outcome.Kind, *, at: datetime) -> datetime | None:
    if kind in OWN_CLOCK or not contact.hastegrad_phone:
        return None
    minutes = settings.value(
        "outcome.minutes", on=timezone.localdate(at), district_id=contact.district_id
    )
    return at + timedelta(minutes=minutes[kind][contact.hastegrad_phone])


def _both(outcome_id: int, *, may_move: bool = False) -> tuple[Contact, Outcome]:
    """The outcome and its contact, the contact locked first."""
    contact_id = Outcome.objects.values_list("contact_id", flat=True).get(pk=outcome_id)
    contact = locked(contact_id, may_be_closed=True, may_move=may_move)
    return contact, Outcome.objects.select_for_update(of=("self",)).get(pk=outcome_id)


def _strike_callbacks(outcome_id: int, why: str, *, by: User, at: datetime) -> None:
    """Before the contact is locked: call-backs lock call, contact, call-back in order."""
    outcome = Outcome.objects.get(pk=outcome_id)
    if outcome.kind != Outcome.Kind.CALL_BACK:
        return
    open_ones = CallBack.objects.filter(
        contact_id=outcome.contact_id,
        kind=CallBack.Kind.PROMISED,
        state=CallBack.State.OPEN,
    )
    for callback_id in open_ones.order_by("pk").values_list("pk", flat=True):
        callbacks.cancel(callback_id=callback_id, note=why[:200], by=by, at=at)


def _end(
    outcome: Outcome, state: Outcome.State, *, note: str, by: User, at: datetime
) -> None:
    outcome.state = state
    outcome.settled_at = at
    outcome.settled_by = by
    outcome.note = plain("note", note, longest=300) or outcome.note
    outcome.save(update_fields=["state", "settled_at", "settled_by", "note"])


def _tell(
    contact: Contact, outcome: Outcome, kind: Happened, *, by: User, at: datetime
) -> None:
    promised = outcome.promised_at
    late_min = None
    if promised is not None and outcome.arrived_at is not None:
        late_min = round((outcome.arrived_at - promised).total_seconds() / 60)
    events.happened(
        contact=contact,
        kind=kind,
        by=by,
        at=at,
        outcome=outcome.kind,
        row=outcome.pk,
        station=outcome.station_id,
        promised_at=promised.isoformat() if promised else None,
        due_at=outcome.due_at.isoformat() if outcome.due_at else None,
        late_min=late_min,
    )
    # Whom a station expects stands on its board.
    of_station = [Topic.BOARD] if outcome.station_id is not None else []
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        *of_station,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
