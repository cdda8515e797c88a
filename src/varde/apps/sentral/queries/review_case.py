"""A contact as a reviewer sees it: what was known and done, and nobody's name.

What was written in the record is shown as it stands and may hold names; everything that
Varde adds to it does not.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from varde.apps.records.models import Assessment, Contact, Patient
from varde.apps.sentral import choices, messages
from varde.apps.sentral.queries import contact as contact_queries
from varde.apps.sentral.queries import earlier, triage_index
from varde.apps.sentral.queries.age import age_text
from varde.apps.sentral.queries.contact import OutcomeView, QuestionView, VitalsView
from varde.apps.sentral.queries.earlier import EarlierContact
from varde.apps.sentral.queries.triage_index import IndexInHand


_RELATIONS = dict(choices.RELATIONS[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One judgement of urgency and what it was founded on."""

    axis: str
    hastegrad: str
    by_criteria: str
    criteria: tuple[str, ...]
    red_flags_ruled_out: bool | None
    reason_lowered: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What two reviewers judge by. Empty texts and None are what was not asked."""

    contact_id: int
    age: str
    sex: str
    channel: str
    opened_at: datetime
    closed_at: datetime | None
    minutes: int | None
    language: str
    interpreter_needed: bool | None
    caller_relation: str
    is_pregnant: bool | None
    complaint: str
    repeat_no: int
    narrative: str
    advice_given: str
    advice_understood: bool | None
    reason_code: str
    judged: tuple[Judged, ...]
    vitals: VitalsView | None
    outcomes: tuple[OutcomeView, ...]
    questions: tuple[QuestionView, ...]
    others: tuple[EarlierContact, ...]


def case(contact: Contact, *, now: datetime) -> Case:
    """The contact as it was, with the same patient's other contacts beside it."""
    patient = contact.patient
    index = triage_index.index_for(contact)
    return Case(
        contact_id=contact.pk,
        age=age_of(patient, at=contact.opened_at),
        sex=str(choices.SEX.get(patient.sex, "")) if patient else "",
        channel=str(messages.CHANNEL[Contact.Channel(contact.channel)]),
        opened_at=contact.opened_at,
        closed_at=contact.closed_at,
        minutes=_minutes(contact),
        language=contact.language,
        interpreter_needed=contact.interpreter_needed,
        caller_relation=str(_RELATIONS.get(contact.caller_relation, "")),
        is_pregnant=contact.is_pregnant,
        complaint=complaint_title(contact, index),
        repeat_no=contact.repeat_no,
        narrative=contact.narrative,
        advice_given=contact.advice_given,
        advice_understood=contact.advice_understood,
        reason_code=contact.reason_code,
        judged=tuple(_judged(row, index) for row in contact.assessments.all()),
        vitals=contact_queries.vitals_of(contact),
        outcomes=contact_queries.outcomes_of(contact, now=now),
        questions=contact_queries.questions_of(contact),
        others=earlier.earlier_contacts(patient, except_id=contact.pk),
    )


def age_of(patient: Patient | None, *, at: datetime) -> str:
    """How old the patient was at a moment, in words; "" where nobody knows."""
    if patient is None:
        return ""
    day = timezone.localdate(at)
    return age_text(patient.birth_date, patient.estimated_age, on=day)


def complaint_title(contact: Contact, index: IndexInHand | None) -> str:
    """What the complaint is called in the index it was judged by; "" where none was."""
    titles = index.titles if index else {}
    return titles.get(contact.complaint, contact.complaint)


def _judged(row: Assessment, index: IndexInHand | None) -> Judged:
    complaint = index.find(row.complaint) if index else None
    texts = (
        {c.id: c.text for c in (*complaint.red_flags, *complaint.criteria)}
        if complaint
        else {}
    )
    return Judged(
        axis=row.axis,
        hastegrad=row.hastegrad,
        by_criteria=row.by_criteria,
        criteria=tuple(texts.get(key, key) for key in row.criteria),
        red_flags_ruled_out=row.red_flags_ruled_out,
        reason_lowered=row.reason_lowered,
        at=row.occurred_at,
    )


def _minutes(contact: Contact) -> int | None:
    """How long the contact was open, in whole minutes; None while it is."""
    if contact.closed_at is None:
        return None
    return round((contact.closed_at - contact.opened_at).total_seconds() / 60)
