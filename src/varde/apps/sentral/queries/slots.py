"""Hours that the patient's GP surgery has given to the sentral."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from varde.apps.records import holidays
from varde.apps.records.models import Contact, FastlegeSlot
from varde.domain.workdays import is_workday, next_workday


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A free hour with a doctor of the patient's surgery."""

    id: int
    starts_at: datetime
    minutes: int
    doctor: str
    is_own_doctor: bool


def free_slots(contact: Contact, *, now: datetime) -> tuple[Slot, ...]:
    """The free hours of the patient's surgery from now to the end of the next working day.

    What is left of today counts too: at two in the night the next consulting hours are this
    morning's. The own doctor's first. () without a fastlege, or without an agreement.
    """
    fastlege = contact.fastlege
    if fastlege is None or not fastlege.office.lets_us_book:
        return ()
    today = timezone.localdate(now)
    closed = holidays.around(today)
    last = next_workday(today, holidays=closed)
    end = timezone.make_aware(
        datetime.combine(last + timedelta(days=1), datetime.min.time())
    )
    rows = FastlegeSlot.objects.filter(
        fastlege__office=fastlege.office,
        contact=None,
        starts_at__gt=now,
        starts_at__lt=end,
    ).select_related("fastlege")
    slots = [
        Slot(
            id=row.pk,
            starts_at=row.starts_at,
            minutes=row.minutes,
            doctor=row.fastlege.name,
            is_own_doctor=row.fastlege_id == fastlege.pk,
        )
        for row in rows
        if is_workday(timezone.localdate(row.starts_at), holidays=closed)
    ]
    return tuple(sorted(slots, key=lambda s: (not s.is_own_doctor, s.starts_at, s.id)))
