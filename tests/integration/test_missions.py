"""Call-out and home visit: crew, car, legs from a telephone, the one who is alone."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests import make
from varde.apps.records import audit, care, events
from varde.apps.records.models import (
    AuditEntry,
    Contact,
    ContactEvent,
    LoneAlarm,
    LoneStep,
    Mission,
    MissionCrew,
    MissionPress,
    MissionSecret,
    Outcome,
    Vehicle,
)
from varde.apps.sentral.queries import lone
from varde.apps.sentral.services import outcomes
from varde.apps.station.queries import doctor_states
from varde.apps.station.queries import missions as queries
from varde.apps.station.services import missions
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW


def after(minutes):
    return NOW + timedelta(minutes=minutes)


class World:
    """A station with a car, a nurse and a doctor, and a home visit that waits."""

    def __init__(self):
        self.house = make.house()
        self.nora = make.nurse("nora", at=self.house.elv, phone="40000002")
        self.doctor = self.house.doctor
        self.place = make.place_of(self.house.elv)
        self.car = Vehicle.objects.create(station=self.house.elv, call_sign="L-1")
        self.contact = make.contact(
            at=self.house.sentral,
            patient=make.patient(given_name="Siv", address="Elvegata 1"),
            hastegrad_phone="haster",
            state="closed",
            closed_at=NOW,
        )
        self.visit = self.outcome(self.contact)

    def outcome(self, contact, kind="home_visit", **fields):
        return Outcome.objects.create(
            contact=contact,
            district=contact.district,
            kind=kind,
            created_at=NOW,
            created_by=self.house.kari,
            **fields,
        )

    def begin(self, *, people=None, at=NOW, outcome=None, **more):
        return missions.begin(
            place=self.place,
            outcome_id=(outcome or self.visit).pk,
            people=[p.pk for p in people or [self.doctor, self.nora]],
            by=self.nora,
            at=at,
            **more,
        )

    def alone(self, **more):
        return self.begin(people=[self.doctor], alone_reason="Ingen andre", **more)

    def press(self, mission, what, minutes, *, key=None, sent_at=None, at=None):
        sent = missions.Sent(key=key or uuid4(), what=what, pressed_at=after(minutes))
        received_at = at or after(minutes)
        (done,) = missions.receive(
            mission_id=mission.pk,
            presses=[sent],
            sent_at=sent_at or received_at,
            by=self.doctor,
            at=received_at,
        )
        mission.refresh_from_db()
        return done

    def another(self, **fields):
        contact = make.contact(at=self.house.sentral, **fields)
        return self.outcome(contact, "call_out")


@pytest.fixture
def world():
    return World()


def kinds(contact):
    rows = ContactEvent.objects.filter(contact=contact)
    return list(rows.order_by("occurred_at", "pk").values_list("kind", flat=True))


def rule_of(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as error:
        act(*args, **kwargs)
    return error.value


# --------------------------------------------------------------- what the doctors do


def doing(world, minutes):
    now = after(minutes)
    own = doctor_states.own(
        doctor_states.on_duty(world.place, now=now), world.doctor.pk
    )
    return str(own.state.activity)


def test_the_presses_of_a_mission_tell_what_its_doctor_does(world):
    make.duty(world.doctor, "beredskapsvakt", at=world.house.elv, starts_at=NOW)
    mission = world.begin()
    seen = []
    for minutes, leg in enumerate(("left", "at_scene", "left_scene", "free"), start=1):
        world.press(mission, leg, minutes)
        seen.append(doing(world, minutes))
    assert seen == ["driving", "out", "driving", "free"]


def test_a_mission_that_is_ended_lets_its_doctor_go_whatever_was_pressed(world):
    make.duty(world.doctor, "beredskapsvakt", at=world.house.elv, starts_at=NOW)
    mission = world.begin()
    world.press(mission, "left", 1)
    missions.end(
        mission_id=mission.pk,
        result="treated",
        done="Snakket med pasienten",
        avoided="neither",
        by=world.doctor,
        at=after(2),
    )
    assert doing(world, 2) == "free"
    world.visit.refresh_from_db()
    assert world.visit.owner == world.doctor


# ------------------------------------------------------------------------- who goes


def test_a_mission_takes_the_contact_in_care_and_is_in_the_log(world):
    mission = world.begin(vehicle_id=world.car.pk)
    world.contact.refresh_from_db()
    assert world.contact.state == Contact.State.IN_CARE
    assert care.is_in_care(world.contact.pk)
    assert {row.person for row in mission.crew.all()} == {world.doctor, world.nora}
    event = ContactEvent.objects.get(contact=world.contact, kind="mission_began")
    assert event.data["vehicle"] == world.car.pk
    assert event.data["crew"] == sorted([world.doctor.pk, world.nora.pk])
    assert mission.sign_due_at is None


def test_nobody_goes_alone_without_a_reason(world):
    refusal = rule_of(world.begin, people=[world.doctor], alone_reason="  ")
    assert refusal.rule is Rule.ALONE_NEEDS_REASON
    assert not Mission.objects.exists()
    mission = world.alone()
    assert mission.alone_reason == "Ingen andre"
    assert mission.sign_due_at == after(30)


def test_an_ambulance_along_is_not_to_be_alone(world):
    mission = world.begin(people=[world.doctor], companion="Ambulanse 3-7")
    assert (mission.alone_reason, mission.sign_due_at) == ("", None)


def test_a_crew_of_nobody_or_of_strangers_is_refused(world):
    assert rule_of(world.begin, people=[make.user("fremmed")]).values["field"] == "crew"
    refusal = rule_of(
        missions.begin,
        place=world.place,
        outcome_id=world.visit.pk,
        people=[],
        by=world.nora,
        at=NOW,
    )
    assert refusal.rule is Rule.CREW_NEEDED


def test_a_car_and_a_person_are_on_one_mission_until_they_are_free(world):
    mission = world.begin(vehicle_id=world.car.pk)
    second = world.another()
    ola = make.nurse("ola-s", at=world.house.elv)
    pia = make.nurse("pia", at=world.house.elv)
    refusal = rule_of(
        world.begin, outcome=second, people=[ola, pia], vehicle_id=world.car.pk
    )
    assert (refusal.rule, refusal.values) == (Rule.VEHICLE_IS_OUT, {"vehicle": "L-1"})
    refusal = rule_of(world.begin, outcome=second, people=[ola, world.nora])
    assert refusal.rule is Rule.PERSON_IS_OUT
    assert rule_of(world.begin).rule is Rule.MISSION_IS_UNDER_WAY
    world.press(mission, "free", 40)
    world.begin(outcome=second, people=[ola, world.nora], vehicle_id=world.car.pk)
    assert MissionCrew.objects.filter(person=world.nora, until=None).count() == 1


def test_what_is_settled_or_of_another_district_is_not_gone_to(world):
    done = world.outcome(world.contact, state="done")
    assert rule_of(world.begin, outcome=done).rule is Rule.TASK_IS_SETTLED
    advice = world.outcome(world.contact, "advice")
    assert rule_of(world.begin, outcome=advice).values["field"] == "kind"
    far = make.contact(at=world.house.sentral, district=world.house.outer)
    refusal = rule_of(world.begin, outcome=world.outcome(far))
    assert refusal.values["field"] == "station"


def test_a_mission_of_the_station_itself_has_a_contact_and_a_task(world):
    mission = missions.begin_new(
        place=world.place,
        sentral=world.house.sentral,
        kind="call_out",
        channel="amk",
        whereabouts="E6 ved Kjerringholmen",
        narrative="Trafikkulykke",
        callback_number="90000001",
        people=[world.doctor.pk, world.nora.pk],
        by=world.nora,
        at=NOW,
    )
    contact = mission.contact
    assert (contact.state, contact.owner, contact.channel) == ("in_care", None, "amk")
    assert contact.district_id == world.place.district_id
    assert mission.outcome.kind == "call_out"
    where = rule_of(
        missions.begin_new,
        place=world.place,
        sentral=world.house.sentral,
        kind="call_out",
        channel="amk",
        whereabouts=" ",
        people=[],
        by=world.nora,
        at=NOW,
    )
    assert where.values["field"] == "whereabouts_needed"


def test_a_crew_that_shrinks_to_one_needs_a_reason_and_gets_the_timer(world):
    mission = world.begin()
    change = {"mission_id": mission.pk, "by": world.nora, "at": after(5)}
    refusal = rule_of(missions.change_crew, people=[world.doctor.pk], **change)
    assert refusal.rule is Rule.ALONE_NEEDS_REASON
    missions.change_crew(
        people=[world.doctor.pk], alone_reason="Nora trengs her", **change
    )
    mission.refresh_from_db()
    assert mission.sign_due_at == after(35)
    assert mission.crew.get(person=world.nora).until == after(5)


# ------------------------------------------------------------------------ the presses


LEGS = ["alarmed", "left", "at_scene", "with_patient", "left_scene", "free"]


def kept_by_a_telephone(start=1):
    return [
        missions.Sent(key=uuid4(), what=what, pressed_at=after(start + 3 * number))
        for number, what in enumerate(LEGS)
    ]


def times(mission):
    return [getattr(mission, f"{leg}_at") for leg in LEGS]


def test_six_presses_after_twenty_minutes_without_net_are_six_legs_once(world):
    mission = world.begin()
    presses = kept_by_a_telephone()
    back = {"sent_at": after(36), "by": world.doctor, "at": after(36)}
    # In any order, twice, and in parts: the answer to the first sending was lost.
    missions.receive(mission_id=mission.pk, presses=presses[3:], **back)
    missions.receive(mission_id=mission.pk, presses=presses[::-1], **back)
    again = missions.receive(mission_id=mission.pk, presses=presses, **back)
    mission.refresh_from_db()
    assert times(mission) == [press.pressed_at for press in presses]
    assert [row.is_new for row in again] == [False] * 6
    assert MissionPress.objects.count() == 6
    assert kinds(world.contact).count("mission_leg") == 6
    rows = ContactEvent.objects.filter(kind="mission_leg").order_by("occurred_at")
    assert [row.occurred_at for row in rows] == times(mission)
    assert all(row.recorded_at > row.occurred_at for row in rows)


def test_a_clock_that_is_an_hour_behind_is_set_right_and_said(world):
    mission = world.begin()
    hour = timedelta(hours=1)
    sent = missions.Sent(key=uuid4(), what="left", pressed_at=after(5) - hour)
    (done,) = missions.receive(
        mission_id=mission.pk,
        presses=[sent],
        sent_at=after(25) - hour,
        by=world.doctor,
        at=after(25),
    )
    mission.refresh_from_db()
    row = MissionPress.objects.get()
    assert (mission.left_at, done.doubt) == (after(5), "clock_wrong")
    assert (row.device_at, row.occurred_at) == (after(5) - hour, after(5))
    shown = queries.time_rows(mission)
    assert shown["to_check"]
    assert "gikk feil" in shown["legs"][1].doubts[0]


def test_presses_in_the_wrong_order_are_kept_and_said(world):
    mission = world.begin()
    world.press(mission, "at_scene", 20)
    world.press(mission, "left", 25)
    rows = {row.leg: row for row in queries.time_rows(mission)["legs"]}
    assert (rows["left"].at, rows["at_scene"].at) == (after(25), after(20))
    assert rows["at_scene"].is_out_of_order
    assert not rows["left"].is_out_of_order


def test_a_corrected_press_keeps_both_and_one_taken_back_frees_nobody(world):
    mission = world.begin(vehicle_id=world.car.pk)
    world.press(mission, "left", 2)
    world.press(mission, "free", 9)
    left = MissionPress.objects.get(what="left")
    free = MissionPress.objects.get(what="free")
    how = {"by": world.doctor, "at": after(12)}
    missions.correct(press_id=left.pk, leg_at=after(4), reason="Trykket før", **how)
    missions.correct(press_id=free.pk, leg_at=None, reason="Feil knapp", **how)
    mission.refresh_from_db()
    left.refresh_from_db()
    assert (mission.left_at, mission.free_at) == (after(4), None)
    assert (left.occurred_at, MissionPress.objects.count()) == (after(2), 4)
    assert mission.crew.filter(until=None).count() == 2
    assert kinds(world.contact).count("mission_leg_corrected") == 2
    refusal = rule_of(
        missions.correct, press_id=left.pk, leg_at=after(99), reason="x", **how
    )
    assert refusal.values == {"field": "leg_at", "why": "in_the_future"}
    refusal = rule_of(missions.correct, press_id=left.pk, leg_at=NOW, reason="", **how)
    assert refusal.values["field"] == "reason"


def test_free_is_not_taken_back_when_the_car_is_on_another_mission(world):
    mission = world.begin(vehicle_id=world.car.pk)
    world.press(mission, "free", 9)
    ola = make.nurse("ola-s", at=world.house.elv)
    pia = make.nurse("pia", at=world.house.elv)
    world.begin(
        outcome=world.another(),
        people=[ola, pia],
        vehicle_id=world.car.pk,
        at=after(10),
    )
    free = MissionPress.objects.get(what="free")
    refusal = rule_of(
        missions.correct,
        press_id=free.pk,
        leg_at=None,
        reason="Feil knapp",
        by=world.doctor,
        at=after(12),
    )
    assert refusal.rule is Rule.VEHICLE_IS_OUT


def test_a_key_of_another_mission_and_a_leg_that_is_none_are_refused(world):
    mission = world.begin()
    world.press(mission, "left", 1, key=UUID(int=7))
    other = world.begin(
        outcome=world.another(), people=[make.nurse("pia", at=world.house.elv)],
        companion="AMK", at=after(2),
    )  # fmt: skip
    refusal = rule_of(world.press, other, "left", 3, key=UUID(int=7))
    assert refusal.rule is Rule.FIELD_NOT_VALID
    assert rule_of(world.press, other, "flown", 3).rule is Rule.FIELD_NOT_VALID


# ------------------------------------------------------------------------- being alone


def test_no_sign_in_time_raises_the_alarm_and_the_list_goes_on_until_answered(world):
    mission = world.alone()
    world.press(mission, "left", 10)
    assert missions.alarm_due(at=after(39)) == 0
    assert missions.alarm_due(at=after(40)) == 2  # the alarm, and to ring at once
    assert missions.alarm_due(at=after(40)) == 0
    alarm = LoneAlarm.objects.get()
    assert (alarm.last_sign_at, alarm.due_at) == (after(10), after(40))
    assert missions.alarm_due(at=after(45.5)) == 2
    steps = list(alarm.steps.order_by("reached_at").values_list("step", "reached_at"))
    assert steps == [
        ("ring_crew", after(40)),
        ("ring_leader", after(42)),
        ("send_colleague", after(45)),
    ]
    (shown,) = lone.standing(world.house.sentral)
    assert (shown.mission_id, shown.crew) == (mission.pk, world.doctor.name)
    step = LoneStep.objects.get(step="ring_leader")
    missions.do_step(step_id=step.pk, by=world.nora, at=after(46))
    missions.answer_alarm(alarm_id=alarm.pk, found="safe", by=world.nora, at=after(47))
    assert missions.alarm_due(at=after(60)) == 0
    assert lone.standing(world.house.sentral) == ()
    mission.refresh_from_db()
    assert mission.sign_due_at == after(77)
    refusal = rule_of(
        missions.answer_alarm,
        alarm_id=alarm.pk, found="safe", by=world.doctor, at=after(48),
    )  # fmt: skip
    assert (refusal.rule, refusal.values["owner"]) == (
        Rule.LONE_ALARM_IS_ANSWERED,
        "nora",
    )
    assert {"lone_alarm", "lone_step", "lone_step_done", "lone_answered"} <= set(
        kinds(world.contact)
    )


def test_a_late_sign_holds_the_list_back_but_answers_nothing(world):
    mission = world.alone()
    missions.alarm_due(at=after(31))
    world.press(mission, "sign", 32)
    assert missions.alarm_due(at=after(50)) == 0
    alarm = LoneAlarm.objects.get()
    assert (alarm.sign_at, alarm.answered_at) == (after(32), None)
    assert alarm.steps.count() == 1
    assert lone.standing(world.house.sentral)[0].sign_at == after(32)


def test_a_press_that_comes_late_counts_from_when_it_was_made(world):
    mission = world.alone()
    world.press(mission, "at_scene", 25, sent_at=after(29), at=after(29))
    assert mission.sign_due_at == after(55)
    world.press(mission, "left", 12, sent_at=after(30), at=after(30))
    assert mission.sign_due_at == after(55)  # an older sign changes nothing


def test_the_timer_ends_when_they_are_free_and_is_not_taken_off_one_who_is_alone(world):
    mission = world.alone()
    refusal = rule_of(
        missions.unwatch, mission_id=mission.pk, by=world.doctor, at=after(1)
    )
    assert refusal.rule is Rule.LONE_WATCH_IS_NEEDED
    world.press(mission, "free", 29)
    assert mission.sign_due_at is None
    assert missions.alarm_due(at=after(300)) == 0


def test_one_alarm_that_fails_does_not_delay_the_others(world, monkeypatch, caplog):
    world.alone()
    pia = make.nurse("pia", at=world.house.elv)
    world.begin(
        outcome=world.another(), people=[pia], alone_reason="Ingen andre", at=NOW
    )
    first = Mission.objects.order_by("pk").first()
    real = events.happened

    def happened(**what):
        if what["kind"] == "lone_alarm" and what["mission"] == first.pk:
            raise RuntimeError("secret text")
        return real(**what)

    monkeypatch.setattr(events, "happened", happened)
    assert missions.alarm_due(at=after(31)) == 2
    assert LoneAlarm.objects.count() == 1
    assert f"lone worker of mission {first.pk}: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


# ---------------------------------------------------------------------- the door code


def write(world, mission, text="Kode 47eple11, nøkkel i kassen"):
    missions.write_door(mission_id=mission.pk, text=text, by=world.nora, at=after(1))


def look(world, mission, person, minutes=2):
    return missions.look_at_door(mission_id=mission.pk, by=person, at=after(minutes))


def test_the_code_is_for_the_crew_and_each_look_is_in_the_log(world):
    mission = world.begin()
    write(world, mission)
    assert look(world, mission, world.doctor) == "Kode 47eple11, nøkkel i kassen"
    assert look(world, mission, world.nora, 3) == "Kode 47eple11, nøkkel i kassen"
    leader = make.user("leder-s", roles=["shift_leader"], at=world.house.elv)
    assert rule_of(look, world, mission, leader).rule is Rule.DOOR_CODE_CREW_ONLY
    rows = AuditEntry.objects.filter(what="door_code_seen").order_by("pk")
    assert [row.user_id for row in rows] == [world.doctor.pk, world.nora.pk]
    assert {row.contact_id for row in rows} == {world.contact.pk}
    assert {row.kind for row in rows} == {"read"}


def test_the_code_is_readable_in_no_row_of_the_database(world):
    mission = world.begin()
    write(world, mission)
    look(world, mission, world.doctor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert "records_missionsecret" in tables
        for table in tables:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',
                ["%47eple11%"],
            )
            assert cursor.fetchone() == (0,), table
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',
                ["%" + b"47eple11".hex() + "%"],
            )
            assert cursor.fetchone() == (0,), table


def test_the_code_is_gone_when_they_are_free_and_deleted_when_it_is_over(world):
    mission = world.begin()
    write(world, mission)
    world.press(mission, "free", 20)
    assert rule_of(look, world, mission, world.doctor, 21).rule is (
        Rule.DOOR_CODE_CREW_ONLY
    )
    end(world, mission)
    assert not MissionSecret.objects.exists()
    assert AuditEntry.objects.filter(what="door_code_deleted").count() == 1
    # Nor is what was sealed left in the log of changes.
    assert not AuditEntry.objects.filter(table="records_missionsecret").exists()


def test_another_key_or_another_mission_opens_nothing(world, settings):
    mission = world.begin()
    write(world, mission)
    sealed = MissionSecret.objects.get()
    before = settings.DOOR_KEY
    settings.DOOR_KEY = bytes(32)
    assert rule_of(look, world, mission, world.doctor).rule is Rule.DOOR_CODE_UNREADABLE
    settings.DOOR_KEY = before
    pia = make.nurse("pia", at=world.house.elv)
    other = world.begin(outcome=world.another(), people=[pia], companion="Ambulanse")
    MissionSecret.objects.filter(pk=sealed.pk).update(mission=other)
    assert rule_of(look, world, other, pia).rule is Rule.DOOR_CODE_UNREADABLE


def test_the_key_is_one_of_its_own(settings):
    assert len(settings.DOOR_KEY) == 32
    assert settings.DOOR_KEY != settings.SNAPSHOT_KEY
    assert settings.DOOR_KEY not in settings.SECRET_KEY.encode()


# ----------------------------------------------------------------------------- the end


def end(world, mission, *, result="treated", avoided="admission", done="Gitt O2"):
    return missions.end(
        mission_id=mission.pk,
        result=result,
        done=done,
        avoided=avoided,
        by=world.doctor,
        at=after(60),
    )


def test_the_end_says_what_was_done_and_avoided_and_settles_the_task(world):
    mission = end(world, world.begin())
    world.contact.refresh_from_db()
    world.visit.refresh_from_db()
    assert (mission.result, mission.avoided) == ("treated", "admission")
    assert (world.visit.state, world.visit.settled_by) == ("done", world.doctor)
    assert world.contact.state == Contact.State.CLOSED
    assert rule_of(end, world, mission).rule is Rule.MISSION_IS_OVER
    assert not MissionCrew.objects.filter(until=None).exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("result", "gone"), ("avoided", ""), ("avoided", "taxi"), ("done", "  ")],
)
def test_an_end_lacks_nothing(world, field, wrong):
    mission = world.begin()
    assert rule_of(end, world, mission, **{field: wrong}).values["field"] == field
    mission.refresh_from_db()
    assert mission.ended_at is None


def test_called_off_leaves_the_task_for_others(world):
    mission = end(
        world, world.begin(), result="called_off", avoided="", done="AMK tok den"
    )
    world.visit.refresh_from_db()
    assert (mission.avoided, world.visit.state) == ("", "open")
    (row,) = queries.board(world.place, now=after(61))["waiting"]
    assert row.outcome_id == world.visit.pk
    assert world.begin(at=after(62)).pk != mission.pk


def test_a_task_that_the_sentral_struck_does_not_stop_the_end(world):
    mission = world.begin()
    outcomes.cancel(
        outcome_id=world.visit.pk, note="Bedre", by=world.house.kari, at=NOW
    )
    end(world, mission)
    world.visit.refresh_from_db()
    assert world.visit.state == "cancelled"


def test_presses_that_come_after_the_end_are_kept(world):
    mission = end(world, world.begin())
    world.press(mission, "left_scene", 50, sent_at=after(70), at=after(70))
    assert mission.left_scene_at == after(50)
    assert missions.alarm_due(at=after(500)) == 0


# -------------------------------------------------------------------------- undone, log


def test_every_write_is_undone_when_its_event_cannot_be_written(world, monkeypatch):
    mission = world.alone(vehicle_id=world.car.pk)
    write(world, mission)
    world.press(mission, "left", 3)
    missions.alarm_due(at=after(40))
    alarm, step = LoneAlarm.objects.get(), LoneStep.objects.get()
    press = MissionPress.objects.get()
    second = world.another()
    pia = make.nurse("pia", at=world.house.elv)
    who = {"by": world.nora, "at": after(41)}
    acts = {
        "begin": lambda: world.begin(outcome=second, people=[pia], alone_reason="x"),
        "press": lambda: world.press(mission, "at_scene", 41),
        "correct": lambda: missions.correct(
            press_id=press.pk, leg_at=after(4), reason="x", **who
        ),
        "crew": lambda: missions.change_crew(
            mission_id=mission.pk, people=[world.doctor.pk, pia.pk], **who
        ),
        "step": lambda: missions.do_step(step_id=step.pk, **who),
        "answer": lambda: missions.answer_alarm(alarm_id=alarm.pk, found="safe", **who),
        "end": lambda: end(world, mission),
        "write": lambda: write(world, mission, "Ny kode"),
        "look": lambda: look(world, mission, world.doctor),
        "vehicle": lambda: missions.add_vehicle(
            place=world.place, call_sign="L-2", kind="car", **who
        ),
        "in use": lambda: missions.set_in_use(
            place=world.place,
            vehicle_id=Vehicle.objects.create(station=world.house.elv, call_sign="L-9").pk,
            is_in_use=False,
            **who,
        ),
    }  # fmt: skip

    def cannot(**_):
        raise LookupError("no event")

    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(events, "happened", cannot)
        patch.setattr(audit, "log", cannot)
        for name, act in acts.items():
            with pytest.raises(LookupError):
                act()
            if name == "in use":
                Vehicle.objects.get(call_sign="L-9", is_in_use=True).delete()
            assert everything() == before, name


def everything():
    models = [
        Mission, MissionCrew, MissionPress, MissionSecret, LoneAlarm, LoneStep,
        Vehicle, Outcome, Contact, ContactEvent,
    ]  # fmt: skip
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in models}


# ---------------------------------------------------------------------------- screens


def test_the_board_shows_what_waits_and_who_is_out_in_few_queries(
    world, django_assert_num_queries
):
    world.begin(vehicle_id=world.car.pk)
    for number in range(8):
        pia = make.nurse(f"pia{number}", at=world.house.elv)
        world.begin(outcome=world.another(), people=[pia], alone_reason="x")
        world.another(patient=make.patient())
    missions.alarm_due(at=after(31))
    queries.board(world.place, now=after(31))  # names are kept for seconds
    with django_assert_num_queries(6):
        found = queries.board(world.place, now=after(31))
    assert (len(found["out"]), len(found["waiting"])) == (9, 8)
    assert sum(row.alarm is not None for row in found["out"]) == 8


def test_another_stations_task_is_not_on_the_list(world):
    other = make.station("bakken", of=world.house.inner)
    theirs = world.outcome(world.contact, station=other)
    ids = [row.outcome_id for row in queries.board(world.place, now=NOW)["waiting"]]
    assert ids == [world.visit.pk]
    assert theirs.pk not in ids


def path(name, **ids):
    return reverse(f"station:{name}", kwargs=ids)


def test_from_the_list_to_the_end_without_javascript(client, world):
    client.force_login(world.nora)
    text = client.get("/stasjon/bil/").content.decode()
    assert "Siv" in text
    assert "Elvegata 1" in text
    begin = path("begin_mission", outcome_id=world.visit.pk)
    refused = client.post(begin, {"crew": world.nora.pk, "vehicle": world.car.pk})
    assert "Ingen drar alene uten en grunn" in refused.content.decode()
    assert 'role="alert"' in refused.content.decode()
    both = [world.nora.pk, world.doctor.pk]
    client.post(begin, {"crew": both, "vehicle": world.car.pk})
    mission = Mission.objects.get()
    page = path("mission", mission_id=mission.pk)
    for leg in LEGS[:3]:
        answer = client.post(path("press", mission_id=mission.pk), {"what": leg})
        assert answer.url == page
    client.post(path("write_door", mission_id=mission.pk), {"door_code": "47114711"})
    assert "47114711" not in client.get(page).content.decode()
    seen = client.post(path("look_at_door", mission_id=mission.pk))
    assert "47114711" in seen.content.decode()
    assert seen["Cache-Control"] == "no-store"
    stop = path("end_mission", mission_id=mission.pk)
    kept = client.post(stop, {"result": "treated", "done": "Sett til, gitt råd"})
    assert "Sett til, gitt råd" in kept.content.decode()
    client.post(stop, {"result": "treated", "done": "Sett til", "avoided": "ambulance"})
    mission.refresh_from_db()
    assert (mission.avoided, mission.at_scene_at is not None) == ("ambulance", True)


def test_a_sending_is_answered_press_by_press_and_again_with_the_same(client, world):
    mission = world.begin(at=timezone.now())
    client.force_login(world.nora)
    now = datetime.now(UTC)
    good = {"key": str(uuid4()), "what": "left", "at": now.isoformat()}
    odd = {"key": str(uuid4()), "what": "flown", "at": now.isoformat()}
    bad = {"key": "x", "what": "left", "at": "yesterday"}
    body = {"sent_at": now.isoformat(), "presses": [odd, bad, good]}

    def send():
        return client.post(
            path("presses", mission_id=mission.pk),
            json.dumps(body),
            content_type="application/json",
        )

    first, second = send().json(), send().json()
    assert first == second
    assert first["kept"] == [good["key"]]
    assert [one["key"] for one in first["refused"]] == ["x", odd["key"]]
    assert MissionPress.objects.count() == 1
    for wrong in ("", "[]", "{}", '{"sent_at": "x", "presses": []}', "\ud800"):
        got = client.post(
            path("presses", mission_id=mission.pk),
            wrong.encode("utf-8", "surrogatepass"),
            content_type="application/json",
        )
        assert got.status_code == 400


def test_the_leader_has_the_cars(client, world):
    client.force_login(make.user("leder-s", roles=["shift_leader"], at=world.house.elv))
    client.post("/stasjon/bil/biler/", {"call_sign": "L-2", "kind": "car"})
    again = client.post("/stasjon/bil/biler/", {"call_sign": "L-2", "kind": "car"})
    assert "har alt en bil som heter L-2" in again.content.decode()
    car = Vehicle.objects.get(call_sign="L-2")
    client.post(path("vehicle_in_use", vehicle_id=car.pk), {"in_use": "no"})
    car.refresh_from_db()
    assert car.is_in_use is False
    assert AuditEntry.objects.filter(what="vehicle_taken_out", row_id=car.pk).exists()
    refusal = rule_of(world.begin, vehicle_id=car.pk)
    assert refusal.values["field"] == "vehicle"
