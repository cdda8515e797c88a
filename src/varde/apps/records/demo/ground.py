"""The made-up organisation: who serves whom, who works there, who is on duty."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from varde.apps.records import holidays
from varde.apps.records.models import (
    Bed,
    BedKind,
    Catchment,
    District,
    Duty,
    Fastlege,
    FastlegeOffice,
    FastlegeSlot,
    Municipality,
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    Place,
    Population,
    RoleGrant,
    Sentral,
    SentralDistrict,
    Station,
    TravelTime,
    User,
)
from varde.domain.workdays import next_workday
from varde.engines.demo.codes import Ints
from varde.engines.demo.places import Demo, StaffMember
from varde.engines.demo.rosters import duties
from varde.engines.demo.staff import fastleger, staff_of


OSLO = ZoneInfo("Europe/Oslo")
BEGAN_ON = date(2015, 1, 1)  # as the catchments of the content
DUTIES_BEFORE = timedelta(days=60)
DUTIES_AHEAD = timedelta(days=120)
SLOT_HOURS = ((8, 20), (8, 40), (11, 20), (13, 0))
SLOT_DAYS = 5
HOME_NUMBERS, HOME_DOCTORS = 40_009_000, 40_009_500
HOME_HOURS = (
    *((day, time(8), time(15)) for day in range(5)),
    *((day, time(17), time(20)) for day in range(4)),
)
DEMO_BEDS = (
    ("KAD 1", BedKind.KAD),
    ("KAD 2", BedKind.KAD),
    ("Obs 1", BedKind.OBSERVATION),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The rows that the history points to, in the order of the demo's tuples."""

    districts: dict[str, int]
    sentraler: dict[str, int]
    stations: Ints
    station_district: Ints  # the district's id, by place in the stations
    places: Ints
    municipalities: tuple[str, ...]
    fastleger: Ints
    users: dict[str, int]

    def staff(self, members: Sequence[StaffMember]) -> Ints:
        """The users' ids, by place in the staff of a sentral."""
        return np.array([self.users[m.username] for m in members], dtype=np.int64)


def lay(demo: Demo, *, at: datetime, password: str, scale: float = 1.0) -> Ground:
    """Put the organisation in. `password` is a hash: everybody made up has the same."""
    _municipalities(demo)
    districts = {
        d.code: District.objects.create(code=d.code, name=d.name)
        for d in demo.districts
    }
    sentraler = dict(_sentraler(demo, districts))
    stations = dict(_stations(demo, districts))
    _beds(stations.values(), at=at)
    _nursing_homes(stations.values())
    places = _places(demo, stations)
    return Ground(
        districts={code: row.pk for code, row in districts.items()},
        sentraler={code: row.pk for code, row in sentraler.items()},
        stations=np.array([stations[s.code].pk for s in demo.stations]),
        station_district=np.array([districts[s.district].pk for s in demo.stations]),
        places=np.array([place.pk for place in places]),
        municipalities=tuple(m.number for m in demo.municipalities),
        fastleger=np.array(_fastleger(demo)),
        users=_users(demo, sentraler, districts, stations, password, scale=scale),
    )


def _municipalities(demo: Demo) -> None:
    Municipality.objects.bulk_create(
        [
            Municipality(number=row.number, name=row.name, county=row.county)
            for row in (*demo.municipalities, *demo.visitor_homes)
        ]
    )
    source = demo.sources["population.csv"][:200]
    Population.objects.bulk_create(
        [
            Population(
                municipality_id=m.number,
                year=year,
                inhabitants=count,
                inhabitants_65_plus=m.population_65.get(year),
                source=source,
            )
            for m in demo.municipalities
            for year, count in m.population.items()
        ]
    )


def _sentraler(
    demo: Demo, districts: dict[str, District]
) -> Iterator[tuple[str, Sentral]]:
    for made_up in demo.sentraler:
        sentral = Sentral.objects.create(
            code=made_up.code,
            name=made_up.name,
            host_district=districts[made_up.host_district],
            phone="116117",
        )
        for code in made_up.districts:
            SentralDistrict.objects.create(
                sentral=sentral, district=districts[code], valid_from=BEGAN_ON
            )
        yield made_up.code, sentral


def _stations(
    demo: Demo, districts: dict[str, District]
) -> Iterator[tuple[str, Station]]:
    for made_up in demo.stations:
        yield (
            made_up.code,
            Station.objects.create(
                code=made_up.code,
                name=made_up.name,
                district=districts[made_up.district],
                municipality_id=made_up.municipality,
                address=made_up.address,
                latitude=made_up.latitude,
                longitude=made_up.longitude,
            ),
        )


def _beds(stations: Iterable[Station], *, at: datetime) -> None:
    """The same few beds at every station: a place to begin."""
    Bed.objects.bulk_create(
        [
            Bed(station=station, code=code, kind=kind, first_on=BEGAN_ON, made_at=at)
            for station in stations
            for code, kind in DEMO_BEDS
        ]
    )


