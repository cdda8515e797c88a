"""What people are on duty as, from day to day: by position, else by the role they log in with."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from varde.apps.records.models import Position, RoleGrant
from varde.apps.records.models import Role as Grant
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import BY_ROLE, ON_DUTY_AS
from varde.domain.competence.person import Days, Role


ONE_DAY = timedelta(days=1)

type Turn = tuple[Days, Role]


def roles_in_turn(
    ids: Sequence[int], *, first: date, last: date, at: Workplace | None
) -> dict[int, tuple[Turn, ...]]:
    """What each is on duty as between two days (both included), in the order of time.

    By the position, at this workplace before others, the oldest first; on days without
    one, by the role that the person logs in with. Who is nothing then is left out.
    """
    held = {"valid_from__lte": last}
    goes_on = Q(valid_to=None) | Q(valid_to__gt=first)
    positions = _ranked(
        Position.objects.filter(goes_on, person__in=ids, **held),
        lambda row: (not _is_here(row, at), row.valid_from, row.pk),
        person="person_id",
    )
    order = list(BY_ROLE)
    bare = [pk for pk in ids if None in _by_day(positions[pk], first, last).values()]
    grants = _ranked(
        RoleGrant.objects.filter(goes_on, user__in=bare, role__in=order, **held),
        lambda row: (not _is_here(row, at), order.index(row.role), row.pk),
        person="user_id",
    )
    found = {}
    for pk in ids:
        turns = _turns(_by_day([*positions[pk], *grants[pk]], first, last), last)
        if turns:
            found[pk] = turns
    return found


def _ranked(
    rows: Iterable[Any], rank: Callable[[Any], Any], *, person: str
) -> dict[int, list[Any]]:
    """Each person's rows, the one that counts before the others first."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=rank):
        found[getattr(row, person)].append(row)
    return found


def _by_day(rows: Sequence[Any], first: date, last: date) -> dict[date, Role | None]:
    """The role by the first valid row, under each day from which it may be another."""
    edges = {row.valid_from for row in rows} | {row.valid_to for row in rows}
    days = {first} | {day for day in edges - {None} if first < day <= last}
    return {
        day: next((_role(row) for row in rows if _is_valid(row, day)), None)
        for day in sorted(days)
    }


def _turns(roles: Mapping[date, Role | None], last: date) -> tuple[Turn, ...]:
    """Roles by the day from which they hold, as periods; the same on end is one."""
    found: list[Turn] = []
    ends = [*list(roles)[1:], last + ONE_DAY]
    for (day, role), after in zip(roles.items(), ends, strict=True):
        if role is None:
            continue
        start = day
        if found and found[-1][1] is role and found[-1][0].last == day - ONE_DAY:
            start = found.pop()[0].first
        found.append((Days(first=start, last=after - ONE_DAY), role))
    return tuple(found)


def _role(row: Position | RoleGrant) -> Role:
    if isinstance(row, Position):
        return ON_DUTY_AS[Position.Category(row.category)]
    return BY_ROLE[Grant(row.role)]


def _is_valid(row: Position | RoleGrant, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to > day)


def _is_here(row: Position | RoleGrant, at: Workplace | None) -> bool:
    return (
        at is None
        or (at.station_id is not None and row.station_id == at.station_id)
        or (at.sentral_id is not None and row.sentral_id == at.sentral_id)
    )
