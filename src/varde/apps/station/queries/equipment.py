"""Checklists: which are due, what lacks, what expires, and one list with its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from varde.apps.records.models import (
    Checklist,
    ChecklistInterval,
    ChecklistItem,
    EquipmentCheck,
    EquipmentLack,
)
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace
from varde.apps.station.messages.equipment import LIST_KIND, due_words, expiry_words
from varde.content import EQUIPMENT_FILE, equipment_text
from varde.domain.equipment import Due, Interval, days_left, due
from varde.engines.station_forms import StarterList, load_starter_lists


MOST_CHECKS = 50
MOST_NAMED = 3  # in the line for the board; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A checklist as the overview shows it."""

    id: int
    name: str
    kind: str
    is_approved: bool
    due: Due
    words: str
    checked_at: datetime | None
    checked_by: str
    lacking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What lacks, and how far it has come."""

    id: int
    item: str
    checklist: str
    missing: int
    noted_at: datetime
    noted_by: str
    ordered_at: datetime | None
    ordered_by: str
    ordered_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """A thing that expires. `left` None: nobody has written when."""

    item: str
    checklist: str
    checklist_id: int
    expires_on: date | None
    left: int | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check, as the history shows it."""

    at: datetime
    by: str
    items: int
    lacking: tuple[str, ...]  # as «Sutursett: 1 av 3»


@cache
def starters() -> tuple[StarterList, ...]:
    """The lists that ship with Varde."""
    return load_starter_lists(equipment_text(), filename=EQUIPMENT_FILE)


def checklists(place: StationPlace, *, now: datetime) -> tuple[Listed, ...]:
    """The lists of a station, those that are most late first. Four queries at most."""
    today = timezone.localdate(now)
    rows = list(
        Checklist.objects.filter(station=place.id, removed_at=None)
        .prefetch_related("intervals")
        .order_by("name")
    )
    last = {
        check.checklist_id: check
        for check in EquipmentCheck.objects.filter(checklist__in=rows)
        .order_by("checklist", "-occurred_at", "-pk")
        .distinct("checklist")
    }
    lacking: dict[int, int] = {}
    for list_id in EquipmentLack.objects.filter(
        item__checklist__in=rows, arrived_at=None
    ).values_list("item__checklist", flat=True):
        lacking[list_id] = lacking.get(list_id, 0) + 1
    found = [
        _listed(row, last.get(row.pk), lacking.get(row.pk, 0), today=today)
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.due.due_on, one.name)))


def lacks(place: StationPlace) -> tuple[Lack, ...]:
    """What is not there yet: first what nobody has ordered, the oldest first."""
    rows = (
        EquipmentLack.objects.filter(
            item__checklist__station=place.id,
            item__checklist__removed_at=None,
            arrived_at=None,
        )
        .select_related("item__checklist")
        .order_by("noted_at", "pk")
    )
    found = [
        Lack(
            id=row.pk,
            item=row.item.name,
            checklist=row.item.checklist.name,
            missing=row.missing,
            noted_at=row.noted_at,
            noted_by=_name(row.noted_by_id),
            ordered_at=row.ordered_at,
            ordered_by=_name(row.ordered_by_id),
            ordered_from=row.ordered_from,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.ordered_at is not None))


def expiries(place: StationPlace, *, now: datetime) -> tuple[Expiry, ...]:
    """What expires, the nearest first; what has no date written, last."""
    today = timezone.localdate(now)
    rows = ChecklistItem.objects.filter(
        checklist__station=place.id,
        checklist__removed_at=None,
        removed_at=None,
        has_expiry=True,
    ).select_related("checklist")
    found = [_expiry(row, today=today) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.expires_on or date.max, one.item)))


