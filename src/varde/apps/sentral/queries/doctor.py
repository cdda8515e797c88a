"""The doctor behind the operator: who is on duty, and what waits for a doctor."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.records import on_duty
from varde.apps.records.models import (
    Approval,
    Contact,
    DoctorQuestion,
    Duty,
    SentralDistrict,
)
from varde.apps.records.scope import districts_served
from varde.apps.sentral import messages
from varde.apps.sentral.queries.contact.attached import person


DOCTORS = Duty.DOCTOR_POSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOnDuty:
    """A doctor who is on duty now. One who cannot be reached is shown as such."""

    user_id: int
    name: str
    post: str
    post_text: str
    station: str
    phone: str
    is_reachable: bool
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantPost:
    """A duty of a published rota that nobody has now."""

    post_text: str
    place: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question that waits for an answer."""

    id: int
    contact_id: int
    asked_by: str
    asked_to_id: int | None
    question: str
    asked_at: datetime
    hastegrad: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingApproval:
    """A contact that ended in advice and waits for a doctor's look."""

    id: int
    contact_id: int
    closed_at: datetime | None
    closed_by: str
    complaint: str
    hastegrad: str
    reason_code: str
    repeat_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A contact that a doctor sent back, with the doctor's comment."""

    id: int
    contact_id: int
    comment: str
    doctor: str
    decided_at: datetime | None
    closed_by: str


def reachable(sentral_id: int, *, now: datetime) -> tuple[DoctorOnDuty, ...]:
    """The doctors on duty behind a sentral now: those who can be reached first.

    Doctors on duty at the sentral, and at the stations of the districts that it answers
    for. () when nobody is on duty, which the screen must say.
    """
    on = timezone.localdate(now)
    districts = SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), sentral_id=sentral_id, valid_from__lte=on
    )
    rows = (
        on_duty.running(now=now)
        .filter(
            Q(sentral_id=sentral_id)
            | Q(station__district__in=districts.values("district_id")),
            post__in=DOCTORS,
        )
        .select_related("person", "station")
        .only(
            *("post", "phone", "is_reachable", "ends_at", "station__name"),
            *("person__phone", *person("person")),
        )
        .order_by("-is_reachable", "-post", "station__name", "person__username")
    )
    return tuple(
        DoctorOnDuty(
            user_id=row.person_id,
            name=row.person.name,
            post=row.post,
            post_text=str(messages.POST[Duty.Post(row.post)]),
            station=row.station.name if row.station else "",
            phone=on_duty.phone_of(row),
            is_reachable=row.is_reachable,
            until=row.ends_at,
        )
        for row in rows
    )


def vacant(sentral_id: int, *, now: datetime) -> tuple[VacantPost, ...]:
    """The duties behind a sentral, in published rotas, that nobody has now."""
    served = districts_served([sentral_id], on=timezone.localdate(now))
    rows = (
        on_duty.vacant(now=now)
        .filter(Q(rota__sentral=sentral_id) | Q(rota__station__district__in=served))
        .select_related("rota__station", "rota__sentral")
        .order_by("rota__station__name", "post", "pk")
    )
    return tuple(
        VacantPost(
            post_text=str(messages.POST[Duty.Post(row.post)]),
            place=(row.rota.station or row.rota.sentral).name,
            until=row.ends_at,
        )
        for row in rows
    )


def unanswered(sentral_id: int) -> QuerySet[DoctorQuestion]:
    """The rows of the questions that wait for an answer."""
    return DoctorQuestion.objects.filter(
        contact__sentral_id=sentral_id, answered_at=None
    )


def to_approve(sentral_id: int) -> QuerySet[Approval]:
    """The rows of what waits for a doctor's approval."""
    return Approval.objects.filter(
        contact__sentral_id=sentral_id,
        contact__state=Contact.State.CLOSED,
        contact__ended_in_advice=True,
        state=Approval.State.WAITING,
    )


def open_questions(sentral_id: int) -> tuple[OpenQuestion, ...]:
    """The sentral's questions without an answer, the oldest first."""
    rows = (
        unanswered(sentral_id)
        .select_related("asked_by", "contact")
        .order_by("asked_at", "pk")
    )
    return tuple(
        OpenQuestion(
            id=row.pk,
            contact_id=row.contact_id,
            asked_by=row.asked_by.name,
            asked_to_id=row.asked_to_id,
            question=row.question,
            asked_at=row.asked_at,
            hastegrad=row.contact.hastegrad_phone,
        )
        for row in rows
    )


def waiting_approvals(
    sentral_id: int, *, limit: int = 100
) -> tuple[WaitingApproval, ...]:
    """Closed contacts that ended in advice and no doctor has looked at, oldest first.

    A contact that was opened again is not on the list until it is closed again.
    """
    rows = (
        to_approve(sentral_id)
        .select_related("contact__closed_by")
        .order_by("created_at", "pk")[:limit]
    )
    return tuple(
        WaitingApproval(
            id=row.pk,
            contact_id=row.contact_id,
            closed_at=row.contact.closed_at,
            closed_by=row.contact.closed_by.name if row.contact.closed_by else "",
            complaint=row.contact.complaint,
            hastegrad=row.contact.hastegrad_phone,
            reason_code=row.contact.reason_code,
            repeat_no=row.contact.repeat_no,
        )
        for row in rows
    )


def returned(sentral_id: int, *, limit: int = 100) -> tuple[Returned, ...]:
    """What doctors have sent back and nobody has taken up, the oldest first."""
    rows = (
        Approval.objects.filter(
            contact__sentral_id=sentral_id,
            contact__state=Contact.State.CLOSED,
            state=Approval.State.RETURNED,
        )
        .select_related("doctor", "contact__closed_by")
        .order_by("decided_at", "pk")[:limit]
    )
    return tuple(
        Returned(
            id=row.pk,
            contact_id=row.contact_id,
            comment=row.comment,
            doctor=row.doctor.name if row.doctor else "",
            decided_at=row.decided_at,
            closed_by=row.contact.closed_by.name if row.contact.closed_by else "",
        )
        for row in rows
    )
