"""Writing what a doctor on duty does. The one place where a doctor's events are made.

The state is a fold over them (`domain.doctor_state`), so that what comes late, twice or in
another order gives the same. An event holds ids, codes and moments only.
"""

from datetime import datetime

from django.utils import timezone

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import DoctorEvent, User
from varde.domain.doctor_state import DoctorActivity, DoctorEventKind


def began(
    *,
    doctor: User,
    activity: DoctorActivity,
    ref: str,
    at: datetime,
    by: User | None,
    sentral_id: int,
    event_id: str = "",
) -> None:
    """The doctor began something: with a patient, on the phone, driving, out, resting.

    `ref` is the kind and the id of what it is about, as `attendance:7`. The next leg of a
    mission is a new beginning with the same `ref`. `event_id` is the sender's own; without
    one, the same beginning at the same moment is one event.
    """
    _write(
        DoctorEventKind.BEGAN,
        doctor=doctor, activity=activity, ref=ref, at=at, by=by,
        sentral_id=sentral_id, event_id=event_id,
    )  # fmt: skip


def ended(
    *,
    doctor: User,
    activity: DoctorActivity,
    ref: str,
    at: datetime,
    by: User | None,
    sentral_id: int,
    event_id: str = "",
) -> None:
    """What the doctor began is over. An end of another activity ends nothing."""
    _write(
        DoctorEventKind.ENDED,
        doctor=doctor, activity=activity, ref=ref, at=at, by=by,
        sentral_id=sentral_id, event_id=event_id,
    )  # fmt: skip


def freed(
    *,
    doctor: User,
    at: datetime,
    by: User | None,
    sentral_id: int,
    event_id: str = "",
) -> None:
    """The doctor says to be free: all that began before is over."""
    _write(
        DoctorEventKind.FREED,
        doctor=doctor, activity=None, ref="", at=at, by=by,
        sentral_id=sentral_id, event_id=event_id,
    )  # fmt: skip


def _write(
    kind: DoctorEventKind,
    *,
    doctor: User,
    activity: DoctorActivity | None,
    ref: str,
    at: datetime,
    by: User | None,
    sentral_id: int,
    event_id: str,
) -> None:
    row = DoctorEvent(
        doctor=doctor,
        event_id=event_id or f"{kind}:{activity or ''}:{ref}:{at.isoformat()}",
        kind=kind,
        activity=activity or "",
        ref=ref,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
    )
    # The same press sent again is not a new event.
    DoctorEvent.objects.bulk_create([row], ignore_conflicts=True)
    announce(Topic.DUTY, Topic.BOARD, sentral_id=sentral_id)
