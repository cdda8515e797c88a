"""Builders for tests: plain functions that make one thing with sensible defaults."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from varde.apps.records import settings as dated
from varde.apps.records.models import (
    Call,
    Catchment,
    Contact,
    District,
    Duty,
    Fastlege,
    FastlegeOffice,
    Municipality,
    Patient,
    RoleGrant,
    Sentral,
    SentralDistrict,
    Station,
    User,
)


NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
_serial = count(1)


def settings():
    """The starter settings, as every installation has them."""
    return dated.load_starters()


def district(code="ind", name="Indre distrikt"):
    return District.objects.get_or_create(code=code, defaults={"name": name})[0]


def sentral(code="HEL", *, of=None):
    host = of or district()
    made, is_new = Sentral.objects.get_or_create(
        code=code, defaults={"name": f"Sentral {code}", "host_district": host}
    )
    if is_new:
        SentralDistrict.objects.create(
            sentral=made, district=host, valid_from=LONG_AGO
        )
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
        Catchment.objects.create(
            municipality=place, station=made, valid_from=LONG_AGO
        )
    return made


def user(username="kari", *, roles=(), at=None, password=None, **fields):
    """A user with roles at a sentral, a station or a district."""
    made, is_new = User.objects.get_or_create(username=username, defaults=fields)
    if is_new and password:
        made.set_password(password)
        made.save()
    for role in roles:
        place = at or sentral()
        kind = {Sentral: "sentral", Station: "station", District: "district"}[type(place)]
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
