"""Builders for tests: plain functions that make one thing with sensible defaults."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count

from varde.apps.records import settings as dated
from varde.apps.records.models import (
    Attendance,
    Bed,
    Call,
    Catchment,
    Contact,
    DatedSetting,
    District,
    Duty,
    Fastlege,
    FastlegeOffice,
    IndexVersion,
    Municipality,
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    Patient,
    Place,
    RoleGrant,
    Sentral,
    SentralDistrict,
    Station,
    TravelTime,
    User,
)
from varde.apps.records.scope import scope_of, scoped
from varde.apps.sentral.services import contacts
from varde.apps.station.access import all_stations
from varde.content import starter_index_text
from varde.domain.national_id import make_synthetic


NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
_serial = count(1)


def settings():
    """The starter settings, as every installation has them."""
    return dated.load_starters()


def decide(key, value):
    """The site has decided on another value of a setting; it is read anew."""
    DatedSetting.objects.filter(key=key).update(value=value)
    dated.forget()


def district(code="ind", name="Indre distrikt"):
    return District.objects.get_or_create(code=code, defaults={"name": name})[0]


def sentral(code="HEL", *, of=None):
    host = of or district()
    made, is_new = Sentral.objects.get_or_create(
        code=code, defaults={"name": f"Sentral {code}", "host_district": host}
    )
    if is_new:
        SentralDistrict.objects.create(sentral=made, district=host, valid_from=LONG_AGO)
    return made


def municipality(number="1824", name="Vefsn"):
    return Municipality.objects.get_or_create(
        number=number, defaults={"name": name, "county": "Nordland"}
    )[0]


def station(code="varden", *, of=None, serves=()):
    made, _ = Station.objects.get_or_create(
        code=code,
        defaults={
            "name": f"Legevakt {code}",
            "district": of or district(),
            "municipality": municipality(),
        },
    )
    for place in serves:
        Catchment.objects.create(municipality=place, station=made, valid_from=LONG_AGO)
    return made


def place_of(station):
    """The station as the station's own services take it."""
    return next(place for place in all_stations() if place.id == station.pk)


def user(username="kari", *, roles=(), at=None, password=None, **fields):
    """A user with roles at a sentral, a station or a district."""
    made, is_new = User.objects.get_or_create(username=username, defaults=fields)
    if is_new and password:
        made.set_password(password)
        made.save()
    for role in roles:
        place = at or sentral()
        kind = {Sentral: "sentral", Station: "station", District: "district"}[
            type(place)
        ]
        RoleGrant.objects.create(
            user=made, role=role, valid_from=LONG_AGO, **{kind: place}
        )
    return made


def operator(username="kari", *, at=None, **fields):
    return user(username, roles=["operator"], at=at, **fields)


def patient(*, of=None, national_id="", **fields):
    return Patient.objects.create(
        district=of or district(),
        national_id=national_id,
        created_at=NOW,
        **{"given_name": "Test", "family_name": f"Person{next(_serial)}"} | fields,
    )


def nursing_home(name="Helgetun", *, of=None, number="", hours=(), **fields):
    """A nursing home; `hours` are (weekday, opens, closes) from long ago."""
    made = NursingHome.objects.create(
        name=name,
        municipality=of or municipality(),
        **{"doctor_name": "Nina Natt", "doctor_phone": "90000011"} | fields,
    )
    if number:
        NursingHomeNumber.objects.create(home=made, number=number)
    for weekday, opens, closes in hours:
        NursingHomeHours.objects.create(
            home=made,
            weekday=weekday,
            opens=opens,
            closes=closes,
            valid_from=LONG_AGO,
        )
    return made


def call(*, at=None, ringing_at=NOW, state="ringing", **fields):
    place = at or sentral()
    return Call.objects.create(
        sentral=place,
        district=place.host_district,
        external_id=fields.pop("external_id", f"c{next(_serial)}"),
        state=state,
        ringing_at=ringing_at,
        recorded_at=ringing_at or NOW,
        **fields,
    )


def contact(*, at=None, opened_at=NOW, **fields):
    place = at or sentral()
    return Contact.objects.create(
        sentral=place,
        district=fields.pop("district", place.host_district),
        opened_at=opened_at,
        recorded_at=opened_at,
        **fields,
    )


