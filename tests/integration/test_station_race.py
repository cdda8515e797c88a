"""Two at the station reach for the same: real threads, real transactions, real locks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import Conflict, Contact, DoctorEvent, Order
from varde.apps.records.scope import scoped
from varde.apps.station.services import conflicts, doctors, orders
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture(autouse=True)
def station(monkeypatch):
    make.settings()
    make.sentral()
    # A thread that waits long for its turn should not read settings once more.
    monkeypatch.setattr(kept, "KEPT_S", 600)
    return make.station()


def at_once(act, people, *, station):
    """Each does the same at the same moment. What each got, in the order of the people."""
    gate = threading.Barrier(len(people))

    def one(person):
        gate.wait()
        try:
            with scoped(districts=[station.district_id], user_id=person.pk):
                return act(person)
        except RuleBroken as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


def people(station, role):
    return [
        make.user(f"{role}{number}", roles=[role], at=station)
        for number in range(THREADS)
    ]


def test_of_doctors_who_take_at_once_one_wins_and_the_others_see_who(station):
    row = make.attendance(at=station)
    doctors_ = people(station, "doctor")
    got = at_once(
        lambda who: doctors.take(attendance_id=row.pk, by=who, at=make.NOW),
        doctors_,
        station=station,
    )
    refusals = [one for one in got if isinstance(one, RuleBroken)]
    row.refresh_from_db()
    assert row.doctor in doctors_
    assert len(refusals) == THREADS - 1
    assert {(one.rule, one.values["owner"]) for one in refusals} == {
        (Rule.OWNED_BY_ANOTHER, row.doctor.username)
    }
    assert DoctorEvent.objects.get().doctor == row.doctor


def test_a_patient_finished_and_handed_over_at_once_ends_in_one_way(station):
    lise, bo = people(station, "doctor")[:2]
    for person in (lise, bo):
        make.duty(person, "konsultasjonsvakt", at=station)
    row = make.attendance(at=station, doctor=lise, taken_at=make.NOW)
    acts = {
        1: lambda: doctors.finish(
            attendance_id=row.pk, end="treated", note="", by=lise, at=make.NOW
        ),
        2: lambda: doctors.hand_over(
            attendance_id=row.pk, to_id=bo.pk, by=lise, at=make.NOW
        ),
    }
    turn = iter((1, 2))
    lock = threading.Lock()

    def act(_):
        with lock:
            number = next(turn)
        return acts[number]()

    got = at_once(act, [lise, lise], station=station)
    refusals = {one.rule for one in got if isinstance(one, RuleBroken)}
    row.refresh_from_db()
    if row.ended_at:
        assert (refusals, row.doctor) == ({Rule.ATTENDANCE_IS_OVER}, lise)
    else:
        assert (refusals, row.doctor) == ({Rule.NOT_YOURS}, bo)


def test_of_nurses_who_order_and_answer_at_once_there_is_one_order_and_one_result(
    station,
):
    row = make.attendance(at=station)
    nurses = people(station, "nurse")
    ordered = at_once(
        lambda who: orders.place(
            attendance_id=row.pk, codes=["crp"], note="", by=who, at=make.NOW
        ),
        nurses,
        station=station,
    )
    assert [one.rule for one in ordered if isinstance(one, RuleBroken)] == (
        [Rule.ORDER_STANDS] * (THREADS - 1)
    )
    order = Order.objects.get()
    at_once(
        lambda who: orders.answer(
            order_id=order.pk, values={"crp": "7"}, by=who, at=make.NOW
        ),
        nurses,
        station=station,
    )
    assert order.results.count() == 1


def test_found_by_many_at_once_it_is_one_conflict(station):
    row = make.attendance(at=station)
    Contact.objects.filter(pk=row.contact_id).update(hastegrad_arrival="rod")
    got = at_once(
        lambda who: conflicts.detect(contact_id=row.contact_id, at=make.NOW),
        people(station, "nurse"),
        station=station,
    )
    assert sorted(got) == [0] * (THREADS - 1) + [1]
    assert Conflict.objects.count() == 1
    assert row.contact.events.filter(kind="conflict_found").count() == 1
