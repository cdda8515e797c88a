"""Checks by the lists: what was found, what lacked, ordered, until it is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import (
    ChecklistItem,
    EquipmentCheck,
    EquipmentLack,
    User,
)
from varde.apps.sentral.queries import reference
from varde.apps.station.services import typed
from varde.apps.station.services.checklists import (
    MOST_THINGS,
    items_of,
    locked,
    log,
)
from varde.domain.errors import Rule, RuleBroken


LONGEST_WHERE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was typed for one item: whether all is there, how many are, when it expires.

    `expires` None: not asked. "" empties the date.
    """

    is_fine: bool | None
    number: str = ""
    expires: str | None = None


@transaction.atomic
def check(
    *,
    checklist_id: int,
    shown: Collection[int],
    answers: Mapping[int, Answer],
    is_all_fine: bool,
    by: User,
    at: datetime,
) -> EquipmentCheck:
    """Keep what somebody found, item by item; `is_all_fine` answers for the rest.

    What lacks goes on the list of what is missing; what was missing and is found, is
    there. Raises CHECKLIST_IS_EMPTY, CHECKLIST_HAS_CHANGED, CHECK_NOT_WHOLE (count),
    FIELD_NOT_VALID (number_found, expires_on).
    """
    row = locked(checklist_id)
    items = items_of(row)
    if not items:
        raise RuleBroken(Rule.CHECKLIST_IS_EMPTY)
    if {item.pk for item in items} != set(shown):
        raise RuleBroken(Rule.CHECKLIST_HAS_CHANGED)
    found = _found(items, answers, is_all_fine=is_all_fine)
    missing = {
        item.pk: item.quantity - found[item.pk]
        for item in items
        if found[item.pk] < item.quantity
    }
    made = EquipmentCheck.objects.create(
        checklist=row,
        district_id=row.district_id,
        by=by,
        occurred_at=at,
        recorded_at=timezone.now(),
        items=len(items),
        lacking=len(missing),
        found={str(item.pk): [found[item.pk], item.quantity] for item in items},
    )
    _keep_expiry(items, answers)
    _keep_lacks(items, missing, by=by, at=at)
    log("equipment_checked", row, by=by, at=at, items=len(items), lacking=len(missing))
    return made


@transaction.atomic
def order(*, lack_id: int, ordered_from: str, by: User, at: datetime) -> EquipmentLack:
    """Write that it is ordered, and where.

    Raises LACK_IS_THERE (by, at), LACK_IS_ORDERED (by, at), FIELD_NOT_VALID
    (ordered_from).
    """
    row = _waited_for(lack_id)
    if row.ordered_at is not None:
        raise _settled(Rule.LACK_IS_ORDERED, row.ordered_by_id, row.ordered_at)
    row.ordered_from = typed.needed("ordered_from", ordered_from, longest=LONGEST_WHERE)
    row.ordered_at, row.ordered_by = at, by
    row.save(update_fields=["ordered_from", "ordered_at", "ordered_by"])
    log("lack_ordered", row.item.checklist, by=by, at=at, lack=row.pk)
    return row


@transaction.atomic
def arrived(*, lack_id: int, by: User, at: datetime) -> EquipmentLack:
    """Write that it is there. Raises LACK_IS_THERE (by, at)."""
    row = _waited_for(lack_id)
    row.arrived_at, row.arrived_by = at, by
    row.save(update_fields=["arrived_at", "arrived_by"])
    log("lack_arrived", row.item.checklist, by=by, at=at, lack=row.pk)
    return row


def _found(
    items: list[ChecklistItem], answers: Mapping[int, Answer], *, is_all_fine: bool
) -> dict[int, int]:
    found: dict[int, int] = {}
    for item in items:
        answer = answers.get(item.pk, Answer(is_fine=None))
        if answer.is_fine or (answer.is_fine is None and is_all_fine):
            found[item.pk] = item.quantity
        elif answer.is_fine is False:
            found[item.pk] = typed.whole(
                "number_found", answer.number, low=0, high=MOST_THINGS
            )
    if len(found) < len(items):
        raise RuleBroken(Rule.CHECK_NOT_WHOLE, count=str(len(items) - len(found)))
    return found


def _keep_expiry(items: list[ChecklistItem], answers: Mapping[int, Answer]) -> None:
    for item in items:
        text = answers[item.pk].expires if item.pk in answers else None
        if not item.has_expiry or text is None:
            continue
        expires: date | None = typed.day("expires_on", text)
        if expires != item.expires_on:
            item.expires_on = expires
            item.save(update_fields=["expires_on"])


def _keep_lacks(
    items: list[ChecklistItem], missing: Mapping[int, int], *, by: User, at: datetime
) -> None:
    waited = {
        row.item_id: row
        for row in EquipmentLack.objects.select_for_update().filter(
            item__in=items, arrived_at=None
        )
    }
    for item in items:
        row, number = waited.get(item.pk), missing.get(item.pk, 0)
        if row is None and number:
            EquipmentLack.objects.create(
                item=item,
                district_id=item.district_id,
                missing=number,
                noted_by=by,
                noted_at=at,
            )
        elif row is not None and not number:
            row.arrived_at, row.arrived_by = at, by
            row.save(update_fields=["arrived_at", "arrived_by"])
        elif row is not None and row.missing != number:
            row.missing = number
            row.save(update_fields=["missing"])


def _waited_for(lack_id: int) -> EquipmentLack:
    row = (
        EquipmentLack.objects.select_for_update(of=("self",))
        .select_related("item__checklist")
        .get(pk=lack_id)
    )
    if row.arrived_at is not None:
        raise _settled(Rule.LACK_IS_THERE, row.arrived_by_id, row.arrived_at)
    return row


def _settled(rule: Rule, user_id: int | None, at: datetime) -> RuleBroken:
    name = reference.person_name(user_id) if user_id is not None else ""
    return RuleBroken(rule, by=name, at=at.isoformat())