def attendance(contact_row=None, *, at=None, arrived_at=NOW, by=None, **fields):
    """A patient at a station. The contact is made where none is given."""
    place = at or station()
    row = contact_row or contact(
        district=place.district, channel="door", state="in_care", patient=patient()
    )
    return Attendance.objects.create(
        contact=row,
        district=row.district,
        sentral=row.sentral,
        station=place,
        way=fields.pop("way", "walk_in"),
        ticket=fields.pop("ticket", f"A{next(_serial) % 100:02}"),
        arrived_at=arrived_at,
        recorded_at=arrived_at,
        registered_by=by or user("registrar", roles=["nurse"], at=place),
        **fields,
    )


def bed(code="KAD 1", *, at=None, kind="kad", first_on=LONG_AGO, **fields):
    return Bed.objects.create(
        station=at or station(),
        code=code,
        kind=kind,
        first_on=first_on,
        made_at=NOW,
        **fields,
    )


def nurse(username="nora", *, at=None, **fields):
    return user(username, roles=["nurse"], at=at or station(), **fields)


def duty(person, post="forvakt", *, at=None, starts_at=None, hours=8, **fields):
    place = at or sentral()
    kind = "station" if isinstance(place, Station) else "sentral"
    start = starts_at or NOW - timedelta(hours=1)
    return Duty.objects.create(
        person=person,
        post=post,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        **{kind: place},
        **fields,
    )


def fastlege(name="Lege Fjell", *, lets_us_book=False):
    office = FastlegeOffice.objects.create(
        name="Fjell legesenter", municipality=municipality(), lets_us_book=lets_us_book
    )
    return Fastlege.objects.create(name=name, office=office)


def place(name="Elvebyen", *, of=None, minutes=None):
    """A place with the minutes by road to stations: {station: minutes}."""
    made, _ = Place.objects.get_or_create(
        name=name,
        municipality=of or municipality(),
        defaults={"latitude": 65.84, "longitude": 13.19, "source": "Test"},
    )
    for to, minute in (minutes or {}).items():
        TravelTime.objects.get_or_create(
            place=made, station=to, defaults={"minutes": minute, "source": "Test"}
        )
    return made


def index_in_use(*, of=None, text=None, version="2026.1"):
    """An index version that a district uses; the starter index unless a text is given."""
    text = text or starter_index_text()
    return IndexVersion.objects.create(
        district=of or district(),
        index_id="varde_startindeks",
        version=version,
        title="Startindeks",
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        filename="startindeks.yaml",
        state=IndexVersion.State.IN_USE,
        installed_at=NOW,
    )


def national_id(serial=0, *, born=date(1984, 5, 17), female=True):
    """A synthetic number (month + 80) as digits."""
    return make_synthetic(birth_date=born, serial=serial, female=female).digits


@dataclass
class House:
    """A sentral that answers for two districts, with a station and people in each.

    Vefsn is served by the station of the host district, Alstahaug by that of the outer
    one; Bodø by nobody here.
    """

    sentral: Sentral
    inner: District
    outer: District
    vefsn: Municipality
    alstahaug: Municipality
    bodo: Municipality
    elv: Station
    strand: Station
    kari: User
    ola: User
    leader: User
    doctor: User

    def contact(self, *, by=None, channel="phone", at=NOW, **fields):
        """A contact opened by the service, in somebody's hand."""
        opened = contacts.open_contact(
            sentral=self.sentral, channel=channel, by=by or self.kari, at=at
        )
        if fields:
            Contact.objects.filter(pk=opened.pk).update(**fields)
            opened.refresh_from_db()
        return opened

    def scope(self, user):
        """What this person may do."""
        return scope_of(user, on=NOW.date())

    def at_work(self, user):
        """A transaction of the web process, in this person's scope."""
        return scoped(districts=self.scope(user).districts, user_id=user.pk)


def house():
    """Everything that a contact needs around it."""
    settings()
    inner, outer = district(), district("ytre", "Ytre distrikt")
    place_of_work = sentral(of=inner)
    SentralDistrict.objects.get_or_create(
        sentral=place_of_work, district=outer, defaults={"valid_from": LONG_AGO}
    )
    vefsn = municipality()
    alstahaug = municipality("1820", "Alstahaug")
    return House(
        sentral=place_of_work,
        inner=inner,
        outer=outer,
        vefsn=vefsn,
        alstahaug=alstahaug,
        bodo=municipality("1804", "Bodø"),
        elv=station("elv", of=inner, serves=[vefsn]),
        strand=station("strand", of=outer, serves=[alstahaug]),
        kari=operator("kari", at=place_of_work, first_name="Kari", last_name="Li"),
        ola=operator("ola", at=place_of_work, first_name="Ola", last_name="Moe"),
        leader=user("vaktleder", roles=["shift_leader"], at=place_of_work),
        doctor=user("lege", roles=["doctor"], at=place_of_work, hpr_number="1234567"),
    )
