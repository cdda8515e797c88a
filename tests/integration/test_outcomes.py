"""What was decided: fourteen kinds, each with an owner, a due time and an end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests import make
from varde.apps.records.models import (
    AmkHandover,
    Assessment,
    CallBack,
    DatedSetting,
    InterpreterRequest,
    Outcome,
)
from varde.apps.sentral.queries import attendance, tasks
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.services import amk, interpreter, outcomes
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LATER = NOW + timedelta(minutes=2)
DONE_AT_ONCE = {"advice", "fastlege", "call_back"}
DOCTORS = {"attendance", "home_visit", "call_out", "kad", "admission"}


@pytest.fixture
def house(db):
    house = make.house()
    house.elvebyen = make.place(of=house.vefsn, minutes={house.elv: 20})
    return house


@pytest.fixture
def contact(house):
    """Somebody with a hastegrad, a place and a language."""
    return judged(house, "haster")


def judged(house, hastegrad, **fields):
    contact = house.contact(
        hastegrad_phone=hastegrad,
        place=house.elvebyen,
        municipality=house.vefsn,
        station=house.elv,
        language="polsk",
        callback_number="90000001",
        **fields,
    )
    if hastegrad:
        Assessment.objects.create(
            contact=contact,
            district=contact.district,
            axis="phone",
            hastegrad=hastegrad,
            by=house.kari,
            occurred_at=NOW,
            recorded_at=NOW,
        )
    return contact


def add(house, contact, kind, **more):
    more = {"by": house.kari, "at": LATER} | more
    with house.at_work(house.kari):
        return outcomes.add(contact_id=contact.pk, kind=kind, **more)


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


@pytest.mark.parametrize("kind", Outcome.Kind.values)
def test_each_kind_has_an_owner_and_a_clock_or_is_done(house, contact, kind):
    made = add(house, contact, kind, note="Ta med medisinliste")
    made.refresh_from_db()
    assert made.note == "Ta med medisinliste"
    assert made.owner_role == ("doctor" if kind in DOCTORS else "operator")
    assert made.owner == (None if kind in DOCTORS else house.kari)
    if kind in DONE_AT_ONCE:
        assert (made.state, made.settled_at, made.due_at) == ("done", LATER, None)
    else:
        assert (made.state, made.settled_at) == ("open", None)
        assert made.due_at > LATER
    event = contact.events.get(kind="outcome_added")
    assert (event.data["outcome"], event.data["row"]) == (kind, made.pk)
    assert "medisinliste" not in str(event.data)


def test_all_fourteen_kinds_are_settled_by_somebody():
    assert set(outcomes.KINDS) == set(Outcome.Kind)
    assert len(outcomes.KINDS) == 14


def test_several_outcomes_live_beside_each_other(house, contact):
    add(house, contact, "advice")
    add(house, contact, "home_visit")
    assert [row.kind for row in queries.outcomes_of(contact, now=LATER)] == [
        "advice",
        "home_visit",
    ]


@pytest.mark.parametrize(
    ("hastegrad", "minutes"), [("akutt", 30), ("haster", 60), ("rad", 480), ("", None)]
)
def test_the_due_time_follows_the_hastegrad(house, hastegrad, minutes):
    made = add(house, judged(house, hastegrad), "home_visit")
    expected = None if minutes is None else LATER + timedelta(minutes=minutes)
    assert made.due_at == expected


def test_a_due_time_may_be_said(house, contact):
    at_six = LATER + timedelta(hours=3)
    assert add(house, contact, "home_visit", due_at=at_six).due_at == at_six
    values = refused(
        Rule.FIELD_NOT_VALID, add, house, contact, "home_visit", due_at=NOW
    )
    assert values == {"field": "due_at", "why": "in_the_past"}


def test_an_unknown_kind_is_refused(house, contact):
    values = refused(Rule.FIELD_NOT_VALID, add, house, contact, "magic")
    assert values == {"field": "kind", "why": "not_a_choice"}


def test_a_closed_contact_gets_no_new_outcome(house):
    contact = house.contact(state="closed", closed_at=NOW)
    refused(Rule.CONTACT_IS_CLOSED, add, house, contact, "advice")


# Attendance


def test_a_time_is_proposed_from_hastegrad_capacity_and_the_way_there(house, contact):
    made = add(house, contact, "attendance")
    # 18:02 and 20 minutes on the road; four places an hour, a quarter each.
    assert made.promised_at == NOW.replace(minute=22)
    assert (made.travel_min, made.station) == (20, house.elv)
    assert made.due_at == made.promised_at


def test_the_next_patient_gets_the_next_place(house, contact):
    first = add(house, contact, "attendance").promised_at
    second = add(house, judged(house, "haster"), "attendance").promised_at
    third = add(house, judged(house, "haster"), "attendance").promised_at
    assert (first.minute, second.minute, third.minute) == (22, 30, 45)


def test_a_cancelled_time_is_free_again_and_an_arrived_one_is_not(house, contact):
    first = add(house, contact, "attendance")
    second = add(house, judged(house, "haster"), "attendance")
    outcomes.cancel(outcome_id=first.pk, by=house.kari, at=LATER, note="Kommer ikke")
    outcomes.arrived(outcome_id=second.pk, by=house.kari, at=LATER)
    third = add(house, judged(house, "haster"), "attendance")
    fourth = add(house, judged(house, "haster"), "attendance")
    assert third.promised_at == first.promised_at
    assert fourth.promised_at.minute == 45


def test_the_window_runs_from_when_the_hastegrad_was_set(house, contact):
    late = NOW + timedelta(minutes=50)
    proposal = attendance.propose(
        contact, station_id=house.elv.pk, travel_min=20, now=late
    )
    assert proposal.window_ends_at == NOW + timedelta(minutes=60)
    assert (proposal.is_late, str(proposal.late_reason)) == (True, "travel")


def test_travel_that_is_entered_counts_before_what_is_known(house, contact):
    made = add(house, contact, "attendance", travel_min=90)
    assert made.travel_min == 90
    assert made.promised_at >= LATER + timedelta(minutes=90)


def test_travel_that_nobody_knows_is_asked_for_and_never_zero(house):
    contact = judged(house, "haster")
    contact.place = None
    contact.save()
    refused(Rule.TRAVEL_TIME_UNKNOWN, add, house, contact, "attendance")
    made = add(house, contact, "attendance", travel_min=0)
    assert made.travel_min == 0


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_travel_that_cannot_be_is_refused(house, contact, minutes):
    values = refused(
        Rule.FIELD_NOT_VALID, add, house, contact, "attendance", travel_min=minutes
    )
    assert values["field"] == "travel_min"


def test_a_red_patient_never_gets_a_time(house):
    contact = judged(house, "akutt")
    for more in ({}, {"promised_at": NOW + timedelta(hours=1), "overbook": True}):
        refused(Rule.RED_IS_NEVER_QUEUED, add, house, contact, "attendance", **more)
    red_at_arrival = judged(house, "vanlig", hastegrad_arrival="rod")
    refused(Rule.RED_IS_NEVER_QUEUED, add, house, red_at_arrival, "attendance")
    assert not Outcome.objects.exists()


def test_without_a_hastegrad_no_time_is_given(house):
    refused(Rule.HASTEGRAD_NOT_SET, add, house, judged(house, ""), "attendance")


def test_a_station_must_be_known_and_of_a_district_that_the_sentral_answers_for(
    house, contact
):
    contact.station = None
    contact.save()
    refused(Rule.STATION_NEEDED, add, house, contact, "attendance")
    unserved = make.station("fjern", of=make.district("fjern", "Fjernt distrikt"))
    for station_id in (unserved.pk, 10**6):
        values = refused(
            Rule.FIELD_NOT_VALID,
            add,
            house,
            contact,
            "attendance",
            station_id=station_id,
        )
        assert values == {"field": "station", "why": "not_found"}
    assert add(house, contact, "attendance", station_id=house.elv.pk).station


def test_a_time_that_another_got_meanwhile_is_refused_with_the_next(house, contact):
    shown = attendance.propose(
        contact, station_id=house.elv.pk, travel_min=20, now=LATER
    ).at
    add(house, judged(house, "haster"), "attendance", promised_at=shown)
    values = refused(
        Rule.ATTENDANCE_TIME_TAKEN, add, house, contact, "attendance", promised_at=shown
    )
    assert values == {"next_at": NOW.replace(minute=30).isoformat()}
    made = add(house, contact, "attendance", promised_at=shown, overbook=True)
    assert made.promised_at == shown


def test_a_time_of_ones_own_choice_is_kept(house, contact):
    tomorrow = NOW + timedelta(hours=30)  # beyond what is looked ahead
    assert (
        add(house, contact, "attendance", promised_at=tomorrow).promised_at == tomorrow
    )
    values = refused(
        Rule.FIELD_NOT_VALID, add, house, contact, "attendance", promised_at=NOW
    )
    assert values == {"field": "promised_at", "why": "in_the_past"}


def test_a_station_without_capacity_gives_no_time(house, contact):
    DatedSetting.objects.filter(key="attendance.per_hour").update(value=0)
    values = refused(Rule.NO_ATTENDANCE_TIME, add, house, contact, "attendance")
    assert values["looked_until"]


def test_the_real_time_is_kept_beside_the_promised_one(house, contact):
    made = add(house, contact, "attendance")
    came_at = made.promised_at + timedelta(minutes=7)
    with house.at_work(house.kari):
        outcomes.arrived(outcome_id=made.pk, by=house.kari, at=came_at)
    made.refresh_from_db()
    assert (made.arrived_at, made.state) == (came_at, "done")
    assert made.promised_at == NOW.replace(minute=22)
    assert contact.events.get(kind="arrived").data["late_min"] == 7
    refused(
        Rule.TASK_IS_SETTLED,
        outcomes.arrived,
        outcome_id=made.pk,
        by=house.kari,
        at=LATER,
    )


def test_only_an_attendance_can_arrive(house, contact):
    made = add(house, contact, "home_visit")
    refused(
        Rule.FIELD_NOT_VALID,
        outcomes.arrived,
        outcome_id=made.pk,
        by=house.kari,
        at=LATER,
    )


def test_the_stations_of_the_sentral_are_offered_the_own_one_first(house, contact):
    far = make.station("aaa", of=house.inner)
    near = make.station("bbb", of=house.inner)
    make.place(of=house.vefsn, minutes={near: 30})
    make.station("fjern", of=make.district("fjern", "Fjernt distrikt"))
    found = attendance.stations_for(contact, now=LATER)
    wanted = [house.elv.pk, near.pk, far.pk, house.strand.pk]
    assert [row.id for row in found] == wanted
    assert [row.travel_min for row in found] == [20, 30, None, None]


# The other kinds that do something of their own


def test_113_starts_its_clock(house, contact):
    add(house, contact, "amk")
    assert AmkHandover.objects.get(contact=contact).started_at == LATER


def test_113_is_decided_once(house, contact):
    """Red has made it already; the key for 113 must not leave a second task behind."""
    made = add(house, contact, "amk")
    assert add(house, contact, "amk") == made
    told = {"contact_id": contact.pk, "by": house.kari, "at": LATER}
    amk.called(mode="conference", **told)
    amk.acknowledge(mission_number="204117", said="", **told)
    assert add(house, contact, "amk") == made
    assert [one.state for one in contact.outcomes.all()] == ["done"]


def test_113_that_was_called_off_is_decided_anew(house, contact):
    made = add(house, contact, "amk")
    cancel(house, made, note="Ringte feil")
    again = add(house, contact, "amk")
    assert again != made
    assert AmkHandover.objects.get(contact=contact).not_needed_at is None


def test_a_promise_to_ring_back_is_on_the_list(house, contact):
    at_eight = LATER + timedelta(hours=1)
    add(house, contact, "call_back", due_at=at_eight, note="Ring når legen har svart")
    (callback,) = CallBack.objects.all()
    assert (callback.contact, callback.number) == (contact, "90000001")
    assert (callback.due_at, callback.about) == (at_eight, "Ring når legen har svart")


def test_a_promise_to_another_number(house, contact):
    add(house, contact, "call_back", number="90000099")
    assert CallBack.objects.get().number == "90000099"


def test_a_promise_without_a_number_leaves_nothing(house, contact):
    contact.callback_number = ""
    contact.save()
    refused(Rule.FIELD_NOT_VALID, add, house, contact, "call_back")
    assert not Outcome.objects.exists()


def test_an_interpreter_is_asked_for_in_the_contacts_language(house, contact):
    add(house, contact, "interpreter")
    request = InterpreterRequest.objects.get(contact=contact)
    assert (request.language, request.result) == ("polsk", "waiting")


# Settling


def settle(house, outcome, **more):
    with house.at_work(house.kari):
        return outcomes.settle(outcome_id=outcome.pk, by=house.kari, at=LATER, **more)


def cancel(house, outcome, note="Ikke nødvendig"):
    with house.at_work(house.kari):
        return outcomes.cancel(
            outcome_id=outcome.pk, by=house.kari, at=LATER, note=note
        )


def test_a_task_is_settled_once(house, contact):
    made = add(house, contact, "home_visit", note="Gul dør")
    settle(house, made, note="Utført 19:30")
    made.refresh_from_db()
    assert (made.state, made.settled_by, made.note) == (
        "done",
        house.kari,
        "Utført 19:30",
    )
    refused(Rule.TASK_IS_SETTLED, settle, house, made)
    refused(Rule.TASK_IS_SETTLED, cancel, house, made)


def test_settling_without_words_keeps_the_note(house, contact):
    made = add(house, contact, "home_visit", note="Gul dør")
    assert settle(house, made).note == "Gul dør"


def test_a_task_is_cancelled_with_a_reason(house, contact):
    made = add(house, contact, "home_visit")
    values = refused(Rule.FIELD_NOT_VALID, cancel, house, made, note=" ")
    assert values == {"field": "note", "why": "empty"}
    cancel(house, made)
    made.refresh_from_db()
    assert (made.state, made.note) == ("cancelled", "Ikke nødvendig")


def test_a_task_lives_on_after_the_contact_is_closed(house, contact):
    made = add(house, contact, "home_visit")
    contact.state, contact.closed_at = "closed", LATER
    contact.save()
    assert settle(house, made).state == "done"


def test_advice_may_be_taken_back_while_the_contact_is_open(house, contact):
    made = add(house, contact, "advice")
    other = add(house, contact, "advice")
    assert cancel(house, made).state == "cancelled"
    contact.state, contact.closed_at = "closed", LATER
    contact.save()
    refused(Rule.TASK_IS_SETTLED, cancel, house, other)


def test_113_is_settled_by_amk_alone(house, contact):
    made = add(house, contact, "amk")
    refused(Rule.AMK_MISSION_NUMBER_NEEDED, settle, house, made)
    cancel(house, made, note="Ringte feil")
    made.refresh_from_db()
    assert made.state == "cancelled"
    row = AmkHandover.objects.get()
    assert (row.not_needed_at, row.not_needed_reason) == (LATER, "Ringte feil")


def test_a_call_back_that_is_taken_back_is_struck_off_the_list(house, contact):
    made = add(house, contact, "call_back")
    cancel(house, made)
    made.refresh_from_db()
    assert made.state == "cancelled"
    assert CallBack.objects.get().state == "cancelled"


# The list of tasks


def test_what_is_not_done_is_on_the_list_also_after_the_closing(house, contact):
    later = add(house, contact, "home_visit")
    soon = add(house, contact, "police_fire")
    never_said = add(house, judged(house, ""), "other_service")
    add(house, contact, "advice")  # done at once
    settle(house, add(house, contact, "ambulance"))
    contact.state, contact.closed_at = "closed", LATER
    contact.save()
    found = tasks.open_tasks(house.sentral.pk, now=LATER)
    assert [task.id for task in found] == [soon.pk, later.pk, never_said.pk]
    assert [task.is_contact_closed for task in found] == [True, True, False]
    assert [task.owner_text for task in found] == ["Kari Li", "lege på vakt", "Kari Li"]
    of_doctors = tasks.open_tasks(house.sentral.pk, now=LATER, owner_role="doctor")
    assert [task.id for task in of_doctors] == [later.pk]


def test_a_task_is_overdue_after_its_time_and_not_at_it(house, contact):
    made = add(house, contact, "home_visit")
    for now, is_overdue in (
        (made.due_at, False),
        (made.due_at + timedelta(seconds=1), True),
    ):
        (task,) = tasks.open_tasks(house.sentral.pk, now=now)
        assert task.is_overdue is is_overdue
    assert tasks.open_tasks(make.sentral("AAA").pk, now=NOW) == ()


# Two at the same time


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_time_at_once_do_not_both_get_it():
    house = make.house()
    house.elvebyen = make.place(of=house.vefsn, minutes={house.elv: 20})
    wanted = NOW.replace(minute=45)
    contacts = [judged(house, "haster") for _ in range(6)]
    ready = threading.Barrier(len(contacts))

    def take(contact):
        ready.wait(timeout=30)
        try:
            add(house, contact, "attendance", promised_at=wanted)
        except RuleBroken as refusal:
            return refusal.rule
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(len(contacts)) as pool:
        results = list(pool.map(take, contacts))
    assert sorted(results) == sorted(["taken"] + [Rule.ATTENDANCE_TIME_TAKEN] * 5)
    assert Outcome.objects.filter(promised_at=wanted).count() == 1


# The interpreter


def test_an_interpreter_on_the_line_settles_the_task(house, contact):
    made = add(house, contact, "interpreter")
    request = InterpreterRequest.objects.get()
    came_at = LATER + timedelta(seconds=90)
    with house.at_work(house.kari):
        interpreter.result(
            request_id=request.pk, result="connected", by=house.kari, at=came_at
        )
    request.refresh_from_db()
    made.refresh_from_db()
    assert (request.result, request.connected_at) == ("connected", came_at)
    assert made.state == "done"
    event = contact.events.get(kind="interpreter_result")
    assert event.data["seconds"] == 90


def test_no_interpreter_to_get_leaves_the_task_open(house, contact):
    made = add(house, contact, "interpreter")
    request = InterpreterRequest.objects.get()
    interpreter.result(
        request_id=request.pk, result="unavailable", by=house.kari, at=LATER
    )
    made.refresh_from_db()
    request.refresh_from_db()
    assert (made.state, request.connected_at) == ("open", None)
    refused(
        Rule.TASK_IS_SETTLED,
        interpreter.result,
        request_id=request.pk,
        result="connected",
        by=house.kari,
        at=LATER,
    )


@pytest.mark.parametrize("result", ["waiting", "", "kanskje"])
def test_a_result_is_one_of_three(house, contact, result):
    request = interpreter.request(
        contact_id=contact.pk, language="polsk", by=house.kari, at=LATER
    )
    values = refused(
        Rule.FIELD_NOT_VALID,
        interpreter.result,
        request_id=request.pk,
        result=result,
        by=house.kari,
        at=LATER,
    )
    assert values == {"field": "result", "why": "not_a_choice"}


def test_asking_for_an_interpreter_fills_the_first_fields(house):
    contact = house.contact()
    with house.at_work(house.kari):
        interpreter.request(
            contact_id=contact.pk, language=" somali ", by=house.kari, at=LATER
        )
    contact.refresh_from_db()
    assert (contact.language, contact.interpreter_needed) == ("somali", True)
    values = refused(
        Rule.FIELD_NOT_VALID,
        interpreter.request,
        contact_id=contact.pk,
        language="",
        by=house.kari,
        at=LATER,
    )
    assert values == {"field": "language", "why": "empty"}
