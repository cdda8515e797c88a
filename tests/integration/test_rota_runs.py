"""The optimiser as a job: what it finds is kept, also when its process is killed."""

import threading
import time
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import make
from tests import rota as build
from tests.integration.test_rota import give, refused
from varde.apps.records.models import Absence, Position, Rota, RotaChange, RotaRun, Wish
from varde.apps.staffing import jobs
from varde.apps.staffing.queries.rota import lists, reasons
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.services.rota import making, publishing, running
from varde.domain.errors import Rule


NOW = make.NOW


@pytest.fixture
def house(db):
    """Two weeks, so that the optimiser is done in a moment."""
    made = build.house(with_rota=False)
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=build.FIRST,
        ends_on=build.FIRST + timedelta(days=13),
        by=made.planner,
        at=NOW,
    )
    return made


def ask(house, *, seconds=2, at=NOW):
    return running.ask_run(
        rota_id=house.rota.pk,
        seconds=seconds,
        seed=1,
        workplace=house.workplace,
        by=house.planner,
        at=at,
    )


def take(house, run):
    house.rota.refresh_from_db()
    return running.take(
        run_id=run.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )


@pytest.mark.django_db(transaction=True)
def test_a_run_finds_a_rota_that_is_taken_and_published(monkeypatch):
    house = build.house(with_rota=False)
    house.rota = making.make_rota(
        workplace=house.workplace,
        starts_on=build.FIRST,
        ends_on=build.FIRST + timedelta(days=13),
        by=house.planner,
        at=NOW,
    )
    ane = house.doctors[0]
    span = whole_days(build.FIRST, build.FIRST + timedelta(days=3))
    Wish.objects.create(
        person=ane,
        wants="free",
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        weight=3,
        said_at=NOW,
    )
    kept_place = house.place(9)
    give(house, kept_place, ane)
    monkeypatch.setattr(jobs, "BEAT_S", 0.2)
    run = ask(house)
    jobs.solve(run.pk)
    run.refresh_from_db()
    assert (run.state, run.vacant, run.broken_wishes) == ("done", 0, [])
    assert run.found[str(kept_place.pk)] == ane.pk
    assert run.bound is not None
    assert take(house, run) == 13
    house.rota.refresh_from_db()
    assert publishing.breaches_left(house.rota, house.ground()) == ()
    held = [place.person_id for place in house.places]
    assert None not in held
    assert max(held.count(one.pk) for one in house.doctors) <= 3
    told = RotaChange.objects.filter(kind="taken")
    assert told.count() == 13
    # The same run again changes nothing more.
    assert take(house, run) == 0


def test_a_killed_run_leaves_what_it_had_found(house):
    run = ask(house)
    place, ane = house.place(), house.doctors[0]
    running.begin(run.pk, workplace=house.workplace, at=NOW)
    better = {"found": {str(place.pk): ane.pk}, "cost": {"vacant": 13}, "vacant": 13}
    running.beat(run.pk, workplace=house.workplace, at=NOW, better=better)
    # Its process dies here. The job is taken up by another, which lets it be.
    jobs.solve(run.pk)
    late = NOW + timedelta(minutes=2)
    (shown,) = lists.runs(house.rota, now=late)
    assert (shown.is_dead, shown.is_under_way, shown.has_rota) == (True, False, True)
    assert ask(house, at=late).state == "waiting"
    run.refresh_from_db()
    assert (run.state, run.found) == ("stopped", {str(place.pk): ane.pk})
    RotaRun.objects.exclude(pk=run.pk).delete()
    assert take(house, run) == 1
    place.refresh_from_db()
    assert place.person == ane


def test_when_a_sign_of_life_fails_the_search_ends_with_the_job(house, monkeypatch):
    asked = []

    def search(_problem, *, should_stop, **_more):
        asked.append(should_stop)
        until = time.monotonic() + 10
        while not should_stop() and time.monotonic() < until:
            time.sleep(0.01)

    def fail(*_args, **_more):
        raise RuntimeError("the database went away")

    run = ask(house)
    monkeypatch.setattr(jobs, "BEAT_S", 0.01)
    monkeypatch.setattr("varde.engines.rostering.duties.propose.propose", search)
    monkeypatch.setattr(running, "beat", fail)
    jobs.solve(run.pk)
    assert [told() for told in asked] == [True]
    assert not [one for one in threading.enumerate() if one.name == "rota"]
    run.refresh_from_db()
    assert run.state == "failed"


def test_one_run_at_a_time_and_a_stop_is_heard(house):
    run = ask(house)
    assert refused(ask, house).rule is Rule.ROTA_RUN_UNDER_WAY
    running.begin(run.pk, workplace=house.workplace, at=NOW)
    assert running.beat(run.pk, workplace=house.workplace, at=NOW)
    running.ask_to_stop(
        run_id=run.pk, workplace=house.workplace, by=house.planner, at=NOW
    )
    assert not running.beat(run.pk, workplace=house.workplace, at=NOW)
    assert refused(take, house, run).rule is Rule.ROTA_RUN_UNDER_WAY


