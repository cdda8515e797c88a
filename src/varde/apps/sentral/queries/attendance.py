"""A time for the one who must come: the stations, the way there, and what is free."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Contact, Outcome, Station, TravelTime
from varde.apps.records.scope import districts_served
from varde.apps.sentral.queries import reference
from varde.domain.attendance import Interval, Proposal, propose_time
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import ARRIVAL, PHONE, Hastegrad


@dataclass(frozen=True, slots=True, kw_only=True)
class StationChoice:
    """A station that the patient may be sent to."""

    id: int
    name: str
    is_own: bool  # the one that serves the patient's place
    travel_min: int | None  # None: not known, ask


def stations_for(contact: Contact, *, now: datetime) -> tuple[StationChoice, ...]:
    """The stations that the sentral may send to, the contact's own first, the rest by
    travel time."""
    known = _travel_times(contact)
    rows = [
        StationChoice(
            id=station.pk,
            name=station.name,
            is_own=station.pk == contact.station_id,
            travel_min=known.get(station.pk),
        )
        for station in may_send_to(contact, now=now)
    ]
    far = 10**6
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                not row.is_own,
                far if row.travel_min is None else row.travel_min,
                row.name,
            ),
        )
    )


def may_send_to(contact: Contact, *, now: datetime) -> QuerySet[Station]:
    """The stations of the contact's district, and of all that its sentral answers for on
    that day."""
    served = districts_served([contact.sentral_id], on=timezone.localdate(now))
    return Station.objects.filter(district__in={contact.district_id, *served})


def known_travel_min(contact: Contact, station_id: int) -> int | None:
    """Minutes by road from the contact's place; None where nobody knows."""
    return _travel_times(contact).get(station_id)


def propose(
    contact: Contact, *, station_id: int, travel_min: int | None, now: datetime
) -> Proposal:
    """The earliest time that hastegrad, capacity and travel allow at a station.

    The window runs from when the hastegrad was set. Times promised to others take their
    places, also those who have arrived; cancelled ones do not. Raises `RuleBroken`:
    HASTEGRAD_NOT_SET, RED_IS_NEVER_QUEUED, TRAVEL_TIME_UNKNOWN, NO_ATTENDANCE_TIME.
    """
    hastegrad = refuse_red(contact)
    if travel_min is None:
        raise RuleBroken(Rule.TRAVEL_TIME_UNKNOWN)
    district = reference.station_district(station_id) or contact.district_id
    ahead = intervals(station_id, district_id=district, now=now)
    return propose_time(
        now=now,
        hastegrad=hastegrad,
        hastegrad_at=_hastegrad_at(contact) or now,
        window_minutes=_window(
            hastegrad, district_id=district, station_id=station_id, now=now
        ),
        travel_minutes=travel_min,
        intervals=ahead,
        promised=promised(station_id, ahead),
    )


def refuse_red(contact: Contact) -> Hastegrad:
    """The contact's hastegrad, which may be given a time. Raises `RuleBroken`:
    HASTEGRAD_NOT_SET, RED_IS_NEVER_QUEUED."""
    hastegrad = hastegrad_of(contact)
    if hastegrad is None:
        raise RuleBroken(Rule.HASTEGRAD_NOT_SET)
    if hastegrad.is_most_urgent:
        raise RuleBroken(Rule.RED_IS_NEVER_QUEUED, hastegrad=hastegrad.code)
    return hastegrad


def is_free(station_id: int, *, district_id: int, at: datetime, now: datetime) -> bool:
    """Whether the station has room for one more at a time.

    Each place of an hour holds one patient, as in `domain.attendance`. Beyond the time
    that is looked ahead nothing is promised by the system, so there it is free.
    """
    ahead = intervals(station_id, district_id=district_id, now=now)
    for interval in ahead:
        if interval.starts_at <= at < interval.ends_at:
            inside = [
                moment
                for moment in promised(station_id, ahead)
                if interval.starts_at <= moment < interval.ends_at
            ]
            if len(inside) >= interval.places:
                return False
            places = (interval.place(n) for n in range(interval.places))
            starts, ends = next(p for p in places if p[0] <= at < p[1])
            return not any(starts <= moment < ends for moment in inside)
    return True


def intervals(
    station_id: int, *, district_id: int, now: datetime
) -> tuple[Interval, ...]:
    """The station's capacity, hour by hour, from this hour and as far as is looked."""
    on = timezone.localdate(now)
    place = {"district_id": district_id, "station_id": station_id}
    hours = settings.value("attendance.look_ahead_h", on=on, **place)
    per_hour = settings.value("attendance.per_hour", on=on, **place)
    start = now.replace(minute=0, second=0, microsecond=0)
    return tuple(
        Interval(
            starts_at=start + timedelta(hours=hour),
            ends_at=start + timedelta(hours=hour + 1),
            places=per_hour,
        )
        for hour in range(hours)
    )


def promised(station_id: int, ahead: tuple[Interval, ...]) -> list[datetime]:
    """The times promised at a station within these hours."""
    if not ahead:
        return []
    return list(
        Outcome.objects.filter(
            ~Q(state=Outcome.State.CANCELLED),
            kind=Outcome.Kind.ATTENDANCE,
            station_id=station_id,
            promised_at__gte=ahead[0].starts_at,
            promised_at__lt=ahead[-1].ends_at,
        ).values_list("promised_at", flat=True)
    )


def hastegrad_of(contact: Contact) -> Hastegrad | None:
    """The contact's hastegrad: at arrival if it was seen, else by phone; None if unset."""
    if contact.hastegrad_arrival:
        return ARRIVAL.level(contact.hastegrad_arrival)
    if contact.hastegrad_phone:
        return PHONE.level(contact.hastegrad_phone)
    return None


def _hastegrad_at(contact: Contact) -> datetime | None:
    """When the hastegrad of now was set, by the last judgement on its axis."""
    axis = "arrival" if contact.hastegrad_arrival else "phone"
    moment: datetime | None = (
        contact.assessments.filter(axis=axis)
        .order_by("-occurred_at", "-pk")
        .values_list("occurred_at", flat=True)
        .first()
    )
    return moment


def _window(
    hastegrad: Hastegrad, *, district_id: int, station_id: int, now: datetime
) -> int | None:
    minutes: dict[str, int | None] = settings.value(
        f"{hastegrad.scale.code}.minutes",
        on=timezone.localdate(now),
        district_id=district_id,
        station_id=station_id,
    )
    return minutes[hastegrad.code]


def _travel_times(contact: Contact) -> dict[int, int]:
    if contact.place_id is None:
        return {}
    rows = TravelTime.objects.filter(place_id=contact.place_id)
    return dict(rows.values_list("station_id", "minutes"))
