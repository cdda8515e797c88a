"""Whose contact it is: chosen, new, or unknown."""

from datetime import date

import pytest

from tests import make
from tests.contact_acts import LATER, last_event, save
from varde.apps.records.models import (
    Patient,
)
from varde.apps.sentral.services import contacts
from varde.domain.errors import Rule, RuleBroken


@pytest.fixture
def house(db):
    return make.house()


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
