"""Who is on duty now and next, by place and post, and how each is reached.

From the duties that the published rotas write, and those that no rota has made. That
somebody has been seen at work confirms it, and is never taken for granted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from varde.apps.records import on_duty
from varde.apps.records.models import (
    DoctorEvent,
    Duty,
    DutyLine,
    NodnettDay,
    Position,
    Rota,
    RotaDuty,
    Sentral,
    Station,
    WorkSession,
)
from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries import standins
from varde.apps.sentral.queries.standins import AnsweringNow
from varde.apps.staffing import access
from varde.apps.staffing.access import Workplace, WorkplaceKind
from varde.apps.staffing.messages.people import CATEGORY
from varde.apps.staffing.queries import nodnett
from varde.apps.staffing.queries.competence import Standing, standings_by_place
from varde.apps.staffing.queries.on_duty_shown import (
    Coming,
    NodnettNow,
    OnDuty,
    Picture,
    Place,
    VacantNow,
)
from varde.apps.staffing.queries.people import alone_state


AHEAD = timedelta(days=7)  # so far is looked for who comes next; ours
FRONT = (
    Duty.Post.FORVAKT,
    Duty.Post.KONSULTASJONSVAKT,
    Duty.Post.BEREDSKAPSVAKT,
)
DOCTORS = (*FRONT, Duty.Post.BAKVAKT)
ORDER = [
    *DOCTORS,
    Duty.Post.NURSE,
    Duty.Post.SHIFT_LEADER,
    Duty.Post.OPERATOR,
]


def house_of(workplace: Workplace) -> tuple[Workplace, ...]:
    """The workplace, and what belongs to it: a sentral's stations, a station's sentral."""
    near = [
        other
        for other in access.workplaces()
        if other.key != workplace.key
        and other.kind is not workplace.kind
        and set(other.sentraler) & set(workplace.sentraler)
    ]
    return (workplace, *near)


def picture(workplace: Workplace, *, now: datetime) -> Picture:
    """Who is on duty in the house of a workplace. Its own place first.

    A fixed number of statements for each place, however many people.
    """
    house = house_of(workplace)
    running = _by_place(
        on_duty.running(now=now)
        .filter(_where(house))
        .select_related("person", "rota_duty"),
        house,
    )
    vacant = _by_place(
        on_duty.vacant(now=now).filter(_where(house, "rota__")).select_related("rota"),
        house,
    )
    coming = _coming(house, now=now)
    found = _Found(
        standing=_standings(running, now=now),
        roles=_roles(running, now=now),
        seen=_seen([row for rows in running.values() for row in rows]),
    )
    bakvakter = _bakvakter(running)
    phones = _phones(house)
    turns = nodnett.on_day(
        {place.station_id for place in house} - {None}, day=timezone.localdate(now)
    )
    return Picture(
        at=now,
        houses=tuple(
            Place(
                workplace=place,
                phone=phones.get(place.key, ""),
                is_here=place.key == workplace.key,
                now=_lines(place, running[place], found, bakvakter),
                vacant=_vacant(vacant[place]),
                coming=coming[place.key],
                nodnett=_nodnett(turns.get(place.station_id or 0), now=now),
            )
            for place in house
        ),
        functions=functions(workplace, now=now),
    )


def functions(workplace: Workplace, *, now: datetime) -> tuple[AnsweringNow, ...]:
    """Who answers now for each function that belongs to a workplace."""
    on = timezone.localdate(now)
    return standins.answering_now(
        functions_of(workplace, now=now),
        now=now,
        office=standins.office_hours(on=on, district_id=workplace.district_id),
    )


def functions_of(
    workplace: Workplace, *, now: datetime
) -> tuple[standins.FunctionOf, ...]:
    """The functions that belong to a workplace: a station's, or all behind a sentral."""
    on = timezone.localdate(now)
    if workplace.kind is WorkplaceKind.STATION:
        stations = list(Station.objects.filter(pk=workplace.id))
        return standins.functions_of_stations(stations, on=on)
    sentral = Sentral.objects.get(pk=workplace.id)
    return standins.functions_of_sentral(sentral, on=on)


