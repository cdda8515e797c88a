"""Days that come again in which a person has duties here: written, and ended."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from varde.apps.records.models import OwnPeriods, User
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.own_periods import never_has_a_day
from varde.apps.staffing.services.acting import last_day, locked, log, needed_day
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


ONE_DAY = timedelta(days=1)
WEEKDAYS = [str(number) for number in range(7)]
# What each kind asks for, and the range of each number. Ours: catches a slip of the finger.
NUMBERS = {
    OwnPeriods.Kind.WEEKS: {"weeks_on": (1, 26), "weeks_off": (1, 51)},
    OwnPeriods.Kind.MONTH: {"days": (1, 28), "from_day": (1, 28)},
    OwnPeriods.Kind.WEEKENDS: {"every": (1, 26)},
    OwnPeriods.Kind.WEEKDAYS: {"every": (1, 26)},
}


@transaction.atomic
def give_own_periods(
    *,
    person: User,
    at_place: Workplace,
    kind: str,
    numbers: Mapping[str, str],
    weekdays: Collection[str],
    first_on: str,
    last_on: str,
    by: User,
    at: datetime,
) -> OwnPeriods:
    """Write which days a person has agreed to have duties on at a workplace.

    Raises FIELD_NOT_VALID (own_kind, weeks_on, weeks_off, days, from_day, every, weekdays,
    first_on, last_on), OWN_PERIODS_OVERLAP (begins_on) where something is agreed for some
    of those days, and OWN_PERIODS_NEVER where no day at all would be left.
    """
    locked(person)
    code = typed.choice("own_kind", kind, OwnPeriods.Kind.values)
    found = {
        name: typed.whole(name, numbers.get(name, ""), low=low, high=high)
        for name, (low, high) in NUMBERS[OwnPeriods.Kind(code)].items()
    }
    chosen = ""
    if code == OwnPeriods.Kind.WEEKDAYS:
        chosen = ",".join(_weekdays(weekdays))
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    row = OwnPeriods(
        person=person,
        kind=code,
        weekdays=chosen,
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
        decided_by=by,
        decided_at=at,
        **found,
        **at_place.where,
    )
    others = OwnPeriods.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first),
        **({} if last is None else {"valid_from__lte": last}),
        person=person,
        **at_place.where,
    )
    collides = others.order_by("valid_from").first()
    if collides is not None:
        raise RuleBroken(
            Rule.OWN_PERIODS_OVERLAP, begins_on=collides.valid_from.isoformat()
        )
    if never_has_a_day(row):
        raise RuleBroken(Rule.OWN_PERIODS_NEVER)
    row.save()
    log("own_periods_given", row, by=by, at=at, place=at_place, person=person.pk)
    return row


@transaction.atomic
def end_own_periods(
    *, at_place: Workplace, row: OwnPeriods, by: User, at: datetime, today: date
) -> None:
    """From today they do not hold. What has not begun is taken away."""
    kept = OwnPeriods.objects.select_for_update().get(pk=row.pk)
    log("own_periods_ended", kept, place=at_place, by=by, at=at, person=kept.person_id)
    if kept.valid_from >= today:
        kept.delete()
        return
    kept.valid_to = today
    kept.save(update_fields=["valid_to"])


def _weekdays(chosen: Collection[str]) -> list[str]:
    if not chosen:
        raise not_valid("weekdays", Why.EMPTY)
    return [
        day
        for day in WEEKDAYS
        if day in {typed.choice("weekdays", c, WEEKDAYS) for c in chosen}
    ]
