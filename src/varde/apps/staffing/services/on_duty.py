"""How those on duty are reached: one key to correct a number, at once, for all to see."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Duty, DutyLine, User
from varde.apps.sentral.services.contacts.values import phone as phone_of
from varde.apps.sentral.services.contacts.values import plain
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import locked, log
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_GROUP, LONGEST_RADIO = 40, 20  # characters


@transaction.atomic
def correct_phone(
    *,
    duty_id: int,
    number: str,
    for_good: bool,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> Duty:
    """Correct the number of somebody on duty: for this duty, or the person's own for good.

    For good it also holds for this duty. An empty number takes away what was said for the
    duty, or the person's own. Raises `RuleBroken`: FIELD_NOT_VALID (phone),
    ROTA_DUTY_IS_OVER.
    """
    found = phone_of("phone", number)
    duty = Duty.objects.select_for_update(of=("self",)).get(
        pk=duty_id, **workplace.where
    )
    if duty.ends_at <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)
    if for_good:
        person = locked(duty.person)
        person.phone = found
        person.save(update_fields=["phone"])
        log("person_phone_corrected", person, by=by, at=at, place=workplace)
    duty.phone = found
    duty.save(update_fields=["phone"])
    log("duty_phone_corrected", duty, by=by, at=at, place=workplace)
    _tell(workplace)
    return duty


@transaction.atomic
def set_line(
    *,
    post: str,
    phone: str,
    talkgroup: str,
    radio: str,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> DutyLine:
    """Write which phone, talegruppe and radio follow a post at a workplace.

    Raises `RuleBroken`: FIELD_NOT_VALID (post, phone, talkgroup, radio).
    """
    code = typed.choice("post", post, Duty.Post.values)
    row, _is_new = DutyLine.objects.select_for_update().update_or_create(
        **workplace.where,
        post=code,
        defaults={
            "phone": phone_of("phone", phone),
            "talkgroup": plain("talkgroup", talkgroup, longest=LONGEST_GROUP),
            "radio": plain("radio", radio, longest=LONGEST_RADIO),
            "set_by": by,
            "set_at": at,
        },
    )
    log("duty_line_set", row, by=by, at=at, place=workplace, post=code)
    _tell(workplace)
    return row


def _tell(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.DUTY, sentral_id=sentral_id)
