"""A contact from its beginning: opening, saving, whose it is, and where it belongs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from tests import make
from varde.apps.records import protection
from varde.apps.records.models import (
    AuditEntry,
    CallBack,
    Catchment,
    Contact,
    ContactEvent,
    Patient,
    RecordOpening,
    TelephonyEvent,
)
from varde.apps.records.protection import scoped_tables
from varde.apps.records.scope import scoped
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.queries import patients
from varde.apps.sentral.services import contacts, outcomes
from varde.domain.errors import Rule, RuleBroken


LATER = make.NOW + timedelta(minutes=5)


@pytest.fixture
def house(db):
    return make.house()


def save(contact, by, **fields):
    return contacts.save_fields(contact_id=contact.pk, fields=fields, by=by, at=LATER)


def kinds(contact):
    return list(contact.events.order_by("pk").values_list("kind", flat=True))


def last_event(contact):
    return contact.events.order_by("-pk").first()


# Opening


def test_a_contact_opens_in_the_hand_of_the_one_who_answered(house):
    call = make.call(at=house.sentral, caller_number="+4790000001")
    with house.at_work(house.kari):
        contact = contacts.open_contact(
            sentral=house.sentral,
            channel="phone",
            by=house.kari,
            at=make.NOW,
            call=call,
        )
    contact.refresh_from_db()
    assert (contact.owner, contact.heartbeat_at) == (house.kari, make.NOW)
    assert contact.district == house.inner
    assert contact.callback_number == "+4790000001"
    assert list(contact.calls.all()) == [call]
    assert contact.recorded_at > contact.opened_at
    assert last_event(contact).data == {
        "channel": "phone",
        "call": call.pk,
        "callback": None,
    }


def test_a_callback_gives_its_number_and_is_tied_to_the_contact(house):
    callback = CallBack.objects.create(
        district=house.inner,
        sentral=house.sentral,
        kind="missed",
        number="90000002",
        created_at=make.NOW,
        due_at=make.NOW,
    )
    contact = contacts.open_contact(
        sentral=house.sentral,
        channel="phone",
        by=house.kari,
        at=make.NOW,
        callback=callback,
    )
    assert contact.callback_number == "90000002"
    assert list(contact.callbacks.all()) == [callback]


# Saving


def test_only_the_fields_that_changed_are_saved_and_named(house):
    contact = house.contact(caller_name="Siv")
    with house.at_work(house.kari):
        save(contact, house.kari, caller_name="Siv", narrative="Vondt i magen")
    contact.refresh_from_db()
    assert contact.narrative == "Vondt i magen"
    assert last_event(contact).kind == "fields_saved"
    assert last_event(contact).data == {"fields": ["narrative"]}


def test_a_field_saved_with_the_value_it_has_leaves_no_trace(house):
    contact = house.contact(caller_name="Siv", interpreter_needed=False)
    before = kinds(contact)
    save(contact, house.kari, caller_name=" Siv ", interpreter_needed="no")
    assert kinds(contact) == before


def test_no_event_holds_what_was_written(house):
    contact = house.contact()
    secret = "Hemmelig sykdom"
    save(contact, house.kari, narrative=secret, caller_name=secret, whereabouts=secret)
    patient = make.patient(of=house.inner, given_name=secret)
    contacts.choose_patient(
        contact_id=contact.pk, patient_id=patient.pk, by=house.kari, at=LATER
    )
    told = str(list(ContactEvent.objects.values_list("data", flat=True)))
    assert secret not in told


def test_the_last_writer_wins_and_the_log_has_both(house):
    contact = house.contact()
    AuditEntry.objects.all().delete()
    save(contact, house.kari, narrative="Først")
    save(contact, house.ola, narrative="Sist")
    contact.refresh_from_db()
    assert contact.narrative == "Sist"
    changes = AuditEntry.objects.filter(table="records_contact", kind="change")
    assert [entry.data["narrative"] for entry in changes.order_by("pk")] == [
        ["", "Først"],
        ["Først", "Sist"],
    ]


@pytest.mark.parametrize(
    ("field", "text", "stored"),
    [
        ("interpreter_needed", "yes", True),
        ("interpreter_needed", "no", False),
        ("interpreter_needed", "unknown", None),
        ("consent_fastlege", "", None),
        ("callback_number", "+47 900 00 001", "+4790000001"),
        ("callback_number", "", ""),
        ("caller_relation", "mor", "mor"),
        ("is_elsewhere", "yes", True),
        ("channel", "police", "police"),
        ("narrative", "a\r\nb", "a\nb"),
        ("narrative", "x" * 20_000, "x" * 20_000),
        ("municipality", "1824", "1824"),
        ("municipality", "", None),
    ],
)
def test_what_is_typed_is_stored(house, field, text, stored):
    contact = house.contact(municipality=house.bodo)
    save(contact, house.kari, **{field: text})
    column = "municipality_id" if field == "municipality" else field
    assert getattr(Contact.objects.get(pk=contact.pk), column) == stored


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("caller_relation", "x" * 31, "too_long"),
        ("narrative", "x" * 20_001, "too_long"),
        ("narrative", "a\x00b", "control_characters"),
        ("narrative", "a\ud800b", "control_characters"),
        ("interpreter_needed", "maybe", "not_yes_no_unknown"),
        ("is_elsewhere", "unknown", "not_yes_no_unknown"),
        ("callback_number", "ring meg", "not_a_phone_number"),
        ("callback_number", "9" * 21, "too_long"),
        ("channel", "pigeon", "not_a_choice"),
        ("channel", "", "not_a_choice"),
        ("municipality", "9999", "not_found"),
        ("municipality", "Vefsn", "not_found"),
        ("place", "1' OR 1=1", "not_found"),
        ("place", "9" * 30, "not_found"),
        ("fastlege", "0", "not_found"),
        ("narrative", "", None),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_saved(house, field, text, why):
    contact = house.contact()
    before = kinds(contact)
    if why is None:  # the twin: an empty text is no fault
        save(contact, house.kari, **{field: text})
        return
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, caller_name="Siv", **{field: text})
    assert refusal.value.rule is Rule.FIELD_NOT_VALID
    assert refusal.value.values == {"field": field, "why": why}
    contact.refresh_from_db()
    assert contact.caller_name == ""
    assert kinds(contact) == before


@pytest.mark.parametrize("field", ["owner", "state", "district", "pk", "x" * 100])
def test_fields_that_are_not_for_typing_are_refused(house, field):
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, **{field: "1"})
    assert refusal.value.rule is Rule.FIELD_UNKNOWN


def test_a_closed_contact_takes_no_more_text(house):
    contact = house.contact(state="closed", closed_at=make.NOW)
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, narrative="Mer")
    assert refusal.value.rule is Rule.CONTACT_IS_CLOSED


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


# Whose it is


def choose(contact, patient, by):
    return contacts.choose_patient(
        contact_id=contact.pk, patient_id=patient.pk, by=by, at=LATER
    )


def test_a_chosen_patient_brings_what_is_known(house):
    doctor = make.fastlege()
    place = make.place(of=house.vefsn)
    patient = make.patient(
        of=house.inner,
        national_id=make.national_id(),
        language="nordsamisk",
        municipality=house.vefsn,
        place=place,
        fastlege=doctor,
    )
    contact = house.contact()
    with house.at_work(house.kari):
        choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert contact.patient == patient
    assert not contact.patient_unknown
    assert contact.language == "nordsamisk"
    assert (contact.municipality, contact.place) == (house.vefsn, place)
    assert (contact.fastlege, contact.station) == (doctor, house.elv)


def test_what_the_caller_said_is_not_overwritten(house):
    patient = make.patient(
        of=house.inner, language="nordsamisk", municipality=house.vefsn
    )
    contact = house.contact(language="engelsk", municipality=house.bodo)
    choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert (contact.language, contact.municipality) == ("engelsk", house.bodo)


def test_a_patient_who_is_elsewhere_is_not_sent_home(house):
    patient = make.patient(of=house.inner, municipality=house.vefsn)
    contact = house.contact(is_elsewhere=True)
    choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert (contact.municipality, contact.station) == (None, None)


@pytest.mark.parametrize("level", ["confidential", "strictly"])
def test_the_place_of_a_protected_patient_is_not_taken_over(house, level):
    patient = make.patient(
        of=house.inner,
        municipality=house.vefsn,
        place=make.place(of=house.vefsn),
        protection=level,
    )
    contact = house.contact()
    choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert (contact.municipality, contact.place) == (None, None)


def test_choosing_another_patient_takes_back_what_came_from_the_first(house):
    first = make.patient(
        of=house.inner,
        language="polsk",
        municipality=house.vefsn,
        fastlege=make.fastlege("Lege A"),
    )
    second = make.patient(of=house.inner, municipality=house.bodo)
    contact = house.contact()
    choose(contact, first, house.kari)
    save(contact, house.kari, consent_fastlege="yes", is_pregnant="yes")
    choose(contact, second, house.kari)
    contact.refresh_from_db()
    assert contact.patient == second
    assert contact.fastlege is None
    assert (contact.language, contact.municipality) == ("", house.bodo)
    assert (contact.consent_fastlege, contact.is_pregnant) == (None, None)


def test_the_first_patient_keeps_the_consent_that_was_asked_before(house):
    patient = make.patient(of=house.inner)
    contact = house.contact(consent_fastlege=True)
    choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert contact.consent_fastlege is True


def test_a_patient_of_the_other_district_is_found_there_when_the_place_leads_there(
    house,
):
    patient = make.patient(
        of=house.outer, national_id=make.national_id(), municipality=house.alstahaug
    )
    contact = house.contact()
    with house.at_work(house.kari):
        choose(contact, patient, house.kari)
    contact.refresh_from_db()
    assert (contact.patient, contact.district) == (patient, house.outer)
    assert Patient.objects.count() == 1  # no copy was left on the way


def test_a_patient_who_was_merged_gives_the_one_that_counts(house):
    kept = make.patient(of=house.inner, national_id=make.national_id())
    old = make.patient(of=house.inner, merged_into=kept)
    contact = house.contact()
    choose(contact, old, house.kari)
    contact.refresh_from_db()
    assert contact.patient == kept


def test_a_patient_out_of_ones_districts_is_not_found(house):
    far = make.patient(of=make.district("fjern", "Fjernt distrikt"))
    near = make.patient(of=house.inner)
    contact = house.contact()
    with house.at_work(house.kari):
        with pytest.raises(RuleBroken) as refusal:
            choose(contact, far, house.kari)
        assert refusal.value.values == {"field": "patient", "why": "not_found"}
        choose(contact, near, house.kari)  # the twin


# New patients


def new(contact, by, **fields):
    return contacts.new_patient(contact_id=contact.pk, fields=fields, by=by, at=LATER)


def test_a_new_patient_by_number_gets_the_birth_date_that_can_be_read(house):
    contact = house.contact()
    number = make.national_id(born=date(2001, 2, 3))
    with house.at_work(house.kari):
        new(contact, house.kari, national_id=f" {number[:6]} {number[6:]} ", sex="2")
    contact.refresh_from_db()
    patient = contact.patient
    assert (patient.national_id, patient.id_kind) == (number, "fodselsnummer")
    assert (patient.birth_date, patient.sex) == (date(2001, 2, 3), "2")
    assert not contact.patient_unknown


def test_a_number_that_is_known_gives_the_record_there_is(house):
    number = make.national_id()
    known = make.patient(of=house.inner, national_id=number, phone="")
    contact = house.contact()
    new(contact, house.kari, national_id=number, phone="90000004")
    contact.refresh_from_db()
    known.refresh_from_db()
    assert (contact.patient, known.phone) == (known, "90000004")
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("1785840006x", "letters"),
        ("123", "wrong_length"),
        ("99999999999999", "wrong_length"),
        ("32138400000", "impossible_date"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(house, number, why):
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        new(contact, house.kari, national_id=number)
    assert refusal.value.rule is Rule.NATIONAL_ID_NOT_VALID
    assert refusal.value.values == {"why": why}
    assert number not in str(refusal.value)


def test_a_birth_date_that_the_number_contradicts_is_refused(house):
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        new(
            contact,
            house.kari,
            national_id=make.national_id(born=date(1984, 5, 17)),
            birth_date="1984-05-18",
        )
    assert refusal.value.values == {"field": "birth_date", "why": "not_as_the_number"}


def test_a_number_without_a_birth_date_in_it_asks_for_one(house):
    fh_number = "80000000098"  # a made-up help number: it holds no date
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        new(contact, house.kari, national_id=fh_number)
    assert refusal.value.values == {"field": "birth_date", "why": "empty"}
    new(contact, house.kari, national_id=fh_number, birth_date="1990-01-01")
    contact.refresh_from_db()
    assert contact.patient.id_kind == "fh_number"


def test_a_visitor_has_a_passport_and_a_country(house):
    contact = house.contact()
    new(contact, house.kari, other_id="L01X00T47", country="de", family_name="Muster")
    contact.refresh_from_db()
    patient = contact.patient
    assert (patient.other_id, patient.country) == ("L01X00T47", "DE")
    assert (patient.national_id, contact.patient_unknown) == ("", False)


@pytest.mark.parametrize(
    ("fields", "is_enough"),
    [
        ({"family_name": "Li"}, False),
        ({"birth_date": "1990-01-01"}, False),
        ({"family_name": "Li", "birth_date": "1990-01-01"}, True),
        ({"other_id": "A1"}, True),
        ({}, False),
    ],
)
def test_a_new_patient_without_a_number_needs_a_name_and_a_birth_date(
    house, fields, is_enough
):
    contact = house.contact()
    if is_enough:
        new(contact, house.kari, **fields)
        return
    with pytest.raises(RuleBroken) as refusal:
        new(contact, house.kari, **fields)
    assert refusal.value.values == {"field": "national_id", "why": "empty"}
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("birth_date", "1984-02-30", "not_a_date"),
        ("birth_date", "i går", "not_a_date"),
        ("birth_date", "1800-01-01", "not_a_date"),
        ("birth_date", "2027-01-01", "in_the_future"),
        ("estimated_age", "126", "not_a_number"),
        ("estimated_age", "-1", "not_a_number"),
        ("sex", "3", "not_a_choice"),
        ("country", "Tyskland", "not_a_choice"),
        ("protection", "none", "not_a_choice"),
    ],
)
def test_what_cannot_be_right_of_a_patient_is_refused(house, field, text, why):
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        new(contact, house.kari, **{"other_id": "A1", field: text})
    assert refusal.value.values == {"field": field, "why": why}


def test_an_unknown_patient_has_what_can_be_seen(house):
    contact = house.contact()
    with house.at_work(house.kari):
        contacts.unknown_patient(
            contact_id=contact.pk,
            fields={"estimated_age": "60", "sex": "1", "description": "Blå jakke"},
            by=house.kari,
            at=LATER,
        )
    contact.refresh_from_db()
    patient = contact.patient
    assert contact.patient_unknown
    assert (patient.estimated_age, patient.description) == (60, "Blå jakke")


def test_a_patient_is_corrected_and_the_number_is_not_among_the_fields(house):
    patient = make.patient(of=house.inner)
    contact = house.contact(patient=patient)
    with house.at_work(house.kari):
        contacts.save_patient(
            contact_id=contact.pk, fields={"phone": "90000005"}, by=house.kari, at=LATER
        )
    patient.refresh_from_db()
    assert patient.phone == "90000005"
    assert last_event(contact).data == {"patient": patient.pk, "fields": ["phone"]}
    with pytest.raises(RuleBroken) as refusal:
        contacts.save_patient(
            contact_id=contact.pk,
            fields={"national_id": make.national_id()},
            by=house.kari,
            at=LATER,
        )
    assert refusal.value.rule is Rule.FIELD_UNKNOWN


def test_without_a_patient_there_is_none_to_correct(house):
    with pytest.raises(RuleBroken) as refusal:
        contacts.save_patient(
            contact_id=house.contact().pk,
            fields={"phone": "90000005"},
            by=house.kari,
            at=LATER,
        )
    assert refusal.value.values == {"field": "patient", "why": "empty"}


# Identifying


def identify(patient, by, **which):
    return contacts.identify(
        patient_id=patient.pk,
        reason=which.pop("reason", "Pårørende kom med legitimasjon"),
        by=by,
        at=LATER,
        **which,
    )


def test_a_number_that_nobody_has_is_written_on_the_record(house):
    patient = make.patient(of=house.inner, description="Blå jakke")
    contact = house.contact(patient=patient, patient_unknown=True)
    number = make.national_id(born=date(1990, 1, 1))
    with house.at_work(house.kari):
        kept = identify(patient, house.kari, national_id=number)
    contact.refresh_from_db()
    assert kept == patient
    patient.refresh_from_db()
    assert (patient.national_id, patient.birth_date) == (number, date(1990, 1, 1))
    assert not contact.patient_unknown
    assert last_event(contact).kind == "patient_identified"


def test_a_number_that_is_known_merges_and_nothing_is_lost(house):
    number = make.national_id()
    known = make.patient(
        of=house.inner,
        national_id=number,
        phone="",
        given_name="Siv",
        fastlege=make.fastlege(),
    )
    earlier = make.patient(of=house.inner)
    unknown = make.patient(
        of=house.inner, phone="90000006", given_name="Ukjent", critical_note="Diabetes"
    )
    earlier.merged_into = unknown
    earlier.save()
    contact = house.contact(patient=unknown, patient_unknown=True)
    closed = make.contact(at=house.sentral, patient=unknown, state="closed")
    with house.at_work(house.kari):
        kept = identify(unknown, house.kari, national_id=number)
    assert kept == known
    for each in (contact, closed):
        each.refresh_from_db()
        assert (each.patient, each.patient_unknown) == (known, False)
        event = last_event(each)
        assert event.kind == "patient_merged"
        assert event.data["before"] == unknown.pk
        assert {"phone", "critical_note"} <= set(event.data["filled"])
        assert {"given_name", "family_name"} <= set(event.data["conflicts"])
    known.refresh_from_db()
    assert (known.phone, known.critical_note) == ("90000006", "Diabetes")
    assert known.given_name == "Siv"
    unknown.refresh_from_db()
    earlier.refresh_from_db()
    assert (unknown.merged_into, earlier.merged_into) == (known, known)
    assert unknown.given_name == "Ukjent"  # what it said is still there
    assert contact.fastlege == known.fastlege


def test_a_merge_never_lowers_the_protection_of_an_address(house):
    number = make.national_id()
    make.patient(of=house.inner, national_id=number, protection="open")
    secret = make.patient(of=house.inner, protection="strictly")
    kept = identify(secret, house.kari, national_id=number)
    assert kept.protection == "strictly"


def test_a_merge_keeps_the_protection_that_was_stricter_there(house):
    number = make.national_id()
    make.patient(of=house.inner, national_id=number, protection="confidential")
    plain = make.patient(of=house.inner, protection="open")
    assert identify(plain, house.kari, national_id=number).protection == "confidential"


def test_two_people_with_numbers_are_never_merged(house):
    first = make.patient(of=house.inner, national_id=make.national_id(0))
    second = make.patient(of=house.inner, national_id=make.national_id(1))
    for which in ({"into_id": second.pk}, {"national_id": second.national_id}):
        with pytest.raises(RuleBroken) as refusal:
            identify(first, house.kari, **which)
        assert refusal.value.rule is Rule.PATIENTS_ARE_DIFFERENT
    first.refresh_from_db()
    assert first.merged_into is None


def test_a_merged_record_is_not_merged_again(house):
    kept = make.patient(of=house.inner, national_id=make.national_id())
    old = make.patient(of=house.inner, merged_into=kept)
    other = make.patient(of=house.inner)
    for patient, into in ((old, other), (other, old)):
        with pytest.raises(RuleBroken) as refusal:
            identify(patient, house.kari, into_id=into.pk)
        assert refusal.value.rule is Rule.PATIENT_ALREADY_MERGED


def test_a_known_record_may_be_merged_into_one_without_a_number(house):
    known = make.patient(of=house.inner, national_id=make.national_id())
    blank = make.patient(of=house.inner)
    kept = identify(known, house.kari, into_id=blank.pk)
    assert (kept, kept.national_id) == (blank, known.national_id)


def test_a_record_of_the_other_district_is_brought_here_for_the_merge(house):
    there = make.patient(of=house.outer, national_id=make.national_id())
    unknown = make.patient(of=house.inner)
    with house.at_work(house.kari):
        kept = identify(unknown, house.kari, into_id=there.pk)
    assert (kept.district, kept.national_id) == (house.inner, there.national_id)
    there.refresh_from_db()
    assert (there.district, there.merged_into) == (house.outer, None)


def test_the_same_record_twice_is_no_merge(house):
    patient = make.patient(of=house.inner, national_id=make.national_id())
    contact = house.contact(patient=patient)
    before = kinds(contact)
    assert identify(patient, house.kari, into_id=patient.pk) == patient
    assert identify(patient, house.kari, national_id=patient.national_id) == patient
    assert kinds(contact) == before


@pytest.mark.parametrize("which", [{}, {"national_id": "x", "into_id": 1}])
def test_to_identify_takes_a_number_or_a_record(house, which):
    with pytest.raises(RuleBroken) as refusal:
        identify(make.patient(of=house.inner), house.kari, **which)
    assert refusal.value.values == {"field": "national_id", "why": "empty"}


def test_to_identify_takes_a_reason_and_the_log_keeps_it(house):
    patient = make.patient(of=house.inner)
    with pytest.raises(RuleBroken) as refusal:
        identify(patient, house.kari, national_id=make.national_id(), reason=" ")
    assert refusal.value.values == {"field": "reason", "why": "empty"}
    identify(patient, house.kari, national_id=make.national_id(), reason="Så passet")
    assert AuditEntry.objects.filter(
        what="patient_identified", reason="Så passet", patient_id=patient.pk
    ).exists()


# Repeat contacts


def test_the_number_within_the_window_is_counted_when_the_patient_is_chosen(house):
    number = make.national_id()
    here = make.patient(of=house.inner, national_id=number)
    there = make.patient(of=house.outer, national_id=number)
    for patient, hours in ((here, 1), (there, 72), (here, 73)):
        make.contact(
            at=house.sentral,
            patient=patient,
            district=patient.district,
            opened_at=make.NOW - timedelta(hours=hours),
        )
    contact = house.contact()
    with house.at_work(house.kari):
        choose(contact, here, house.kari)
    contact.refresh_from_db()
    assert contact.repeat_no == 3  # one here, one in the other district; one too old
    assert last_event(contact).data["repeat_no"] == 3


def test_an_unknown_patient_is_the_first_as_far_as_anybody_knows(house):
    contact = house.contact()
    contacts.unknown_patient(contact_id=contact.pk, fields={}, by=house.kari, at=LATER)
    contact.refresh_from_db()
    assert contact.repeat_no == 1


def test_a_merge_counts_again_for_contacts_that_are_open(house):
    number = make.national_id()
    known = make.patient(of=house.inner, national_id=number)
    make.contact(at=house.sentral, patient=known, opened_at=make.NOW)
    unknown = make.patient(of=house.inner)
    contact = house.contact(patient=unknown)
    identify(unknown, house.kari, national_id=number)
    contact.refresh_from_db()
    assert contact.repeat_no == 2


def test_the_second_look_is_another_persons(house):
    contact = house.contact()
    with house.at_work(house.ola):
        contacts.second_look(contact_id=contact.pk, by=house.ola, at=LATER)
    contact.refresh_from_db()
    assert (contact.second_look_by, contact.second_look_at) == (house.ola, LATER)


def test_the_second_look_is_not_ones_own(house):
    opened_by_kari = house.contact(owner=house.ola)
    for user in (house.kari, house.ola):
        with pytest.raises(RuleBroken) as refusal:
            contacts.second_look(contact_id=opened_by_kari.pk, by=user, at=LATER)
        assert refusal.value.rule is Rule.SECOND_LOOK_NEEDS_ANOTHER


def test_the_first_second_look_counts(house):
    contact = house.contact()
    contacts.second_look(contact_id=contact.pk, by=house.ola, at=LATER)
    contacts.second_look(contact_id=contact.pk, by=house.leader, at=LATER)
    contact.refresh_from_db()
    assert contact.second_look_by == house.ola
    assert kinds(contact).count("second_look") == 1


# What is known


def test_earlier_contacts_are_of_the_same_person_in_all_of_ones_districts(house):
    number = make.national_id()
    here = make.patient(of=house.inner, national_id=number)
    there = make.patient(of=house.outer, national_id=number)
    far = make.patient(of=make.district("fjern", "Fjernt"), national_id=number)
    old = make.contact(
        at=house.sentral, patient=here, opened_at=make.NOW - timedelta(days=9)
    )
    young = make.contact(
        at=house.sentral,
        patient=there,
        district=house.outer,
        opened_at=make.NOW - timedelta(hours=3),
        complaint="feber",
    )
    make.contact(at=house.sentral, patient=far, district=far.district)
    make.contact(at=house.sentral, patient=make.patient(of=house.inner))
    contact = house.contact(patient=here)
    with house.at_work(house.kari):
        found = queries.earlier_contacts(contact, now=LATER)
    assert [row.id for row in found] == [young.pk, old.pk]
    assert [row.is_within_window for row in found] == [True, False]


def test_the_contact_page_asks_the_same_number_of_questions_of_any_history(house):
    def ask(contact):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            queries.earlier_contacts(contact, now=LATER)
            queries.outcomes_of(contact, now=LATER)
            queries.questions_of(contact)
            queries.events_of(contact)
            queries.open_items_of(contact)
            queries.amk_of(contact)
            queries.vitals_of(contact)
        return len(captured)

    patient = make.patient(of=house.inner)
    make.contact(at=house.sentral, patient=patient)
    contact = Contact.objects.get(pk=house.contact(patient=patient).pk)
    ask(contact)  # dated settings are read once
    few = ask(contact)
    for _ in range(30):
        make.contact(at=house.sentral, patient=patient)
    assert ask(contact) == few
    assert few <= 16


def hits(text, contact):
    return [
        hit.id
        for hit in patients.search(text, contact=contact, on=make.NOW.date()).hits
    ]


def test_people_are_found_by_what_is_typed(house):
    siv = make.patient(
        of=house.inner,
        given_name="Siv Anne",
        family_name="Åsheim",
        national_id=make.national_id(born=date(1984, 5, 17)),
        birth_date=date(1984, 5, 17),
        phone="+4790000007",
    )
    make.patient(of=house.inner, given_name="Per", family_name="Nilsen", phone="4111")
    contact = house.contact()
    with house.at_work(house.kari):
        for typed in [
            "siv åsh",
            "Åsheim, Siv",
            "anne",
            "17.05.1984",
            "17.5.84",
            "170584",
            "17051984",
            "siv 17.05.1984",
            "9000 0007",
            "+47 9000 00",
            siv.national_id,
            f"{siv.national_id[:6]} {siv.national_id[6:]}",
        ]:
            assert hits(typed, contact) == [siv.pk], typed
        for typed in ["", " ", "s", "siv nilsen", "18.05.1984", "123", "%", "_____"]:
            assert hits(typed, contact) == [], typed


@pytest.mark.parametrize(
    "typed",
    ["'", "''", "\\", "siv\\", "a & b", "a | b", "!a", "siv:*", "(", "<->", "ø'; --"],
)
def test_signs_of_the_search_language_are_only_signs(house, typed):
    siv = make.patient(of=house.inner, given_name="Siv", family_name="O'Dea")
    contact = house.contact()
    with house.at_work(house.kari):
        assert set(hits(typed, contact)) <= {siv.pk}
        assert hits("o'dea", contact) == [siv.pk]


def test_without_a_scope_no_name_is_found(house):
    make.patient(of=house.inner, family_name="Ås")
    contact = house.contact()
    with scoped(districts=[]):
        assert hits("ås", contact) == []


def test_a_wrong_number_in_the_search_says_what_is_wrong(house):
    contact = house.contact()
    number = make.national_id()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert patients.search(wrong, contact=contact).fault == "second_check_digit"
    found = patients.search(number, contact=contact, on=make.NOW.date())
    assert (found.fault, found.new_id) == ("", number)
    assert found.new_birth_date == date(1984, 5, 17)


def test_a_search_shows_no_more_than_twenty(house):
    for _ in range(25):
        make.patient(of=house.inner, family_name="Hansen")
    assert len(hits("hansen", house.contact())) == 20


def test_a_person_known_in_both_districts_is_shown_once_by_the_record_here(house):
    number = make.national_id()
    make.patient(of=house.outer, national_id=number, family_name="Ås")
    here = make.patient(of=house.inner, national_id=number, family_name="Ås")
    assert hits("ås", house.contact()) == [here.pk]


def test_people_of_other_districts_are_not_found(house):
    make.patient(of=make.district("fjern", "Fjernt"), family_name="Fjernsen")
    near = make.patient(of=house.inner, family_name="Fjernsen")
    contact = house.contact()
    with house.at_work(house.kari):
        assert hits("fjernsen", contact) == [near.pk]


def test_merged_records_are_not_found(house):
    kept = make.patient(of=house.inner, family_name="Ås")
    make.patient(of=house.inner, family_name="Ås", merged_into=kept)
    assert hits("ås", house.contact()) == [kept.pk]


@pytest.mark.parametrize(
    ("level", "is_shown"), [("open", True), ("client", True), ("confidential", False)]
)
def test_a_protected_address_gives_no_municipality_and_no_telephone(
    house, level, is_shown
):
    make.patient(
        of=house.inner,
        family_name="Ås",
        municipality=house.vefsn,
        phone="90000008",
        protection=level,
    )
    (hit,) = patients.search("ås", contact=house.contact()).hits
    assert (hit.municipality == "Vefsn") is is_shown
    assert (hit.phone == "90000008") is is_shown
    assert hit.is_protected is not is_shown


def test_the_callers_number_leads_to_those_who_are_known_with_it(house):
    siv = make.patient(of=house.inner, phone="90000009")
    make.patient(of=house.inner, phone="90000010")
    assert patients.known_by_number(house.contact()) == ()
    contact = house.contact(callback_number="+4790000009")
    assert [hit.id for hit in patients.known_by_number(contact)] == [siv.pk]


def test_a_search_opens_no_record(house):
    """Finding is not reading: nothing is logged as opened, and no record is shown."""
    make.patient(of=house.inner, family_name="Ås")
    hits("ås", house.contact())
    assert not AuditEntry.objects.filter(kind="read").exists()
    assert not RecordOpening.objects.exists()
