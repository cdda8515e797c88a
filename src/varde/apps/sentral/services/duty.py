"""Who can be reached: said by the shift leader or the person, at once, for all to see."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Duty, Sentral, User


@transaction.atomic
def set_reachable(
    *, duty_id: int, sentral: Sentral, is_reachable: bool, by: User, at: datetime
) -> Duty:
    """Say whether a person on duty can be reached. The same again changes nothing."""
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty_id)
    if duty.is_reachable == is_reachable:
        return duty
    duty.is_reachable = is_reachable
    duty.save(update_fields=["is_reachable"])
    audit.log(
        what="duty_reachable" if is_reachable else "duty_unreachable",
        by=by,
        at=at,
        district_id=sentral.host_district_id,
        table="records_duty",
        row_id=duty.pk,
        purpose="",
    )
    announce(Topic.DUTY, sentral_id=sentral.pk)
    return duty
