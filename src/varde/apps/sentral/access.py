"""The doors of the sentral: one for each thing. What is not there and what is not yours
give the same answer, 404.

A door asks three things. Place: is the row within the districts and sentraler in which the
user works? Role: does the user work with patients there? Task: is it part of the work at
hand? Inside the task the door opens by itself. Outside it the door asks for a reason
(`ReasonNeeded`), which `services.openings.open_record` keeps with an end.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from varde.apps.records import audit, care, settings
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    Contact,
    District,
    NursingHome,
    Patient,
    RecordOpening,
    Role,
    Sentral,
    SentralDistrict,
    Station,
    User,
)
from varde.apps.records.scope import Scope
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.nursing_homes import rows_of


type Asker = HttpRequest | Scope

AT_THE_DESK = (Role.OPERATOR, Role.DOCTOR, Role.SHIFT_LEADER)
WITH_PATIENTS = (*AT_THE_DESK, Role.NURSE)
# May open a record, but never without a reason: they have no patient in hand.
WITH_REASON = (Role.LEGEVAKTOVERLEGE,)


class Subject(StrEnum):
    """What a reason is asked for."""

    CONTACT = auto()
    PATIENT = auto()


class ReasonNeeded(Exception):
    """The record is outside the task at hand: say why, and it opens for a while."""

    def __init__(self, subject: Subject, row_id: int) -> None:
        super().__init__(f"a reason is needed to open {subject} {row_id}")
        self.subject = subject
        self.row_id = row_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a record is open to somebody: the task (no reason), or a reason given."""

    reason: str = ""

    @property
    def purpose(self) -> str:
        """The purpose of use by the national trust framework."""
        purpose = AuditEntry.Purpose
        return str(purpose.BTG if self.reason else purpose.ETREAT)


def scope_from(asker: Asker) -> Scope:
    """The scope of a request, or the scope itself."""
    return asker if isinstance(asker, Scope) else asker.scope_of_user


def require(asker: Asker, *roles: Role, sentral_id: int | None = None) -> None:
    """Refuse (404) whoever holds none of these roles, at this sentral or anywhere."""
    scope = scope_from(asker)
    if sentral_id is None:
        is_held = scope.has(*roles)
    else:
        is_held = sentral_id in sentraler_of(scope, *roles)
    if not is_held:
        raise Http404


def sentraler_of(asker: Asker, *roles: Role) -> frozenset[int]:
    """The sentraler in which one of these roles is held (any role if none is named).

    A doctor of a station works with every sentral that answers for its district.
    """
    scope = scope_from(asker)
    direct = scope.sentraler(*roles)
    by_station = [
        station
        for station, held in scope.station_roles.items()
        if held & set(roles or Role.values)
    ]
    by_district = [
        district
        for district, held in scope.district_roles.items()
        if held & set(roles or Role.values)
    ]
    if not by_station and not by_district:
        return direct
    on = timezone.localdate()
    served = SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(district__in=by_district) | Q(district__stations__in=by_station),
        valid_from__lte=on,
    )
    return direct | frozenset(served.values_list("sentral_id", flat=True))


def sentral_in_hand(
    asker: Asker, user: User | None = None, sentral_id: int | None = None
) -> Sentral:
    """The sentral that one works in now: the one chosen, else one's first by code.

    Raises 404 for a sentral that is not one's own, and when there is none.
    """
    scope = scope_from(asker)
    if user is not None and user.pk != scope.user_id:
        raise Http404
    mine = sentraler_of(scope)
    if sentral_id is not None and sentral_id not in mine:
        raise Http404
    if sentral_id is not None:
        found = reference.sentral(sentral_id)
    else:
        rows = Sentral.objects.filter(pk__in=mine).select_related("host_district")
        found = rows.order_by("code").first()
    if found is None:
        raise Http404
    return found


def holds(scope: Scope, *roles: Role, contact: Contact) -> bool:
    """Whether one of these roles is held where the contact is."""
    wanted = set(roles)
    if scope.sentral_roles.get(contact.sentral_id, frozenset()) & wanted:
        return True
    if scope.district_roles.get(contact.district_id, frozenset()) & wanted:
        return True
    stations = [s for s, held in scope.station_roles.items() if held & wanted]
    if not stations:
        return False
    return Station.objects.filter(
        pk__in=stations, district_id=contact.district_id
    ).exists()


