"""Patients who come back soon, and what is known of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.contact_acts import LATER, kinds, last_event
from varde.apps.records.models import (
    Contact,
)
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.services import contacts
from varde.domain.errors import Rule, RuleBroken


@pytest.fixture
def house(db):
    return make.house()


def choose(contact, patient, by):
    return contacts.choose_patient(
        contact_id=contact.pk, patient_id=patient.pk, by=by, at=LATER
    )


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
    contacts.identify(
        patient_id=unknown.pk,
        national_id=number,
        reason="Pass",
        by=house.kari,
        at=LATER,
    )
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
