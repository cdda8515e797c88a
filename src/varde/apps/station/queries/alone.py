"""Who is at the station now, and how many hours somebody was alone there."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Duty
from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace
from varde.domain import alone, duty
from varde.domain.alone import AloneCount, Together


MOST_DAYS = 366
LOOK_AHEAD = timedelta(days=2)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A person on duty now, in which posts, until when."""

    name: str
    posts: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """Who is on duty now by the roster, and until when it stays so.

    `until` None: nothing changes in the next two days.
    """

    people: tuple[OnDuty, ...]
    until: datetime | None

    @property
    def is_alone(self) -> bool:
        """Whether exactly one person is on duty."""
        return len(self.people) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """True hours alone and without any duty, of a day or of an hour of the clock."""

    alone: float
    uncovered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneSpan:
    """One time in which one person was alone."""

    starts_at: datetime
    ends_at: datetime
    name: str
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A period from `first` through `last`, counted. Times that are ahead are planned."""

    first: date
    last: date
    total: Hours
    by_day: tuple[tuple[date, Hours], ...]
    by_hour: tuple[tuple[int, Hours], ...]
    spans: tuple[AloneSpan, ...]


def now_at(place: StationPlace, *, now: datetime) -> Now:
    """Who is on duty at this moment. Two queries at most, and one for each new name."""
    until = now + LOOK_AHEAD
    rows = _duties(place, start=now, end=until)
    piece = alone.together(map(_domain, rows), start=now, end=until)[0]
    people = []
    for person in sorted(piece.people):
        held = [r for r in rows if str(r.person_id) == person and r.starts_at <= now]
        people.append(
            OnDuty(
                name=reference.person_name(int(person)),
                posts=", ".join(dict.fromkeys(str(POST[row.post]) for row in held)),
                until=max(row.ends_at for row in held),
            )
        )
    return Now(
        people=tuple(people), until=piece.ends_at if piece.ends_at < until else None
    )


def report(place: StationPlace, *, first: date, last: date) -> Report:
    """The hours alone from a day through another. `last` is not before `first`."""
    zone = timezone.get_current_timezone()
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    rows = _duties(place, start=start, end=end)
    pieces = alone.together(map(_domain, rows), start=start, end=end)
    by_day = alone.alone_by_day(pieces, zone=zone)
    return Report(
        first=first,
        last=last,
        total=_hours(sum(by_day.values(), AloneCount())),
        by_day=tuple((day, _hours(count)) for day, count in by_day.items()),
        by_hour=tuple(
            (hour, _hours(count))
            for hour, count in enumerate(alone.alone_by_hour(pieces, zone=zone))
        ),
        spans=tuple(_span(piece) for piece in alone.alone(pieces)),
    )


def _duties(place: StationPlace, *, start: datetime, end: datetime) -> list[Duty]:
    counted: dict[str, int] = settings.value(
        "alone.posts",
        on=timezone.localdate(start),
        station_id=place.id,
        district_id=place.district_id,
    )
    return list(
        Duty.objects.filter(
            station=place.id,
            post__in=[post for post, counts in counted.items() if counts],
            ends_at__gt=start,
            starts_at__lt=end,
        ).order_by("starts_at", "pk")
    )


def _domain(row: Duty) -> duty.Duty:
    return duty.Duty(
        person=str(row.person_id),
        role=row.post,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _span(piece: Together) -> AloneSpan:
    (person,) = piece.people
    return AloneSpan(
        starts_at=piece.starts_at,
        ends_at=piece.ends_at,
        name=reference.person_name(int(person)),
        hours=piece.length / HOUR,
    )


def _hours(count: AloneCount) -> Hours:
    return Hours(alone=count.alone / HOUR, uncovered=count.uncovered / HOUR)
