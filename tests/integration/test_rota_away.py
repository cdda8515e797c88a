"""Somebody is sick for days: their duties are vacant at once, and are filled together."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from tests.integration.test_rota_change import everything
from tests.integration.test_undone import CannotWrite, fail
from tests.query_count import queries_of
from varde.apps.records import audit
from varde.apps.records.models import Absence, AuditEntry, RotaChange, Vacancy
from varde.apps.staffing.queries.rota import mending as queries
from varde.apps.staffing.services.rota import mending
from varde.apps.staffing.services.rota.mending import Move
from varde.domain.errors import Rule


NOW = make.NOW
FIRST, LAST = "2026-12-13", "2026-12-26"  # the second and third week of the rota


@pytest.fixture
def house(db):
    """Six doctors in turn: Ane has the 7th, 13th, 19th and 25th, and the 31st."""
    return build.filled(build.house(), published=True)


def away(house, first=FIRST, last=LAST, person=None):
    return mending.report_away(
        person_id=(person or house.doctors[0]).pk,
        first_on=first,
        last_on=last,
        workplace=house.workplace,
        by=house.leader,
        at=NOW,
    )


def take(house, moves, **other):
    given = {"workplace": house.workplace, "by": house.leader, "at": NOW}
    return mending.take(rota_id=house.rota.pk, moves=moves, **given | other)


def move(place, person, seen=None):
    return Move(
        place_id=place.pk,
        person_id=None if person is None else person.pk,
        seen=place.row_version if seen is None else seen,
    )


def vacant_days():
    rows = Vacancy.objects.filter(state="open").order_by("place__starts_at")
    return [row.place.starts_at.date() for row in rows]


def leave(person):
    rows = Absence.objects.filter(person=person).order_by("starts_on")
    return [(row.ground, row.starts_on, row.ends_on) for row in rows]


def page(house, user=None):
    browser = Client()
    browser.force_login(user or house.leader)
    address = f"/vaktplan/{house.rota.pk}/borte/{house.doctors[0].pk}/"
    return browser, address


def test_all_duties_of_the_period_are_vacant_at_once_and_no_others(house):
    ane = house.doctors[0]
    away(house)
    assert vacant_days() == [date(2026, 12, 13), date(2026, 12, 19), date(2026, 12, 25)]
    assert leave(ane) == [("sick", date(2026, 12, 13), date(2026, 12, 26))]
    assert [p.starts_at.date() for p in ane.rota_duties.order_by("starts_at")] == [
        date(2026, 12, 7),
        date(2026, 12, 31),
    ]
    assert ane.duties.count() == 2
    kinds = RotaChange.objects.filter(place__isnull=False).values_list(
        "kind", flat=True
    )
    assert list(kinds) == ["sick"] * 3
    assert AuditEntry.objects.filter(what="rota_vacancy_opened").count() == 3


def test_days_that_are_leave_already_are_not_written_twice(house):
    ane = house.doctors[0]
    for first, last in (("2026-12-10", "2026-12-14"), ("2026-12-20", "2026-12-21")):
        away(house, first, last)
    away(house)
    days = [("2026-12-10", "2026-12-14"), ("2026-12-15", "2026-12-19")]
    days += [("2026-12-20", "2026-12-21"), ("2026-12-22", "2026-12-26")]
    assert leave(ane) == [
        ("sick", date.fromisoformat(first), date.fromisoformat(last))
        for first, last in days
    ]
    assert away(house) == []
    assert len(leave(ane)) == 4


@pytest.mark.parametrize(
    ("first", "last"),
    [("", LAST), (FIRST, ""), (LAST, FIRST), ("13.12", LAST), (FIRST, "2027-12-31")],
)
def test_a_period_that_is_none_is_refused(house, first, last):
    before = everything()
    assert refused(away, house, first, last).rule is Rule.FIELD_NOT_VALID
    assert everything() == before


def test_the_proposal_fills_all_and_each_part_may_be_taken(house):
    away(house)
    ane = house.doctors[0]
    found = queries.proposal(house.rota, ane, workplace=house.workplace, now=NOW)
    assert (found.vacant, found.filled, found.moved, found.left) == (3, 3, 0, [])
    assert len(found.parts) == 3
    assert all(part.may for part in found.parts)
    assert all(one.before == "ledig" for part in found.parts for one in part.changes)
    names = {one.after for part in found.parts for one in part.changes}
    assert "Ane" not in " ".join(names)
    assert {gain.week_hours for part in found.parts for gain in part.gains}
    day = make.NOW + timedelta(days=400)
    assert queries.proposal(house.rota, ane, workplace=house.workplace, now=day) is None


def test_what_cannot_be_filled_is_named_and_the_rest_is_proposed(house):
    away(house)
    for other in house.doctors[1:]:
        Absence.objects.create(
            person=other,
            ground="holiday",
            starts_on=date(2026, 12, 19),
            ends_on=date(2026, 12, 20),
            decided_by=other,
            decided_at=NOW,
        )
    found = queries.proposal(
        house.rota, house.doctors[0], workplace=house.workplace, now=NOW
    )
    assert (found.vacant, found.filled) == (3, 2)
    assert ["19. des" in one.duty for one in found.left] == [True]


def test_without_a_position_any_longer_nothing_is_proposed_and_all_is_listed(house):
    away(house)
    ane = house.doctors[0]
    ane.positions.update(valid_to=date(2026, 12, 1))
    found = queries.proposal(house.rota, ane, workplace=house.workplace, now=NOW)
    assert (found.parts, len(found.left)) == ([], 3)


def test_the_leader_takes_a_part_of_it_and_tells_those_it_is_about(house):
    away(house)
    browser, address = page(house)
    shown = browser.get(address).content.decode()
    assert shown.count('name="part"') == 3
    ane = house.doctors[0]
    found = queries.proposal(house.rota, ane, workplace=house.workplace, now=NOW)
    chosen = [part.value for part in found.parts[:2]]
    done = browser.post(address, {"act": "take", "part": chosen}, follow=True)
    text = done.content.decode()
    assert "2 vakter har skiftet hender" in text
    assert text.count("Du har fått") >= 2
    assert text.count('name="part"') == 1
    assert vacant_days() == [date(2026, 12, 25)]
    filled = RotaChange.objects.filter(kind="filled")
    assert {row.by for row in filled} == {house.leader}
    assert AuditEntry.objects.filter(what="rota_refill_taken").count() == 1
    # Ane has none of them back, and what she has not lost is hers.
    assert ane.rota_duties.count() == 2


def test_a_chain_is_taken_whole_or_not_at_all(house):
    first, *_ = away(house)
    bo, cato = house.doctors[1:3]
    near = house.place(7)  # Bo's, the day after
    assert near.person == bo
    moves = [move(first.place, bo), move(near, cato)]
    assert take(house, moves) == 2
    near.refresh_from_db()
    first.place.refresh_from_db()
    assert (first.place.person, near.person, near.duty.person) == (bo, cato, cato)
    kinds = RotaChange.objects.exclude(kind="sick").filter(place__isnull=False)
    assert sorted(kinds.values_list("kind", flat=True)) == ["filled", "taken"]
    texts = {
        one.name: one.text
        for one in queries.messages_after(house.rota, house.doctors[0], now=NOW)
    }
    assert "Du har fått" in texts[bo.name]
    assert "Du har ikke lenger" in texts[bo.name]
    assert "ikke lenger" not in texts[cato.name]


def test_a_duty_that_is_left_vacant_for_another_is_to_be_filled_as_well(house):
    first, *_ = away(house)
    bo = house.doctors[1]
    near = house.place(7)
    take(house, [move(first.place, bo), move(near, None)])
    near.refresh_from_db()
    assert (near.person, near.duty) == (None, None)
    assert near.vacancies.get().why == "vacant"


def test_what_another_changed_or_the_rules_forbid_changes_nothing(house):
    first, second, _third = away(house)
    bo, cato = house.doctors[1:3]
    Absence.objects.create(
        person=cato,
        ground="course",
        starts_on=second.place.starts_at.date(),
        ends_on=second.place.starts_at.date(),
        decided_by=cato,
        decided_at=NOW,
    )
    before = everything()
    both = [move(first.place, bo), move(second.place, cato)]
    assert refused(take, house, both).rule is Rule.REFILL_BREAKS_RULES
    stale = [move(first.place, bo, seen=1)]
    assert refused(take, house, stale).rule is Rule.ROTA_CHANGED
    late = NOW + timedelta(days=60)
    one = [move(first.place, bo)]
    assert refused(take, house, one, at=late).rule is Rule.ROTA_DUTY_IS_OVER
    begun = [move(house.place(7), cato)]
    during = house.place(7).starts_at + timedelta(hours=1)
    assert refused(take, house, begun, at=during).rule is Rule.ROTA_DUTY_IS_OVER
    assert refused(take, house, []).rule is Rule.REFILL_NOTHING_CHOSEN
    assert everything() == before
    house.rota.state = "draft"
    house.rota.version, house.rota.published_at = 0, None
    house.rota.save()
    assert refused(take, house, one).rule is Rule.ROTA_NOT_PUBLISHED


def test_those_who_are_proposed_can_be_asked_first_and_are_asked_once(house):
    vacancies = away(house)
    bo, cato = house.doctors[1:3]
    common = {"workplace": house.workplace, "by": house.leader, "at": NOW}
    moves = [move(vacancies[0].place, bo), move(vacancies[1].place, cato)]
    moves += [move(house.place(7), cato), move(vacancies[2].place, None)]
    assert mending.ask_proposed(moves=moves, **common) == 2
    asked = [(v.offers.get().person, v.offers.get().state) for v in vacancies[:2]]
    assert asked == [(bo, "asked"), (cato, "asked")]
    error = refused(mending.ask_proposed, moves=moves, **common)
    assert error.rule is Rule.REFILL_NOTHING_CHOSEN
    browser, address = page(house)
    assert "1 er spurt" in browser.get(address).content.decode()


def test_a_refusal_is_on_the_page_and_what_was_typed_is_kept(house):
    browser, address = page(house)
    text = browser.post(
        address, {"act": "away", "first_on": LAST, "last_on": FIRST}
    ).content.decode()
    assert 'role="alert"' in text
    assert f'value="{LAST}"' in text
    for parts in (["x", "1:2", ":::", "0:1:1", "9" * 30], []):
        reply = browser.post(address, {"act": "take", "part": parts})
        assert 'role="alert"' in reply.content.decode()
    reply = browser.post(
        address, {"act": "away", "first_on": FIRST, "last_on": LAST}, follow=True
    )
    assert "3 vakter er ledige" in reply.content.decode()
    asked = Vacancy.objects.first().place
    value = f"{asked.pk}:{house.doctors[3].pk}:{asked.row_version}"
    reply = browser.post(address, {"act": "ask", "part": value}, follow=True)
    assert "1 er spurt" in reply.content.decode()
    reply = browser.get(address + "?fra=2026-99-01")
    assert reply.status_code == 200


def test_only_a_leader_and_only_of_a_published_rota_here(house):
    browser, address = page(house, house.doctors[1])
    assert browser.get(address).status_code == 404
    browser, address = page(house)
    stranger = make.user("fremmed")
    elsewhere = f"/vaktplan/{house.rota.pk}/borte/{stranger.pk}/"
    assert browser.get(elsewhere).status_code == 404
    house.rota.state, house.rota.version = "draft", 0
    house.rota.published_at = None
    house.rota.save()
    assert browser.get(address).status_code == 404


def test_the_ways_to_the_page(house):
    browser, address = page(house)
    place = house.place(6)
    assert (
        f"{address}?fra=2026-12-13"
        in browser.get(f"/vaktplan/vakt/{place.pk}/").content.decode()
    )
    vacancy, *_ = away(house)
    for way in (
        f"/vaktplan/ledig/{vacancy.pk}/",
        f"/vaktplan/{house.rota.pk}/hvem/{house.doctors[0].pk}/",
    ):
        assert address in browser.get(way).content.decode()


def test_how_many_statements_the_page_takes(house):
    away(house)
    browser, address = page(house)
    few = queries_of(lambda: browser.get(address))
    for doctor in ("Gro", "Hans"):
        build.doctor(doctor, house.rota.station)
    assert queries_of(lambda: browser.get(address)) == few <= 60


@pytest.mark.parametrize("act", ["away", "take", "ask"])
def test_what_is_not_in_the_log_was_not_done(house, monkeypatch, act):
    vacancies = away(house)
    common = {"workplace": house.workplace, "by": house.leader, "at": NOW}
    one = [move(vacancies[0].place, house.doctors[3])]
    before = everything()
    monkeypatch.setattr(audit, "log", fail)
    acts = {
        "away": lambda: away(house, person=house.doctors[1]),
        "take": lambda: take(house, one),
        "ask": lambda: mending.ask_proposed(moves=one, **common),
    }
    with pytest.raises(CannotWrite):
        acts[act]()
    assert everything() == before