def holds_in(
    scope: Scope, *roles: Role, district_id: int, on: date | None = None
) -> bool:
    """Whether one of these roles is held at a place that serves the district.

    Such a place is the district itself, a station in it, or a sentral that lies there or
    answers for it on that day. At most one query.
    """
    wanted = set(roles)
    if scope.district_roles.get(district_id, frozenset()) & wanted:
        return True
    sentraler = scope.sentraler(*roles)
    stations = [s for s, held in scope.station_roles.items() if held & wanted]
    if not sentraler and not stations:
        return False
    on = on or timezone.localdate()
    serving = SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), sentral__in=sentraler, valid_from__lte=on
    )
    served = (
        Q(stations__in=stations)
        | Q(hosts__in=sentraler)
        | Q(pk__in=serving.values("district"))
    )
    return District.objects.filter(served, pk=district_id).exists()


def contact_for(
    asker: Asker, contact_id: int, *, now: datetime | None = None
) -> Contact:
    """The contact, if it is within the task at hand or was opened with a reason.

    Raises 404 (not there, or not yours) or `ReasonNeeded`.
    """
    scope = scope_from(asker)
    contact = Contact.objects.filter(
        pk=contact_id, district__in=scope.districts
    ).first()
    if contact is None:
        raise Http404
    grounds_for_contact(scope, contact, now=now or timezone.now())
    return contact


def grounds_for_contact(scope: Scope, contact: Contact, *, now: datetime) -> Grounds:
    """Why the contact is open to this person. Raises 404 or `ReasonNeeded`."""
    if not holds(scope, *WITH_PATIENTS, *WITH_REASON, contact=contact):
        raise Http404
    if _is_in_task(scope, contact, now=now):
        return Grounds()
    opening = _opening(scope, now=now, patient=contact.patient_id, contact=contact.pk)
    if opening is None:
        raise ReasonNeeded(Subject.CONTACT, contact.pk)
    return Grounds(reason=opening.reason)


def patient_for(
    asker: Asker, patient_id: int, *, now: datetime | None = None
) -> Patient:
    """The patient, if one of the patient's contacts is within the task at hand.

    Raises 404 or `ReasonNeeded`. To find a patient for a contact in hand, search: a
    search shows what is needed to choose, and no record.
    """
    scope = scope_from(asker)
    patient = Patient.objects.filter(
        pk=patient_id, district__in=scope.districts
    ).first()
    if patient is None:
        raise Http404
    grounds_for_patient(scope, patient, now=now or timezone.now())
    return patient


def grounds_for_patient(scope: Scope, patient: Patient, *, now: datetime) -> Grounds:
    """Why the patient's record is open to this person. Raises 404 or `ReasonNeeded`.

    The role counts where the patient's record is: a role with patients elsewhere opens
    nothing here.
    """
    on, district = timezone.localdate(now), patient.district_id
    if not holds_in(scope, *WITH_PATIENTS, *WITH_REASON, district_id=district, on=on):
        raise Http404
    recent = Contact.objects.filter(
        _recent(district, now=now),
        _where_held(scope, *WITH_PATIENTS),
        patient__in=same_person(patient),
    )
    if recent.exists():
        return Grounds()
    opening = _opening(scope, now=now, patient=patient.pk, contact=None)
    if opening is None:
        raise ReasonNeeded(Subject.PATIENT, patient.pk)
    return Grounds(reason=opening.reason)


def call_for(asker: Asker, call_id: int) -> Call:
    """The call, if it rings at a sentral where one answers. Raises 404."""
    scope = scope_from(asker)
    mine = sentraler_of(scope, *AT_THE_DESK)
    call = Call.objects.filter(
        pk=call_id, sentral__in=mine, district__in=scope.districts
    ).first()
    if call is None:
        raise Http404
    return call


