"""Taking an attendance's row for oneself until the transaction ends."""

from varde.apps.records.models import Attendance
from varde.apps.sentral.services.contacts import locked
from varde.domain.errors import Rule, RuleBroken


def locked_attendance(attendance_id: int, *, may_be_over: bool = False) -> Attendance:
    """The attendance and its contact, both locked; the contact first, as everywhere.

    Raises `RuleBroken` (ATTENDANCE_IS_OVER: ended_at) unless it may be over. The door
    (`access.attendance_for`) has been passed before.
    """
    contact_id = Attendance.objects.values_list("contact_id", flat=True).get(
        pk=attendance_id
    )
    contact = locked(contact_id, may_be_closed=True)
    row = Attendance.objects.select_for_update(of=("self",)).get(pk=attendance_id)
    row.contact = contact
    if row.ended_at is not None and not may_be_over:
        raise RuleBroken(Rule.ATTENDANCE_IS_OVER, ended_at=row.ended_at.isoformat())
    return row
