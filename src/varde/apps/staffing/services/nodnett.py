"""The rotation of nødnett in office hours: its members, its days, and each change."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import (
    FastlegeOffice,
    NodnettChange,
    NodnettDay,
    NodnettMember,
    Station,
    User,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.sentral.services.contacts.values import phone as phone_of
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries import nodnett as queries
from varde.apps.staffing.services.acting import last_day, log, needed_day
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken
from varde.engines.turns import share_out


MOST_DAYS = 370
ONE_DAY = timedelta(days=1)
LONGEST_RADIO = 20  # characters


class TurnsOf(StrEnum):
    """How long one has nødnett at a time."""

    DAY = "day"
    WEEK = "week"


@transaction.atomic
def add_member(
    *,
    person: User | None,
    office: FastlegeOffice | None,
    part: str,
    radio: str,
    phone: str,
    first_on: str,
    last_on: str,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> NodnettMember:
    """Put a doctor or a surgery into the rotation, with how large a part.

    Raises `RuleBroken`: FIELD_NOT_VALID (member, part, radio, phone, first_on, last_on),
    NODNETT_IS_MEMBER.
    """
    station = _locked(workplace)
    if person is None and office is None:
        raise not_valid("member", Why.EMPTY)
    first = needed_day("first_on", first_on)
    last = last_day("last_on", last_on, first=first)
    row = NodnettMember(
        station=station,
        person=person,
        office=office,
        percent=typed.whole("part", part, low=1, high=100),
        radio=plain("radio", radio, longest=LONGEST_RADIO),
        phone=phone_of("phone", phone),
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
    )
    same = NodnettMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first),
        station=station,
        person=person,
        **({"office": office} if person is None else {}),
    )
    if row.valid_to is not None:
        same = same.filter(valid_from__lt=row.valid_to)
    if same.exists():
        raise RuleBroken(Rule.NODNETT_IS_MEMBER)
    row.save()
    log(
        "nodnett_member_added",
        row,
        by=by,
        at=at,
        place=workplace,
        person=row.person_id,
        office=row.office_id,
    )
    return row


@transaction.atomic
def end_member(
    *,
    member_id: int,
    last_on: str,
    workplace: Workplace,
    by: User,
    at: datetime,
    today: date,
) -> NodnettMember:
    """Write the last day in the rotation. The days after it are nobody's.

    Raises `RuleBroken`: FIELD_NOT_VALID (last_on).
    """
    station = _locked(workplace)
    row = NodnettMember.objects.select_for_update(of=("self",)).get(
        pk=member_id, station=station
    )
    last = last_day("last_on", last_on, first=row.valid_from)
    row.valid_to = max(last or today, row.valid_from) + ONE_DAY
    row.save(update_fields=["valid_to"])
    left = NodnettDay.objects.select_for_update(of=("self",)).filter(
        station=station, member=row, on__gte=row.valid_to, ends_at__gt=at
    )
    for day in left:
        _hand_over(day, None, is_fixed=False, by=by, at=at)
    log("nodnett_member_ended", row, by=by, at=at, place=workplace)
    _tell(workplace)
    return row


@transaction.atomic
def make_days(
    *,
    first_on: str,
    last_on: str,
    turns_of: str,
    workplace: Workplace,
    by: User,
    at: datetime,
    today: date,
) -> list[NodnettDay]:
    """Share out the working days of a period, as evenly as people's days allow.

    Days that were set by hand stay, and so does a day that has begun. Nobody who is away,
    has no practice that weekday, or has or had duty, is given a day; where nobody can, the
    day is made and is nobody's. Raises `RuleBroken`: FIELD_NOT_VALID (first_on, last_on,
    turns_of), NODNETT_PERIOD_WRONG (most_days), NODNETT_NO_MEMBERS.
    """
    unit = TurnsOf(typed.choice("turns_of", turns_of, [one.value for one in TurnsOf]))
    first, last = needed_day("first_on", first_on), needed_day("last_on", last_on)
    if first < today or last < first or (last - first).days >= MOST_DAYS:
        raise RuleBroken(Rule.NODNETT_PERIOD_WRONG, most_days=str(MOST_DAYS))
    station = _locked(workplace)
    members = queries.members_of(station, first=first, last=last)
    if not members:
        raise RuleBroken(Rule.NODNETT_NO_MEMBERS)
    days = _made(station, first, last, at=at)
    given = {
        on: row.member
        for on, row in days.items()
        if row.member is not None and (row.is_fixed or row.starts_at <= at)
    }
    people = {str(row.pk): row for row in members}
    people |= {str(row.pk): row for row in given.values()}
    lacks = queries.why_not(station, members, days)
    blocks = _blocks(list(days), unit, given=set(given), members=members, lacks=lacks)
    shared = share_out(
        blocks,
        weights={key: row.percent for key, row in people.items()},
        fixed={(on,): str(row.pk) for on, row in given.items()},
        last=_before(station, first, known=people),
    )
    for block, who in shared.items():
        for on in block:
            row = days[on]
            wanted = people[who] if who is not None else None
            if on not in given and row.starts_at > at and row.member != wanted:
                _hand_over(row, wanted, is_fixed=False, by=by, at=at)
    log(
        "nodnett_days_made",
        station,
        by=by,
        at=at,
        place=workplace,
        first=first.isoformat(),
        last=last.isoformat(),
        days=len(days),
    )
    _tell(workplace)
    return [days[on] for on in sorted(days)]


@transaction.atomic
def change_day(
    *,
    day_id: int,
    member_id: int | None,
    seen: int,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> NodnettDay:
    """Give a day to another of the rotation, or to nobody. It stays when days are made.

    `seen` is the version of the day that was looked at. Raises `RuleBroken`:
    NODNETT_DAY_IS_OVER, NODNETT_DAY_CHANGED (person), FIELD_NOT_VALID (member).
    """
    station = _locked(workplace)
    row = NodnettDay.objects.select_for_update(of=("self",)).get(
        pk=day_id, station=station
    )
    if row.ends_at <= at:
        raise RuleBroken(Rule.NODNETT_DAY_IS_OVER)
    if row.row_version != seen:
        held = queries.name_of(row.member) if row.member else ""
        raise RuleBroken(Rule.NODNETT_DAY_CHANGED, person=held or "–")
    wanted = None
    if member_id is not None:
        known = queries.members_of(station, first=row.on, last=row.on)
        wanted = next((one for one in known if one.pk == member_id), None)
        if wanted is None:
            raise not_valid("member", Why.NOT_FOUND)
    _hand_over(row, wanted, is_fixed=wanted is not None, by=by, at=at)
    log(
        "nodnett_day_changed",
        row,
        by=by,
        at=at,
        place=workplace,
        member=row.member_id,
    )
    _tell(workplace)
    return row


def _locked(workplace: Workplace) -> Station:
    return Station.objects.select_for_update().get(pk=workplace.station_id)


def _made(
    station: Station, first: date, last: date, *, at: datetime
) -> dict[date, NodnettDay]:
    """The working days of a period, each with its row; those that lack are made."""
    wanted = queries.workdays(first, last)
    known = {
        row.on: row
        for row in NodnettDay.objects.filter(
            station=station, on__in=wanted
        ).select_related("member__person", "member__office")
    }
    new = []
    for on in wanted:
        if on not in known:
            hours = queries.hours_of(station, on)
            new.append(
                NodnettDay(
                    station=station,
                    on=on,
                    starts_at=hours.starts_at,
                    ends_at=hours.ends_at,
                    changed_at=at,
                )
            )
    known |= {row.on: row for row in NodnettDay.objects.bulk_create(new)}
    return {on: known[on] for on in wanted}


def _blocks(
    days: list[date],
    unit: TurnsOf,
    *,
    given: set[date],
    members: list[NodnettMember],
    lacks: dict[tuple[date, int], queries.WhyNot],
) -> dict[tuple[date, ...], list[str]]:
    """What is shared out, with who may: days, or weeks where somebody may have all of it."""

    def who(block: tuple[date, ...]) -> list[str]:
        return [
            str(row.pk)
            for row in members
            if all((on, row.pk) not in lacks for on in block)
        ]

    found: dict[tuple[date, ...], list[str]] = {}
    by_week: dict[tuple[int, int], list[date]] = {}
    for on in days:
        by_week.setdefault(on.isocalendar()[:2], []).append(on)
    for week in by_week.values():
        block = tuple(week)
        whole = unit is TurnsOf.WEEK and not given.intersection(block) and who(block)
        if whole:
            found[block] = whole
        else:
            found |= {(on,): who((on,)) for on in block if on not in given}
    return found


def _before(
    station: Station, first: date, *, known: dict[str, NodnettMember]
) -> list[str]:
    """Those who had nødnett before the period, the latest last."""
    rows = NodnettDay.objects.filter(
        station=station, on__lt=first, on__gte=first - 13 * queries.WEEK
    ).order_by("on")
    held = [str(pk) for pk in rows.values_list("member", flat=True) if pk is not None]
    return [pk for pk in held if pk in known]


def _hand_over(
    row: NodnettDay,
    member: NodnettMember | None,
    *,
    is_fixed: bool,
    by: User,
    at: datetime,
) -> None:
    before = row.member
    row.member = member
    row.is_fixed = is_fixed
    row.row_version += 1
    row.changed_at = at
    row.save(update_fields=["member", "is_fixed", "row_version", "changed_at"])
    NodnettChange.objects.create(
        day=row,
        before=before,
        after=member,
        row_version=row.row_version,
        by=by,
        at=at,
    )


def _tell(workplace: Workplace) -> None:
    for sentral_id in workplace.sentraler:
        announce(Topic.DUTY, sentral_id=sentral_id)
