"""Where a contact belongs, and that all of it goes there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from tests import make
from tests.contact_acts import LATER, last_event, save
from varde.apps.records import protection
from varde.apps.records.models import (
    Catchment,
    Patient,
    TelephonyEvent,
)
from varde.apps.records.protection import scoped_tables
from varde.apps.sentral.services import contacts, outcomes


@pytest.fixture
def house(db):
    return make.house()


# Where it belongs


def test_a_municipality_leads_to_its_station(house):
    contact = house.contact()
    with house.at_work(house.kari):
        save(contact, house.kari, municipality="1824")
    contact.refresh_from_db()
    assert (contact.station, contact.district) == (house.elv, house.inner)


def test_a_place_tells_its_municipality(house):
    contact = house.contact()
    place = make.place(of=house.vefsn)
    save(contact, house.kari, place=str(place.pk))
    contact.refresh_from_db()
    assert (contact.place, contact.municipality) == (place, house.vefsn)
    assert contact.station == house.elv


def test_a_municipality_that_nobody_here_serves_leaves_the_contact_where_it_is(house):
    contact = house.contact(station=house.elv)
    save(contact, house.kari, municipality="1804")
    contact.refresh_from_db()
    assert (contact.station, contact.district) == (None, house.inner)


def test_a_station_of_a_district_that_the_sentral_does_not_answer_for_is_not_taken(
    house,
):
    far = make.district("fjern", "Fjernt distrikt")
    make.station("fjern", of=far, serves=[house.bodo])
    contact = house.contact()
    save(contact, house.kari, municipality="1804")
    contact.refresh_from_db()
    assert (contact.station, contact.district) == (None, house.inner)


def test_the_catchment_follows_the_day_and_the_hour(house):
    by_day = make.station("dag", of=house.inner)
    by_night = make.station("natt", of=house.inner)
    for station, hours in ((by_day, "day"), (by_night, "night")):
        Catchment.objects.create(
            municipality=house.bodo,
            station=station,
            hours=hours,
            valid_from=date(2026, 1, 1),
            valid_to=date(2027, 1, 1),
        )
    friday_noon = make.NOW.replace(hour=11)  # 12:00 in Norway
    saturday_noon = friday_noon + timedelta(days=1)
    after_the_end = friday_noon.replace(year=2027)
    christmas_day = friday_noon.replace(month=12, day=25)  # a Friday
    for at, expected in [
        (friday_noon, by_day),
        (make.NOW, by_night),
        (saturday_noon, by_night),
        (christmas_day, by_night),
        (after_the_end, None),
    ]:
        contact = house.contact(at=at)
        contacts.save_fields(
            contact_id=contact.pk,
            fields={"municipality": "1804"},
            by=house.kari,
            at=at,
        )
        contact.refresh_from_db()
        assert contact.station == expected, at


def everything_about(contact):
    """The district of every row that hangs on a contact."""
    found = {}
    with connection.cursor() as cursor:
        for table, where in protection.OF_CONTACT.items():
            cursor.execute(
                f"SELECT DISTINCT district_id FROM {table}"
                f" WHERE {where.replace('moved', '%(id)s')}",
                {"id": contact.pk},
            )
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def test_a_contact_moves_to_the_district_of_its_place_with_all_that_hangs_on_it(house):
    call = make.call(at=house.sentral)
    TelephonyEvent.objects.create(
        district=house.inner,
        call=call,
        event_id="1",
        kind="ringing",
        occurred_at=make.NOW,
        recorded_at=make.NOW,
    )
    with house.at_work(house.kari):
        contact = contacts.open_contact(
            sentral=house.sentral,
            channel="phone",
            by=house.kari,
            at=make.NOW,
            call=call,
        )
        outcomes.add(contact_id=contact.pk, kind="advice", by=house.kari, at=LATER)
        save(contact, house.kari, municipality="1820")
    contact.refresh_from_db()
    assert (contact.district, contact.station) == (house.outer, house.strand)
    rows = everything_about(contact)
    assert {table for table, found in rows.items() if found} >= {
        "records_call",
        "records_telephonyevent",
        "records_contactevent",
        "records_outcome",
    }
    for table, found in rows.items():
        assert found <= {house.outer.pk}, table
    assert last_event(contact).data == {
        "from_district": house.inner.pk,
        "to_district": house.outer.pk,
    }


def test_every_row_of_a_contact_is_known_to_the_move():
    """A new table with patients must be added to what follows a contact."""
    known = set(protection.OF_CONTACT) | set(protection.NOT_OF_CONTACT)
    assert set(scoped_tables()) == known


def test_the_web_process_cannot_pull_a_contact_of_another_district(house):
    far = make.district("fjern", "Fjernt distrikt")
    contact = make.contact(at=house.sentral, district=far)
    with (
        pytest.raises(ProgrammingError, match="districts at hand"),
        house.at_work(house.kari),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT varde_follow_contact(%s)", [contact.pk])


def test_a_record_made_for_the_contact_moves_with_it(house):
    contact = house.contact()
    with house.at_work(house.kari):
        contacts.unknown_patient(
            contact_id=contact.pk,
            fields={"estimated_age": "60"},
            by=house.kari,
            at=LATER,
        )
        save(contact, house.kari, municipality="1820")
    contact.refresh_from_db()
    (patient,) = Patient.objects.all()
    assert (contact.patient, patient.district) == (patient, house.outer)


def test_a_record_with_other_contacts_is_copied_and_stays(house):
    patient = make.patient(
        of=house.inner, national_id=make.national_id(), critical_note="Allergi"
    )
    make.contact(at=house.sentral, patient=patient)
    contact = house.contact(patient=patient)
    save(contact, house.kari, municipality="1820")
    contact.refresh_from_db()
    assert contact.patient_id != patient.pk
    assert contact.patient.district == house.outer
    assert contact.patient.critical_note == "Allergi"
    assert contact.patient.national_id == patient.national_id
    patient.refresh_from_db()
    assert (patient.district, patient.merged_into) == (house.inner, None)


def test_the_record_of_the_new_district_is_used_and_filled(house):
    number = make.national_id()
    there = make.patient(of=house.outer, national_id=number, phone="")
    here = make.patient(of=house.inner, national_id=number, phone="90000003")
    make.contact(at=house.sentral, patient=here)
    contact = house.contact(patient=here)
    save(contact, house.kari, municipality="1820")
    contact.refresh_from_db()
    there.refresh_from_db()
    assert (contact.patient, there.phone) == (there, "90000003")
    here.refresh_from_db()
    assert here.merged_into is None


def test_a_record_made_here_is_merged_where_the_person_is_known(house):
    number = make.national_id()
    there = make.patient(of=house.outer, national_id=number)
    contact = house.contact()
    with house.at_work(house.kari):
        contacts.new_patient(
            contact_id=contact.pk,
            fields={"national_id": number},
            by=house.kari,
            at=LATER,
        )
        save(contact, house.kari, municipality="1820")
    contact.refresh_from_db()
    assert contact.patient == there
    (made,) = Patient.objects.exclude(pk=there.pk)
    assert (made.district, made.merged_into) == (house.outer, there)
