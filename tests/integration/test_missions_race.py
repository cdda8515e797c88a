"""One car, one crew, one task, one key: many at the same moment, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import (
    ContactEvent,
    Mission,
    MissionCrew,
    MissionPress,
    Outcome,
    Vehicle,
)
from varde.apps.records.scope import scoped
from varde.apps.station.services import missions
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db(transaction=True)
NOW = make.NOW
THREADS = 8
LEGS = ["alarmed", "left", "at_scene", "with_patient", "left_scene", "free"]


@pytest.fixture
def station(monkeypatch):
    make.settings()
    make.sentral()
    monkeypatch.setattr(kept, "KEPT_S", 600)
    return make.station("elv")


def side_by_side(station, work, items):
    """Run `work` on each item, all let go at the same moment, as the web process does."""
    gate = threading.Barrier(THREADS)
    shares = [items[start::THREADS] for start in range(THREADS)]

    def one(item):
        try:
            with scoped(districts=[station.district_id]):
                return work(item)
        except RuleBroken as error:
            return error.rule

    def share(mine):
        gate.wait()
        try:
            return [one(item) for item in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [done for share_ in pool.map(share, shares) for done in share_]


def task():
    contact = make.contact(patient=make.patient())
    return Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind="call_out",
        created_at=NOW,
        created_by=make.operator("kari"),
    )


def test_of_forty_who_take_one_car_one_gets_it(station):
    place = make.place_of(station)
    car = Vehicle.objects.create(station=station, call_sign="L-1")
    items = [(task(), make.nurse(f"n{n}", at=station)) for n in range(40)]

    def take(item):
        outcome, nurse = item
        return missions.begin(
            place=place,
            outcome_id=outcome.pk,
            people=[nurse.pk],
            alone_reason="x",
            vehicle_id=car.pk,
            by=nurse,
            at=NOW,
        )

    results = side_by_side(station, take, items)
    assert sum(isinstance(one, Mission) for one in results) == 1
    assert results.count(Rule.VEHICLE_IS_OUT) == 39
    assert (Mission.objects.count(), MissionCrew.objects.count()) == (1, 1)
    assert ContactEvent.objects.filter(kind="mission_began").count() == 1


def test_a_telephone_that_sends_the_same_many_times_at_once_gives_each_leg_once(
    station,
):
    place = make.place_of(station)
    nurse = make.nurse("nora", at=station)
    mission = missions.begin(
        place=place,
        outcome_id=task().pk,
        people=[nurse.pk],
        companion="Ambulanse",
        by=nurse,
        at=NOW,
    )
    presses = [
        missions.Sent(key=uuid4(), what=what, pressed_at=NOW + timedelta(minutes=n))
        for n, what in enumerate(LEGS)
    ]
    late = NOW + timedelta(minutes=30)

    def send(part):
        return missions.receive(
            mission_id=mission.pk, presses=part, sent_at=late, by=nurse, at=late
        )

    parts = [presses, presses[::-1], presses[:3], presses[3:]] * 5
    results = side_by_side(station, send, parts)
    assert sum(row.is_new for done in results for row in done) == 6
    mission.refresh_from_db()
    found = [getattr(mission, f"{leg}_at") for leg in LEGS]
    assert found == [one.pressed_at for one in presses]
    assert MissionPress.objects.count() == 6
    assert ContactEvent.objects.filter(kind="mission_leg").count() == 6
