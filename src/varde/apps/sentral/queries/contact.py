"""What hangs on a contact, as the screens show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    AmkHandover,
    CallBack,
    Contact,
    DoctorQuestion,
    InterpreterRequest,
    Outcome,
    Role,
    VitalSigns,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries import earlier, triage_index
from varde.domain import contact as closing_rules
from varde.domain.contact import ContactFacts, OpenKind, UnsettledTask
from varde.domain.news2 import Band, Sign
from varde.domain.repeat import RepeatNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """One outcome as a task: who has it, until when, what came of it."""

    id: int
    kind: str
    words: str
    state: str
    state_text: str
    note: str
    station_name: str
    owner_name: str
    owner_role: str
    owner_text: str
    created_at: datetime
    due_at: datetime | None
    is_overdue: bool
    promised_at: datetime | None
    travel_min: int | None
    arrived_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmkView:
    """The hand-over to 113 and how far it has come."""

    id: int
    started_at: datetime
    mode: str
    called_at: datetime | None
    called_by: str
    said: str
    mission_number: str
    acknowledged_at: datetime | None
    not_needed_at: datetime | None
    not_needed_reason: str
    alarmed_at: datetime | None

    @property
    def state_open(self) -> bool:
        """Has nobody taken over, and is it not called off?"""
        return self.acknowledged_at is None and self.not_needed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question to the doctor behind, with the answer when there is one."""

    id: int
    asked_by: str
    asked_to: str
    question: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterView:
    """An interpreter asked for, and what came of it."""

    id: int
    language: str
    requested_at: datetime
    connected_at: datetime | None
    result: str
    result_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Another contact of the same patient."""

    id: int
    opened_at: datetime
    is_open: bool
    owner_name: str
    station: str
    complaint: str
    complaint_title: str
    hastegrad: str
    reason_code: str
    outcomes: tuple[str, ...]
    outcomes_text: str
    is_within_window: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One thing that happened, in words."""

    kind: str
    words: str
    by: str
    occurred_at: datetime
    recorded_at: datetime
    was_written_later: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItemView:
    """What is open before the contact can be closed. `detail` is a code or a kind."""

    kind: str
    words: str
    detail: str
    must_be_settled: bool
    action: str  # what the screen can do about it here and now; "" for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsView:
    """The last vital signs and their NEWS2.

    `values` are what was measured, as typed again in the form; "" for what was not.
    `news2` is None when it was not computed: then `missing` names the signs that lack, or
    `refused` the rule that forbids it (a child, a pregnant patient, an unknown age).
    """

    values: Mapping[str, str]
    occurred_at: datetime
    scale: int
    scale2_by: str
    news2: int | None
    band: str
    parts: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    at_least: int
    refused: str


WRITTEN_LATER = timedelta(minutes=1)  # ours: a slower save than this is back-entry


def outcomes_of(contact: Contact, *, now: datetime) -> tuple[OutcomeView, ...]:
    """Every outcome of the contact, in the order in which they were decided."""
    rows = contact.outcomes.select_related("station", "owner").order_by("pk")
    return tuple(_outcome(row, now=now) for row in rows)


def amk_of(contact: Contact) -> AmkView | None:
    """The hand-over to 113; None when there is none."""
    row = (
        AmkHandover.objects.filter(contact=contact).select_related("called_by").first()
    )
    if row is None:
        return None
    return AmkView(
        id=row.pk,
        started_at=row.started_at,
        mode=row.mode,
        called_at=row.called_at,
        called_by=row.called_by.name if row.called_by else "",
        said=row.said,
        mission_number=row.mission_number,
        acknowledged_at=row.acknowledged_at,
        not_needed_at=row.not_needed_at,
        not_needed_reason=row.not_needed_reason,
        alarmed_at=row.alarmed_at,
    )


