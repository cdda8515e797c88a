"""Finding the patient."""

from datetime import date

import pytest

from tests import make
from varde.apps.records.models import (
    AuditEntry,
    RecordOpening,
)
from varde.apps.records.scope import scoped
from varde.apps.sentral.queries import patients


@pytest.fixture
def house(db):
    return make.house()


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
    [
        "'",
        "''",
        "\\",
        "\\\\\\",
        "a\x00b",
        "\ud800ab",
        "siv\\",
        "a & b",
        "a | b",
        "!a",
        "siv:*",
        "(",
        "<->",
        "ø'; --",
    ],
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
