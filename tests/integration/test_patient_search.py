"""Finding the patient."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

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


# ------------------------------------------------------------- what the list says


@pytest.fixture
def searched(house):
    """What a search shows on the desk, for words typed by Kari."""
    client = Client()
    client.force_login(house.kari)
    contact = house.contact(by=house.kari, at=timezone.now())

    def search(text):
        answer = client.post(
            f"/sentral/kontakt/{contact.pk}/pasient/sok/",
            {"q": text},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
        return answer.content.decode()

    return search


MORE = "Flere enn 20 treff. Skriv mer av navnet eller fødselsdatoen."


@pytest.mark.parametrize(("people", "is_said"), [(1, False), (20, False), (21, True)])
@pytest.mark.parametrize("typed", ["hansen", "17.05.1984", "170584", "han 17.05.1984"])
def test_more_hits_than_are_shown_is_said(house, searched, people, is_said, typed):
    for _ in range(people):
        make.patient(of=house.inner, family_name="Hansen", birth_date=date(1984, 5, 17))
    page = searched(typed)
    assert page.count("<li>") == min(people, 20)
    assert (MORE in page) is is_said
    assert not is_said or page.index(MORE) > page.rindex("</li>")


def test_people_known_in_two_districts_do_not_count_twice(house, searched):
    for serial in range(20):
        number = make.national_id(serial)
        for district in (house.inner, house.outer):
            make.patient(of=district, national_id=number, family_name="Hansen")
    assert MORE not in searched("hansen")
    make.patient(of=house.outer, family_name="Hansen")
    assert MORE in searched("hansen")


def same_name(house, **fields):
    return make.patient(of=house.inner, given_name="Per", family_name="Like", **fields)


def test_birth_date_and_municipality_tell_people_of_one_name_apart(house, searched):
    older = make.national_id(1, born=date(1950, 1, 1))
    younger = make.national_id(1, born=date(2020, 1, 1))
    same_name(
        house,
        national_id=older,
        birth_date=date(1950, 1, 1),
        municipality=house.vefsn,
    )
    same_name(
        house,
        national_id=younger,
        birth_date=date(2020, 1, 1),
        municipality=house.alstahaug,
    )
    page = searched("like")
    for shown in ("01.01.1950", "01.01.2020", "Vefsn", "Alstahaug"):
        assert shown in page
    assert older[-5:] not in page
    assert younger[-5:] not in page


def test_of_one_name_and_birth_date_the_last_five_digits_are_shown(house, searched):
    born = date(1984, 5, 17)
    first, second = make.national_id(1), make.national_id(2)
    same_name(house, national_id=first, birth_date=born)
    same_name(house, national_id=second, birth_date=born)
    same_name(house, birth_date=born)  # a number is not known
    other = make.national_id(3)
    make.patient(
        of=house.inner,
        given_name="Liv",
        family_name="Likestad",
        national_id=other,
        birth_date=born,
    )
    page = searched("lik")
    assert first[-5:] in page
    assert second[-5:] in page
    assert page.count("Uten nummer") == 1
    assert other[-5:] not in page


def test_without_a_birth_date_the_estimated_age_is_shown(house, searched):
    same_name(house, estimated_age=40)
    assert "ca. 40 år" in searched("like")
