"""Controlling the openings of records outside somebody's task."""

from datetime import datetime

from django.db import transaction
from django.http import Http404

from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, RecordOpening, User
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def control_opening(
    *, opening_id: int, districts: frozenset[int], by: User, at: datetime
) -> RecordOpening:
    """Write that an opening was looked at and is in order.

    `districts` are those in which the person controls. Raises 404 for an opening outside
    them, `RuleBroken` (OPENING_IS_YOUR_OWN) for one's own and (CHANGED_BY_ANOTHER) for
    one that a colleague controlled meanwhile.
    """
    opening = (
        RecordOpening.objects.select_for_update(of=("self",))
        .select_related("controlled_by")
        .filter(pk=opening_id, district__in=districts)
        .first()
    )
    if opening is None:
        raise Http404
    if opening.user_id == by.pk:
        raise RuleBroken(Rule.OPENING_IS_YOUR_OWN)
    if opening.controlled_at is not None and opening.controlled_by is not None:
        raise RuleBroken(
            Rule.CHANGED_BY_ANOTHER,
            by=opening.controlled_by.name,
            at=opening.controlled_at.isoformat(),
        )
    opening.controlled_at = at
    opening.controlled_by = by
    opening.save(update_fields=["controlled_at", "controlled_by"])
    audit.log(
        what="opening_controlled",
        by=by,
        at=at,
        district_id=opening.district_id,
        row_id=opening.pk,
        patient_id=opening.patient_id,
        contact_id=opening.contact_id,
        purpose=AuditEntry.Purpose.COC,
    )
    return opening
