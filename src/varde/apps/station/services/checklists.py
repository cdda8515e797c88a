"""Checklists of rooms, cars and bags: placed at a station, changed, approved, taken away."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import (
    Checklist,
    ChecklistInterval,
    ChecklistItem,
    User,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import StationPlace
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken
from varde.engines.station_forms import StarterList


LONGEST_NAME = 80
LONGEST_ITEM = 120
LONGEST_SOURCE = 300
MOST_DAYS = 3660  # between two checks; ours: ten years
MOST_THINGS = 9999  # of one item; ours


@transaction.atomic
def place_starter(
    *, place: StationPlace, starter: StarterList, name: str, by: User, at: datetime
) -> Checklist:
    """Put one of the shipped lists at a station, as nobody has approved it.

    Raises CHECKLIST_NAME_TAKEN (name), FIELD_NOT_VALID (name).
    """
    made = _place(
        place,
        kind=starter.kind,
        name=name or starter.name,
        source=starter.source,
        every_days=starter.every_days,
        by=by,
        at=at,
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist=made,
            district_id=made.district_id,
            name=item.name,
            quantity=item.quantity,
            has_expiry=item.has_expiry,
            position=number,
        )
        for number, item in enumerate(starter.items, start=1)
    )
    return made


@transaction.atomic
def place_own(
    *,
    place: StationPlace,
    kind: str,
    name: str,
    source: str,
    every_days: str,
    by: User,
    at: datetime,
) -> Checklist:
    """Make an empty list of one's own. It names what it is founded on.

    Raises CHECKLIST_NAME_TAKEN (name), FIELD_NOT_VALID (list_kind, name, source,
    every_days).
    """
    return _place(
        place,
        kind=typed.choice("list_kind", kind, Checklist.Kind.values),
        name=name,
        source=typed.needed("source", source, longest=LONGEST_SOURCE),
        every_days=_days(every_days),
        by=by,
        at=at,
    )


@transaction.atomic
def remove(*, checklist_id: int, by: User, at: datetime) -> Checklist:
    """Take a list out of use. Its checks stay."""
    row = locked(checklist_id)
    row.removed_by, row.removed_at = by, at
    row.save(update_fields=["removed_by", "removed_at"])
    log("checklist_removed", row, by=by, at=at)
    return row


@transaction.atomic
def approve(*, checklist_id: int, by: User, at: datetime) -> Checklist:
    """Say that the list is right as it stands. Raises CHECKLIST_IS_EMPTY."""
    row = locked(checklist_id)
    if not items_of(row):
        raise RuleBroken(Rule.CHECKLIST_IS_EMPTY)
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    log("checklist_approved", row, by=by, at=at)
    return row


@transaction.atomic
def add_item(
    *,
    checklist_id: int,
    name: str,
    quantity: str,
    has_expiry: bool,
    by: User,
    at: datetime,
) -> ChecklistItem:
    """Put one more thing last on the list, which is then not approved.

    Raises FIELD_NOT_VALID (name, quantity).
    """
    row = locked(checklist_id)
    items = items_of(row)
    made = ChecklistItem.objects.create(
        checklist=row,
        district_id=row.district_id,
        name=typed.needed("name", name, longest=LONGEST_ITEM),
        quantity=typed.whole("quantity", quantity, low=1, high=MOST_THINGS),
        has_expiry=has_expiry,
        position=max((item.position for item in items), default=0) + 1,
    )
    _changed(row, by=by, at=at, item=made.pk)
    return made


@transaction.atomic
def change_item(
    *, item_id: int, quantity: str, has_expiry: bool, by: User, at: datetime
) -> ChecklistItem:
    """How many there shall be, and whether it expires. The list is then not approved.

    Raises FIELD_NOT_VALID (quantity).
    """
    item, row = _item(item_id)
    item.quantity = typed.whole("quantity", quantity, low=1, high=MOST_THINGS)
    item.has_expiry = has_expiry
    if not has_expiry:
        item.expires_on = None
    item.save(update_fields=["quantity", "has_expiry", "expires_on"])
    _changed(row, by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def remove_item(*, item_id: int, by: User, at: datetime) -> ChecklistItem:
    """Take a thing off the list. What lacked of it is no longer waited for."""
    item, row = _item(item_id)
    if item.removed_at is None:
        item.removed_at = at
        item.save(update_fields=["removed_at"])
        item.lacks.filter(arrived_at=None).update(arrived_at=at, arrived_by=by)
        _changed(row, by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def set_interval(
    *, checklist_id: int, every_days: str, valid_from: str, by: User, at: datetime
) -> ChecklistInterval:
    """So many days between checks, from today or a later day. What was, stays.

    Raises FIELD_NOT_VALID (every_days, valid_from).
    """
    row = locked(checklist_id)
    days = _days(every_days)
    today = timezone.localdate(at)
    begins = typed.day("valid_from", valid_from) or today
    if begins < today:
        raise not_valid("valid_from", Why.IN_THE_PAST)
    made, _is_new = ChecklistInterval.objects.update_or_create(
        checklist=row,
        valid_from=begins,
        defaults={
            "every_days": days,
            "by": by,
            "at": at,
            "district_id": row.district_id,
        },
    )
    _changed(row, by=by, at=at, every_days=days)
    return made


def locked(checklist_id: int) -> Checklist:
    """The list, which nobody else changes or checks until this is written."""
    return Checklist.objects.select_for_update().get(pk=checklist_id)


def items_of(row: Checklist) -> list[ChecklistItem]:
    """The things that are on the list now, in their order."""
    return list(row.items.filter(removed_at=None))


def log(what: str, row: Checklist, *, by: User, at: datetime, **data: int) -> None:
    """Write one line of the log about a list: codes, ids and numbers."""
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=row.district_id,
        table="records_checklist",
        row_id=row.pk,
        purpose="",
        data=data,
    )


def _place(
    place: StationPlace,
    *,
    kind: str,
    name: str,
    source: str,
    every_days: int,
    by: User,
    at: datetime,
) -> Checklist:
    title = typed.needed("name", name, longest=LONGEST_NAME)
    made, is_new = Checklist.objects.get_or_create(
        station_id=place.id,
        name=title,
        removed_at=None,
        defaults={
            "district_id": place.district_id,
            "kind": kind,
            "source": source,
            "placed_by": by,
            "placed_at": at,
        },
    )
    if not is_new:
        raise RuleBroken(Rule.CHECKLIST_NAME_TAKEN, name=title)
    ChecklistInterval.objects.create(
        checklist=made,
        district_id=place.district_id,
        every_days=every_days,
        valid_from=timezone.localdate(at),
        by=by,
        at=at,
    )
    log("checklist_placed", made, by=by, at=at)
    return made


def _days(text: str) -> int:
    return typed.whole("every_days", text, low=1, high=MOST_DAYS)


def _item(item_id: int) -> tuple[ChecklistItem, Checklist]:
    item = ChecklistItem.objects.get(pk=item_id)
    return item, locked(item.checklist_id)


def _changed(row: Checklist, *, by: User, at: datetime, **data: int) -> None:
    """A list that is changed is no longer the one that was approved."""
    row.approved_by, row.approved_at = None, None
    row.save(update_fields=["approved_by", "approved_at"])
    log("checklist_changed", row, by=by, at=at, **data)
