"""The door of the station: who comes, the hastegrad, looks, and who goes again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import events, kept
from varde.apps.records.models import (
    Assessment,
    Attendance,
    AuditEntry,
    Contact,
    DatedSetting,
    Look,
    Mission,
    Outcome,
    Patient,
    Population,
    VitalSigns,
    WaitTold,
)
from varde.apps.records.scope import scoped
from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.services import closing, outcomes
from varde.apps.station.access import place_named
from varde.apps.station.queries.house_numbers import house_numbers
from varde.apps.station.queries.numbers import station_numbers
from varde.apps.station.services import arrival, looks
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def house(db):
    return make.house()


@pytest.fixture
def nora(house):
    return make.nurse(at=house.elv, first_name="Nora", last_name="Ness")


def register(house, by, *, at=NOW, **given):
    asked = {"way": "walk_in", "patient": {}, "why": "Falt på isen"} | given
    return arrival.register(
        station_id=house.elv.pk, sentral=house.sentral, by=by, at=at, **asked
    )


def promised(house, *, state="closed", **fields):
    contact = house.contact(hastegrad_phone="haster", patient=make.patient())
    contact.state = state
    if state == "closed":
        contact.closed_at, contact.owner = NOW, None
    contact.save()
    return Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind="attendance",
        station=house.elv,
        created_at=NOW,
        created_by=house.kari,
        promised_at=LATER,
        owner_role="doctor",
        **fields,
    )


# ------------------------------------------------------------------------ who comes


def test_one_who_was_promised_a_time_is_in_care_and_the_promise_is_settled(house, nora):
    outcome = promised(house)
    row = arrival.arrive(
        outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=LATER
    )
    outcome.refresh_from_db()
    contact = outcome.contact
    contact.refresh_from_db()
    assert (outcome.state, outcome.arrived_at) == ("done", LATER)
    assert (row.way, row.ticket, row.contact_id) == ("expected", "A01", contact.pk)
    assert (contact.state, contact.closed_at) == ("in_care", NOW)


def test_a_contact_that_the_operator_still_has_stays_hers_and_is_in_care_when_closed(
    house, nora
):
    outcome = promised(house, state="open")
    Contact.objects.filter(pk=outcome.contact_id).update(
        reason_code="A80", reason_is_deliberate=True, consent_fastlege=False
    )
    row = arrival.arrive(
        outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=LATER
    )
    row.contact.refresh_from_db()
    assert (row.contact.state, row.contact.owner) == ("open", house.kari)
    closed = closing.close(contact_id=row.contact_id, by=house.kari, at=LATER)
    assert closed.state == "in_care"


def test_the_same_patient_does_not_arrive_twice(house, nora):
    outcome = promised(house)
    arrival.arrive(outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=NOW)
    again = Outcome.objects.create(
        contact=outcome.contact,
        district=outcome.district,
        kind="attendance",
        station=house.elv,
        created_at=NOW,
        created_by=house.kari,
    )
    with pytest.raises(RuleBroken) as caught:
        arrival.arrive(outcome_id=again.pk, station_id=house.elv.pk, by=nora, at=LATER)
    assert caught.value.rule is Rule.ALREADY_AT_STATION
    again.refresh_from_db()
    assert again.state == "open"


def test_a_patient_of_another_district_comes_along_to_the_one_that_treats(house, nora):
    outcome = promised(house)
    make_outer(outcome.contact, house)
    row = arrival.arrive(
        outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=LATER
    )
    row.contact.refresh_from_db()
    assert row.contact.district == row.contact.patient.district == house.inner
    assert row.district == house.inner


def make_outer(contact, house):
    Patient.objects.filter(pk=contact.patient_id).update(district=house.outer)
    Contact.objects.filter(pk=contact.pk).update(district=house.outer)
    Outcome.objects.filter(contact=contact).update(district=house.outer)


@pytest.mark.parametrize(
    ("patient", "is_named"),
    [
        ({}, False),
        ({"estimated_age": "40", "description": "rød jakke"}, False),
        ({"given_name": "Anne"}, False),
        ({"given_name": "Anne", "family_name": "Li", "birth_date": "1980-02-01"}, True),
        ({"national_id": "number"}, True),
    ],
)
def test_walk_ins_known_and_unknown_are_ordinary_cases(house, nora, patient, is_named):
    if "national_id" in patient:
        patient = {"national_id": make.national_id()}
    row = register(house, nora, patient=patient)
    contact = row.contact
    assert (contact.state, contact.channel) == ("in_care", "door")
    assert (contact.narrative, contact.owner) == ("Falt på isen", None)
    assert contact.patient_unknown is not is_named
    assert contact.patient.birth_date is not None or not is_named
    kinds = list(contact.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[0] == "opened"
    assert kinds[-1] == "at_the_door"


def test_one_who_is_known_here_is_chosen_and_not_made_anew(house, nora):
    known = make.patient(of=house.inner, national_id=make.national_id())
    row = register(house, nora, patient_id=known.pk)
    assert row.contact.patient == known
    assert Patient.objects.count() == 1


def test_the_true_time_of_arrival_and_the_time_it_was_written_are_kept_apart(
    house, nora
):
    came = NOW - timedelta(hours=1)
    row = register(house, nora, arrived_at=came)
    assert row.arrived_at == row.contact.opened_at == came
    assert row.recorded_at > came


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"way": "expected"}, "way"),
        ({"way": "boat"}, "way"),
        ({"why": "x" * 301}, "narrative"),
        ({"arrived_at": NOW + timedelta(seconds=1)}, "arrived_at"),
        ({"patient": {"national_id": "12"}}, None),
        ({"patient_id": 0}, "patient"),
    ],
)
def test_bad_input_registers_nobody(house, nora, given, field):
    with pytest.raises(RuleBroken) as caught:
        register(house, nora, **given)
    assert field is None or caught.value.values["field"] == field
    assert not Contact.objects.exists()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda house, nora, row: register(house, nora),
        lambda house, nora, row: arrival.arrive(
            outcome_id=promised(house).pk, station_id=house.elv.pk, by=nora, at=NOW
        ),
        lambda house, nora, row: triage(row, nora),
        lambda house, nora, row: looks.set_room(
            attendance_id=row.pk, room="2", by=nora, at=NOW
        ),
        lambda house, nora, row: looks.leave(
            attendance_id=row.pk, end="advice", note="", by=nora, at=NOW
        ),
    ],
)
def test_a_write_is_undone_when_its_event_cannot_be_written(
    house, nora, write, monkeypatch
):
    row = register(house, nora)
    real = events.happened

    def fails(*, kind, **given):
        if kind in ("at_the_door", "looked", "room_set", "attendance_ended"):
            raise OSError("disk full")
        return real(kind=kind, **given)

    before = Attendance.objects.values().get()
    monkeypatch.setattr(events, "happened", fails)
    with pytest.raises(OSError, match="full"):
        write(house, nora, row)
    assert Attendance.objects.values().get() == before
    assert not Look.objects.exists()
    assert not Assessment.objects.exists()
    assert not Outcome.objects.filter(state="done").exists()


# --------------------------------------------------------------- hastegrad and looks


def triage(row, by, level="gul", *, at=NOW, **given):
    asked = {"reason_lowered": "", "values": {}} | given
    return looks.triage_at_door(
        attendance_id=row.pk, hastegrad=level, by=by, at=at, **asked
    )


def test_the_hastegrad_at_the_door_counts_as_a_look_and_keeps_the_one_on_the_phone(
    house, nora
):
    outcome = promised(house)
    row = arrival.arrive(
        outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=NOW
    )
    triage(row, nora, values={"pulse": "80", "spo2": ""}, at=LATER)
    row.refresh_from_db()
    contact = row.contact
    contact.refresh_from_db()
    assert (contact.hastegrad_phone, contact.hastegrad_arrival) == ("haster", "gul")
    assert (row.last_seen_at, row.last_seen_by) == (LATER, nora)
    assert VitalSigns.objects.get().values["pulse"] == 80
    assert Look.objects.get().was_in_time is True


def test_to_lower_the_hastegrad_a_reason_is_needed(house, nora):
    row = register(house, nora)
    triage(row, nora, "oransje")
    with pytest.raises(RuleBroken) as caught:
        triage(row, nora, "gronn", at=LATER)
    assert caught.value.rule is Rule.REASON_NEEDED_TO_LOWER
    triage(row, nora, "gronn", reason_lowered="smertefri nå", at=LATER)


@pytest.mark.parametrize(
    ("minutes", "in_time"), [(59, True), (60, True), (61, False), (500, False)]
)
def test_a_look_is_in_time_up_to_the_limit_of_the_hastegrad(
    house, nora, minutes, in_time
):
    row = register(house, nora)
    triage(row, nora, "gul")
    at = NOW + timedelta(minutes=minutes)
    looks.look(attendance_id=row.pk, result="same", note="", by=nora, at=at)
    assert Look.objects.order_by("pk").last().was_in_time is in_time


def test_the_first_judgement_of_an_unknown_is_late_after_its_own_limit(house, nora):
    row = register(house, nora)
    triage(row, nora, "bla", at=NOW + timedelta(minutes=16))
    assert Look.objects.get().was_in_time is False


def test_a_look_needs_a_hastegrad_and_worse_needs_a_new_one(house, nora):
    row = register(house, nora)
    with pytest.raises(RuleBroken) as caught:
        looks.look(attendance_id=row.pk, result="same", note="", by=nora, at=LATER)
    assert caught.value.rule is Rule.HASTEGRAD_NOT_SET
    triage(row, nora)
    with pytest.raises(RuleBroken):
        looks.look(attendance_id=row.pk, result="worse", note="", by=nora, at=LATER)
    assert Look.objects.count() == 1


def test_the_wait_that_was_told_first_is_kept_and_only_that(house, nora):
    make.duty(house.doctor, "forvakt", at=house.elv, starts_at=NOW, hours=8)
    for number in range(30):
        at = NOW - timedelta(days=2, minutes=number)
        old = make.attendance(
            at=house.elv,
            arrived_at=at,
            by=nora,
            doctor=house.doctor,
            taken_at=at,
            ended_at=at + timedelta(minutes=20),
            end="treated",
        )
        Contact.objects.filter(pk=old.contact_id).update(hastegrad_arrival="gul")
    kept.forget()
    row = register(house, nora)
    triage(row, nora, "gul", at=LATER)
    triage(row, nora, "oransje", at=LATER + timedelta(minutes=1))
    told = WaitTold.objects.get()
    assert (told.at, told.hastegrad) == (LATER, "gul")
    assert 0 <= told.low_min <= told.median_min <= told.high_min


# -------------------------------------------------------------------------- leaving


def test_who_goes_without_a_doctor_is_off_the_board_and_the_contact_is_closed(
    house, nora
):
    row = register(house, nora)
    with pytest.raises(RuleBroken):
        looks.leave(attendance_id=row.pk, end="left", note=" ", by=nora, at=LATER)
    looks.leave(
        attendance_id=row.pk, end="left", note="ville ikke vente", by=nora, at=LATER
    )
    contact = Contact.objects.get()
    assert (contact.state, contact.closed_at, contact.closed_by) == (
        "closed",
        LATER,
        nora,
    )
    with pytest.raises(RuleBroken) as caught:
        looks.set_room(attendance_id=row.pk, room="1", by=nora, at=LATER)
    assert caught.value.rule is Rule.ATTENDANCE_IS_OVER


def test_a_promised_patient_who_leaves_keeps_the_time_when_the_phone_part_closed(
    house, nora
):
    outcome = promised(house)
    row = arrival.arrive(
        outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=NOW
    )
    looks.leave(attendance_id=row.pk, end="advice", note="", by=nora, at=LATER)
    contact = Contact.objects.get()
    assert (contact.state, contact.closed_at) == ("closed", NOW)


def test_one_who_is_with_a_doctor_is_finished_by_the_doctor(house, nora):
    row = register(house, nora)
    Attendance.objects.update(doctor=house.doctor, taken_at=NOW)
    with pytest.raises(RuleBroken) as caught:
        looks.leave(attendance_id=row.pk, end="advice", note="", by=nora, at=LATER)
    assert caught.value.rule is Rule.WITH_DOCTOR


# ----------------------------------------------------------------------- the screens


@pytest.fixture
def as_nora(client, nora):
    client.force_login(nora)
    return client


def test_a_walk_in_from_form_to_board(as_nora, house):
    answer = as_nora.post(
        "/stasjon/ny/",
        {"why": "Vondt i øret", "given_name": "Per", "way": "walk_in"},
        follow=True,
    )
    row = Attendance.objects.get()
    assert answer.redirect_chain == [(f"/stasjon/pasient/{row.pk}/", 302)]
    page = as_nora.post(f"/stasjon/pasient/{row.pk}/hastegrad/", {"hastegrad": "gul"})
    assert page.status_code == 302
    board = as_nora.get("/stasjon/").content.decode()
    assert "Per" in board
    assert "Vondt i øret" in board
    assert "av 60 min igjen" in board
    assert AuditEntry.objects.filter(what="contact", user_id=row.registered_by_id)


def test_a_refusal_is_said_and_what_was_typed_is_kept(as_nora, house):
    page = as_nora.post(
        "/stasjon/ny/", {"why": "Feber", "national_id": "123", "given_name": "Eli"}
    ).content.decode()
    assert 'role="alert"' in page
    assert 'value="Feber"' in page
    assert 'value="Eli"' in page
    row = register(house, make.user("nora"))
    page = as_nora.post(
        f"/stasjon/pasient/{row.pk}/hastegrad/", {"hastegrad": "lilla", "pulse": "91"}
    ).content.decode()
    assert 'role="alert"' in page
    assert 'value="91"' in page


@pytest.mark.parametrize(
    ("clock", "days_before"), [("00:00", 0), ("23:59", 1), ("", None)]
)
def test_a_time_on_the_clock_is_the_last_such_time(
    as_nora, house, clock, days_before, monkeypatch
):
    fixed = timezone.make_aware(
        timezone.datetime(2026, 11, 20, 0, 30)  # just past midnight
    )
    monkeypatch.setattr(timezone, "now", lambda: fixed)
    as_nora.post("/stasjon/ny/", {"why": "x", "arrived_at": clock})
    row = Attendance.objects.get()
    if days_before is None:
        assert row.arrived_at == fixed
    else:
        local = timezone.localtime(row.arrived_at)
        assert f"{local:%H:%M}" == clock
        assert (timezone.localdate(fixed) - local.date()).days == days_before


def test_the_waiting_rooms_screen_shows_tickets_and_no_names(client, house, nora):
    register(
        house,
        nora,
        patient={"given_name": "Anne", "family_name": "Hemmelig"},
        at=timezone.now(),
    )
    page = client.get("/stasjon/venterom/elv/").content.decode()
    assert "A01" in page
    assert "Hemmelig" not in page
    assert "Anne" not in page
    assert "Falt på isen" not in page
    assert client.get("/stasjon/venterom/finnes-ikke/").status_code == 404


def test_the_wall_shows_no_names(as_nora, house, nora):
    register(
        house,
        nora,
        patient={"given_name": "Anne", "family_name": "Hemmelig"},
        at=timezone.now(),
    )
    page = as_nora.get("/stasjon/vegg/").content.decode()
    assert "A01" in page
    assert "Hemmelig" not in page


def test_a_nurse_of_another_station_reaches_nobody_here(client, house, nora):
    row = register(house, nora)
    other = make.nurse("siv", at=house.strand)
    client.force_login(other)
    assert client.get(f"/stasjon/pasient/{row.pk}/").status_code == 404
    assert client.get("/stasjon/?stasjon=elv").status_code == 404
    assert "Falt på isen" not in client.get("/stasjon/").content.decode()


def test_the_board_asks_as_often_with_many_as_with_few(
    as_nora, house, nora, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    now = timezone.now()

    def fill(number):
        for _ in range(number):
            row = register(house, nora, at=now)
            triage(row, nora, at=now)

    fill(2)
    as_nora.get("/stasjon/")
    few = queries_of(lambda: as_nora.get("/stasjon/"))
    fill(8)
    many = queries_of(lambda: as_nora.get("/stasjon/"))
    assert many == few
    assert many <= 21


def queries_of(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


# ----------------------------------------------------------------------- side by side


@pytest.mark.django_db(transaction=True)
def test_many_who_come_at_once_get_a_ticket_each(transactional_db, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = make.house()
    nora = make.nurse(at=house.elv)
    gate = threading.Barrier(8)

    def come(_):
        gate.wait()
        try:
            with scoped(districts=[house.inner.pk], user_id=nora.pk):
                return register(house, nora).ticket
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tickets = list(pool.map(come, range(8)))
    assert sorted(tickets) == [f"A{n:02}" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_on_come_one_counts(transactional_db, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = make.house()
    nora = make.nurse(at=house.elv)
    outcome = promised(house)
    gate = threading.Barrier(4)

    def press(_):
        gate.wait()
        try:
            with scoped(districts=[house.inner.pk], user_id=nora.pk):
                arrival.arrive(
                    outcome_id=outcome.pk, station_id=house.elv.pk, by=nora, at=LATER
                )
                return "came"
        except RuleBroken as error:
            return error.rule
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(press, range(4)))
    assert sorted(map(str, found)) == ["came"] + [str(Rule.TASK_IS_SETTLED)] * 3
    assert Attendance.objects.count() == 1


def test_the_station_hears_of_the_promise_only_while_it_is_open(as_nora, house):
    outcome = promised(house)
    assert (
        f"/stasjon/ventet/{outcome.pk}/kommet/"
        in as_nora.get("/stasjon/").content.decode()
    )
    outcomes.cancel(outcome_id=outcome.pk, note="ringte igjen", by=house.kari, at=NOW)
    assert (
        f"/stasjon/ventet/{outcome.pk}/kommet/"
        not in as_nora.get("/stasjon/").content.decode()
    )


# --------------------------------------------------------------------------- numbers


def test_the_numbers_of_a_period_are_those_of_its_patients(as_nora, house, nora):
    quick, slow = register(house, nora), register(house, nora)
    triage(quick, nora, "gul", at=NOW + timedelta(minutes=4))
    triage(slow, nora, "gul", at=NOW + timedelta(minutes=20))
    Attendance.objects.filter(pk=quick.pk).update(
        first_doctor_at=NOW + timedelta(minutes=30)
    )
    Attendance.objects.filter(pk=slow.pk).update(
        first_doctor_at=NOW + timedelta(minutes=90),
        ended_at=NOW + timedelta(minutes=99),
        end="treated",
    )
    gone = register(house, nora)
    looks.leave(attendance_id=gone.pk, end="left", note="x", by=nora, at=LATER)
    day = f"{NOW:%Y-%m-%d}"
    page = as_nora.get(f"/stasjon/tall/?fra={day}&til={day}").content.decode()
    assert "2 av 3 pasienter ble sett til." in page
    lines = (
        as_nora.get(f"/stasjon/tall/?fra={day}&til={day}&csv=lege")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert "Gul;2;2;60.0;90.0;0.5" in lines
    assert "Rød;0;0;;;" in lines
    ends = as_nora.get(f"/stasjon/tall/?fra={day}&til={day}&csv=slutt").content.decode()
    assert "Gikk før tilsyn;1;" in ends
    assert "Er her ennå;1;" in ends
    assert as_nora.get("/stasjon/tall/?csv=finnes-ikke").status_code == 404


def test_the_house_counts_what_began_in_the_period(as_nora, house, nora):
    register(house, nora)
    day = f"{NOW:%Y-%m-%d}"
    lines = (
        as_nora.get(f"/stasjon/tall/?fra={day}&til={day}&csv=huset")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert "Innlagt i KAD/ØHD per 100 pasienter;0.0" in lines
    rate = "Sykebesøk per 1000 innbyggere på 65 år og eldre i året;"
    assert rate in lines  # nobody knows how many they are
    for year, old in ((2024, 2000), (2025, 3000), (2026, None)):
        Population.objects.create(
            municipality=house.vefsn,
            year=year,
            inhabitants=13_000,
            inhabitants_65_plus=old,
            source="test",
        )
    visit = Outcome.objects.create(
        contact=house.contact(),
        district=house.inner,
        kind="home_visit",
        created_at=NOW,
        created_by=house.kari,
        station=house.elv,
    )
    Mission.objects.create(
        contact=visit.contact,
        district=house.inner,
        sentral=house.sentral,
        station=house.elv,
        outcome=visit,
        kind="home_visit",
        opened_at=NOW,
        recorded_at=NOW,
        opened_by=nora,
    )
    found = house_numbers(
        place_named("elv"),
        Period(timezone.localdate(NOW), timezone.localdate(NOW) + timedelta(days=1)),
        patients=1,
    )
    assert (found.home_visits, found.call_outs, found.kad_per_100) == (1, 0, 0)
    assert found.home_visits_per_1000_a_year == pytest.approx(
        365.25 / 3
    )  # the newest known


def test_the_limit_is_that_of_the_day_when_the_patient_came(house, nora):
    place = place_named("elv")
    day = timezone.localdate(NOW)
    DatedSetting.objects.filter(key="arrival.minutes").update(valid_to=day)
    DatedSetting.objects.create(
        key="arrival.minutes",
        value={"ukjent": 15, "rod": 0, "oransje": 10, "gul": 20, "gronn": 1, "bla": 1},
        source="test",
        valid_from=day,
    )
    for days in (0, 1):
        row = register(house, nora, at=NOW - timedelta(days=days))
        triage(row, nora, at=NOW - timedelta(days=days))
        Attendance.objects.filter(pk=row.pk).update(
            first_doctor_at=NOW - timedelta(days=days, minutes=-30)
        )
    period = Period(day - timedelta(days=2), day + timedelta(days=1))
    found = station_numbers(place, period, now=NOW).to_doctor["gul"]
    assert (found.decided, found.in_time) == (2, 1)


def test_what_was_told_is_judged_by_what_happened(house, nora):
    place = place_named("elv")
    day = timezone.localdate(NOW)
    for minutes, end in ((15, None), (45, None), (5, "left"), (45, "left"), (0, "")):
        row = register(house, nora)
        triage(row, nora)
        until = NOW + timedelta(minutes=minutes)
        WaitTold.objects.create(
            attendance=row,
            district=row.district,
            at=NOW,
            hastegrad="gul",
            low_min=10,
            median_min=20,
            high_min=40,
        )
        if end is None:
            Attendance.objects.filter(pk=row.pk).update(first_doctor_at=until)
        elif end:
            Attendance.objects.filter(pk=row.pk).update(ended_at=until, end=end)
    period = Period(day, day + timedelta(days=1))
    told = station_numbers(place, period, now=NOW).told.whole
    assert (told.inside, told.above, told.left_above, told.left_unknown) == (1, 1, 1, 1)
