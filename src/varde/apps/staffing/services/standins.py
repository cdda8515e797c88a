"""Who answers for a function: the holder and the deputies, named with their days."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Municipality, Sentral, StandIn, Station, User
from varde.apps.sentral.queries.standins import FunctionOf
from varde.apps.sentral.services.contacts.values import phone as phone_of
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import last_day, log, needed_day
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken
from varde.domain.standins import Hours


LAST_RANK = 9
ONE_DAY = timedelta(days=1)


@transaction.atomic
def name_standin(
    *,
    of: FunctionOf,
    person: User,
    rank: str,
    hours: str,
    first_on: str,
    last_on: str,
    phone: str,
    at_place: Workplace,
    by: User,
    at: datetime,
) -> StandIn:
    """Name the holder (rank 0) or a deputy of a function, with days and hours.

    Raises `RuleBroken`: FIELD_NOT_VALID (rank, hours, first_on, last_on, phone),
    STANDIN_OVERLAPS (person, begins_on) where another has that rank in some of the days and
    hours, STANDIN_IS_NAMED (person) where the person is on the list already.
    """
    _lock(of)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    row = StandIn(
        **of.where,
        person=person,
        rank=typed.whole("rank", rank, low=0, high=LAST_RANK),
        hours=typed.choice("hours", hours, [one.value for one in Hours]),
        phone=phone_of("phone", phone),
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
        made_by=by,
        made_at=at,
    )
    others = [one for one in _in_days(of, first, row.valid_to) if _meet(one, row)]
    for other in others:
        if other.person_id == person.pk:
            raise RuleBroken(Rule.STANDIN_IS_NAMED, person=person.name)
        if other.rank == row.rank:
            raise RuleBroken(
                Rule.STANDIN_OVERLAPS,
                person=other.person.name,
                begins_on=other.valid_from.isoformat(),
            )
    row.save()
    log(
        "standin_named",
        row,
        by=by,
        at=at,
        place=at_place,
        function=row.function,
        person=person.pk,
        rank=row.rank,
    )
    _tell(at_place)
    return row


@transaction.atomic
def end_standin(
    *,
    row_id: int,
    last_on: str,
    at_place: Workplace,
    by: User,
    at: datetime,
    today: date,
) -> None:
    """Write the last day. One that has not begun is taken away.

    Raises `RuleBroken`: FIELD_NOT_VALID (last_on).
    """
    row = StandIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    log(
        "standin_ended",
        row,
        by=by,
        at=at,
        place=at_place,
        function=row.function,
        person=row.person_id,
        rank=row.rank,
    )
    if row.valid_from > today:
        row.delete()
    else:
        last = last_day("last_on", last_on, first=row.valid_from) or today
        row.valid_to = last + ONE_DAY
        row.save(update_fields=["valid_to"])
    _tell(at_place)


def _lock(of: FunctionOf) -> None:
    """One write at a time of the functions of a place."""
    if of.municipality_id is not None:
        Municipality.objects.select_for_update().get(pk=of.municipality_id)
    elif of.station_id is not None:
        Station.objects.select_for_update().get(pk=of.station_id)
    else:
        Sentral.objects.select_for_update().get(pk=of.sentral_id)


def _in_days(of: FunctionOf, first: date, before: date | None) -> list[StandIn]:
    rows = StandIn.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), **of.where
    ).select_related("person")
    return list(rows if before is None else rows.filter(valid_from__lt=before))


def _meet(one: StandIn, other: StandIn) -> bool:
    """Whether two answer in some of the same hours."""
    apart = {Hours.OFFICE.value, Hours.OUTSIDE.value}
    return {one.hours, other.hours} != apart


def _tell(at_place: Workplace) -> None:
    for sentral_id in at_place.sentraler:
        announce(Topic.DUTY, sentral_id=sentral_id)
