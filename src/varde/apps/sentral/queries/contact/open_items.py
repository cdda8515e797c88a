"""What is open before a contact can be closed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Contact, Outcome, Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries.contact.attached import Attached, attached
from varde.domain import contact as closing_rules
from varde.domain.contact import ContactFacts, OpenKind, UnsettledTask
from varde.domain.repeat import RepeatNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItemView:
    """What is open before the contact can be closed. `detail` is a code or a kind."""

    kind: str
    words: str
    detail: str
    must_be_settled: bool
    action: str  # what the screen can do about it here and now; "" for nothing


# Where the screen can settle what is open, by the kind of item.
ACTS = {
    OpenKind.SECOND_LOOK_NOT_TAKEN: "second_look",
}


def open_items_of(of: Contact | Attached) -> tuple[OpenItemView, ...]:
    """What is open, the most dangerous first. () when the contact may be closed."""
    now, hangs = timezone.now(), attached(of)
    items = closing_rules.open_items(
        facts_of(hangs, now=now), general_codes=general_codes(hangs.contact, now=now)
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


def facts_of(of: Contact | Attached, *, now: datetime) -> ContactFacts:
    """What the closing rules need to know of a contact. At most six queries."""
    hangs = attached(of)
    contact = hangs.contact
    outcomes = [row for row in hangs.outcomes if row.state != Outcome.State.CANCELLED]
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
        for row in hangs.open_callbacks
    ]
    return ContactFacts(
        is_hastegrad_set=bool(contact.hastegrad_phone or contact.hastegrad_arrival),
        outcomes=tuple(row.kind for row in outcomes),
        reason_codes=(contact.reason_code,) if contact.reason_code else (),
        confirmed_codes=frozenset(
            {contact.reason_code} if contact.reason_is_deliberate else ()
        ),
        tasks=tuple(tasks),
        unanswered_questions=sum(q.answered_at is None for q in hangs.questions),
        has_unacknowledged_amk=hangs.amk is not None
        and hangs.amk.acknowledged_at is None
        and hangs.amk.not_needed_at is None,
        repeat_need=repeat_need(contact, now=now),
        has_second_look=contact.second_look_at is not None,
        has_doctor_look=any(q.answered_at is not None for q in hangs.questions),
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
