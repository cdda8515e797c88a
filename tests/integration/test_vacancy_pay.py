"""A vacant duty with its pay: chosen, shown to whom is asked, settled, and in the year."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests import rota as build
from tests.integration.test_rota import give, refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    DoctorEvent,
    Duty,
    DutyOffer,
    Population,
    Vacancy,
    VacancyPay,
    VikarApproval,
    VikarTerms,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.queries.pay import pay
from varde.apps.staffing.queries.vacancy_year import vacant_year
from varde.apps.staffing.services.rota import filling, offer_links
from varde.domain.errors import Rule
from varde.domain.pay.forms import Form


NOW = make.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def house(db):
    made = build.filled(build.house(), published=True)
    make.decide("pay.agreed_class", {"forvakt": 2})
    make.decide("rota.extra", {"nok_per_hour": 100})
    station = made.doctors[0].positions.get().station
    make.station(serves=[station.municipality])
    Population.objects.create(
        municipality=station.municipality, year=2025, inhabitants=13_000, source="test"
    )
    return made


def common(house, at=NOW):
    return {"workplace": house.workplace, "by": house.leader, "at": at}


def vacant(house, number=0, at=NOW):
    place = house.place(number)
    return filling.report_sick(
        rota_id=house.rota.pk,
        place_id=place.pk,
        seen=place.row_version,
        **common(house, at),
    )


def choose(house, vacancy, form, *, has_extra=True):
    return filling.choose_pay(
        vacancy_id=vacancy.pk, form=form, has_extra=has_extra, **common(house)
    )


def fill(house, vacancy, person, at=NOW):
    return filling.fill(
        vacancy_id=vacancy.pk, person_id=person.pk, reason="", **common(house, at)
    )


def sums(row):
    return (
        row.form,
        row.duty_class,
        f"{row.pay_nok:.2f}",
        row.pay_unknown,
        f"{row.extra_nok:.2f}",
        row.extra_unknown,
    )


def test_it_begins_with_the_usual_form_and_the_newest_choice_holds(house):
    vacancy = vacant(house)  # Monday 15:30-08: 16.5 h
    first = vacancy.pays.get()
    assert sums(first) == ("activity", 2, "907.50", 0, "1650.00", 0)
    assert (first.fees, first.is_verified) == ("all", False)
    assert str(first.rates_from) == "2015-05-01"
    choose(house, vacancy, "night_fixed", has_extra=False)
    fill(house, vacancy, house.doctors[3])
    choice, final = vacancy.pays.order_by("pk")[1:]
    # 7.5 h at 55, 9 h at 622: Dina is a specialist, and the choice was made for anybody.
    assert sums(choice) == ("night_fixed", 2, "5092.50", 0, "0.00", 0)
    assert sums(final) == ("night_fixed", 2, "6010.50", 0, "0.00", 0)
    assert (final.person, final.has_extra) == (house.doctors[3], False)
    logged = AuditEntry.objects.filter(what__startswith="rota_vacancy_pa").order_by(
        "pk"
    )
    assert [(one.what, one.data.get("form")) for one in logged] == [
        ("rota_vacancy_pay_chosen", "night_fixed"),
        ("rota_vacancy_paid", None),
    ]
    again = refused(choose, house, vacancy, "fixed")
    assert again.rule is Rule.VACANCY_IS_FILLED


def test_what_is_not_known_is_counted_and_not_nought(house):
    make.decide("pay.agreed_class", {"forvakt": None})
    make.decide("rota.extra", {"nok_per_hour": None})
    vacancy = vacant(house)
    assert sums(vacancy.pays.get())[2:] == ("0.00", 1, "0.00", 1)
    assert sums(choose(house, vacancy, "fixed"))[2:] == ("0.00", 1, "0.00", 1)
    # By night the hourly pay is known, and the class of the evening is not.
    assert sums(choose(house, vacancy, "night_fixed"))[2:4] == ("4680.00", 1)
    assert refused(choose, house, vacancy, "own").rule is Rule.VACANCY_PAY_UNKNOWN
    client = Client()
    client.force_login(house.leader)
    text = client.get(
        reverse("staffing:rota_vacancy", args=[vacancy.pk])
    ).content.decode()
    assert "Ukjent: ingen fast timelønn er avtalt." in text
    assert "ukjent, ingen sats er satt i innstillingene" in text
    assert "minst 4 680 kr" in text


def test_the_class_of_the_opening_stays_and_is_measured_where_none_is_agreed(house):
    make.decide("pay.agreed_class", {"forvakt": None})
    busy = make.duty(
        house.doctors[0],
        at=house.doctors[0].positions.get().station,
        starts_at=NOW - timedelta(days=9),
        hours=10,
        post="forvakt",
    )
    DoctorEvent.objects.bulk_create(
        DoctorEvent(
            event_id=uuid4(),
            doctor=house.doctors[0],
            kind=kind,
            activity=activity,
            occurred_at=busy.starts_at + after,
            recorded_at=busy.starts_at + after,
            by=house.doctors[0],
        )
        for kind, activity, after in (
            ("began", "with_patient", timedelta()),
            ("freed", "", 5 * HOUR),
        )
    )
    vacancy = vacant(house)
    assert vacancy.pays.get().duty_class == 3  # 30 minutes an hour
    make.decide("pay.agreed_class", {"forvakt": 1})
    assert choose(house, vacancy, "activity").duty_class == 3


def vikar(house, rate):
    station = house.doctors[0].positions.get().station
    person = build.doctor("Vilja", station, category="vikar")
    VikarApproval.objects.create(
        person=person,
        municipality=station.municipality,
        state="approved",
        valid_from=make.LONG_AGO,
        asked_by=house.planner,
        asked_at=NOW,
        decided_by=house.leader,
        decided_at=NOW,
    )
    VikarTerms.objects.create(
        person=person,
        municipality=station.municipality,
        valid_from=make.LONG_AGO,
        rate_nok=rate,
        recorded_by=house.planner,
        recorded_at=NOW,
    )
    return person


@pytest.mark.parametrize(("rate", "form"), [("950", "own"), (None, "activity")])
def test_a_vikar_gets_the_agreed_rate_and_without_one_what_was_chosen(
    house, rate, form
):
    vacancy = vacant(house)
    fill(house, vacancy, vikar(house, rate))
    final = vacancy.pays.order_by("-pk")[0]
    assert final.form == form
    if rate:
        assert sums(final)[2:] == ("15675.00", 0, "0.00", 0)


def test_an_operator_is_paid_by_the_own_agreement_which_is_not_known_here(house):
    place = house.place()
    place.post = Duty.Post.NURSE
    place.save()
    vacancy = vacant(house)
    assert sums(vacancy.pays.get()) == ("own", None, "0.00", 1, "1650.00", 0)


def ask(house, vacancy, people):
    filling.ask(
        vacancy_id=vacancy.pk,
        people=[one.pk for one in people],
        way=Vacancy.Way.ALL,
        **common(house),
    )
    DutyOffer.objects.update(expires_at="2099-01-01T00:00Z")


def test_the_link_shows_what_one_gets_and_a_yes_is_to_what_was_seen(house):
    vacancy = vacant(house)
    hired = vikar(house, "950")
    ask(house, vacancy, [house.doctors[2], hired])
    links = {
        offer.person_id: reverse(
            "staffing:answer_offer", args=[offer_links.link_code(offer)]
        )
        for offer in vacancy.offers.all()
    }
    phone = Client()
    text = phone.get(links[house.doctors[2].pk]).content.decode()
    assert "<strong>2 558 kr</strong> for vakta" in text
    assert "honorarene kommer i tillegg" in text
    assert "klasse 2" in text
    assert "ikke kontrollert" in text
    assert "<strong>15 675 kr</strong>" in phone.get(links[hired.pk]).content.decode()
    seen = vacancy.pays.get().pk
    choose(house, vacancy, "activity", has_extra=False)
    answer = phone.post(
        links[house.doctors[2].pk], {"answer": "yes", "pay": seen}
    ).content.decode()
    assert "Godtgjøringen er endret" in answer
    assert "<strong>908 kr</strong>" in answer
    seen = vacancy.pays.order_by("-pk")[0].pk
    again = phone.post(links[house.doctors[2].pk], {"answer": "yes", "pay": seen})
    assert again.status_code == 302
    assert house.place().person == house.doctors[2]
    assert "908 kr" in phone.get(links[house.doctors[2].pk]).content.decode()
    # Another sees nothing of what the holder got.
    assert "kr</strong>" not in phone.get(links[hired.pk]).content.decode()


def test_the_leader_chooses_on_the_screen_and_others_do_not(house):
    vacancy = vacant(house)
    address = reverse("staffing:vacancy_pay", args=[vacancy.pk])
    client = Client()
    client.force_login(house.leader)
    assert client.post(address, {"form": "fixed", "extra": "on"}).status_code == 302
    newest = vacancy.pays.order_by("-pk")[0]
    assert (newest.form, newest.has_extra, newest.chosen_by) == (
        "fixed",
        True,
        house.leader,
    )
    text = client.post(address, {"form": "gull"}).content.decode()
    assert 'role="alert">Velg en av lønnsformene' in text
    client.force_login(house.doctors[1])
    assert client.post(address, {"form": "activity"}).status_code == 404


def test_pay_has_the_duty_as_it_was_agreed_under_every_form(house):
    vacancy = vacant(house)
    fill(house, vacancy, house.doctors[3])
    place = house.place()
    day = timezone.localdate(place.starts_at)
    period = Period(day, day + timedelta(days=1))
    found = pay(house.workplace, period, is_specialist=False)
    (dina,) = found.people
    assert {one.pay.total for one in dina.paid.values()} == {Decimal("2557.50")}
    assert set(dina.paid) == set(Form)
    (taken,) = found.taken
    assert (taken.name, taken.row.form) == ("Dina", "activity")
    only = pay(house.workplace, period, is_specialist=False, only=house.doctors[1].pk)
    assert only.taken == ()
    client = Client()
    client.force_login(house.planner)
    address = reverse("staffing:pay") + f"?fra={day}&til={day}"
    text = client.get(address).content.decode()
    assert "Vakter som ble tatt som ledige" in text
    assert "2 558" in text
    # Who has the duty afterwards by another way has not taken it as vacant.
    give(house, place.rota.duties.get(pk=place.pk), house.doctors[4])
    assert pay(house.workplace, period, is_specialist=False).taken == ()


def test_the_year_shows_how_each_was_filled_what_it_cost_and_how_long_it_took(house):
    by_link, by_phone, in_grid = (vacant(house, n) for n in (0, 7, 14))
    still, gone = vacant(house, 20), vacant(house, 21)
    ask(house, by_link, [house.doctors[2], house.doctors[3]])
    offer = by_link.offers.get(person=house.doctors[3])
    filling.answer(
        offer_id=offer.pk, is_yes=True, **common(house, NOW + 2 * HOUR) | {"by": None}
    )
    fill(house, by_phone, house.doctors[4], at=NOW + 6 * HOUR)
    give(house, house.place(14), house.doctors[5])
    in_grid.refresh_from_db()
    assert (in_grid.state, in_grid.filled_by) == ("filled", house.doctors[5])
    gone.place.refresh_from_db()
    now = gone.place.ends_at + HOUR
    untouched = house.place(23)
    Duty.objects.filter(rota_duty=untouched).delete()
    type(untouched).objects.filter(pk=untouched.pk).update(person=None, duty=None)
    type(untouched).objects.filter(pk=still.place_id).update(
        starts_at=now + HOUR, ends_at=now + 9 * HOUR
    )
    found = vacant_year(house.workplace, 2026, now=now)
    lines = [
        (one.how, one.person, one.asked, one.took_h, one.is_open)
        for one in found.duties
    ]
    assert lines == [
        ("spurt, sa ja", "Dina", 2, 2.0, False),
        ("avtalt på telefon", "Eli", 0, 6.0, False),
        ("satt i planen", "Finn", 0, 0.0, False),
        ("gikk uten noen", "", 0, None, False),
        ("åpen", "", 0, None, True),
        ("åpen", "", 0, None, True),
    ]
    assert (found.filled, found.nobody, found.still_open, found.median_h) == (
        3,
        1,
        2,
        2.0,
    )
    assert found.cost.unknown == 0
    assert found.cost.known == sum(
        row.pay_nok + row.extra_nok
        for row in VacancyPay.objects.filter(person__isnull=False)
    )
    assert vacant_year(house.workplace, 2025, now=now).duties == ()
    client = Client()
    client.force_login(house.leader)
    address = reverse("staffing:vacancy_year")
    text = client.get(address, {"ar": "2026"}).content.decode()
    assert "spurt, sa ja" in text
    file = client.get(address, {"ar": "2026", "csv": "ledige"}).content.decode()
    assert file.count("\n") == 1 + len(found.duties)
    assert client.get(address, {"ar": "<b>"}).status_code == 200


@pytest.mark.parametrize("act", ["choose", "fill", "set"])
def test_what_is_not_in_the_log_was_not_done(house, monkeypatch, act):
    vacancy = vacant(house)
    before = list(VacancyPay.objects.values()), house.place().person
    monkeypatch.setattr(audit, "log", fail)
    acts = {
        "choose": lambda: choose(house, vacancy, "fixed"),
        "fill": lambda: fill(house, vacancy, house.doctors[3]),
        "set": lambda: give(house, house.place(), house.doctors[3]),
    }
    with pytest.raises(CannotWrite):
        acts[act]()
    assert (list(VacancyPay.objects.values()), house.place().person) == before
