"""An unknown patient gets a name, and nothing is lost."""

from datetime import date

import pytest

from tests import make
from tests.contact_acts import LATER, kinds, last_event
from varde.apps.records.models import (
    AuditEntry,
)
from varde.apps.sentral.services import contacts
from varde.domain.errors import Rule, RuleBroken


@pytest.fixture
def house(db):
    return make.house()


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
