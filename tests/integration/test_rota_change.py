"""Sick, asked, answered, swapped: the first yes has the duty, and nobody is overwritten."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import make
from tests import rota as build
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import give, refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit, kept
from varde.apps.records.models import (
    Absence,
    AuditEntry,
    Duty,
    DutyOffer,
    DutySwap,
    RotaChange,
    RotaDuty,
    Vacancy,
)
from varde.apps.staffing.services.rota import filling, offer_links, swapping
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(db):
    return build.filled(build.house(), published=True)


def sick(house, place, by=None):
    return filling.report_sick(
        rota_id=house.rota.pk,
        place_id=place.pk,
        seen=place.row_version,
        workplace=house.workplace,
        by=by or house.leader,
        at=NOW,
    )


def ask(house, vacancy, people, way=Vacancy.Way.ORDER, at=NOW):
    return filling.ask(
        vacancy_id=vacancy.pk,
        people=[one.pk for one in people],
        way=way,
        workplace=house.workplace,
        by=house.leader,
        at=at,
    )


def answer(house, offer, *, is_yes, at=NOW + MINUTE):
    return filling.answer(
        offer_id=offer.pk, is_yes=is_yes, workplace=house.workplace, by=None, at=at
    )


def states(vacancy):
    rows = vacancy.offers.order_by("rank").select_related("person")
    return [(row.person.first_name, row.state) for row in rows]


def test_sick_the_next_is_asked_and_who_says_yes_has_the_duty(house):
    place = house.place(12)  # Ane's third
    ane, bo, cato, dina = house.doctors[:4]
    vacancy = sick(house, place)
    place.refresh_from_db()
    assert (place.person, place.duty) == (None, None)
    assert Absence.objects.get(person=ane).ground == "sick"
    ask(house, vacancy, [cato, dina])
    assert states(vacancy) == [("Cato", "asked"), ("Dina", "waiting")]
    first, second = vacancy.offers.order_by("rank")
    answer(house, first, is_yes=False)
    assert states(vacancy) == [("Cato", "no"), ("Dina", "asked")]
    second.refresh_from_db()
    answer(house, second, is_yes=True)
    place.refresh_from_db()
    vacancy.refresh_from_db()
    assert (place.person, place.duty.person) == (dina, dina)
    assert (vacancy.state, vacancy.filled_by) == ("filled", dina)
    # Only the sick one's duty changed hands.
    kinds = RotaChange.objects.filter(place__isnull=False).values_list("kind", "place")
    assert sorted(kinds) == [("filled", place.pk), ("sick", place.pk)]
    assert bo.rota_duties.count() == 5


def test_who_does_not_answer_in_time_is_passed_over(house):
    vacancy = sick(house, house.place(12))
    ask(house, vacancy, house.doctors[2:4])
    first = vacancy.offers.get(rank=1)
    late = NOW + 30 * MINUTE
    assert first.expires_at == late
    filling.move_on(vacancy_id=vacancy.pk, workplace=house.workplace, at=late - MINUTE)
    assert states(vacancy) == [("Cato", "asked"), ("Dina", "waiting")]
    filling.move_on(vacancy_id=vacancy.pk, workplace=house.workplace, at=late)
    assert states(vacancy) == [("Cato", "expired"), ("Dina", "asked")]
    error = refused(answer, house, first, is_yes=True, at=late)
    assert error.rule is Rule.OFFER_IS_OVER


def test_nobody_is_asked_who_may_not_have_it_and_a_leader_needs_a_reason(house):
    place = house.place(12)
    vacancy = sick(house, place)
    eli = house.doctors[4]
    Absence.objects.create(
        person=eli,
        ground="holiday",
        starts_on=place.starts_at.date(),
        ends_on=place.starts_at.date(),
        decided_by=eli,
        decided_at=NOW,
    )
    assert refused(ask, house, vacancy, [eli]).rule is Rule.OFFER_BREAKS_RULES

    def fill(reason):
        return filling.fill(
            vacancy_id=vacancy.pk,
            person_id=eli.pk,
            reason=reason,
            workplace=house.workplace,
            is_planner=True,
            by=house.leader,
            at=NOW,
        )

    assert refused(fill, "").rule is Rule.ROTA_HARD_RULE
    assert refused(fill, "  ").rule is Rule.ROTA_HARD_RULE
    fill("Kommer hjem for å ta vakta")
    place.refresh_from_db()
    assert place.person == eli
    assert place.overrides.get().by == house.leader


def test_a_duty_that_has_begun_keeps_what_was(house):
    place = house.place()
    RotaDuty.objects.filter(pk=place.pk).update(
        starts_at=NOW - timedelta(hours=2), ends_at=NOW + timedelta(hours=10)
    )
    Duty.objects.filter(pk=place.duty_id).update(
        starts_at=NOW - timedelta(hours=2), ends_at=NOW + timedelta(hours=10)
    )
    old = place.duty
    place = house.rota.duties.get(pk=place.pk)
    vacancy = sick(house, place)
    old.refresh_from_db()
    assert (old.person, old.ends_at) == (house.doctors[0], NOW)
    filling.fill(
        vacancy_id=vacancy.pk,
        person_id=house.doctors[3].pk,
        reason="",
        workplace=house.workplace,
        by=house.leader,
        at=NOW + 20 * MINUTE,
    )
    place.refresh_from_db()
    assert place.duty.starts_at == NOW + 20 * MINUTE


def test_a_swap_is_done_when_both_have_said_yes_and_the_rules_allow(house):
    mine, theirs = house.place(6), house.place(10)  # Ane's, Eli's
    ane, eli = house.doctors[0], house.doctors[4]

    def propose():
        return swapping.propose_swap(
            rota_id=house.rota.pk,
            mine_id=mine.pk,
            theirs_id=theirs.pk,
            workplace=house.workplace,
            by=ane,
            at=NOW,
        )

    def reply(swap, by):
        return swapping.answer_swap(
            swap_id=swap.pk, is_yes=True, workplace=house.workplace, by=by, at=NOW
        )

    swap = propose()
    assert propose() == swap
    assert refused(reply, swap, ane).rule is Rule.SWAP_IS_OVER
    absence = Absence.objects.create(
        person=eli,
        ground="course",
        starts_on=mine.starts_at.date(),
        ends_on=mine.starts_at.date(),
        decided_by=eli,
        decided_at=NOW,
    )
    assert refused(reply, swap, eli).rule is Rule.SWAP_BREAKS_RULES
    absence.delete()
    reply(swap, eli)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.person, theirs.person) == (eli, ane)
    assert (mine.duty.person, theirs.duty.person) == (eli, ane)
    assert DutySwap.objects.get().state == "done"


def test_a_link_shows_the_duty_answers_once_and_is_of_no_use_to_another(
    house, settings
):
    vacancy = sick(house, house.place(12))
    ask(house, vacancy, house.doctors[2:4], way=Vacancy.Way.ALL)
    DutyOffer.objects.update(expires_at="2099-01-01T00:00Z")
    offer, other = vacancy.offers.order_by("rank")
    address = f"/vaktplan/svar/{offer_links.link_code(offer)}/"
    phone = Client()
    page = phone.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "forvakt" in text.lower()
    for hidden in ("Ane", "Dina", "Siv"):
        assert hidden not in text
    assert "no-store" in page["Cache-Control"]
    number, seal = offer_links.link_code(offer).split("-")
    wrong = offer_links.link_code(other).split("-")[0]
    for code in (f"{wrong}-{seal}", f"{number}-{'0' * 32}", number, "x", "-"):
        assert phone.get(f"/vaktplan/svar/{code}/").status_code == 404
    assert phone.post(address, {"answer": "yes"}).status_code == 302
    assert "Vakta er din" in phone.get(address).content.decode()
    again = phone.post(address, {"answer": "no"})
    assert 'role="alert"' in again.content.decode()
    other.refresh_from_db()
    assert other.state == "too_late"
    late = f"/vaktplan/svar/{offer_links.link_code(other)}/"
    assert "gjelder ikke lenger" in phone.get(late).content.decode()


@pytest.mark.parametrize("act", ["sick", "ask", "answer", "fill", "swap"])
def test_what_is_not_in_the_log_was_not_done(house, monkeypatch, act):
    place = house.place(12)
    vacancy = sick(house, place)
    ask(house, vacancy, house.doctors[2:3])
    offer = vacancy.offers.get()
    common = {"workplace": house.workplace, "by": house.leader, "at": NOW}
    before = everything()
    monkeypatch.setattr(audit, "log", fail)
    acts = {
        "sick": lambda: sick(house, house.place(13)),
        "ask": lambda: ask(house, vacancy, house.doctors[3:4]),
        "answer": lambda: answer(house, offer, is_yes=True),
        "fill": lambda: filling.fill(
            vacancy_id=vacancy.pk, person_id=house.doctors[3].pk, reason="", **common
        ),
        "swap": lambda: swapping.propose_swap(
            rota_id=house.rota.pk,
            mine_id=house.place(6).pk,
            theirs_id=house.place(10).pk,
            **common | {"by": house.doctors[0]},
        ),
    }
    with pytest.raises(CannotWrite):
        acts[act]()
    assert everything() == before


def everything():
    models = (RotaDuty, RotaChange, Duty, Vacancy, DutyOffer, DutySwap, Absence)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_yes_at_once_one_has_the_duty(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = build.filled(build.house(), published=True)
    vacancy = sick(house, house.place(12))
    ask(house, vacancy, house.doctors[1:6], way=Vacancy.Way.ALL)
    offers = list(vacancy.offers.order_by("rank"))

    def reply(offer):
        try:
            answer(house, offer, is_yes=True)
        except RuleBroken as error:
            return error.rule
        return offer.person_id

    results = side_by_side(reply, offers * 2)
    winners = {result for result in results if isinstance(result, int)}
    assert len(winners) == 1
    assert len([result for result in results if isinstance(result, int)]) == 1
    place = house.place(12)
    assert {place.person_id, place.duty.person_id} == winners
    assert AuditEntry.objects.filter(what="rota_filled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_planners_at_one_duty_at_once_one_wins_and_the_others_see_who(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = build.house()
    place = house.place()

    def change(person):
        try:
            give(house, place, person, seen=1)
        except RuleBroken as error:
            return error.rule
        return person.pk

    results = side_by_side(change, house.doctors * 2)
    won = [result for result in results if isinstance(result, int)]
    assert len(won) == 1
    assert set(results) - set(won) == {Rule.ROTA_CHANGED}
    place.refresh_from_db()
    assert (place.person_id, place.row_version) == (won[0], 2)


def test_a_duty_that_the_planner_gives_away_is_no_longer_sought(house):
    place = house.place(12)
    _, _, cato, dina, eli = house.doctors[:5]
    vacancy = sick(house, place)
    ask(house, vacancy, [cato, eli])
    place.refresh_from_db()
    give(house, place, dina)
    vacancy.refresh_from_db()
    assert (vacancy.state, vacancy.filled_by, vacancy.filled_at) == (
        "filled",
        dina,
        NOW,
    )
    assert states(vacancy) == [("Cato", "too_late"), ("Eli", "too_late")]
    error = refused(answer, house, vacancy.offers.get(rank=1), is_yes=True)
    assert (error.rule, error.values["person"]) == (Rule.VACANCY_IS_FILLED, dina.name)
    place.refresh_from_db()
    assert (place.person, place.duty.person) == (dina, dina)
    # Dina falls ill in her turn: it is sought filled anew.
    assert sick(house, place) != vacancy


def test_nobody_is_given_a_duty_that_another_has(house):
    """Also where a vacancy was left open by something else."""
    place = house.place(12)
    vacancy = Vacancy.objects.create(
        place=place, why="vacant", opened_by=house.leader, opened_at=NOW
    )
    error = refused(ask, house, vacancy, house.doctors[1:2])
    assert error.rule is Rule.ROTA_DUTY_HAS_HOLDER
    common = {"workplace": house.workplace, "by": house.leader, "at": NOW}
    sought = {"rota_id": house.rota.pk, "place_id": place.pk}
    error = refused(filling.seek, **sought, **common)
    assert error.rule is Rule.ROTA_DUTY_HAS_HOLDER


@pytest.mark.django_db(transaction=True)
def test_of_a_planner_and_a_yes_at_once_one_wins_and_the_vacancy_says_who(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = build.filled(build.house(), published=True)
    place = house.place(12)
    vacancy = sick(house, place)
    ask(house, vacancy, house.doctors[2:3])
    offer, dina = vacancy.offers.get(), house.doctors[3]
    place.refresh_from_db()

    def act(is_planner):
        try:
            if is_planner:
                give(house, place, dina)
            else:
                answer(house, offer, is_yes=True)
        except RuleBroken as error:
            return error.rule
        return None

    results = side_by_side(act, [True, False])
    assert results.count(None) == 1
    assert set(results) < {None, Rule.ROTA_CHANGED, Rule.VACANCY_IS_FILLED}
    place.refresh_from_db()
    vacancy.refresh_from_db()
    assert place.person == place.duty.person == vacancy.filled_by
    assert vacancy.state == "filled"
