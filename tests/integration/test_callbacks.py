"""Those to ring back: the missed call, the promise, and the person who is not reached."""

from datetime import timedelta

import pytest

from tests import make
from varde.apps.records import audit, events, kept
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    CallBackAttempt,
    Contact,
    ContactEvent,
)
from varde.apps.sentral.queries.callbacks import (
    callbacks_of,
    open_callbacks,
    open_promises,
)
from varde.apps.sentral.services import callbacks, calls, closing
from varde.apps.sentral.services.calls import TelephonyMessage
from varde.domain.call import EventKind
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture(autouse=True)
def sentral():
    make.settings()
    return make.sentral()


@pytest.fixture
def kari():
    return make.operator("kari", first_name="Kari", operator_code="op1")


@pytest.fixture
def ola():
    return make.operator("ola", first_name="Ola", operator_code="op2")


def after(minutes):
    return NOW + timedelta(minutes=minutes)


def ingest(kind, minutes, *, call="c1", number="90000001", at=None, **fields):
    message = TelephonyMessage(
        event_id=f"{kind}-{minutes}",
        call_id=call,
        kind=EventKind(kind),
        occurred_at=after(minutes),
        caller_number=number,
        **fields,
    )
    calls.ingest(sentral=make.sentral(), event=message, at=at or after(minutes))
    return Call.objects.get(external_id=call)


def missed(minutes=0, **fields):
    ingest("ringing", minutes, **fields)
    return ingest("abandoned", minutes, **fields).callback


def answered(minutes, *, call="c2", **fields):
    ingest("ringing", minutes, call=call, **fields)
    return ingest("answered", minutes, call=call, **fields)


def on_the_list(now=0):
    return open_callbacks(make.sentral().pk, now=after(now))


def refusal(function, **arguments):
    with pytest.raises(RuleBroken) as caught:
        function(**arguments)
    return caught.value


def no_disk(**_):
    raise OSError("no disk")


# ---------------------------------------------------------------- missed


def test_a_missed_call_is_on_the_list_in_the_same_breath():
    callback = missed()
    (shown,) = on_the_list()
    assert (shown.id, shown.kind, shown.number) == (callback.pk, "missed", "90000001")
    assert (shown.due_at, shown.is_overdue) == (after(10), False)


def test_when_it_is_due_is_a_dated_setting():
    make.decide("callback.minutes", {"ukjent": 4})
    assert missed().due_at == after(4)


def test_one_that_we_hear_of_late_is_overdue_from_the_first():
    ingest("abandoned", 0, at=after(30))
    assert on_the_list(now=30)[0].is_overdue


def test_each_missed_call_is_on_the_list_once_however_often_we_are_told():
    for _ in range(3):
        missed()
    ingest("ended", 1)
    assert CallBack.objects.count() == 1


def test_a_call_answered_after_all_is_struck_off_with_a_note():
    missed(5)
    ingest("answered", 4)
    callback = CallBack.objects.get()
    assert (callback.state, callback.settled_by) == ("cancelled", None)
    assert callback.settled_note == (
        "Telefonsystemet viser at anropet likevel ble besvart."
    )
    assert on_the_list() == []


def test_struck_off_by_the_exchange_it_comes_back_when_that_was_wrong():
    missed(5)
    ingest("answered", 4)
    ingest("ended", 3)  # the caller was gone before the answer
    (shown,) = on_the_list(now=5)
    assert shown.due_at == after(13)


def test_what_a_person_has_settled_the_exchange_does_not_open(kari):
    callback = missed(5)
    callbacks.attempt(callback_id=callback.pk, was_reached=True, by=kari, at=after(6))
    ingest("answered", 4)
    ingest("ended", 3)
    callback.refresh_from_db()
    assert (callback.state, callback.settled_by) == ("reached", kari)


def test_a_caller_who_rings_again_and_is_answered_is_settled_and_tied(kari):
    callback = missed(0)
    call = answered(5, operator="op1")
    callback.refresh_from_db()
    assert (callback.state, callback.settled_at) == ("reached", after(5))
    assert callback.contact == call.contact
    assert callback.settled_note == "Ringte igjen og ble besvart."
    entry = AuditEntry.objects.get(what="callback_settled_by_call")
    assert (entry.row_id, entry.data) == (callback.pk, {"call": call.pk})


def test_the_desks_own_answer_settles_it_too(kari):
    callback = missed(0)
    call = ingest("ringing", 5, call="c2")
    contact = calls.answer(call_id=call.pk, by=kari, at=after(6))
    callback.refresh_from_db()
    assert (callback.state, callback.contact) == ("reached", contact)


def test_the_missed_call_may_be_told_after_the_one_that_was_answered():
    answered(5)
    callback = missed(0)
    assert callback.state == "reached"


