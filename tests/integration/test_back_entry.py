"""Paper forms and back-entry: every form accounted for, every clock as it was on paper."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from varde.apps.records import audit, events, kept
from varde.apps.records.models import (
    AmkHandover,
    Attendance,
    AuditEntry,
    Call,
    Contact,
    ContactEvent,
    Outcome,
    PaperForm,
    PaperPrint,
    WaitTold,
)
from varde.apps.records.scope import scoped
from varde.apps.sentral import paper
from varde.apps.sentral.queries import numbers
from varde.apps.sentral.queries import paper_forms as queries
from varde.apps.sentral.services import (
    amk,
    back_entry,
    closing,
    contacts,
    outcomes,
    paper_forms,
    triage,
)
from varde.apps.sentral.services.back_entry import PhoneEntry
from varde.apps.station.access import place_of
from varde.apps.station.queries.numbers import station_numbers
from varde.apps.station.services import arrival, looks
from varde.apps.station.services import back_entry as at_door
from varde.apps.station.services.back_entry import DoorEntry
from varde.domain.errors import Rule, RuleBroken
from varde.domain.paper_form import FormKind, form_number


pytestmark = pytest.mark.django_db
PRINTED = make.NOW - timedelta(days=1)
NOW = make.NOW + timedelta(hours=12)  # the entry
PERIOD = numbers.Period(make.NOW.date(), make.NOW.date() + timedelta(days=1))


def after(minutes):
    return make.NOW + timedelta(minutes=minutes)


@pytest.fixture
def house():
    made = make.house()
    make.duty(
        made.doctor, at=made.elv, starts_at=make.NOW - timedelta(hours=2), hours=12
    )
    return made


def form(house, *, station=None, by=None, at=PRINTED):
    made = paper_forms.issue(
        sentral=house.sentral, station=station, count=1, by=by or house.kari, at=at
    )
    return made.forms.get()


PHONE = PhoneEntry(
    rang_at=after(0),
    judged_at=after(3),
    decided_at=after(5),
    closed_at=after(7),
    hastegrad="vanlig",
    patient={"given_name": "Ada", "family_name": "Li", "birth_date": "1984-05-17"},
    contact={"narrative": "Vondt i øret", "municipality": "1824"},
    vital_signs={"pulse": "80"},
    outcome="advice",
    reason_code="H01",
)
DOOR = DoorEntry(
    arrived_at=after(0),
    patient=PHONE.patient,
    why="Kutt i hånda",
    looked_at=after(4),
    hastegrad="gul",
    vital_signs={"pulse": "80"},
    doctor_at=after(30),
    gone_at=after(50),
    end="treated",
)


def enter_phone(house, row=None, *, at=NOW, **changes):
    row = row or form(house)
    return back_entry.enter_phone(
        form_id=row.pk, entry=replace(PHONE, **changes), by=house.kari, at=at
    )


def enter_door(house, row=None, *, at=NOW, **changes):
    row = row or form(house, station=house.elv)
    changes = {"doctor": house.doctor} | changes
    return at_door.enter_door(
        form_id=row.pk, entry=replace(DOOR, **changes), by=house.kari, at=at
    )


# The forms


def test_the_numbers_of_a_place_go_on_and_each_form_is_out(house):
    first = paper_forms.issue(sentral=house.sentral, count=2, by=house.kari, at=PRINTED)
    paper_forms.issue(
        sentral=house.sentral, station=house.elv, count=1, by=house.kari, at=PRINTED
    )
    second = paper_forms.issue(sentral=house.sentral, count=1, by=None, at=PRINTED)
    serials = list(
        PaperForm.objects.filter(print__station=None).values_list("serial", flat=True)
    )
    assert sorted(serials) == [1, 2, 3]
    found = queries.accounting(house.sentral)
    assert found.out_count == 3
    assert [row.id for row in found.prints] == [second.pk, first.pk]
    assert [row.issued_by for row in found.prints] == ["", "Kari Li"]
    assert queries.accounting(house.sentral, station_id=house.elv.pk).out_count == 1
    assert AuditEntry.objects.filter(what="paper_forms_issued").count() == 3


@pytest.mark.parametrize("count", [-1, 0, paper_forms.MOST_AT_ONCE + 1])
def test_too_few_and_too_many_are_refused(house, count):
    with pytest.raises(RuleBroken) as refusal:
        paper_forms.issue(sentral=house.sentral, count=count, by=None, at=PRINTED)
    assert refusal.value.rule is Rule.PAPER_FORM_COUNT
    assert not PaperPrint.objects.exists()


@pytest.mark.parametrize("kind", FormKind)
def test_the_pdf_has_a_sheet_for_each_number_and_is_the_same_each_time(kind):
    numbers_ = [form_number("ELV", kind, serial) for serial in (1, 2, 3)]

    def drawn(count):
        return paper.draw(
            numbers_[:count], kind=kind, place="Elv legevakt", issued_at=PRINTED
        )

    assert b"/Type/Pages/Count 1/" in drawn(1)
    assert b"/Type/Pages/Count 3/" in drawn(3)
    assert drawn(3) == drawn(3)
    assert drawn(3) != drawn(2)


def test_the_command_gives_numbers_and_writes_the_pdf(house, tmp_path):
    out, said = tmp_path / "skjema.pdf", StringIO()
    call_command("paper-forms", station="elv", count=3, out=out, stdout=said)
    assert out.read_bytes().startswith(b"%PDF")
    numbers_ = list(
        PaperForm.objects.order_by("serial").values_list("number", flat=True)
    )
    assert len(numbers_) == 3
    assert numbers_[0] in said.getvalue()
    assert numbers_[2] in said.getvalue()


def test_a_command_that_cannot_write_has_given_no_number(house, tmp_path):
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(
            "paper-forms",
            sentral="HEL",
            count=3,
            out=tmp_path / "no" / "x.pdf",
            stderr=said,
        )
    assert end.value.code == 2
    assert "no number was given" in said.getvalue()
    assert not PaperForm.objects.exists()


def test_a_form_is_void_with_a_reason_and_never_entered_after(house):
    row = form(house)
    with pytest.raises(RuleBroken) as refusal:
        paper_forms.void(form_id=row.pk, reason="  ", by=house.kari, at=NOW)
    assert refusal.value.rule is Rule.PAPER_FORM_VOID_NEEDS_REASON
    paper_forms.void(form_id=row.pk, reason="Kaffe på arket", by=house.kari, at=NOW)
    with pytest.raises(RuleBroken) as refusal:
        enter_phone(house, row)
    assert refusal.value.rule is Rule.PAPER_FORM_VOID
    assert queries.accounting(house.sentral).out_count == 0


# The telephone


def test_a_form_of_the_telephone_has_its_own_times_and_is_marked(house):
    made = enter_phone(house)
    made.refresh_from_db()
    assert (made.opened_at, made.closed_at) == (after(0), after(7))
    assert (made.state, made.source) == (Contact.State.CLOSED, "paper")
    assert made.recorded_at > make.NOW
    assert made.assessments.get().occurred_at == after(3)
    assert made.vital_signs.get().occurred_at == after(3)
    assert made.outcomes.get().created_at == after(5)
    assert made.patient.name == "Ada Li"
    kinds = dict(made.events.values_list("kind", "occurred_at"))
    assert kinds["opened"] == after(0)
    assert kinds["closed"] == after(7)
    assert kinds["back_entered"] == NOW
    row = PaperForm.objects.get()
    assert (row.state, row.contact, row.settled_by) == ("entered", made, house.kari)
    assert AuditEntry.objects.filter(
        what="paper_form_entered", contact_id=made.pk
    ).exists()


def test_it_has_no_telephone_event_so_the_answer_time_does_not_know_it(house):
    enter_phone(house)
    assert Contact.objects.count() == 1
    assert not Call.objects.exists()


def test_a_task_that_was_done_is_done_when_it_was(house):
    made = enter_phone(
        house, outcome="home_visit", done_at=after(90), hastegrad="haster"
    )
    outcome = made.outcomes.get()
    assert (outcome.state, outcome.settled_at) == ("done", after(90))


def test_a_promised_time_is_kept_as_it_was_told_whatever_room_there_is(house):
    promised = after(33)
    for _ in range(2):
        made = enter_phone(
            house, outcome="attendance", station_id=house.elv.pk, promised_at=promised
        )
        outcome = made.outcomes.get()
        assert (outcome.promised_at, outcome.due_at) == (promised, promised)
        assert (outcome.state, outcome.travel_min) == ("open", None)


@pytest.mark.parametrize("mode", ["conference", "transfer"])
def test_akutt_starts_the_clock_of_113_when_it_was_judged(house, mode):
    made = enter_phone(
        house,
        hastegrad="akutt",
        outcome="amk",
        amk_called_at=after(3),
        amk_mode=mode,
        amk_answered_at=after(4),
        mission_number="26-1",
    )
    handover = AmkHandover.objects.get(contact=made)
    assert (handover.started_at, handover.mode) == (after(3), mode)
    assert handover.acknowledged_at == after(4)
    assert made.outcomes.get().state == "done"


def test_what_is_not_closed_is_in_hand_from_now(house):
    made = enter_phone(house, closed_at=None, reason_code="")
    made.refresh_from_db()
    assert (made.state, made.owner) == (Contact.State.OPEN, house.kari)
    assert made.heartbeat_at == NOW


def test_a_later_contact_is_counted_again(house):
    number = make.national_id()
    patient = {"national_id": number, "family_name": "Li"}
    later = enter_phone(
        house,
        patient=patient,
        rang_at=after(60),
        judged_at=after(61),
        decided_at=after(62),
        closed_at=None,
    )
    earlier = enter_phone(house, patient=patient)
    for row, expected in ((later, 2), (earlier, 1)):
        row.refresh_from_db()
        assert row.repeat_no == expected


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"rang_at": None}, Rule.TRUE_TIME_MISSING, "rang_at"),
        ({"decided_at": None}, Rule.TRUE_TIME_MISSING, "decided_at"),
        ({"closed_at": NOW + timedelta(1)}, Rule.TRUE_TIME_IN_FUTURE, "closed_at"),
        ({"judged_at": after(-1)}, Rule.TRUE_TIME_OUT_OF_ORDER, "judged_at"),
        ({"closed_at": after(4)}, Rule.TRUE_TIME_OUT_OF_ORDER, "closed_at"),
        ({"done_at": after(4)}, Rule.TRUE_TIME_OUT_OF_ORDER, "done_at"),
        ({"amk_called_at": after(5)}, Rule.FIELD_NOT_VALID, "mode"),
        (
            {"amk_called_at": after(5), "amk_mode": "letter"},
            Rule.FIELD_NOT_VALID,
            "mode",
        ),
        ({"amk_mode": "transfer"}, Rule.TRUE_TIME_MISSING, "amk_called_at"),
        ({"amk_called_at": after(2)}, Rule.TRUE_TIME_OUT_OF_ORDER, "amk_called_at"),
        ({"amk_answered_at": after(4)}, Rule.TRUE_TIME_MISSING, "amk_called_at"),
        (
            {"rang_at": PRINTED - timedelta(1)},
            Rule.TRUE_TIME_OUT_OF_ORDER,
            "rang_at",
        ),
        ({"hastegrad": ""}, Rule.FIELD_NOT_VALID, "hastegrad"),
        ({"outcome": "interpreter"}, Rule.FIELD_NOT_VALID, "kind"),
        ({"outcome": "attendance"}, Rule.FIELD_NOT_VALID, "promised_at"),
    ],
)
def test_what_cannot_be_true_is_refused_and_nothing_is_kept(
    house, changes, rule, field
):
    row = form(house)
    with pytest.raises(RuleBroken) as refusal:
        enter_phone(house, row, **changes)
    assert refusal.value.rule is rule
    assert refusal.value.values["field"] == field
    row.refresh_from_db()
    assert row.state == "out"
    assert not Contact.objects.exists()


@pytest.mark.parametrize("what", ["paper_form_entered", "back_entered"])
def test_an_entry_is_undone_when_its_log_fails(house, monkeypatch, what):
    row = form(house)
    whole_log, whole_event = audit.log, events.happened

    def log(*, what: str, **more):
        return fail() if what == broken else whole_log(what=what, **more)

    def happened(*, kind, **more):
        return fail() if kind == broken else whole_event(kind=kind, **more)

    def fail():
        raise RuntimeError("no log")

    broken = what
    monkeypatch.setattr(audit, "log", log)
    monkeypatch.setattr(events, "happened", happened)
    with pytest.raises(RuntimeError, match="no log"):
        enter_phone(house, row)
    row.refresh_from_db()
    assert row.state == "out"
    assert not Contact.objects.exists()


def test_printing_and_voiding_are_undone_when_their_log_fails(house, monkeypatch):
    row = form(house)

    def no_log(**_):
        raise RuntimeError("no log")

    monkeypatch.setattr(audit, "log", no_log)
    with pytest.raises(RuntimeError, match="no log"):
        form(house)
    with pytest.raises(RuntimeError, match="no log"):
        paper_forms.void(form_id=row.pk, reason="Mistet", by=house.kari, at=NOW)
    row.refresh_from_db()
    assert row.state == "out"
    assert PaperForm.objects.count() == 1


# The door


def test_a_form_of_the_door_has_its_own_times(house):
    made = enter_door(house)
    assert (made.arrived_at, made.first_doctor_at, made.ended_at) == (
        after(0),
        after(30),
        after(50),
    )
    assert made.looks.get().occurred_at == after(4)
    assert made.contact.assessments.get().occurred_at == after(4)
    contact = Contact.objects.get()
    assert (contact.state, contact.closed_at, contact.source) == (
        "closed",
        after(50),
        "paper",
    )
    assert not WaitTold.objects.exists()


def test_one_who_was_expected_has_come_when_the_form_says(house):
    contact = house.contact(by=house.kari, at=after(-60), municipality=house.vefsn)
    triage.assess(
        contact_id=contact.pk, axis="phone", complaint="", criteria=(),
        hastegrad="vanlig", red_flags_ruled_out=None, reason_lowered="",
        by=house.kari, at=after(-59),
    )  # fmt: skip
    promised = outcomes.add(
        contact_id=contact.pk, kind="attendance", station_id=house.elv.pk,
        promised_at=after(-5), was_told=True, by=house.kari, at=after(-58),
    )  # fmt: skip
    with pytest.raises(RuleBroken) as refusal:
        enter_door(house, outcome_id=promised.pk, arrived_at=after(-59))
    assert refusal.value.rule is Rule.TRUE_TIME_OUT_OF_ORDER
    made = enter_door(house, outcome_id=promised.pk)
    promised.refresh_from_db()
    assert promised.arrived_at == after(0)
    assert made.contact_id == contact.pk


def test_who_is_not_gone_is_on_the_board(house):
    made = enter_door(house, gone_at=None, end="", doctor_at=None, doctor=None)
    assert made.ended_at is None
    assert made.last_seen_at == after(4)
    assert made.contact.state == "in_care"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"arrived_at": None}, Rule.TRUE_TIME_MISSING),
        ({"looked_at": None}, Rule.TRUE_TIME_MISSING),
        ({"gone_at": None}, Rule.TRUE_TIME_MISSING),
        ({"looked_at": after(-1)}, Rule.TRUE_TIME_OUT_OF_ORDER),
        ({"doctor_at": after(3)}, Rule.TRUE_TIME_OUT_OF_ORDER),
        ({"gone_at": after(29)}, Rule.TRUE_TIME_OUT_OF_ORDER),
        ({"gone_at": NOW + timedelta(1)}, Rule.TRUE_TIME_IN_FUTURE),
        ({"doctor": None}, Rule.FIELD_NOT_VALID),
        ({"end": "left"}, Rule.FIELD_NOT_VALID),
        ({"end": "sent_on"}, Rule.FIELD_NOT_VALID),
    ],
)
def test_a_form_of_the_door_that_cannot_be_true_is_refused(house, changes, rule):
    row = form(house, station=house.elv)
    with pytest.raises(RuleBroken) as refusal:
        enter_door(house, row, **changes)
    assert refusal.value.rule is rule
    assert not Attendance.objects.exists()


# As if it had been written then


def live_phone(house, entry):
    """The same contact, act by act, as the desk does it while it happens."""
    by = house.kari
    row = contacts.open_contact(
        sentral=house.sentral, channel="phone", by=by, at=entry.rang_at
    )
    contacts.new_patient(
        contact_id=row.pk, fields=entry.patient, by=by, at=entry.rang_at
    )
    contacts.save_fields(
        contact_id=row.pk, fields=entry.contact, by=by, at=entry.rang_at
    )
    triage.assess(
        contact_id=row.pk, axis="phone", complaint="", criteria=(),
        hastegrad=entry.hastegrad, red_flags_ruled_out=None, reason_lowered="",
        by=by, at=entry.judged_at,
    )  # fmt: skip
    if entry.amk_called_at:
        amk.called(contact_id=row.pk, mode="conference", by=by, at=entry.amk_called_at)
        amk.acknowledge(
            contact_id=row.pk, mission_number="1", said="", by=by,
            at=entry.amk_answered_at,
        )  # fmt: skip
    outcome = outcomes.add(
        contact_id=row.pk, kind=entry.outcome, by=by, at=entry.decided_at
    )
    if entry.done_at and outcome.state == "open":
        outcomes.settle(outcome_id=outcome.pk, by=by, at=entry.done_at)
    closing.set_reason(
        contact_id=row.pk, code="H01", deliberate=True, by=by, at=entry.closed_at
    )
    closing.close(contact_id=row.pk, by=by, at=entry.closed_at)


def live_door(house, entry):
    by = house.kari
    row = arrival.register(
        station_id=house.elv.pk, sentral=house.sentral, way="walk_in",
        patient=entry.patient, why=entry.why, by=by, at=entry.arrived_at,
    )  # fmt: skip
    looks.triage_at_door(
        attendance_id=row.pk, hastegrad=entry.hastegrad, reason_lowered="",
        values={}, by=by, at=entry.looked_at,
    )  # fmt: skip
    looks.leave(
        attendance_id=row.pk, end=entry.end, note=entry.note, by=by, at=entry.gone_at
    )


def figures(house):
    """Every number of the day, of the sentral and of the station."""
    station = station_numbers(place_of(house.elv.pk), PERIOD, now=NOW)
    clocks = [
        tuple(sorted(str(value) for value in rows))
        for rows in (
            Outcome.objects.values_list("kind", "state", "created_at", "due_at", "settled_at"),
            AmkHandover.objects.values_list("started_at", "called_at", "acknowledged_at"),
            Attendance.objects.values_list("arrived_at", "last_seen_at", "ended_at", "end"),
            Contact.objects.values_list("opened_at", "closed_at", "state", "ended_in_advice", "repeat_no"),
            ContactEvent.objects.exclude(kind="back_entered").values_list("kind", "occurred_at"),
        )
    ]  # fmt: skip
    return (
        numbers.numbers(house.sentral, PERIOD),
        numbers.attendance(house.sentral, PERIOD),
        replace(station, told=None, told_ends=None),  # no wait was told on paper
        clocks,
    )


def undone(act, look):
    """What `look` sees after `act`, which is then undone. Nothing is kept from before."""
    kept.forget()
    with transaction.atomic():
        act()
        seen = look()
        transaction.set_rollback(True)
    return seen


gaps = st.lists(st.integers(0, 100), min_size=6, max_size=6)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    gaps=gaps,
    start=st.integers(-600, 0),
    level=st.sampled_from(["akutt", "haster", "vanlig", "rad"]),
    outcome=st.sampled_from(["advice", "home_visit", "fastlege", "other_service"]),
    end=st.sampled_from(["left", "advice", "sent_on"]),
    colour=st.sampled_from(["rod", "oransje", "gul", "gronn", "bla"]),
)
def test_the_numbers_are_those_of_the_same_contact_written_live(
    house, gaps, start, level, outcome, end, colour
):
    times, minute = [], start
    for gap in gaps:
        minute += gap
        times.append(after(minute))
    rang, judged, decided, closed, *_ = times
    phone = replace(
        PHONE,
        rang_at=rang,
        judged_at=judged,
        decided_at=decided,
        closed_at=closed,
        done_at=decided,
        amk_called_at=judged if level == "akutt" else None,
        amk_mode="conference" if level == "akutt" else "",
        amk_answered_at=decided if level == "akutt" else None,
        mission_number="1",
        hastegrad=level,
        outcome=outcome,
        vital_signs={},
    )
    door = replace(
        DOOR,
        arrived_at=times[3],
        looked_at=times[4],
        gone_at=times[5],
        doctor_at=None,
        hastegrad=colour,
        end=end,
        note="Avtalt",
        vital_signs={},
    )

    def entered():
        enter_phone(house, **{f: getattr(phone, f) for f in phone.__slots__})
        enter_door(
            house, **{f: getattr(door, f) for f in door.__slots__} | {"doctor": None}
        )

    def live():
        live_phone(house, phone)
        live_door(house, door)

    on_paper, written_live = (
        undone(act, lambda: figures(house)) for act in (entered, live)
    )
    for ours, theirs in zip(on_paper, written_live, strict=True):
        assert ours == theirs


# Races and screens


@pytest.mark.django_db(transaction=True)
def test_of_many_who_enter_one_form_one_does():
    house = make.house()
    row = form(house)
    gate = threading.Barrier(6)

    def enter(_):
        try:
            gate.wait()
            with scoped(districts=[house.inner.pk, house.outer.pk]):
                enter_phone(house, row)
        except RuleBroken as error:
            return error.rule
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(enter, range(6)))
    assert said.count(None) == 1
    assert said.count(Rule.PAPER_FORM_USED) == 5
    assert Contact.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_print_at_once_get_different_numbers():
    house = make.house()
    gate = threading.Barrier(4)

    def issue(_):
        try:
            gate.wait()
            with scoped(districts=[house.inner.pk]):
                paper_forms.issue(
                    sentral=house.sentral, count=5, by=house.kari, at=PRINTED
                )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(issue, range(4)))
    serials = PaperForm.objects.order_by("serial").values_list("serial", flat=True)
    assert list(serials) == list(range(1, 21))


@pytest.fixture
def desk(house):
    client = Client()
    client.force_login(house.kari)
    return client


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(house, desk):
    row = form(house)
    address = f"/sentral/etterforing/{row.pk}/"
    typed = {
        "rang_at_on": "2026-11-20", "rang_at": "0215", "judged_at_on": "2026-11-20",
        "judged_at": "02:10", "hastegrad": "vanlig", "narrative": "Vondt i øret",
    }  # fmt: skip
    page = desk.post(address, typed)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Vurdert kan ikke være før «Ringte»" in text
    assert "Vondt i øret" in text
    assert 'value="0215"' in text
    page = desk.post(address, typed | {"judged_at": "02.20"})
    assert "Vurdert:" in page.content.decode()
    assert not Contact.objects.exists()


def test_a_number_is_found_as_it_is_typed_and_a_wrong_digit_is_told(house, desk):
    row = form(house)
    page = desk.get("/sentral/etterforing/", {"skjema": f" {row.number.lower()} "})
    assert page.url == f"/sentral/etterforing/{row.pk}/"
    wrong = row.number[:-1] + str((int(row.number[-1]) + 1) % 10)
    page = desk.get("/sentral/etterforing/", {"skjema": wrong})
    assert "Skjemanummeret stemmer ikke" in page.content.decode()


def test_the_hour_that_march_does_not_have_is_refused(house, desk, settings):
    row = form(house, at=datetime(2026, 1, 1, tzinfo=UTC))
    typed = {
        "rang_at_on": "2026-03-29", "rang_at": "02:30", "hastegrad": "vanlig",
    }  # fmt: skip
    page = desk.post(f"/sentral/etterforing/{row.pk}/", typed)
    assert 'role="alert"' in page.content.decode()
    assert not Contact.objects.exists()
