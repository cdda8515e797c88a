"""A rota is made, changed, published; what has been done is kept, and nothing is lost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests import rota as build
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit
from varde.apps.records.models import (
    Absence,
    Duty,
    Rota,
    RotaChange,
    RotaDuty,
    RotaOverride,
    ShiftPattern,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.rota import changing, known, making, publishing
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def house():
    return build.house()


def give(house, place, person, *, seen=None, by=None, reason=""):
    return changing.set_person(
        rota_id=house.rota.pk,
        place_id=place.pk,
        person_id=person.pk if person else None,
        seen=place.row_version if seen is None else seen,
        reason=reason,
        workplace=house.workplace,
        by=by or house.planner,
        at=NOW,
    )


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as caught:
        act(*args, **kwargs)
    return caught.value


def test_a_rota_has_a_vacant_place_for_each_duty_of_the_patterns(house):
    places = house.places
    assert len(places) == 28
    assert {place.person_id for place in places} == {None}
    christmas = [p for p in places if p.starts_at.astimezone().day in {24, 25}]
    assert all(p.pattern.name == "Helg" for p in christmas)


def test_two_rotas_of_a_workplace_never_overlap(house):
    error = refused(
        making.make_rota,
        workplace=house.workplace,
        starts_on=build.LAST,
        ends_on=build.LAST,
        by=house.planner,
        at=NOW,
    )
    assert error.rule is Rule.ROTA_OVERLAPS
    making.drop_draft(
        rota_id=house.rota.pk, workplace=house.workplace, by=house.planner, at=NOW
    )
    again = making.make_rota(
        workplace=house.workplace,
        starts_on=build.LAST,
        ends_on=build.LAST,
        by=house.planner,
        at=NOW,
    )
    assert again.duties.count() == 1


def test_what_another_has_changed_is_never_overwritten(house):
    place = house.place()
    give(house, place, house.doctors[0])
    error = refused(give, house, place, house.doctors[1], by=house.leader)
    assert (error.rule, error.values["by"]) == (Rule.ROTA_CHANGED, house.planner.name)
    place.refresh_from_db()
    assert place.person == house.doctors[0]


def test_a_hard_rule_needs_a_reason_and_keeps_the_name(house):
    place, ane = house.place(), house.doctors[0]
    Absence.objects.create(
        person=ane,
        ground="holiday",
        starts_on=build.FIRST,
        ends_on=build.FIRST,
        decided_by=house.planner,
        decided_at=NOW,
    )
    assert refused(give, house, place, ane).rule is Rule.ROTA_HARD_RULE
    assert RotaDuty.objects.filter(person__isnull=False).count() == 0
    give(house, place, ane, reason="Avtalt med Ane")
    kept = RotaOverride.objects.get()
    assert (kept.rule, kept.by, kept.reason) == (
        "no_duty_while_away",
        house.planner,
        "Avtalt med Ane",
    )
    # What is set aside does not stop the publication; anything else does.
    assert publishing.breaches_left(house.rota, house.ground()) == ()


def test_one_without_a_position_here_gets_no_duty(house):
    stranger = make.user("fremmed", roles=["doctor"])
    error = refused(give, house, house.place(), stranger)
    assert error.rule is Rule.ROTA_NOT_OF_WORKPLACE


def test_undo_goes_back_step_by_step_and_never_over_another(house):
    place, other = house.place(0), house.place(3)
    give(house, place, house.doctors[0])
    give(house, other, house.doctors[1])

    def undo(by=house.planner):
        return changing.undo(
            rota_id=house.rota.pk, workplace=house.workplace, by=by, at=NOW
        )

    assert undo().place == other
    place.refresh_from_db()
    give(house, place, house.doctors[2], by=house.leader)
    assert refused(undo).rule is Rule.ROTA_CHANGED
    undo(house.leader)
    undo()
    place.refresh_from_db()
    assert place.person is None
    assert refused(undo).rule is Rule.ROTA_NOTHING_TO_UNDO


def test_the_published_rota_is_what_others_read_and_each_change_a_new_version(house):
    old = make.duty(
        house.doctors[5],
        at=make.station(),
        starts_at=house.place().starts_at,
    )
    build.filled(house, published=True)
    assert not Duty.objects.filter(pk=old.pk).exists()
    assert Duty.objects.count() == 28
    place = house.place()
    assert (place.duty.person, place.duty.post) == (house.doctors[0], "forvakt")
    give(house, place, house.doctors[3])
    place.refresh_from_db()
    assert place.duty.person == house.doctors[3]
    give(house, place, None)
    assert Duty.objects.count() == 27
    house.rota.refresh_from_db()
    assert house.rota.version == 3
    told = RotaChange.objects.filter(place=place).order_by("pk")
    assert [(row.before, row.after, row.version) for row in told] == [
        (house.doctors[0], house.doctors[3], 2),
        (house.doctors[3], None, 3),
    ]


def test_a_rota_that_breaks_a_hard_rule_is_not_published(house):
    place = house.place()
    RotaDuty.objects.filter(pk=place.pk).update(person=house.doctors[0])
    Absence.objects.create(
        person=house.doctors[0],
        ground="leave",
        starts_on=build.FIRST,
        ends_on=build.FIRST,
        decided_by=house.planner,
        decided_at=NOW,
    )
    error = refused(
        publishing.publish,
        rota_id=house.rota.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )
    assert (error.rule, error.values["count"]) == (Rule.ROTA_BREAKS_RULES, "1")
    assert Duty.objects.count() == 0


def test_a_group_goes_to_one_person(house):
    build.pattern(
        house,
        "Bak",
        ("saturday", "sunday"),
        house.place().pattern.starts,
        house.place().pattern.ends,
        post="bakvakt",
        group="helg",
    )
    making.drop_draft(
        rota_id=house.rota.pk, workplace=house.workplace, by=house.planner, at=NOW
    )
    house.rota = making.make_rota(
        workplace=house.workplace,
        starts_on=build.FIRST,
        ends_on=build.LAST,
        by=house.planner,
        at=NOW,
    )
    first = house.rota.duties.filter(post="bakvakt").order_by("starts_at").first()
    give(house, first, house.doctors[0])
    held = house.rota.duties.filter(post="bakvakt", person=house.doctors[0])
    assert {row.group for row in held} == {first.group}
    assert held.count() == 2


@pytest.mark.parametrize(
    "act", ["set", "undo", "publish", "drop", "make", "pattern", "known"]
)
def test_what_is_not_in_the_log_was_not_done(house, monkeypatch, act):
    place = house.place()
    give(house, place, house.doctors[0])
    place.refresh_from_db()
    house.rota.refresh_from_db()
    before = _everything()
    monkeypatch.setattr(audit, "log", fail)
    common = {"workplace": house.workplace, "by": house.planner, "at": NOW}
    acts = {
        "set": lambda: give(house, place, house.doctors[1]),
        "undo": lambda: changing.undo(rota_id=house.rota.pk, **common),
        "publish": lambda: publishing.publish(
            rota_id=house.rota.pk, seen=house.rota.row_version, **common
        ),
        "drop": lambda: making.drop_draft(rota_id=house.rota.pk, **common),
        "make": lambda: making.make_rota(
            starts_on=build.LAST.replace(month=3),
            ends_on=build.LAST.replace(month=4),
            **common,
        ),
        "pattern": lambda: making.end_pattern(
            pattern_id=place.pattern_id, on=build.FIRST, **common
        ),
        "known": lambda: known.add_known_pattern(
            code="split", valid_from=build.FIRST, **common
        ),
    }
    with pytest.raises(CannotWrite):
        acts[act]()
    assert _everything() == before


def _everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Rota, RotaDuty, RotaChange, Duty, ShiftPattern)
    ]


def test_a_known_pattern_is_a_beginning_and_its_lines_come_once(house):
    client = Client()
    client.force_login(house.planner)
    address = "/vaktplan/monster/"
    page = client.get(address).content.decode()
    assert "Vefsn kommune, plan for legetjenesten" in page
    assert "tredelt turnus" not in page  # that is the sentral's
    make.decide("rota.standby_share", 0.25)
    asked = {"known": "whole_and_backup", "valid_from": "2026-12-01"}
    told = client.post(address, asked, follow=True).content.decode()
    assert "3 linjer lagt til." in told  # the weekday's of the forvakt was there
    home = ShiftPattern.objects.filter(post="bakvakt")
    assert {(row.name, str(row.active_share)) for row in home} == {
        ("Hverdag", "0.250"),
        ("Helg", "0.250"),
    }
    assert ShiftPattern.objects.get(name="Helg", post="forvakt", starts="09:00")
    assert "0 linjer" in client.post(address, asked, follow=True).content.decode()
    for wrong in ({"known": "operators"}, {"valid_from": "i dag"}):
        text = client.post(address, asked | wrong).content.decode()
        assert 'role="alert"' in text
    assert ShiftPattern.objects.count() == 2 + 3


def test_the_known_patterns_of_a_sentral_are_the_operators(db):
    make.settings()
    assert list(known.known_for(Workplace.of_sentral(make.sentral()))) == ["operators"]


def test_the_planners_screen_asks_a_fixed_number_of_questions(house):
    build.filled(house)
    client = Client()
    client.force_login(house.planner)
    address = f"/vaktplan/{house.rota.pk}/?uker="
    counts = []
    client.get(f"{address}2")  # the settings are remembered from now on
    for weeks in (2, 13):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(f"{address}{weeks}&fra=2026-12-07")
        assert answer.status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 32
