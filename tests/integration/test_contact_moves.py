"""Where a contact belongs, and that all of it goes there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils import timezone

from tests import make
from tests.contact_acts import LATER, last_event, save
from varde.apps.records import protection
from varde.apps.records.live import Topic
from varde.apps.records.models import (
    Catchment,
    Contact,
    Patient,
    TelephonyEvent,
)
from varde.apps.records.protection import scoped_tables
from varde.apps.sentral.services import contacts, outcomes
from varde.domain.errors import RuleBroken


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


# A promise at a station of another district


@pytest.fixture
def at_home(house):
    """A contact about somebody who lives in the inner district, judged on the phone."""
    return house.contact(
        municipality=house.vefsn,
        station=house.elv,
        patient=make.patient(of=house.inner, family_name="Uniktnavn"),
        hastegrad_phone="haster",
    )


def promise(house, contact, station, *, at=LATER):
    return outcomes.add(
        contact_id=contact.pk,
        kind="attendance",
        station_id=station.pk,
        promised_at=at + timedelta(minutes=30),
        travel_min=10,
        by=house.kari,
        at=at,
    )


def seen_by_nurse_of(station, client):
    client.force_login(make.nurse(f"nurse_{station.code}", at=station))
    return "Uniktnavn" in client.get("/stasjon/").content.decode()


def test_the_station_that_is_to_receive_the_patient_sees_the_patient(
    house, at_home, client
):
    assert not seen_by_nurse_of(house.strand, client)
    with house.at_work(house.kari):
        made = promise(house, at_home, house.strand)
    assert seen_by_nurse_of(house.strand, client)
    assert not seen_by_nurse_of(house.elv, client)
    at_home.refresh_from_db()
    assert {at_home.district, at_home.patient.district} == {house.outer}
    assert made.district == house.outer
    assert all(
        found <= {house.outer.pk} for found in everything_about(at_home).values()
    )
    assert at_home.events.filter(kind="moved").count() == 1
    # The sentral goes on with it as before.
    client.force_login(house.kari)
    assert client.get(f"/sentral/kontakt/{at_home.pk}/").status_code == 200


def test_a_promise_at_home_moves_nothing(house, at_home, client):
    promise(house, at_home, house.elv)
    assert seen_by_nurse_of(house.elv, client)
    assert not at_home.events.filter(kind="moved").exists()


def test_a_place_that_is_corrected_leaves_the_contact_where_it_is_expected(
    house, at_home
):
    made = promise(house, at_home, house.elv)
    save(at_home, house.kari, municipality="1820")
    at_home.refresh_from_db()
    assert (at_home.station, at_home.district) == (house.strand, house.inner)
    outcomes.cancel(outcome_id=made.pk, by=house.kari, at=LATER, note="Vil ikke")
    at_home.refresh_from_db()
    assert at_home.district == house.outer


def test_the_contact_goes_home_when_nobody_there_expects_the_patient(house, at_home):
    first = promise(house, at_home, house.strand)
    second = promise(house, at_home, house.strand, at=LATER + timedelta(hours=1))
    outcomes.cancel(outcome_id=first.pk, by=house.kari, at=LATER, note="Dobbelt")
    at_home.refresh_from_db()
    assert at_home.district == house.outer
    outcomes.cancel(outcome_id=second.pk, by=house.kari, at=LATER, note="Blir hjemme")
    at_home.refresh_from_db()
    assert (at_home.district, at_home.patient.district) == (house.inner, house.inner)


def test_a_closed_contact_stays_where_it_was(house, at_home):
    made = promise(house, at_home, house.strand)
    Contact.objects.filter(pk=at_home.pk).update(state="closed", closed_at=LATER)
    outcomes.cancel(outcome_id=made.pk, by=house.kari, at=LATER, note="Kom ikke")
    at_home.refresh_from_db()
    assert at_home.district == house.outer


def test_a_refused_promise_moves_nothing(house, at_home):
    with pytest.raises(RuleBroken):
        outcomes.add(
            contact_id=at_home.pk,
            kind="attendance",
            station_id=house.strand.pk,
            by=house.kari,
            at=LATER,
        )  # nobody knows the way
    at_home.refresh_from_db()
    assert at_home.district == house.inner


def test_the_board_is_told_of_a_promise_and_of_no_other_decision(
    house, at_home, monkeypatch
):
    told = []
    monkeypatch.setattr(outcomes, "announce", lambda *topics, **_: told.append(topics))
    promise(house, at_home, house.strand)
    outcomes.add(contact_id=at_home.pk, kind="advice", by=house.kari, at=LATER)
    assert [Topic.BOARD in topics for topics in told] == [True, False]


def test_the_desk_draws_the_whole_contact_when_it_has_moved(house, at_home, client):
    client.force_login(house.kari)
    Contact.objects.filter(pk=at_home.pk).update(owner=house.kari)
    path = f"/sentral/kontakt/{at_home.pk}/tiltak/"

    def sent(station):
        when = timezone.localtime() + timedelta(hours=1)
        form = {
            "kind": "attendance",
            "confirmed": "yes",
            "station": station.pk,
            "travel_min": "10",
            "promised_at": f"{when:%Y-%m-%dT%H:%M}",
            "overbook": "yes",
        }
        answer = client.post(path, form, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.headers

    assert "HX-Reswap" in sent(house.elv)  # some sections
    assert "HX-Reswap" not in sent(house.strand)