def overdue(place: StationPlace, *, now: datetime) -> str:
    """One line for the board on what was not checked in time and what is too old.

    Empty where nothing is. Those due today are not late.
    """
    today = timezone.localdate(now)
    late = [
        one
        for one in checklists(place, now=now)
        if one.due.must_be_done and (one.checked_at is None or one.due.late_days)
    ]
    too_old = ChecklistItem.objects.filter(
        checklist__station=place.id,
        checklist__removed_at=None,
        removed_at=None,
        has_expiry=True,
        expires_on__lt=today,
    ).count()
    lines = []
    if late:
        lines.append(_late_line(late))
    if too_old:
        lines.append(
            ngettext(
                "%(n)s ting har gått ut på dato.",
                "%(n)s ting har gått ut på dato.",
                too_old,
            )
            % {"n": too_old}
        )
    return " ".join(lines)


def items_of(row: Checklist) -> tuple[ChecklistItem, ...]:
    """What is on the list now, with what lacks of each (`open_lacks`)."""
    waited = EquipmentLack.objects.filter(arrived_at=None)
    return tuple(
        row.items.filter(removed_at=None).prefetch_related(
            Prefetch("lacks", queryset=waited, to_attr="open_lacks")
        )
    )


def one_list(row: Checklist, *, now: datetime) -> Listed:
    """A list as the overview shows it."""
    last = row.checks.order_by("-occurred_at", "-pk").first()
    lacking = EquipmentLack.objects.filter(item__checklist=row, arrived_at=None)
    return _listed(row, last, lacking.count(), today=timezone.localdate(now))


def intervals_of(row: Checklist) -> tuple[ChecklistInterval, ...]:
    """The intervals of a list, the newest first."""
    return tuple(row.intervals.order_by("-valid_from"))


def checks_of(row: Checklist) -> tuple[Check, ...]:
    """The latest checks of a list, the newest first, each with what lacked."""
    names = dict(row.items.values_list("pk", "name"))
    return tuple(
        Check(
            at=check.occurred_at,
            by=_name(check.by_id),
            items=check.items,
            lacking=_lacking(check, names),
        )
        for check in row.checks.order_by("-occurred_at", "-pk")[:MOST_CHECKS]
    )


def _listed(
    row: Checklist, last: EquipmentCheck | None, lacking: int, *, today: date
) -> Listed:
    checked_at = last.occurred_at if last is not None else None
    stands = due(
        placed_on=timezone.localdate(row.placed_at),
        checked_on=timezone.localdate(checked_at) if checked_at else None,
        intervals=[
            Interval(valid_from=one.valid_from, every_days=one.every_days)
            for one in row.intervals.all()
        ],
        today=today,
    )
    return Listed(
        id=row.pk,
        name=row.name,
        kind=str(LIST_KIND[row.kind]),
        is_approved=row.approved_at is not None,
        due=stands,
        words=due_words(stands),
        checked_at=checked_at,
        checked_by=_name(last.by_id) if last is not None else "",
        lacking=lacking,
    )


def _expiry(row: ChecklistItem, *, today: date) -> Expiry:
    left = days_left(row.expires_on, today=today) if row.expires_on else None
    return Expiry(
        item=row.name,
        checklist=row.checklist.name,
        checklist_id=row.checklist_id,
        expires_on=row.expires_on,
        left=left,
        words=expiry_words(left) if left is not None else _("Dato er ikke skrevet"),
    )


def _late_line(late: Iterable[Listed]) -> str:
    rows = list(late)
    named = ", ".join(
        f"{one.name} ({one.words[:1].lower()}{one.words[1:]})"
        for one in rows[:MOST_NAMED]
    )
    more = len(rows) - MOST_NAMED
    if more > 0:
        named += _(" og %(n)s til") % {"n": more}
    return _("Utstyr som ikke er kontrollert: %(named)s.") % {"named": named}


def _lacking(check: EquipmentCheck, names: dict[int, str]) -> tuple[str, ...]:
    """What lacked, by the number that the list asked for then."""
    return tuple(
        _("%(item)s: %(found)s av %(wanted)s")
        % {"item": names.get(int(pk), pk), "found": found, "wanted": wanted}
        for pk, (found, wanted) in check.found.items()
        if found < wanted
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""
