"""The sound log: to listen, to hold back, and to delete in time.

Varde holds a reference to each recording and never the sound. To get the reference is to
listen: it is given for a reason, and the reason is kept. After the years of the setting
`sound.keep_years` the reference is removed; a recording that is held is not.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from varde.apps.records import audit, settings
from varde.apps.records.models import District, Listening, Recording, User
from varde.apps.records.scope import scoped
from varde.apps.sentral.services.contacts.values import plain
from varde.domain.errors import Rule, RuleBroken
from varde.domain.retention import last_day_due


BATCH = 500  # recordings in one transaction; what is done stays done if the job stops
LONGEST = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What a run of the deletion did."""

    deleted: int
    held: int


@transaction.atomic
def listen(*, recording_id: int, reason: str, by: User, at: datetime) -> Recording:
    """Give the reference to a recording, and write who listened and why.

    Raises `RuleBroken`: REASON_NEEDED_TO_LISTEN, RECORDING_IS_DELETED (deleted_at),
    FIELD_NOT_VALID (reason).
    """
    row = _locked(recording_id)
    why = plain("reason", reason, longest=LONGEST)
    if not why:
        raise RuleBroken(Rule.REASON_NEEDED_TO_LISTEN)
    _refuse_deleted(row)
    Listening.objects.create(
        recording=row, district_id=row.district_id, by=by, at=at, reason=why
    )
    _log("sound_listened", row, by=by, at=at, reason=why)
    return row


@transaction.atomic
def hold(*, recording_id: int, reason: str, by: User, at: datetime) -> Recording:
    """Hold a recording back from deletion: an inspection, a complaint, a claim.

    A new reason for one that is held already takes the place of the old one; both are in
    the log. Raises `RuleBroken`: HOLD_NEEDS_REASON, RECORDING_IS_DELETED (deleted_at).
    """
    row = _locked(recording_id)
    why = _reason(reason)
    _refuse_deleted(row)
    row.legal_hold, row.hold_reason = True, why
    row.save(update_fields=["legal_hold", "hold_reason"])
    _log("sound_held", row, by=by, at=at, reason=why)
    return row


@transaction.atomic
def lift(*, recording_id: int, reason: str, by: User, at: datetime) -> Recording:
    """Hold it back no more. If its years are over, the next run deletes it.

    One that is not held stays as it is. Raises `RuleBroken`: HOLD_NEEDS_REASON.
    """
    row = _locked(recording_id)
    why = _reason(reason)
    if not row.legal_hold:
        return row
    row.legal_hold, row.hold_reason = False, ""
    row.save(update_fields=["legal_hold", "hold_reason"])
    _log("sound_released", row, by=by, at=at, reason=why)
    return row


def delete_due(at: datetime) -> Deleted:
    """Remove every reference whose years are over, district by district.

    In batches with a transaction each, so that a run that is stopped loses nothing and the
    next goes on where it was. What is held is kept and counted. Run again, it does nothing.
    """
    runs = [
        _delete_in(district, at=at)
        for district in District.objects.order_by("pk").values_list("pk", flat=True)
    ]
    return Deleted(
        deleted=sum(run.deleted for run in runs), held=sum(run.held for run in runs)
    )


def _delete_in(district_id: int, *, at: datetime) -> Deleted:
    today = timezone.localdate(at)
    with scoped(districts=[district_id]):
        years = settings.value("sound.keep_years", on=today, district_id=district_id)
    last_day = last_day_due(today=today, keep_years=years)
    deleted = 0
    while True:
        with scoped(districts=[district_id]):
            count = _delete_batch(district_id, last_day=last_day, at=at)
        deleted += count
        if count < BATCH:
            break
    with scoped(districts=[district_id]):
        held = _due(district_id, last_day=last_day).filter(legal_hold=True).count()
    return Deleted(deleted=deleted, held=held)


def _delete_batch(district_id: int, *, last_day: date, at: datetime) -> int:
    """One batch, and its line in the log. Rows that another run has in hand are its own."""
    rows = list(
        _due(district_id, last_day=last_day)
        .filter(legal_hold=False)
        .select_for_update(skip_locked=True)
        .order_by("recorded_on", "pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    if not rows:
        return 0
    Recording.objects.filter(pk__in=rows).update(reference="", deleted_at=at)
    audit.log(
        what="sound_deleted",
        by=None,
        at=at,
        district_id=district_id,
        table="records_recording",
        purpose="",
        data={"deleted": len(rows), "recorded_until": last_day.isoformat()},
    )
    return len(rows)


def _due(district_id: int, *, last_day: date) -> QuerySet[Recording]:
    return Recording.objects.filter(
        district_id=district_id, deleted_at=None, recorded_on__lte=last_day
    )


def _reason(reason: str) -> str:
    why = plain("reason", reason, longest=LONGEST)
    if not why:
        raise RuleBroken(Rule.HOLD_NEEDS_REASON)
    return why


def _refuse_deleted(row: Recording) -> None:
    if row.deleted_at is not None:
        raise RuleBroken(
            Rule.RECORDING_IS_DELETED, deleted_at=row.deleted_at.isoformat()
        )


def _locked(recording_id: int) -> Recording:
    return (
        Recording.objects.select_for_update(of=("self",))
        .select_related("call__contact")
        .get(pk=recording_id)
    )


def _log(what: str, row: Recording, *, by: User, at: datetime, reason: str) -> None:
    contact = row.call.contact
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=row.district_id,
        patient_id=contact.patient_id if contact else None,
        contact_id=contact.pk if contact else None,
        table="records_recording",
        row_id=row.pk,
        purpose="COC",
        reason=reason,
    )