def callback_for(
    asker: Asker, callback_id: int, *, now: datetime | None = None
) -> CallBack:
    """The call-back, if it is of one's own sentral.

    One that is settled and belongs to a contact follows the rule of that contact.
    """
    scope = scope_from(asker)
    callback = (
        CallBack.objects.filter(pk=callback_id, district__in=scope.districts)
        .select_related("contact", "sentral", "call")
        .first()
    )
    mine = sentraler_of(scope, *AT_THE_DESK)
    if callback is None or callback.sentral_id not in mine:
        raise Http404
    if callback.state != CallBack.State.OPEN and callback.contact is not None:
        grounds_for_contact(scope, callback.contact, now=now or timezone.now())
    return callback


def nursing_home_for(asker: Asker, home_id: int, *, sentral: Sentral) -> NursingHome:
    """A nursing home in a municipality that the sentral answers for. Raises 404."""
    require(asker, Role.ADMINISTRATOR, Role.LEGEVAKTOVERLEGE, sentral_id=sentral.pk)
    found = rows_of(sentral.pk, on=timezone.localdate()).filter(pk=home_id).first()
    if found is None:
        raise Http404
    return found


def log_opened(
    asker: Asker,
    contact: Contact,
    *,
    by: User,
    what: str = "contact",
    now: datetime | None = None,
) -> None:
    """Write in the log that a record was opened. Once for a page, not for its parts."""
    grounds = grounds_for_contact(scope_from(asker), contact, now=now or timezone.now())
    audit.log_read(
        what=what,
        by=by,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        purpose=grounds.purpose,
        reason=grounds.reason,
    )


def same_person(patient: Patient) -> QuerySet[Patient]:
    """Every row of the same person, also in other districts, as far as the scope reaches.

    Rows are the same person when they carry the same national number, or one was merged
    into the other.
    """
    root = patient.merged_into_id or patient.pk
    alike = Q(pk=root) | Q(merged_into=root)
    if patient.national_id:
        alike |= Q(national_id=patient.national_id)
    return Patient.objects.filter(alike)


def _where_held(scope: Scope, *roles: Role) -> Q:
    """The contacts for which `holds` is true, as a condition of a query."""
    wanted = set(roles)
    stations = [s for s, held in scope.station_roles.items() if held & wanted]
    districts = [d for d, held in scope.district_roles.items() if held & wanted]
    found = Q(sentral__in=scope.sentraler(*roles)) | Q(district__in=districts)
    if stations:
        theirs = Station.objects.filter(pk__in=stations)
        found |= Q(district__in=theirs.values("district"))
    return found


def _is_in_task(scope: Scope, contact: Contact, *, now: datetime) -> bool:
    if not holds(scope, *WITH_PATIENTS, contact=contact):
        return False
    if contact.state != Contact.State.CLOSED:
        return True
    since = now - _hours_open(contact.district_id, now=now)
    if contact.closed_at is not None and contact.closed_at >= since:
        return True
    if care.was_in_care(contact.pk, since=since):
        return True
    return contact.patient is not None and _is_in_hand(scope, contact.patient)


def _is_in_hand(scope: Scope, patient: Patient) -> bool:
    """Has this person an open contact in this user's hand?"""
    return Contact.objects.filter(
        state=Contact.State.OPEN,
        owner_id=scope.user_id,
        patient__in=same_person(patient),
    ).exists()


def _recent(district_id: int, *, now: datetime) -> Q:
    since = now - _hours_open(district_id, now=now)
    not_done = (Contact.State.OPEN, Contact.State.IN_CARE)
    return Q(state__in=not_done) | Q(closed_at__gte=since)


def _hours_open(district_id: int, *, now: datetime) -> timedelta:
    hours = settings.value(
        "opening.closed_hours", on=timezone.localdate(now), district_id=district_id
    )
    return timedelta(hours=hours)


def _opening(
    scope: Scope, *, now: datetime, patient: int | None, contact: int | None
) -> RecordOpening | None:
    about = Q(pk=None)
    if contact is not None:
        about |= Q(contact_id=contact)
    if patient is not None:
        about |= Q(patient_id=patient)
    return (
        RecordOpening.objects.filter(
            about, user_id=scope.user_id, at__lte=now, until__gt=now
        )
        .order_by("-at")
        .first()
    )
