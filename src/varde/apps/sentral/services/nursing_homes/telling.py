"""What a nursing home says when it rings: which it is, and what it has done."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import NursingHome, NursingHomeRequest, User
from varde.apps.sentral.queries.nursing_homes import rows_of
from varde.apps.sentral.services.contacts import locked
from varde.apps.sentral.services.contacts.homes import tie_home
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.domain.errors import Rule, RuleBroken


LONGEST = 200  # characters of a note
YES_NO = {"": None, "yes": True, "no": False}
FIELDS = ("doctor_rung", "care", "care_note", "medicines_given", "medicines")


@transaction.atomic
def choose_home(
    *, contact_id: int, home_id: int, by: User, at: datetime
) -> NursingHomeRequest:
    """This contact is from that home. The same home once more changes nothing.

    Raises `RuleBroken`: CONTACT_IS_CLOSED; FIELD_NOT_VALID (home) for one that is closed
    or that the sentral does not answer for.
    """
    contact = locked(contact_id, may_move=True)
    homes = rows_of(contact.sentral_id, on=timezone.localdate(at))
    home = NursingHome.objects.filter(
        pk__in=homes.values("pk"), pk=home_id, is_in_use=True
    ).first()
    if home is None:
        raise not_valid("home", Why.NOT_FOUND)
    known = NursingHomeRequest.objects.filter(contact=contact, home=home).first()
    if known is not None:
        return known
    request = tie_home(contact, home, by_number=False, by=by, at=at)
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    return request


@transaction.atomic
def tell(
    *, contact_id: int, fields: Mapping[str, str], by: User, at: datetime
) -> NursingHomeRequest:
    """Keep what the home has done. What is not among the fields stays as it is.

    "" for a yes or no is not asked, and never no. Medicine that is named was given. The
    event names the fields that changed and holds none of their values; the same again
    leaves no trace.

    Raises `RuleBroken`: CONTACT_IS_CLOSED, HOME_NOT_CHOSEN, FIELD_UNKNOWN,
    FIELD_NOT_VALID. Then none of the fields is kept.
    """
    contact = locked(contact_id)
    request = (
        NursingHomeRequest.objects.select_for_update().filter(contact=contact).first()
    )
    if request is None:
        raise RuleBroken(Rule.HOME_NOT_CHOSEN)
    changed = {
        name: value
        for name, value in _values(fields).items()
        if getattr(request, name) != value
    }
    if not changed:
        return request
    for name, value in changed.items():
        setattr(request, name, value)
    request.by = by
    request.occurred_at = at
    request.recorded_at = timezone.now()
    request.save()
    events.happened(
        contact=contact, kind=Happened.HOME_TOLD, by=by, at=at, fields=sorted(changed)
    )
    announce(
        Topic.CONTACTS,
        Topic.NUMBERS,
        sentral_id=contact.sentral_id,
        contact_id=contact.pk,
    )
    return request


def _values(fields: Mapping[str, str]) -> dict[str, str | bool | None]:
    found: dict[str, str | bool | None] = {}
    for name, text in fields.items():
        if name not in FIELDS:
            raise RuleBroken(Rule.FIELD_UNKNOWN, field=name[:40])
        if name in {"doctor_rung", "medicines_given"}:
            if text not in YES_NO:
                raise not_valid(name, Why.NOT_YES_NO_UNKNOWN)
            found[name] = YES_NO[text]
        elif name == "care":
            if text and text not in NursingHomeRequest.Care.values:
                raise not_valid(name, Why.NOT_A_CHOICE)
            found[name] = text
        else:
            found[name] = plain(name, text, longest=LONGEST)
    if found.get("medicines"):
        found["medicines_given"] = True
    return found
