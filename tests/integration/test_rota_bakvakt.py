"""Whether a bakvakt must be able to come is decided for each doctor, and the rota obeys."""

from datetime import date, time

import pytest

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from varde.apps.records.models import BakvaktDecision, CompetenceDocument
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.services.rota import making, publishing
from varde.apps.staffing.services.rota.making import PatternDetails
from varde.domain.errors import Rule
from varde.domain.rota.rules.breach import RotaRule


@pytest.fixture
def house(db):
    """Ane may not be alone. Beside the forvakt of workdays there is a bakvakt by phone."""
    made = build.house(doctors=3, with_rota=False)
    CompetenceDocument.objects.filter(
        person=made.doctors[0], kind="specialist_allmennmedisin"
    ).delete()
    add(made, is_phone_only=True)
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=build.FIRST,
        ends_on=date(2026, 12, 11),
        by=made.planner,
        at=make.NOW,
    )
    ane, bo, _cato = made.doctors
    for place in made.places:
        place.person = bo if place.post == "bakvakt" else ane
        place.save()
    return made


def add(made, *, post="bakvakt", is_phone_only):
    return making.add_pattern(
        workplace=made.workplace,
        details=PatternDetails(
            post=post,
            name="Bakvakt",
            days=build.WORKING,
            starts=time(15, 30),
            ends=time(8),
            needed=1,
            active_per_cent=14,
            group="",
            valid_from=make.LONG_AGO,
            is_phone_only=is_phone_only,
        ),
        by=made.planner,
        at=make.NOW,
    )


def decide(made, mode, first, *, at=make.NOW):
    BakvaktDecision.objects.create(
        person=made.doctors[0],
        station=made.rota.station,
        mode=mode,
        reason="Kjenner huset",
        valid_from=first,
        decided_by=made.planner,
        decided_at=at,
    )


def left(made):
    made.rota.refresh_from_db()
    ground = ground_of(made.rota, workplace=made.workplace)
    found = publishing.breaches_left(made.rota, ground)
    return sorted(
        ground.slot(one.slots[0]).span.starts_at.astimezone().day
        for one in found
        if one.rule is RotaRule.BACKUP_CAN_COME
    )


def test_until_somebody_has_decided_the_bakvakt_must_be_able_to_come(house):
    assert left(house) == [7, 8, 9, 10, 11]
    error = refused(
        publishing.publish,
        rota_id=house.rota.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=make.NOW,
    )
    assert error.rule is Rule.ROTA_BREAKS_RULES


def test_the_newest_decision_that_has_begun_counts(house):
    decide(house, "phone", date(2026, 12, 8))
    assert left(house) == [7]  # a night that began before it lies partly before it
    decide(house, "can_attend", date(2026, 12, 10))
    assert left(house) == [7, 9, 10, 11]
    decide(house, "phone", date(2026, 12, 10), at=make.NOW.replace(minute=59))
    assert left(house) == [7]
    decide(house, "phone", date(2026, 1, 1))
    assert left(house) == []


def test_a_decision_of_another_place_is_not_this_one_s(house):
    decide(house, "phone", date(2026, 1, 1))
    BakvaktDecision.objects.update(station=None, sentral=make.sentral())
    assert left(house) == [7, 8, 9, 10, 11]


def test_a_bakvakt_who_can_come_is_enough(house):
    house.rota.duties.filter(post="bakvakt").update(is_phone_only=False)
    assert left(house) == []


def test_only_a_bakvakt_is_by_phone_and_the_page_says_so(house, client):
    error = refused(add, house, post="forvakt", is_phone_only=True)
    assert error.rule is Rule.PATTERN_VALUES_WRONG
    client.force_login(house.planner)
    shown = client.get("/vaktplan/monster/").content.decode()
    assert shown.count("bare på telefon</span>") == 1
    place = house.rota.duties.filter(post="bakvakt").first()
    shown = client.get(f"/vaktplan/vakt/{place.pk}/").content.decode()
    assert "bare på telefon" in shown
    reply = client.post(
        "/vaktplan/monster/",
        {
            "post": "bakvakt",
            "name": "Natt",
            "days": "saturday",
            "starts": "20:00",
            "ends": "08:00",
            "needed": "1",
            "active": "14",
            "valid_from": "2026-01-01",
            "phone_only": "yes",
        },
    )
    assert reply.status_code == 302
    assert place.pattern._meta.model.objects.get(name="Natt").is_phone_only