def questions_of(contact: Contact) -> tuple[QuestionView, ...]:
    """The questions to the doctor behind, the oldest first."""
    rows = contact.questions.select_related(
        "asked_by", "asked_to", "answered_by"
    ).order_by("asked_at", "pk")
    return tuple(
        QuestionView(
            id=row.pk,
            asked_by=row.asked_by.name,
            asked_to=row.asked_to.name if row.asked_to else "",
            question=row.question,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_by=row.answered_by.name if row.answered_by else "",
            answered_at=row.answered_at,
        )
        for row in rows
    )


def interpreters_of(contact: Contact) -> tuple[InterpreterView, ...]:
    """The interpreters asked for, the oldest first."""
    return tuple(
        InterpreterView(
            id=row.pk,
            language=row.language,
            requested_at=row.requested_at,
            connected_at=row.connected_at,
            result=row.result,
            result_text=str(
                messages.INTERPRETER[InterpreterRequest.Result(row.result)]
            ),
        )
        for row in contact.interpreters.order_by("requested_at", "pk")
    )


def earlier_contacts(contact: Contact, *, now: datetime) -> tuple[Earlier, ...]:
    """The same patient's other contacts, newest first; () for a patient not known.

    Also those in the sentral's other districts (the same national number). The number of
    queries does not grow with the number of contacts.
    """
    hours = settings.value(
        "repeat.window_h",
        on=timezone.localdate(now),
        district_id=contact.district_id,
    )
    opens_at = contact.opened_at - timedelta(hours=hours)
    rows = earlier.earlier_contacts(contact.patient, except_id=contact.pk)
    if not rows:
        return ()
    titles = triage_index.titles(contact)
    return tuple(
        Earlier(
            id=row.id,
            opened_at=row.opened_at,
            is_open=row.is_open,
            owner_name=row.owner,
            station=row.station,
            complaint=row.complaint,
            complaint_title=titles.get(row.complaint, row.complaint),
            hastegrad=row.hastegrad,
            reason_code=row.reason_code,
            outcomes=row.outcomes,
            outcomes_text=", ".join(
                str(messages.OUTCOME[Outcome.Kind(kind)]) for kind in row.outcomes
            ),
            is_within_window=opens_at <= row.opened_at <= contact.opened_at,
        )
        for row in rows
    )


def events_of(contact: Contact, *, limit: int = 30) -> tuple[EventView, ...]:
    """The last things that happened with the contact, the newest first."""
    rows = contact.events.select_related("by").order_by("-occurred_at", "-pk")[:limit]
    return tuple(
        EventView(
            kind=row.kind,
            words=messages.event_words(row.kind, row.data),
            by=row.by.name if row.by else "",
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            was_written_later=row.recorded_at - row.occurred_at > WRITTEN_LATER,
            fields=tuple(row.data.get("fields", ())),
        )
        for row in rows
    )


def vitals_of(contact: Contact) -> VitalsView | None:
    """The last vital signs; None when there are none."""
    row = (
        VitalSigns.objects.filter(contact=contact)
        .select_related("scale2_by")
        .order_by("-occurred_at", "-pk")
        .first()
    )
    if row is None:
        return None
    kept = dict(row.values)
    score = kept.pop("news2", {})
    return VitalsView(
        values={sign: _typed(kept.get(sign)) for sign in Sign},
        occurred_at=row.occurred_at,
        scale=row.scale,
        scale2_by=row.scale2_by.name if row.scale2_by else "",
        news2=row.news2,
        band=str(messages.BAND[Band(score["band"])]) if score.get("band") else "",
        parts=tuple(
            (str(messages.FIELD[sign]), points)
            for sign, points in score.get("parts", {}).items()
        ),
        missing=tuple(str(messages.FIELD[sign]) for sign in score.get("missing", ())),
        at_least=score.get("at_least", 0),
        refused=score.get("refused", ""),
    )


def open_items_of(contact: Contact) -> tuple[OpenItemView, ...]:
    """What is open, the most dangerous first. () when the contact may be closed."""
    now = timezone.now()
    items = closing_rules.open_items(
        facts_of(contact, now=now), general_codes=general_codes(contact, now=now)
    )
    return tuple(
        OpenItemView(
            kind=item.kind,
            words=messages.open_item(item.kind, item.detail),
            detail=item.detail,
            must_be_settled=item.must_be_settled,
            action=ACTS.get(item.kind, ""),
        )
        for item in items
    )