def test_a_proposal_is_not_put_over_what_another_has_done(house):
    run = ask(house)
    running.end(
        run.pk,
        workplace=house.workplace,
        state=RotaRun.State.DONE,
        at=NOW,
        found={"found": {str(house.place().pk): house.doctors[1].pk}},
    )
    seen = Rota.objects.get(pk=house.rota.pk).row_version
    give(house, house.place(2), house.doctors[0], by=house.leader)
    error = refused(
        running.take,
        run_id=run.pk,
        seen=seen,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )
    assert (error.rule, error.values["by"]) == (Rule.ROTA_CHANGED, house.leader.name)


def test_what_is_impossible_is_said_before_the_run(house):
    assert reasons.obstacles(house.ground()) == ()
    for doctor in house.doctors:
        Absence.objects.create(
            person=doctor,
            ground="course",
            starts_on=build.FIRST,
            ends_on=build.FIRST,
            decided_by=house.planner,
            decided_at=NOW,
        )
    said = reasons.obstacles(house.ground())
    assert said == ("Ingen her kan ha forvakt man 7. des 15:30–08:00.",)
    client = Client()
    client.force_login(house.planner)
    page = client.get(f"/vaktplan/{house.rota.pk}/forslag/").content.decode()
    assert said[0] in page


@pytest.mark.django_db(transaction=True)
def test_when_nothing_fits_the_collision_is_told_in_words(monkeypatch):
    house = build.house(with_rota=False)
    house.rota = making.make_rota(
        workplace=house.workplace,
        starts_on=build.FIRST,
        ends_on=build.FIRST + timedelta(days=1),
        by=house.planner,
        at=NOW,
    )
    for doctor in house.doctors:
        Absence.objects.create(
            person=doctor,
            ground="course",
            starts_on=build.FIRST,
            ends_on=build.FIRST,
            decided_by=house.planner,
            decided_at=NOW,
        )
    monkeypatch.setattr(jobs, "BEAT_S", 0.2)
    run = ask(house)
    jobs.solve(run.pk)
    run.refresh_from_db()
    assert run.vacant >= 1
    told = reasons.collision_words(run.collision, house.ground())
    assert any("forvakt man 7. des" in text for text in told["demands"])
    assert told["relaxation"]


def test_a_person_sees_why_they_have_two_holiday_duties(db):
    house = build.filled(build.house(), published=True)
    ane = house.doctors[0]
    found = reasons.reasons(
        house.rota, ane.pk, workplace=house.workplace, with_wishes=True
    )
    holiday = next(one for one in found.accounts if one.account == "helligdag")
    assert holiday.sentences
    client = Client()
    client.force_login(ane)
    page = client.get(f"/vaktplan/{house.rota.pk}/hvem/{ane.pk}/").content.decode()
    assert holiday.sentences[0] in page
    # Monday 7, Sunday 13, Saturday 19, Christmas Day, New Year's Eve from 08; 18 weekdays
    assert found.turn == (
        "Vakt hver 9. hverdag.",
        "Vakt hver 2. helg.",
        "Fra en vakt begynner til den neste begynner: minst 5,7 dager, 5,9 i snitt.",
        "Fra en natt til den neste: minst 5,7 dager.",
    )
    assert all(sentence in page for sentence in found.turn)
    # One who began on 21 December: eight weekdays since, and three that the duties touch.
    Position.objects.filter(person=ane).update(valid_from=date(2026, 12, 21))
    found = reasons.reasons(
        house.rota, ane.pk, workplace=house.workplace, with_wishes=True
    )
    assert found.turn[0] == "Vakt hver 5,5. hverdag."


def test_one_without_duties_has_no_turn(db):
    house = build.house()
    found = reasons.reasons(
        house.rota, house.doctors[0].pk, workplace=house.workplace, with_wishes=True
    )
    assert found.turn == ()


def test_wishes_that_no_rota_can_meet_are_told_before_and_after_the_run(house):
    ane, bo = house.doctors[:2]
    first = build.FIRST
    Absence.objects.create(
        person=ane,
        ground="holiday",
        starts_on=first,
        ends_on=first + timedelta(days=2),
        decided_by=ane,
        decided_at=NOW,
    )
    for person, wants in ((ane, "duty"), (bo, "free")):
        span = whole_days(first, first + timedelta(days=1))
        Wish.objects.create(
            person=person,
            wants=wants,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            weight=1,
            said_at=NOW,
        )
    give(house, house.place(0), bo, reason="Avtalt")
    house.rota.refresh_from_db()
    assert reasons.never_met(house.ground()) == (
        "Ane ønsker vakt 7. des–8. des: fravær",
        "Bo ønsker fri 7. des–8. des: en vakt der er satt for hånd",
    )
    run = RotaRun.objects.create(
        rota=house.rota,
        seed=1,
        seconds=30,
        row_version=1,
        asked_by=house.planner,
        asked_at=NOW,
        state="done",
        cost={},
        broken_wishes=["1", "2", "3"],
        impossible_wishes={"1": ["no_duty_while_away"], "2": ["given"]},
    )
    assert (lists.shown_run(run, now=NOW).broken, run.pk) == (3, run.pk)
    browser = Client()
    browser.force_login(house.planner)
    text = browser.get(f"/vaktplan/{house.rota.pk}/forslag/").content.decode()
    assert "2 ønsker kan ingen plan oppfylle" in text
    assert "2 av dem kan ingen plan oppfylle" in text
