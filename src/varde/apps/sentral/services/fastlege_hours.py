"""An hour with the fastlege on the next working day."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events, holidays
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Contact, FastlegeSlot, Outcome, User
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.domain.errors import Rule, RuleBroken
from varde.domain.workdays import is_workday


@transaction.atomic
def book(*, contact_id: int, slot_id: int, by: User, at: datetime) -> FastlegeSlot:
    """Give the patient an hour that the surgery has put at the sentral's disposal.

    An hour booked before is given back. The contact gets its fastlege outcome, with the
    time. Raises `RuleBroken`: CONTACT_IS_CLOSED, NO_FASTLEGE, CONSENT_NEEDED,
    NO_AGREEMENT_WITH_OFFICE (office), SLOT_IS_TAKEN (starts_at), NOT_A_WORKDAY (on),
    FIELD_NOT_VALID (slot).
    """
    contact = locked(contact_id)
    slot = _bookable(contact, slot_id, at=at)
    FastlegeSlot.objects.filter(contact=contact).exclude(pk=slot.pk).update(
        contact=None, booked_at=None
    )
    slot.contact, slot.booked_at = contact, at
    slot.save(update_fields=["contact", "booked_at"])
    _outcome(contact, slot, by=by, at=at)
    events.happened(
        contact=contact,
        kind=Happened.SLOT_BOOKED,
        by=by,
        at=at,
        slot=slot.pk,
        starts_at=slot.starts_at.isoformat(),
    )
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    return slot


def _bookable(contact: Contact, slot_id: int, *, at: datetime) -> FastlegeSlot:
    fastlege = contact.fastlege
    if fastlege is None:
        raise RuleBroken(Rule.NO_FASTLEGE)
    if contact.consent_fastlege is not True:
        raise RuleBroken(Rule.CONSENT_NEEDED)
    slot = (
        FastlegeSlot.objects.select_for_update(of=("self",))
        .select_related("fastlege")
        .filter(pk=slot_id)
        .first()
    )
    if slot is None:
        raise not_valid("slot", Why.NOT_FOUND)
    office = fastlege.office
    if not office.lets_us_book or slot.fastlege.office_id != office.pk:
        raise RuleBroken(Rule.NO_AGREEMENT_WITH_OFFICE, office=office.name)
    if slot.contact_id not in {None, contact.pk}:
        raise RuleBroken(Rule.SLOT_IS_TAKEN, starts_at=slot.starts_at.isoformat())
    if slot.starts_at <= at:
        raise not_valid("slot", Why.IN_THE_PAST)
    day = timezone.localdate(slot.starts_at)
    if not is_workday(day, holidays=holidays.around(day)):
        raise RuleBroken(Rule.NOT_A_WORKDAY, on=day.isoformat())
    return slot


def _outcome(contact: Contact, slot: FastlegeSlot, *, by: User, at: datetime) -> None:
    """The fastlege outcome with the time of the hour; one, however often it is moved."""
    row = (
        contact.outcomes.filter(kind=Outcome.Kind.FASTLEGE)
        .exclude(state=Outcome.State.CANCELLED)
        .first()
    )
    if row is None:
        row = Outcome(
            contact=contact,
            district_id=contact.district_id,
            kind=Outcome.Kind.FASTLEGE,
            owner=by,
            owner_role="operator",
            created_at=at,
            created_by=by,
        )
    row.state, row.settled_at, row.settled_by = Outcome.State.DONE, at, by
    row.promised_at = slot.starts_at
    row.save()