@pytest.mark.parametrize(
    "other",
    [
        {"number": "90000002"},  # another caller
        {"number": ""},  # a hidden number is nobody's
        {"line": "sykehjem"},  # a switchboard is not a person
    ],
)
def test_another_caller_settles_nothing(other):
    missed(0, **({} if "line" not in other else other))
    answered(5, **other)
    assert len(on_the_list()) == 1


def test_hidden_numbers_do_not_settle_each_other():
    missed(0, number="")
    answered(5, number="")
    assert on_the_list()[0].number == ""


def test_an_answer_before_it_was_missed_settles_nothing():
    answered(0)
    missed(5)
    assert len(on_the_list()) == 1


def test_another_sentrals_missed_call_is_its_own():
    elsewhere = make.sentral("NAB", of=make.district("nord", "Nord"))
    make.call(
        at=elsewhere,
        external_id="elsewhere",
        state="ended",
        answered_at=after(5),
        caller_number="90000001",
    )
    missed(0)
    assert len(on_the_list()) == 1


def test_when_the_second_call_was_not_answered_after_all_the_first_is_back():
    missed(0)
    answered(5)
    assert on_the_list() == []
    ingest("ended", 4, call="c2")  # gone before the answer: nobody spoke with anybody
    assert {shown.number for shown in on_the_list()} == {"90000001"}
    assert len(on_the_list()) == 2


# ---------------------------------------------------------------- promised


@pytest.mark.parametrize(
    ("hastegrad", "minutes"), [("akutt", 3), ("haster", 20), ("vanlig", 60), ("", 10)]
)
def test_a_promise_is_due_by_hastegrad(hastegrad, minutes, kari):
    contact = make.contact(hastegrad_phone=hastegrad, callback_number="90000001")
    callback = callbacks.promise(contact_id=contact.pk, by=kari, at=NOW)
    assert (callback.due_at, callback.number) == (after(minutes), "90000001")
    assert callback.hastegrad == hastegrad


def test_a_promised_time_and_another_number_are_kept(kari):
    contact = make.contact(callback_number="90000001")
    callback = callbacks.promise(
        contact_id=contact.pk,
        due_at=after(90),
        number=" 90000002 ",
        about="Svar på prøve",
        by=kari,
        at=NOW,
    )
    assert (callback.due_at, callback.number) == (after(90), "90000002")
    event = ContactEvent.objects.get(kind=events.Happened.CALLBACK_PROMISED)
    assert event.data == {"callback": callback.pk, "due_at": after(90).isoformat()}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, {"field": "number", "why": "empty"}),
        ({"number": "9" * 21}, {"field": "number", "why": "too_long"}),
        (
            {"number": "90000001", "due_at": after(-1)},
            {"field": "due_at", "why": "in_the_past"},
        ),
    ],
)
def test_a_promise_that_cannot_be_kept_is_not_made(fields, why, kari):
    contact = make.contact()
    error = refusal(callbacks.promise, contact_id=contact.pk, by=kari, at=NOW, **fields)
    assert (error.rule, error.values) == (Rule.FIELD_NOT_VALID, why)
    assert not CallBack.objects.exists()


def test_a_closed_contact_promises_nothing(kari):
    contact = make.contact(state="closed", closed_at=NOW, callback_number="90000001")
    error = refusal(callbacks.promise, contact_id=contact.pk, by=kari, at=NOW)
    assert error.rule == Rule.CONTACT_IS_CLOSED


# ---------------------------------------------------------------- tries


def promised(kari, **fields):
    contact = make.contact(callback_number="90000001", **fields)
    return callbacks.promise(contact_id=contact.pk, by=kari, at=NOW)


def tried(callback, minutes, by, *, was_reached=False):
    return callbacks.attempt(
        callback_id=callback.pk, was_reached=was_reached, by=by, at=after(minutes)
    )


def test_a_try_that_reaches_somebody_settles_it(kari):
    callback = tried(promised(kari), 5, kari, was_reached=True)
    assert (callback.state, callback.settled_by, callback.settled_at) == (
        "reached",
        kari,
        after(5),
    )
    assert on_the_list() == []


def test_a_try_in_vain_is_kept_and_the_clock_goes_on(kari):
    callback = promised(kari)
    tried(callback, 5, kari)
    tried(callback, 6, kari)
    (shown,) = on_the_list(now=12)
    assert (shown.attempts, shown.last_attempt_at, shown.is_overdue) == (
        2,
        after(6),
        True,
    )
    assert CallBackAttempt.objects.count() == 2