def _nursing_homes(stations: Iterable[Station]) -> None:
    """One home in the municipality of each station, with its doctor's hours."""
    places = sorted({station.municipality_id for station in stations})
    names = dict(Municipality.objects.values_list("number", "name"))
    homes = NursingHome.objects.bulk_create(
        NursingHome(
            name=f"Prøvehjemmet i {names[place]}",
            municipality_id=place,
            doctor_name=f"Lege nr. {number} på prøvehjemmet",
            doctor_phone=f"{HOME_DOCTORS + number}",
        )
        for number, place in enumerate(places, start=1)
    )
    NursingHomeNumber.objects.bulk_create(
        NursingHomeNumber(home=home, number=f"{HOME_NUMBERS + number}")
        for number, home in enumerate(homes, start=1)
    )
    NursingHomeHours.objects.bulk_create(
        NursingHomeHours(
            home=home, weekday=day, opens=opens, closes=closes, valid_from=BEGAN_ON
        )
        for home in homes
        for day, opens, closes in HOME_HOURS
    )


def _places(demo: Demo, stations: dict[str, Station]) -> list[Place]:
    Catchment.objects.bulk_create(
        [
            Catchment(
                municipality_id=c.municipality,
                station=stations[c.station],
                valid_from=c.valid_from,
                valid_to=c.valid_to,
            )
            for c in demo.catchments
        ]
    )
    places = Place.objects.bulk_create(
        [
            Place(
                municipality_id=p.municipality,
                name=p.name,
                latitude=p.latitude,
                longitude=p.longitude,
                source=demo.sources["places.csv"][:200],
            )
            for p in demo.places
        ]
    )
    TravelTime.objects.bulk_create(
        [
            TravelTime(
                place=place,
                station=stations[code],
                minutes=minutes,
                source=demo.sources["travel_minutes.csv"][:200],
            )
            for place, known in zip(places, demo.places, strict=True)
            for code, minutes in known.travel_min.items()
        ]
    )
    return places


def _fastleger(demo: Demo) -> list[int]:
    offices = FastlegeOffice.objects.bulk_create(
        [
            FastlegeOffice(
                name=office.name,
                municipality_id=office.municipality,
                lets_us_book=office.lets_us_book,
            )
            for office in demo.offices
        ]
    )
    doctors = Fastlege.objects.bulk_create(
        [Fastlege(name=d.name, office=offices[d.office]) for d in fastleger(demo)]
    )
    return [doctor.pk for doctor in doctors]


def _users(
    demo: Demo,
    sentraler: dict[str, Sentral],
    districts: dict[str, District],
    stations: dict[str, Station],
    password: str,
    *,
    scale: float,
) -> dict[str, int]:
    members = {
        member.username: member
        for sentral in demo.sentraler
        for member in staff_of(demo, sentral.code, scale=scale)
    }
    users = User.objects.bulk_create(
        [
            User(
                username=m.username,
                first_name=m.given_name,
                last_name=m.family_name,
                operator_code=m.operator_code,
                password=password,
            )
            for m in members.values()
        ]
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(
                user=user,
                role=m.role,
                valid_from=BEGAN_ON,
                sentral=sentraler.get(m.place),
                district=None if m.place in sentraler else districts.get(m.place),
                station=stations.get(m.place),
            )
            for user, m in zip(users, members.values(), strict=True)
        ]
    )
    return {user.username: user.pk for user in users}


def put_on_duty(demo: Demo, *, seed: int, on: date, scale: float = 1.0) -> int:
    """See to it that somebody is on duty from now and for months. Returns how many new.

    Duties that are there are kept, so that this may be done at every start.
    """
    last = Duty.objects.order_by("-starts_at").values_list("starts_at", flat=True)
    newest = last.first()
    first = on - DUTIES_BEFORE
    if newest is not None:
        first = max(first, newest.astimezone(OSLO).date() + timedelta(days=1))
    until = on + DUTIES_AHEAD
    users = dict(User.objects.values_list("username", "pk"))
    sentraler = dict(Sentral.objects.values_list("code", "pk"))
    stations = dict(Station.objects.values_list("code", "pk"))
    rows = []
    for sentral in demo.sentraler:
        staff = staff_of(demo, sentral.code, scale=scale)
        made = duties(
            demo,
            staff,
            sentral=sentral.code,
            seed=seed,
            first=first,
            last=until,
            scale=scale,
        )
        rows += [
            Duty(
                person_id=users[staff[duty.person].username],
                post=duty.post,
                sentral_id=sentraler.get(duty.place),
                station_id=stations.get(duty.place),
                starts_at=duty.starts_at,
                ends_at=duty.ends_at,
            )
            for duty in made
        ]
    Duty.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def open_surgeries(*, on: date) -> int:
    """Hours given by the surgeries that let the sentral book, the next working days."""
    doctors = list(Fastlege.objects.filter(office__lets_us_book=True))
    days, day = [], on
    for _ in range(SLOT_DAYS):
        day = next_workday(day, holidays=holidays.around(day))
        days.append(day)
    slots = [
        FastlegeSlot(
            fastlege=doctor,
            starts_at=datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO),
        )
        for doctor in doctors
        for day in days
        for hour, minute in SLOT_HOURS
    ]
    FastlegeSlot.objects.bulk_create(slots, ignore_conflicts=True)
    return len(slots)
