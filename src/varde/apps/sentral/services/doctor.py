"""The doctor behind the operator: questions in the record, and the doctor's approval."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import doctor_events, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Approval, Contact, DoctorQuestion, User
from varde.apps.sentral.services.acting import is_doctor, require_doctor
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.doctor_state import DoctorActivity
from varde.domain.errors import Rule, RuleBroken


LONGEST = 4000  # characters


@transaction.atomic
def ask(
    *,
    contact_id: int,
    question: str,
    by: User,
    at: datetime,
    asked_to: int | None = None,
) -> DoctorQuestion:
    """Ask the doctor on duty, or one doctor by the id of the user.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, FIELD_NOT_VALID (question; asked_to, for one who
    is not a doctor where the contact is).
    """
    contact = locked(contact_id)
    text = plain("question", question, longest=LONGEST)
    if not text:
        raise not_valid("question", Why.EMPTY)
    row = DoctorQuestion.objects.create(
        contact=contact,
        district_id=contact.district_id,
        asked_by=by,
        asked_to=_doctor(asked_to, contact, at=at),
        question=text,
        asked_at=at,
    )
    _tell(
        contact,
        Happened.DOCTOR_ASKED,
        Topic.QUESTIONS,
        by=by,
        at=at,
        question=row.pk,
        asked_to=asked_to,
    )
    return row


@transaction.atomic
def answer(*, question_id: int, text: str, by: User, at: datetime) -> DoctorQuestion:
    """A doctor answers, whoever was asked. The answer is written once.

    Raises `RuleBroken`: DOCTOR_NEEDED, QUESTION_IS_ANSWERED, FIELD_NOT_VALID (answer).
    """
    contact_id = DoctorQuestion.objects.values_list("contact_id", flat=True).get(
        pk=question_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = DoctorQuestion.objects.select_for_update(of=("self",)).get(pk=question_id)
    require_doctor(by, contact, at=at)
    if row.answered_at is not None:
        raise RuleBroken(Rule.QUESTION_IS_ANSWERED)
    row.answer = plain("answer", text, longest=LONGEST)
    if not row.answer:
        raise not_valid("answer", Why.EMPTY)
    row.answered_by, row.answered_at = by, at
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    # When the doctor began to read nobody knows: it is a sign of life and no more.
    for told in (doctor_events.began, doctor_events.ended):
        told(
            doctor=by,
            activity=DoctorActivity.ON_PHONE,
            ref=f"question:{row.pk}",
            at=at,
            by=by,
            sentral_id=contact.sentral_id,
        )
    _tell(
        contact,
        Happened.DOCTOR_ANSWERED,
        Topic.QUESTIONS,
        by=by,
        at=at,
        question=row.pk,
        seconds=int((at - row.asked_at).total_seconds()),
    )
    return row


@transaction.atomic
def approve(*, approval_id: int, by: User, at: datetime) -> Approval:
    """A doctor approves a contact that ended in advice.

    Raises `RuleBroken`: DOCTOR_NEEDED, APPROVAL_IS_DECIDED.
    """
    return _decide(approval_id, Approval.State.APPROVED, comment="", by=by, at=at)


@transaction.atomic
def send_back(*, approval_id: int, comment: str, by: User, at: datetime) -> Approval:
    """A doctor sends a contact back, with what must be done. It is on the sentral's list
    until the contact is opened again; closed anew it waits for approval again.

    Raises `RuleBroken`: DOCTOR_NEEDED, APPROVAL_IS_DECIDED, FIELD_NOT_VALID (comment).
    """
    why = plain("comment", comment, longest=500)
    if not why:
        raise not_valid("comment", Why.EMPTY)
    return _decide(approval_id, Approval.State.RETURNED, comment=why, by=by, at=at)


def _decide(
    approval_id: int, state: Approval.State, *, comment: str, by: User, at: datetime
) -> Approval:
    contact_id = Approval.objects.values_list("contact_id", flat=True).get(
        pk=approval_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = Approval.objects.select_for_update(of=("self",)).get(pk=approval_id)
    require_doctor(by, contact, at=at)
    is_closed = contact.state == Contact.State.CLOSED
    if row.state != Approval.State.WAITING or not is_closed:
        raise RuleBroken(Rule.APPROVAL_IS_DECIDED)
    row.state, row.doctor, row.decided_at, row.comment = state, by, at, comment
    row.save(update_fields=["state", "doctor", "decided_at", "comment"])
    is_approved = state is Approval.State.APPROVED
    _tell(
        contact,
        Happened.APPROVED if is_approved else Happened.SENT_BACK,
        Topic.APPROVALS,
        by=by,
        at=at,
        approval=row.pk,
    )
    return row


def _doctor(user_id: int | None, contact: Contact, *, at: datetime) -> User | None:
    if user_id is None:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not is_doctor(user, contact, at=at):
        raise not_valid("asked_to", Why.NOT_FOUND)
    return user


def _tell(
    contact: Contact,
    kind: Happened,
    topic: Topic,
    *,
    by: User,
    at: datetime,
    **data: int | None,
) -> None:
    events.happened(contact=contact, kind=kind, by=by, at=at, **data)
    announce(
        topic, Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk
    )