def lines_of(workplace: Workplace) -> list[DutyLine]:
    """The phones and nødnett groups that follow the posts of a workplace."""
    rows = DutyLine.objects.filter(**workplace.where)
    return sorted(rows, key=lambda row: ORDER.index(Duty.Post(row.post)))


# ------------------------------------------------------------------------------ parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    standing: Mapping[tuple[str, int], Standing]
    roles: Mapping[int, str]
    seen: Mapping[int, datetime]


def _where(house: Sequence[Workplace], prefix: str = "") -> Q:
    found = Q(pk__in=())
    for place in house:
        found |= Q(**{f"{prefix}{name}": value for name, value in place.where.items()})
    return found


def _by_place(rows: Iterable[Any], house: Sequence[Workplace]) -> dict[Workplace, list]:
    """The rows by workplace, in the order of the posts."""
    by_id = {(place.station_id, place.sentral_id): place for place in house}
    found: dict[Workplace, list] = {place: [] for place in house}
    for row in rows:
        of = row.rota if isinstance(row, RotaDuty) else row
        found[by_id[(of.station_id, of.sentral_id)]].append(row)
    for mine in found.values():
        mine.sort(
            key=lambda row: (ORDER.index(Duty.Post(row.post)), row.starts_at, row.pk)
        )
    return found


def _standings(
    running: Mapping[Workplace, list[Duty]], *, now: datetime
) -> dict[tuple[str, int], Standing]:
    doctors: dict[Workplace, Collection[int]] = {
        place: {row.person_id for row in rows if row.post in DOCTORS}
        for place, rows in running.items()
        if any(row.post in DOCTORS for row in rows)
    }
    return standings_by_place(doctors, on=timezone.localdate(now)) if doctors else {}


def _roles(running: Mapping[Workplace, list[Duty]], *, now: datetime) -> dict[int, str]:
    """What each is by position, at the place before others."""
    on = timezone.localdate(now)
    people = {row.person_id for rows in running.values() for row in rows}
    rows = Position.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), person__in=people, valid_from__lte=on
    ).order_by("valid_from", "pk")
    found: dict[int, str] = {}
    for row in rows:
        found.setdefault(row.person_id, str(CATEGORY[Position.Category(row.category)]))
    return found


def _seen(rows: Sequence[Duty]) -> dict[int, datetime]:
    """When each was last seen at work: at a workstation, or by what a doctor said."""
    if not rows:
        return {}
    people = {row.person_id for row in rows}
    since = min(row.starts_at for row in rows)
    used = WorkSession.objects.filter(user__in=people, used_at__gte=since)
    told = DoctorEvent.objects.filter(doctor__in=people, occurred_at__gte=since)
    found: dict[int, datetime] = {}
    for pk, moment in (
        *used.values_list("user").annotate(Max("used_at")),
        *told.values_list("doctor").annotate(Max("occurred_at")),
    ):
        found[pk] = max(moment, found.get(pk, moment))
    return found


def _bakvakter(running: Mapping[Workplace, list[Duty]]) -> dict[Workplace, list[Duty]]:
    """Who is bakvakt for each place: its own, else that of the sentral behind it."""
    own = {
        place: [row for row in rows if row.post == Duty.Post.BAKVAKT]
        for place, rows in running.items()
    }
    shared = [
        row
        for place, rows in own.items()
        if place.kind is WorkplaceKind.SENTRAL
        for row in rows
    ]
    return {place: rows or shared for place, rows in own.items()}


def _lines(
    place: Workplace,
    rows: Sequence[Duty],
    found: _Found,
    bakvakter: Mapping[Workplace, list[Duty]],
) -> tuple[OnDuty, ...]:
    needy = [row for row in rows if _needs_backup(place, row, found)]
    able = [row for row in rows if row.post in FRONT and row not in needy]
    return tuple(
        _line(
            place,
            row,
            found,
            backup=[*able, *bakvakter[place]] if row in needy else [],
            needs=row in needy,
            behind=[one for one in needy if one.person_id != row.person_id]
            if row.post == Duty.Post.BAKVAKT
            else [],
        )
        for row in rows
    )


