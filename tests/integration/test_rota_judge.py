"""A change judged while one drags: by the rota as it is now, and with few questions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests import rota as build
from tests.integration.test_rota import give
from varde.apps.records.models import Absence, RotaDuty
from varde.apps.staffing.queries.rota import judging


NOW = make.NOW


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(judging, "_ready", {})
    return build.filled(build.house())


def judge(house, place, person):
    browser = Client()
    browser.force_login(house.planner)
    reply = browser.post(
        f"/vaktplan/{house.rota.pk}/dom/", {"place": place.pk, "person": person.pk}
    )
    return reply.json()


def asked(house, *args):
    """How many questions of the database concern the rota."""
    with CaptureQueriesContext(connection) as seen:
        found = judge(house, *args)
    about = [q for q in seen if "records_rotaduty" in q["sql"]]
    return found, len(about)


def test_a_change_by_anybody_is_seen_at_the_next_drag_and_costs_one_question(house):
    first, second = house.place(9), house.place(10)
    cato, dina = house.doctors[2:4]
    found, _ = asked(house, second, cato)
    assert found["hard"] == []
    again, questions = asked(house, second, cato)
    assert (again, questions) == (found, 0)
    give(house, first, cato)  # the night before: two in a row, which only warns
    changed, questions = asked(house, second, cato)
    assert questions == 1
    assert len(changed["warnings"]) > len(found["warnings"])
    assert asked(house, second, cato) == (changed, 0)
    judging._ready.clear()
    assert judge(house, second, cato) == changed
    vacant = asked(house, first, dina)[0]
    assert vacant["hard"] == []


def test_who_is_away_since_then_is_seen_as_soon_as_the_rota_changes(house):
    place, other = house.place(1), house.place(9)
    cato = house.doctors[2]
    assert judge(house, place, cato)["hard"] == []
    day = place.starts_at.date()
    Absence.objects.create(
        person=cato,
        ground="course",
        starts_on=day,
        ends_on=day + timedelta(days=1),
        decided_by=cato,
        decided_at=NOW,
    )
    give(house, other, house.doctors[5])
    assert "borte" in judge(house, place, cato)["hard"][0]


def test_what_is_more_than_new_holders_is_read_anew(house):
    place = house.place(1)
    cato, gro = house.doctors[2], build.doctor("Gro", house.rota.station)
    judge(house, place, cato)
    # One more place, and one more person who has it.
    extra = house.place(3)
    extra.pk, extra.person = None, gro
    extra.save()
    house.rota.row_version += 1
    house.rota.save()
    assert judge(house, place, gro)["hard"] == []
    judge(house, place, cato)
    RotaDuty.objects.filter(pk=extra.pk).update(
        person=build.doctor("Liv", house.rota.station)
    )
    house.rota.row_version += 1
    house.rota.save()
    _, questions = asked(house, place, cato)
    assert questions > 1


def test_what_is_kept_has_an_end(house, monkeypatch):
    place, cato = house.place(1), house.doctors[2]
    judge(house, place, cato)
    monkeypatch.setattr(judging, "KEPT_S", 0.0)
    judging._ready.clear()
    judge(house, place, cato)
    _, questions = asked(house, place, cato)
    assert questions >= 1
    monkeypatch.setattr(judging, "MOST", 1)
    judge(house, place, cato)
    assert list(judging._ready) == [house.rota.pk]