def facts_of(contact: Contact, *, now: datetime) -> ContactFacts:
    """What the closing rules need to know of a contact. Five queries."""
    outcomes = list(
        contact.outcomes.exclude(state=Outcome.State.CANCELLED).select_related("owner")
    )
    questions = list(DoctorQuestion.objects.filter(contact=contact))
    amk = AmkHandover.objects.filter(contact=contact).first()
    to_ring = contact.callbacks.filter(state=CallBack.State.OPEN)
    tasks = [
        UnsettledTask(
            label=row.kind,
            owner=(row.owner.name if row.owner else row.owner_role) or None,
            due_at=row.due_at,
        )
        for row in outcomes
        # 113 is told of by its own, graver item.
        if row.state == Outcome.State.OPEN and row.kind != Outcome.Kind.AMK
    ]
    tasks += [
        UnsettledTask(
            label=Outcome.Kind.CALL_BACK, owner=Role.OPERATOR, due_at=row.due_at
        )
        for row in to_ring
    ]
    return ContactFacts(
        is_hastegrad_set=bool(contact.hastegrad_phone or contact.hastegrad_arrival),
        outcomes=tuple(row.kind for row in outcomes),
        reason_codes=(contact.reason_code,) if contact.reason_code else (),
        confirmed_codes=frozenset(
            {contact.reason_code} if contact.reason_is_deliberate else ()
        ),
        tasks=tuple(tasks),
        unanswered_questions=sum(q.answered_at is None for q in questions),
        has_unacknowledged_amk=amk is not None
        and amk.acknowledged_at is None
        and amk.not_needed_at is None,
        repeat_need=repeat_need(contact, now=now),
        has_second_look=contact.second_look_at is not None,
        has_doctor_look=any(q.answered_at is not None for q in questions),
        has_fastlege=contact.fastlege_id is not None,
        consent_to_share=contact.consent_fastlege,
    )


def repeat_need(contact: Contact, *, now: datetime) -> RepeatNeed:
    """What the contact needs because of the number that it is within the window."""
    on, district_id = timezone.localdate(now), contact.district_id
    if contact.repeat_no >= settings.value(
        "repeat.doctor_from", on=on, district_id=district_id
    ):
        return RepeatNeed.DOCTOR
    if contact.repeat_no >= settings.value(
        "repeat.second_look_from", on=on, district_id=district_id
    ):
        return RepeatNeed.SECOND_LOOK
    return RepeatNeed.NOTHING


def general_codes(contact: Contact, *, now: datetime) -> list[str]:
    """The reason codes that say little, by the setting of the district."""
    codes: list[str] = settings.value(
        "reason.general_codes",
        on=timezone.localdate(now),
        district_id=contact.district_id,
    )
    return codes


# Where the screen can settle what is open, by the kind of item.
ACTS = {
    OpenKind.SECOND_LOOK_NOT_TAKEN: "second_look",
}


def _outcome(row: Outcome, *, now: datetime) -> OutcomeView:
    is_open = row.state == Outcome.State.OPEN
    role = str(messages.OWNER_ROLE.get(row.owner_role, row.owner_role))
    return OutcomeView(
        id=row.pk,
        kind=row.kind,
        words=str(messages.OUTCOME[Outcome.Kind(row.kind)]),
        state=row.state,
        state_text=str(messages.OUTCOME_STATE[Outcome.State(row.state)]),
        note=row.note,
        station_name=row.station.name if row.station else "",
        owner_name=row.owner.name if row.owner else "",
        owner_role=row.owner_role,
        owner_text=row.owner.name if row.owner else role,
        created_at=row.created_at,
        due_at=row.due_at,
        is_overdue=is_open and row.due_at is not None and now > row.due_at,
        promised_at=row.promised_at,
        travel_min=row.travel_min,
        arrived_at=row.arrived_at,
        settled_at=row.settled_at,
    )


def _typed(value: object) -> str:
    """A stored sign as it is typed: yes/no for a yes/no, "" for what was not measured."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
