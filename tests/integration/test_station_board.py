"""The station's board: who waits, in the order of the time left, and who sees it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests import make
from varde.apps.records.models import (
    Alarm,
    AmkHandover,
    Conflict,
    LoneAlarm,
    Mission,
    Outcome,
)
from varde.apps.station import access
from varde.apps.station.queries import board, frame
from varde.apps.station.services import safety


pytestmark = pytest.mark.django_db


def test_the_nurse_sees_who_waits_and_why_the_row_stands_there(client):
    make.settings()
    now = timezone.now()
    nurse = make.nurse()
    first = make.attendance(arrived_at=now - timedelta(minutes=20))
    second = make.attendance(arrived_at=now - timedelta(minutes=25))
    second.contact.hastegrad_arrival = "gronn"
    second.contact.save(update_fields=["hastegrad_arrival"])
    client.force_login(nurse)
    text = client.get("/stasjon/").content.decode()
    assert text.index(first.contact.patient.family_name) < text.index(
        second.contact.patient.family_name
    )
    assert "Hastegrad er ikke satt" in text
    assert "av 120 min igjen" in text


def test_an_ended_attendance_is_not_on_the_board(client):
    make.settings()
    now = timezone.now()
    gone = make.attendance(arrived_at=now, ended_at=now, end="treated")
    client.force_login(make.nurse())
    text = client.get("/stasjon/").content.decode()
    assert gone.contact.patient.family_name not in text
    assert "Ingen venter." in text


def test_the_board_asks_five_queries_however_many_are_there(
    house, django_assert_num_queries
):
    now = timezone.now()
    doctor = make.user("lege-b", roles=["doctor"], at=house.station)
    nurses = [
        make.nurse(name.lower(), at=house.station, first_name=name, last_name="Lie")
        for name in ("Nils", "Anna")
    ]
    elsewhere = make.nurse("eva", at=house.sentral)
    for one in (doctor, *nurses):
        make.duty(
            one,
            "forvakt" if one is doctor else "nurse",
            at=house.station,
            starts_at=now,
        )
    make.duty(elsewhere, "nurse", at=house.sentral, starts_at=now)
    for minutes in range(3):
        make.attendance(
            at=house.station, arrived_at=now - timedelta(minutes=minutes + 1)
        )
    with_doctor = make.attendance(
        at=house.station, arrived_at=now, doctor=doctor, taken_at=now
    )
    board.board(house.place, now=now)  # what is kept for seconds is then kept
    with django_assert_num_queries(5):
        found = board.board(house.place, now=now)
    assert [row.id for row in found["with_doctor"]] == [with_doctor.pk]
    assert len(found["waiting"]) == 3
    assert found["lookers"] == "Anna Lie, Nils Lie"  # and none of the sentral's


# ------------------------------------------------------------ the alarms of every page


def test_where_nothing_alarms_one_query_tells_of_all_kinds(
    house, django_assert_num_queries
):
    now = timezone.now()
    frame.alarms(house.place, house.sentral, now=now)  # the settings are then kept
    with django_assert_num_queries(1):
        found = frame.alarms(house.place, house.sentral, now=now)
    assert set(found) == KINDS
    assert not any(found.values())


@pytest.mark.parametrize("kind", ["silent_alarms", "conflicts", "lone", "alarms",
                                  "unanswered", "untaken_reds"])  # fmt: skip
def test_each_kind_of_alarm_stands_in_the_frame_when_it_is_there(house, kind):
    now = timezone.now()
    ALARMING[kind](house, now)
    found = frame.alarms(house.place, house.sentral, now=now)
    standing = {name for name, rows in found.items() if rows}
    # A conflict is told at its station and at its sentral.
    both = {"conflicts", "station_conflicts"}
    assert standing == (both if kind == "conflicts" else {kind})
    assert len(found[kind]) == 1


@pytest.fixture
def house(db):
    make.settings()
    sentral, station = make.sentral(), make.station()
    return SimpleNamespace(
        sentral=sentral, station=station, place=access.place_of(station.pk)
    )


def _conflict(house, now):
    contact = make.contact(state="in_care")
    Conflict.objects.create(
        contact=contact,
        district=contact.district,
        sentral=house.sentral,
        station=house.station,
        need="call_out",
        needed_at=now,
        found_at=now,
        recorded_at=now,
        doctors=[],
    )


def _silent(house, now):
    safety.raise_alarm(
        place=house.place, by=make.nurse(), at=now, kind="threat", where="waiting_room"
    )


def _lone(house, now):
    contact = make.contact(state="in_care")
    common = {"district": contact.district, "sentral": house.sentral}
    mission = Mission.objects.create(
        contact=contact,
        station=house.station,
        outcome=Outcome.objects.create(
            contact=contact,
            district=contact.district,
            kind="home_visit",
            created_at=now,
            created_by=make.nurse(),
        ),
        kind="home_visit",
        opened_at=now,
        recorded_at=now,
        opened_by=make.nurse(),
        **common,
    )
    LoneAlarm.objects.create(
        mission=mission, last_sign_at=now, due_at=now, raised_at=now, **common
    )


def _handover(house, now):
    contact = make.contact()
    AmkHandover.objects.create(
        contact=contact,
        district=contact.district,
        sentral=house.sentral,
        started_at=now - timedelta(hours=1),
    )


def _unanswered(house, now):
    long_ago = now - timedelta(hours=1)
    contact = make.contact(channel="alarm", opened_at=long_ago)
    Alarm.objects.create(
        contact=contact,
        district=contact.district,
        sentral=house.sentral,
        alarm_id="a1",
        device="pendant",
        first_at=long_ago,
        recorded_at=long_ago,
    )


def _red(house, now):
    row = make.attendance(arrived_at=now)
    row.contact.hastegrad_arrival = "rod"
    row.contact.save(update_fields=["hastegrad_arrival"])


ALARMING = {
    "silent_alarms": _silent,
    "conflicts": _conflict,
    "lone": _lone,
    "alarms": _handover,
    "unanswered": _unanswered,
    "untaken_reds": _red,
}
KINDS = {*ALARMING, "station_conflicts", "helping"}
