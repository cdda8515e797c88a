"""Those to ring back: the list at the desk, and what is handed over at the change of shift."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import CallBack, Contact, Sentral, User
from varde.apps.sentral.queries.claiming import claim_of, claim_rules
from varde.apps.sentral.queries.contact.attached import (
    Attached,
    attached,
    open_callback_rows,
)
from varde.apps.sentral.queries.help.held import AtPartner, holder_of, with_holder
from varde.domain import callback as domain
from varde.domain.callback import Attempt, AttemptResult, CallbackState, UnreachableRule
from varde.domain.claim import is_stale
from varde.domain.hastegrad import PHONE, Hastegrad


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCallback:
    """Somebody to ring. `escalate_to` is "" until the rule for the unreachable is met.

    `left_s` is seconds until it is due, negative when overdue. `owner_name` is the one who
    took it last, "" if nobody has; `holder_id` and `holder_name` are who has it in hand
    now (None and "" when nobody: it was put back, or the holder fell silent).
    `patient_name` is "" where no patient is chosen.
    """

    id: int
    kind: str
    number: str
    hastegrad: str
    about: str
    call_id: int | None
    contact_id: int | None
    patient_id: int | None
    patient_name: str
    created_at: datetime
    due_at: datetime
    left_s: float
    is_overdue: bool
    attempts: int
    last_attempt_at: datetime | None
    is_escalated: bool
    escalate_to: str
    owner_name: str
    holder_id: int | None
    holder_name: str
    origin: str = ""  # the sentral that we help with it
    held: AtPartner | None = None  # the partner that helps us with it


def open_callbacks(
    sentral_id: int, *, now: datetime, most: int | None = None
) -> list[OpenCallback]:
    """Those who are to be rung, the first due first; at most so many.

    Two queries, however many they are.
    """
    return _open(Q(sentral_id=sentral_id), now=now, most=most)


def count_open(sentral_id: int) -> int:
    """How many are to be rung."""
    rows = CallBack.objects.filter(sentral_id=sentral_id, state=CallBack.State.OPEN)
    return rows.count()


def open_promises(sentral_id: int, *, now: datetime) -> list[OpenCallback]:
    """What the sentral has promised and not done: read aloud at the change of shift."""
    return _open(Q(sentral_id=sentral_id, kind=CallBack.Kind.PROMISED), now=now)


def callbacks_of(of: Contact | Attached, *, now: datetime) -> list[OpenCallback]:
    """The open call-backs of one contact."""
    return [_shown(callback, now=now) for callback in attached(of).open_callbacks]


def state_of(callback: CallBack, *, now: datetime) -> CallbackState:
    """Where a call-back stands: attempts, overdue, to whom it should be lifted."""
    return domain.callback_state(
        attempts_of(callback),
        hastegrad=phone_level(callback.hastegrad),
        due=callback.due_at,
        now=now,
        rule=unreachable_rule(callback.sentral, at=now),
    )


def unreachable_rule(sentral: Sentral, *, at: datetime) -> UnreachableRule:
    """The sentral's rule for the person who cannot be reached, on that day."""
    on, district = timezone.localdate(at), sentral.host_district_id
    return UnreachableRule(
        attempts=settings.value("callback.max_attempts", on=on, district_id=district),
        minutes=settings.value(
            "callback.attempt_window_min", on=on, district_id=district
        ),
    )


def attempts_of(callback: CallBack) -> list[Attempt]:
    """The tries to reach somebody, as the domain sees them."""
    return [
        Attempt(
            at=tried.at,
            result=AttemptResult.REACHED
            if tried.was_reached
            else AttemptResult.NO_ANSWER,
        )
        for tried in callback.attempts.all()
    ]


def phone_level(code: str) -> Hastegrad | None:
    """The hastegrad on the telephone; None for one that was never judged, or is no such."""
    return PHONE.level(code) if code in PHONE.codes else None


def _open(which: Q, *, now: datetime, most: int | None = None) -> list[OpenCallback]:
    found = with_holder(open_callback_rows().filter(which), is_call=False)
    return [
        replace(_shown(callback, now=now), held=holder_of(callback, now=now))
        for callback in found[:most]
    ]


def _shown(callback: CallBack, *, now: datetime) -> OpenCallback:
    state = state_of(callback, now=now)
    patient = callback.contact.patient if callback.contact is not None else None
    holder = _holder(callback, now=now)
    tried = [attempt.at for attempt in callback.attempts.all()]
    return OpenCallback(
        id=callback.pk,
        kind=callback.kind,
        number=callback.number,
        hastegrad=callback.hastegrad,
        about=callback.about,
        call_id=callback.call_id,
        contact_id=callback.contact_id,
        patient_id=patient.pk if patient is not None else None,
        patient_name=patient.name if patient is not None else "",
        created_at=callback.created_at,
        due_at=callback.due_at,
        left_s=(callback.due_at - now).total_seconds(),
        is_overdue=state.is_overdue,
        attempts=state.attempts,
        last_attempt_at=max(tried, default=None),
        is_escalated=callback.escalated_at is not None,
        escalate_to=state.escalate_to.value if state.escalate_to else "",
        owner_name=callback.owner.name if callback.owner is not None else "",
        holder_id=holder.pk if holder is not None else None,
        holder_name=holder.name if holder is not None else "",
        origin=callback.origin,
    )


def _holder(callback: CallBack, *, now: datetime) -> User | None:
    """Who has the call-back in hand: the living owner of its open contact."""
    contact = callback.contact
    if contact is None or contact.state != Contact.State.OPEN:
        return None
    claim = claim_of(contact)
    if claim is None or is_stale(
        claim, now=now, rules=claim_rules(callback.sentral, at=now)
    ):
        return None
    return callback.owner if callback.owner_id == contact.owner_id else contact.owner