def test_after_three_tries_over_half_an_hour_the_shift_leader_must_decide(kari):
    callback = promised(kari)
    for minutes in (0, 29, 29.9):
        assert tried(callback, minutes, kari).escalated_at is None
    assert tried(callback, 30, kari).escalated_at == after(30)
    (shown,) = on_the_list(now=31)
    assert (shown.is_escalated, shown.escalate_to) == (True, "shift_leader")
    event = ContactEvent.objects.get(kind=events.Happened.CALLBACK_ESCALATED)
    assert event.data["to"] == "shift_leader"
    assert callback.state == "open"


def test_the_most_urgent_goes_to_somebody_who_can_go_to_the_door(kari):
    callback = promised(kari, hastegrad_phone="akutt")
    for minutes in (0, 1, 30):
        tried(callback, minutes, kari)
    assert on_the_list(now=31)[0].escalate_to == "welfare_check"


def test_when_the_time_is_up_without_one_more_try_the_sweep_lifts_it(kari):
    callback = promised(kari)
    for minutes in (0, 1, 2):
        tried(callback, minutes, kari)
    assert callbacks.escalate_due(at=after(29)) == 0
    assert callbacks.escalate_due(at=after(30)) == 1
    assert callbacks.escalate_due(at=after(31)) == 0
    callback.refresh_from_db()
    assert callback.escalated_at == after(30)


def test_to_give_up_takes_tries_time_and_words(kari):
    callback = promised(kari)
    giving = {"callback_id": callback.pk, "note": "Politiet drar dit.", "by": kari}
    tried(callback, 0, kari)
    error = refusal(callbacks.give_up, **giving, at=after(30))
    assert (error.rule, error.values["attempts"]) == (Rule.UNREACHABLE_TOO_EARLY, "1")
    tried(callback, 1, kari)
    tried(callback, 30, kari)
    wordless = giving | {"note": " "}
    assert refusal(callbacks.give_up, **wordless, at=after(30)).rule == (
        Rule.CALLBACK_NEEDS_REASON
    )
    ended = callbacks.give_up(**giving, at=after(30))
    assert (ended.state, ended.settled_note) == ("unreachable", "Politiet drar dit.")


def test_to_strike_it_off_takes_words(kari):
    callback = promised(kari)
    striking = {"callback_id": callback.pk, "by": kari, "at": after(1)}
    assert refusal(callbacks.cancel, **striking, note="").rule == (
        Rule.CALLBACK_NEEDS_REASON
    )
    assert callbacks.cancel(**striking, note="Kom hit selv").state == "cancelled"


def test_what_is_settled_is_settled(kari):
    callback = tried(promised(kari), 1, kari, was_reached=True)
    arguments = {"callback_id": callback.pk, "by": kari, "at": after(2)}
    acts = [
        (callbacks.attempt, {"was_reached": False}),
        (callbacks.take, {}),
        (callbacks.cancel, {"note": "x"}),
        (callbacks.give_up, {"note": "x"}),
    ]
    for act, more in acts:
        assert refusal(act, **arguments, **more).rule == Rule.CALLBACK_IS_SETTLED
    assert CallBackAttempt.objects.count() == 1


# ---------------------------------------------------------------- in hand


def test_to_ring_back_a_missed_call_opens_a_contact_with_its_number(kari):
    callback = missed(0, line="trygghetsalarm")
    contact = callbacks.take(callback_id=callback.pk, by=kari, at=after(2))
    assert (contact.owner, contact.callback_number) == (kari, "90000001")
    assert contact.channel == Contact.Channel.ALARM
    callback.refresh_from_db()
    assert (callback.contact, callback.owner, callback.state) == (contact, kari, "open")
    assert callback.call.contact == contact
    assert on_the_list()[0].owner_name == "Kari"


def test_to_ring_back_is_not_to_answer(kari):
    callback = missed(0)
    callbacks.take(callback_id=callback.pk, by=kari, at=after(2))
    ingest("ended", 0)
    call = Call.objects.get()
    assert (call.state, call.answered_at) == ("abandoned", None)
    assert CallBack.objects.get().state == "open"


def test_a_colleague_is_told_who_rings_back(kari, ola):
    callback = missed(0)
    callbacks.take(callback_id=callback.pk, by=kari, at=after(2))
    error = refusal(callbacks.take, callback_id=callback.pk, by=ola, at=after(2.5))
    assert (error.rule, error.values["owner"]) == (Rule.OWNED_BY_ANOTHER, "Kari")
    assert callbacks.take(callback_id=callback.pk, by=ola, at=after(5)).owner == ola


def test_a_promise_of_an_open_contact_is_rung_from_it(kari, ola):
    callback = promised(kari)
    contact = callbacks.take(callback_id=callback.pk, by=ola, at=after(2))
    assert (contact, contact.owner) == (callback.contact, ola)