def _needs_backup(place: Workplace, row: Duty, found: _Found) -> bool:
    standing = found.standing.get((place.key, row.person_id))
    return row.post in FRONT and not (
        standing is not None and standing.alone is not None and standing.alone.may
    )


def _line(
    place: Workplace,
    row: Any,
    found: _Found,
    *,
    backup: Sequence[Duty],
    needs: bool,
    behind: Sequence[Duty],
) -> OnDuty:
    is_doctor = row.post in DOCTORS
    seen = found.seen.get(row.person_id)
    names = [one.person.name for one in backup if one.person_id != row.person_id]
    return OnDuty(
        id=row.pk,
        person_id=row.person_id,
        name=row.person.name,
        role=found.roles.get(row.person_id, ""),
        post=row.post,
        post_text=str(POST[Duty.Post(row.post)]),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        reach=on_duty.reach_of(row),
        is_reachable=row.is_reachable,
        in_rota=getattr(row, "rota_duty", None) is not None,
        seen_at=seen if seen is not None and seen >= row.starts_at else None,
        alone=alone_state(found.standing.get((place.key, row.person_id)))
        if is_doctor
        else None,
        backup=tuple(dict.fromkeys(names)),
        lacks_backup=needs and not names,
        behind=tuple(dict.fromkeys(one.person.name for one in behind)),
    )


def _vacant(rows: Sequence[RotaDuty]) -> tuple[VacantNow, ...]:
    return tuple(
        VacantNow(
            place_id=row.pk,
            post_text=str(POST[Duty.Post(row.post)]),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    )


def _coming(
    house: Sequence[Workplace], *, now: datetime
) -> dict[str, tuple[Coming, ...]]:
    """The first duties of each post that begin from now on, those that nobody has too."""
    soon = {"starts_at__gt": now, "starts_at__lt": now + AHEAD}
    held = on_duty.with_line(Duty.objects.filter(_where(house), **soon))
    empty = RotaDuty.objects.filter(
        _where(house, "rota__"), person=None, rota__state=Rota.State.PUBLISHED, **soon
    ).select_related("rota")
    rows = _by_place([*held.select_related("person"), *empty], house)
    found = {}
    for place, mine in rows.items():
        first: dict[str, datetime] = {}
        for row in mine:
            first[row.post] = min(row.starts_at, first.get(row.post, row.starts_at))
        found[place.key] = tuple(
            _next(row) for row in mine if row.starts_at == first[row.post]
        )
    return found


def _next(row: Any) -> Coming:
    is_held = row.person_id is not None
    return Coming(
        post_text=str(POST[Duty.Post(row.post)]),
        name=row.person.name if is_held else "",
        phone=on_duty.phone_of(row) if is_held else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _nodnett(row: NodnettDay | None, *, now: datetime) -> NodnettNow | None:
    if row is None or row.ends_at <= now:
        return None
    member = row.member
    return NodnettNow(
        name=nodnett.name_of(member) if member else "",
        phone=nodnett.phone_of(member) if member else "",
        radio=member.radio if member else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_now=row.starts_at <= now,
    )


def _phones(house: Sequence[Workplace]) -> dict[str, str]:
    """The number of each place itself."""
    by_kind: dict[WorkplaceKind, list[Workplace]] = defaultdict(list)
    for place in house:
        by_kind[place.kind].append(place)
    found = {}
    for kind, model in (
        (WorkplaceKind.STATION, Station),
        (WorkplaceKind.SENTRAL, Sentral),
    ):
        ids = [place.id for place in by_kind[kind]]
        numbers = dict(model.objects.filter(pk__in=ids).values_list("pk", "phone"))
        found |= {place.key: numbers[place.id] for place in by_kind[kind]}
    return found
