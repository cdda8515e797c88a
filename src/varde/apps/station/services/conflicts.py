"""Samtidighetskonflikt: found when a need comes and no doctor can go, kept until solved.

A need is one conflict at the most (the database sees to it), so that whoever finds it, a
nurse's act or the clock, may look as often as they like.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Attendance, Conflict, Contact, Outcome, User
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station import access
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import conflicts, doctor_states, needs
from varde.apps.station.queries.needs import Need
from varde.domain.conflict import NeedKind
from varde.domain.errors import Rule, RuleBroken


log = logging.getLogger("varde.station")
FOUND_BY_ITSELF = (Conflict.Solved.DOCTOR_TOOK, Conflict.Solved.NEED_IS_OVER)


@transaction.atomic
def detect(*, contact_id: int, at: datetime, by: User | None = None) -> int:
    """Look if this contact is a need that no doctor can go to. Returns how many are new.

    For every act that may make one: a hastegrad set at arrival, an arrival, a call-out
    decided. Costs two queries when there is no need.
    """
    places = _places()
    waiting = needs.untaken(places, now=at)
    if not any(need.contact_id == contact_id for need in waiting):
        return 0
    return sum(
        _find(need, waiting, at=at, by=by)
        for need in _new(waiting)
        if need.contact_id == contact_id
    )


def detect_due(*, at: datetime) -> int:
    """What comes while nobody acts at the station, and what is over. Run by the clock.

    The sentral decides on a call-out, a doctor goes to another patient: then a need that
    stands becomes a conflict. A conflict whose need is gone is closed. Each is a
    transaction (or savepoint) of its own: one that fails is logged by its id and the rest
    are done. Returns how many conflicts are new.
    """
    waiting = needs.untaken(_places(), now=at)
    keys = {need.key for need in waiting}
    over = Conflict.objects.filter(solved_at=None).exclude(need_key__in=keys)
    for conflict_id in over.order_by("pk").values_list("pk", flat=True):
        _or_log(_close, conflict_id, at=at)
    new = _new(waiting)
    return sum(_or_log(_find, need, waiting, at=at) for need in new)


@transaction.atomic
def taken(*, contact: Contact, by: User, at: datetime) -> None:
    """A doctor has taken the patient, or gone out: the contact's conflicts are over.

    The contact is locked by the caller.
    """
    rows = Conflict.objects.select_for_update(of=("self",)).filter(
        contact=contact, solved_at=None
    )
    for row in rows:
        _solve(row, contact, Conflict.Solved.DOCTOR_TOOK, by=by, at=at)


@transaction.atomic
def solve(*, conflict_id: int, how: str, note: str, by: User, at: datetime) -> Conflict:
    """Somebody at the station writes how it was solved, and by whom help came.

    Raises `RuleBroken`: FIELD_NOT_VALID (how; how_note, where it is needed),
    CONFLICT_IS_SOLVED (at).
    """
    if how not in Conflict.Solved.values or how in FOUND_BY_ITSELF:
        raise not_valid("how", Why.NOT_A_CHOICE)
    text = plain("how_note", note, longest=300)
    if how == Conflict.Solved.OTHER and not text:
        raise not_valid("how_note", Why.EMPTY)
    contact_id = Conflict.objects.values_list("contact_id", flat=True).get(
        pk=conflict_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict_id)
    if row.solved_at is not None:
        raise RuleBroken(Rule.CONFLICT_IS_SOLVED, at=row.solved_at.isoformat())
    _solve(row, contact, Conflict.Solved(how), note=text, by=by, at=at)
    return row


def _places() -> list[StationPlace]:
    """The stations that somebody answers for; the rows are those of the scope at hand."""
    return [place for place in access.all_stations() if place.sentraler]


def _new(waiting: Iterable[Need]) -> list[Need]:
    """The needs that never were a conflict."""
    known = set(
        Conflict.objects.filter(need_key__in=[n.key for n in waiting]).values_list(
            "need_key", flat=True
        )
    )
    return [need for need in waiting if need.key not in known]


@transaction.atomic
def _find(
    need: Need, waiting: list[Need], *, at: datetime, by: User | None = None
) -> bool:
    """Keep the conflict, if no doctor can go to this need. True where it is new."""
    place = next(p for p in _places() if p.id == need.station_id)
    doctors = doctor_states.on_duty(place, now=at)
    found = conflicts.picture(
        place, doctors, need=need.kind, untaken=_before(need, waiting), now=at
    )
    if not found.is_conflict:
        return False
    contact = Contact.objects.get(pk=need.contact_id)
    try:
        with transaction.atomic():
            Conflict.objects.create(
                contact=contact,
                district_id=need.district_id,
                sentral_id=place.sentraler[0],
                station_id=place.id,
                need=need.kind,
                need_key=need.key,
                needed_at=min(need.since, at),
                found_at=at,
                recorded_at=timezone.now(),
                doctors=[
                    {"doctor": int(doctor), "why": why} for doctor, why in found.why_not
                ],
            )
    except IntegrityError:
        return False  # another found it at the same moment
    _tell(
        contact,
        Happened.CONFLICT_FOUND,
        sentral_id=place.sentraler[0],
        by=by,
        at=at,
        need=need.kind,
        station=place.id,
        doctors=len(doctors),
    )
    return True


def _before(need: Need, waiting: list[Need]) -> int:
    """The needs of the same station that came before and that nobody helps yet."""
    before = [
        one.key
        for one in waiting
        if one.station_id == need.station_id
        and (one.since, one.key) < (need.since, need.key)
    ]
    helped = Conflict.objects.filter(need_key__in=before, solved_at__isnull=False)
    return len(before) - (helped.count() if before else 0)


@transaction.atomic
def _close(conflict_id: int, *, at: datetime) -> bool:
    """A conflict whose need is gone: a doctor has the patient, or it is over."""
    contact_id = Conflict.objects.values_list("contact_id", flat=True).get(
        pk=conflict_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict_id)
    if row.solved_at is not None:
        return False
    who = _doctor_who_took(row)
    how = Conflict.Solved.DOCTOR_TOOK if who else Conflict.Solved.NEED_IS_OVER
    _solve(row, contact, how, by=who, at=at)
    return True


def _doctor_who_took(row: Conflict) -> User | None:
    if row.need == NeedKind.CALL_OUT:
        outcome = Outcome.objects.filter(pk=row.need_key.partition(":")[2])
        found = outcome.select_related("owner").first()
        return found.owner if found is not None else None
    there = Attendance.objects.filter(contact=row.contact_id).exclude(doctor=None)
    last = there.select_related("doctor").order_by("-taken_at").first()
    return last.doctor if last is not None else None


def _solve(
    row: Conflict,
    contact: Contact,
    how: Conflict.Solved,
    *,
    by: User | None,
    at: datetime,
    note: str = "",
) -> None:
    row.solved_at, row.solved_by, row.how, row.how_note = at, by, how, note
    row.save(update_fields=["solved_at", "solved_by", "how", "how_note"])
    _tell(
        contact,
        Happened.CONFLICT_SOLVED,
        sentral_id=row.sentral_id,
        by=by,
        at=at,
        conflict=row.pk,
        how=how,
        seconds=int((at - row.found_at).total_seconds()),
    )


def _or_log(act, *args, at: datetime) -> bool:  # type: ignore[no-untyped-def]
    try:
        return bool(act(*args, at=at))
    except OperationalError:
        raise  # the database is gone: the rest would fail alike
    except Exception as fault:
        # Its text may hold what it was about; its kind is enough to find it.
        log.error("a conflict could not be looked at: %s", type(fault).__name__)
        return False


def _tell(
    contact: Contact,
    kind: Happened,
    *,
    sentral_id: int,
    by: User | None,
    at: datetime,
    **data: str | int,
) -> None:
    events.happened(contact=contact, kind=kind, by=by, at=at, **data)
    announce(
        Topic.BOARD,
        Topic.AMK,  # the alarms of the sentral's screens
        Topic.NUMBERS,
        sentral_id=sentral_id,
        contact_id=contact.pk,
    )