def test_a_promise_of_a_closed_contact_opens_it_again(kari, ola):
    callback = promised(kari)
    Contact.objects.update(state="closed", closed_at=after(1), closed_by=kari)
    contact = callbacks.take(callback_id=callback.pk, by=ola, at=after(2))
    assert (contact.pk, contact.state, contact.owner) == (
        callback.contact_id,
        "open",
        ola,
    )
    assert ContactEvent.objects.filter(kind=events.Happened.REOPENED).count() == 1
    assert callable(closing.reopen)


def test_a_missed_call_that_somebody_had_in_hand_is_rung_from_that_contact(kari):
    call = ingest("ringing", 0)
    contact = calls.answer(call_id=call.pk, by=kari, at=after(1))
    callback = ingest("abandoned", 2).callback
    assert callback.contact == contact
    assert callbacks_of(contact, now=after(3))[0].id == callback.pk
    assert callbacks.take(callback_id=callback.pk, by=kari, at=after(3)) == contact
    assert Contact.objects.count() == 1


# ---------------------------------------------------------------- the lists


def test_the_list_begins_with_what_is_due_first(kari):
    missed(0)
    urgent = promised(kari, hastegrad_phone="akutt")
    later = promised(kari, hastegrad_phone="vanlig")
    order = [shown.id for shown in on_the_list()]
    assert order == [urgent.pk, CallBack.objects.get(kind="missed").pk, later.pk]


def test_at_the_change_of_shift_what_is_promised_is_listed_with_its_patient(kari):
    missed(0)
    patient = make.patient(given_name="Test", family_name="Lovet")
    callback = promised(kari, patient=patient, hastegrad_phone="haster")
    (shown,) = open_promises(make.sentral().pk, now=after(30))
    assert (shown.id, shown.patient_name) == (callback.pk, "Test Lovet")
    assert (shown.is_overdue, shown.left_s) == (True, -600)


def test_a_promise_survives_that_everybody_logs_out(kari):
    callback = promised(kari)
    calls.release(
        contact_id=callbacks.take(callback_id=callback.pk, by=kari, at=after(1)).pk,
        by=kari,
        at=after(2),
    )
    assert [shown.id for shown in on_the_list(now=600)] == [callback.pk]


def test_the_number_of_queries_does_not_grow_with_the_list(
    sentral, kari, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    tried(promised(kari), 1, kari)
    open_callbacks(sentral.pk, now=NOW)
    with django_assert_num_queries(2):
        open_callbacks(sentral.pk, now=NOW)
    for number in range(5):
        tried(promised(kari), 1, kari)
        missed(0, call=f"m{number}", number=f"9000001{number}")
    with django_assert_num_queries(2):
        assert len(open_callbacks(sentral.pk, now=NOW)) == 11


# ---------------------------------------------------------------- all or nothing


ACTS = {
    "promise": lambda c, by: callbacks.promise(
        contact_id=c.contact_id, by=by, at=after(1)
    ),
    "attempt": lambda c, by: callbacks.attempt(
        callback_id=c.pk, was_reached=True, by=by, at=after(1)
    ),
    "take": lambda c, by: callbacks.take(callback_id=c.pk, by=by, at=after(1)),
    "cancel": lambda c, by: callbacks.cancel(
        callback_id=c.pk, note="x", by=by, at=after(1)
    ),
}


def stored():
    return [
        list(model.objects.order_by("pk").values())
        for model in (CallBack, CallBackAttempt, Contact, ContactEvent)
    ]


@pytest.mark.parametrize("act", ACTS)
def test_if_the_event_cannot_be_written_nothing_is(act, kari, monkeypatch):
    callback = promised(kari)
    before = stored()
    monkeypatch.setattr(events, "happened", no_disk)
    with pytest.raises(OSError, match="no disk"):
        ACTS[act](callback, kari)
    assert stored() == before


@pytest.mark.parametrize("act", ["attempt", "take", "cancel"])
def test_if_the_log_cannot_be_written_nothing_is(act, kari, monkeypatch):
    callback = promised(kari)
    before = stored()
    monkeypatch.setattr(audit, "log", no_disk)
    with pytest.raises(OSError, match="no disk"):
        ACTS[act](callback, kari)
    assert stored() == before


def test_if_the_log_cannot_be_written_nobody_is_given_up(kari, monkeypatch):
    callback = promised(kari)
    for minutes in (0, 1, 30):
        tried(callback, minutes, kari)
    monkeypatch.setattr(audit, "log", no_disk)
    with pytest.raises(OSError, match="no disk"):
        callbacks.give_up(callback_id=callback.pk, note="x", by=kari, at=after(31))
    callback.refresh_from_db()
    assert callback.state == "open"
