"""What waits for a doctor: questions to answer, and advice to approve. No names of patients:
the list says what is needed to choose, and the record is opened by a click that is logged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404

from varde.apps.records.models import Approval, DoctorQuestion, Sentral
from varde.apps.sentral.queries import triage_index
from varde.apps.sentral.queries.doctor import to_approve, unanswered
from varde.apps.sentral.queries.review_case import age_of


MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question without an answer, with what is needed to see how urgent it is."""

    id: int
    contact_id: int
    asked_by: str
    asked_to_id: int | None
    asked_to: str  # "" for whoever is on duty
    question: str
    asked_at: datetime
    age: str
    complaint: str
    hastegrad: str
    repeat_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A contact that ended in advice and waits for a doctor's look."""

    id: int
    contact_id: int
    closed_at: datetime | None
    closed_by: str
    age: str
    complaint: str
    hastegrad: str
    reason_code: str
    repeat_no: int


def questions(sentral: Sentral) -> tuple[Question, ...]:
    """The sentral's questions without an answer, the oldest first."""
    rows = (
        unanswered(sentral.pk)
        .select_related("asked_by", "asked_to", "contact__patient")
        .order_by("asked_at", "pk")[:MOST]
    )
    titles = _titles(sentral)
    return tuple(_question(row, titles) for row in rows)


def approvals(sentral: Sentral) -> tuple[Waiting, ...]:
    """Closed contacts that ended in advice and no doctor has looked at, oldest first.

    At most a hundred; the rest come as these are done (`waiting_count`).
    """
    rows = (
        to_approve(sentral.pk)
        .select_related("contact__patient", "contact__closed_by")
        .order_by("created_at", "pk")[:MOST]
    )
    titles = _titles(sentral)
    return tuple(_row(row, titles) for row in rows)


def waiting_count(sentral: Sentral) -> int:
    """How many wait for approval."""
    return to_approve(sentral.pk).count()


def question_for(sentral: Sentral, question_id: int) -> DoctorQuestion:
    """A question that waits for an answer here. Raises 404, also for an answered one.

    To answer is the task that opens the record. When it is done, the record follows the
    rule of every other (`access.contact_for`).
    """
    found = (
        unanswered(sentral.pk)
        .filter(pk=question_id)
        .select_related("asked_by", "asked_to", "contact__patient", "contact__sentral")
        .first()
    )
    if found is None:
        raise Http404
    return found


def require_question(sentral: Sentral, question_id: int) -> None:
    """Raise 404 for a question that is not of this sentral, answered or not."""
    if not DoctorQuestion.objects.filter(
        contact__sentral=sentral, pk=question_id
    ).exists():
        raise Http404


def approval_for(sentral: Sentral, approval_id: int) -> Approval | None:
    """A contact that waits for approval here; None for one that a doctor has decided.

    Raises 404 for what is not of this sentral.
    """
    if not Approval.objects.filter(contact__sentral=sentral, pk=approval_id).exists():
        raise Http404
    return (
        to_approve(sentral.pk)
        .filter(pk=approval_id)
        .select_related("contact__patient", "contact__sentral", "contact__closed_by")
        .first()
    )


def next_after(sentral: Sentral, approval: Approval) -> int | None:
    """The one that waits next after another; from the top when that was the last.

    None when no other waits.
    """
    others = to_approve(sentral.pk).exclude(pk=approval.pk).order_by("created_at", "pk")
    later = Q(created_at__gt=approval.created_at) | Q(
        created_at=approval.created_at, pk__gt=approval.pk
    )
    found = others.filter(later).first() or others.first()
    return found.pk if found is not None else None


def asked(question: DoctorQuestion) -> Question:
    """One question as the list shows it."""
    return _question(question, _titles(question.contact.sentral))


def _titles(sentral: Sentral) -> Mapping[str, str]:
    index = triage_index.in_use(sentral.host_district_id)
    return index.titles if index else {}


def _question(row: DoctorQuestion, titles: Mapping[str, str]) -> Question:
    contact = row.contact
    return Question(
        id=row.pk,
        contact_id=contact.pk,
        asked_by=row.asked_by.name,
        asked_to_id=row.asked_to_id,
        asked_to=row.asked_to.name if row.asked_to else "",
        question=row.question,
        asked_at=row.asked_at,
        age=age_of(contact.patient, at=row.asked_at),
        complaint=titles.get(contact.complaint, contact.complaint),
        hastegrad=contact.hastegrad_phone,
        repeat_no=contact.repeat_no,
    )


def _row(row: Approval, titles: Mapping[str, str]) -> Waiting:
    contact = row.contact
    return Waiting(
        id=row.pk,
        contact_id=contact.pk,
        closed_at=contact.closed_at,
        closed_by=contact.closed_by.name if contact.closed_by else "",
        age=age_of(contact.patient, at=contact.opened_at),
        complaint=titles.get(contact.complaint, contact.complaint),
        hastegrad=contact.hastegrad_phone,
        reason_code=contact.reason_code,
        repeat_no=contact.repeat_no,
    )
