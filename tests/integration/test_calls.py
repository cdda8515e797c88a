"""A call: the exchange's events in, and who has it in hand."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from varde.apps.records import audit, events, kept
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    Contact,
    ContactEvent,
    Recording,
    TelephonyEvent,
)
from varde.apps.sentral.queries import queue
from varde.apps.sentral.services import callbacks, calls, contacts
from varde.apps.sentral.services.calls import TelephonyMessage
from varde.domain.call import CallEvent, EventKind, fold
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


def after(seconds):
    return NOW + timedelta(seconds=seconds)


def told(kind, seconds, *, call="c1", event_id=None, **fields):
    return TelephonyMessage(
        event_id=event_id or f"{kind}-{seconds}",
        call_id=call,
        kind=EventKind(kind),
        occurred_at=after(seconds),
        **fields,
    )


def ingest(*messages, at=None):
    return calls.ingest_all(
        sentral=make.sentral(), events=messages, at=at or after(600)
    )


def refusal(function, **arguments):
    with pytest.raises(RuleBroken) as caught:
        function(**arguments)
    return caught.value


def end_state():
    """All that the exchange's events decide, of every call.

    To be struck off the list by them is the same as never to have been on it.
    """
    listed = CallBack.objects.exclude(state=CallBack.State.CANCELLED)
    return [
        (
            call.external_id,
            call.state,
            call.ringing_at,
            call.answered_at,
            call.abandoned_at,
            call.transferred_at,
            call.ended_at,
            call.operator_code,
            call.line,
            call.caller_number,
            call.priority,
            sorted(call.recordings.values_list("reference", flat=True)),
            listed.filter(call=call).values_list("state", "due_at").first(),
        )
        for call in Call.objects.order_by("external_id")
    ]


def undone(act):
    """What `act` gives, with all that it wrote taken back."""
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    return result


# ---------------------------------------------------------------- events in


STORIES = {
    "answered": [("ringing", 0), ("answered", 7), ("ended", 90)],
    "missed": [("ringing", 0), ("abandoned", 40)],
    "missed, told as ended": [("ringing", 0), ("ended", 40)],
    "passed on": [("ringing", 0), ("answered", 7), ("transferred", 60), ("ended", 90)],
    "answered too late": [("ringing", 0), ("abandoned", 10), ("answered", 11)],
    "hung up in the end": [("ringing", 0), ("answered", 7), ("abandoned", 90)],
    "no ring seen": [("answered", 7), ("ended", 9)],
}


@pytest.mark.parametrize("story", STORIES)
def test_events_in_any_order_and_twice_give_the_same_end_state(story, kari):
    messages = [
        told(kind, s, operator="op1", caller_number="90000001", line="116117")
        for kind, s in STORIES[story]
    ]
    expected = fold(
        CallEvent(event_id=m.event_id, kind=m.kind, occurred_at=m.occurred_at)
        for m in messages
    )

    def taken_in(order):
        for message in order:
            ingest(message)
        ingest(*order)
        return end_state()

    states = [undone(lambda o=order: taken_in(o)) for order in permutations(messages)]
    assert all(state == states[0] for state in states)
    ((_, state, ringing_at, answered_at, *_rest),) = states[0]
    assert (state, ringing_at, answered_at) == (
        expected.state.value,
        expected.ringing_at,
        expected.answered_at,
    )
    has_callback = states[0][0][-1] is not None and states[0][0][-1][0] == "open"
    assert has_callback == expected.is_missed


kinds = st.sampled_from(["ringing", "answered", "transferred", "abandoned", "ended"])
stories = st.lists(
    st.tuples(st.sampled_from(["c1", "c2"]), kinds, st.integers(0, 5)),
    min_size=1,
    max_size=6,
    unique=True,
)


@given(story=stories, data=st.data())
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_two_calls_of_one_caller_end_the_same_however_their_events_are_mixed(
    story, data
):
    messages = [
        told(kind, s, call=call, caller_number="90000001") for call, kind, s in story
    ]
    mixed = data.draw(st.permutations(messages))
    cut = data.draw(st.integers(0, len(messages)))

    def one_by_one():
        for message in messages:
            ingest(message)
        return end_state()

    def in_two_lists():
        ingest(*mixed[:cut])
        ingest(*mixed)
        return end_state()

    assert undone(one_by_one) == undone(in_two_lists)


def test_an_event_that_is_known_changes_nothing():
    assert ingest(told("ringing", 0)) == calls.Ingested(accepted=1, duplicates=0)
    before = end_state()
    assert ingest(told("ringing", 0)) == calls.Ingested(accepted=0, duplicates=1)
    assert ingest(told("ringing", 0), told("ringing", 0)).duplicates == 2
    assert end_state() == before
    assert TelephonyEvent.objects.count() == 1


def test_the_first_of_two_stories_with_one_id_is_kept_and_the_log_tells():
    ingest(told("ringing", 0, event_id="1"))
    ingest(told("ringing", 5, event_id="1"))
    assert Call.objects.get().ringing_at == NOW
    assert AuditEntry.objects.filter(what="telephony_event_conflict").count() == 1


def test_the_line_decides_the_priority_where_the_exchange_does_not():
    ingest(told("ringing", 0, line="AMK"))
    ingest(told("ringing", 0, call="c2", line="116117"))
    ingest(told("ringing", 0, call="c3", line="amk", priority=0))
    found = dict(Call.objects.values_list("external_id", "priority"))
    assert found == {"c1": 2, "c2": 0, "c3": 0}


def test_a_call_on_a_line_of_others_opens_a_contact_of_their_kind(kari):
    ingest(told("ringing", 0, line="sykehjem"))
    contact = calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(5))
    assert contact.channel == Contact.Channel.NURSING_HOME


def test_a_recording_is_kept_once_with_its_day():
    ingest(told("answered", 0, recording_reference="lyd/1"))
    ingest(told("ended", 60, recording_reference="lyd/1"))
    recording = Recording.objects.get()
    assert (recording.reference, str(recording.recorded_on)) == ("lyd/1", "2026-11-20")


def test_a_recording_after_midnight_in_norway_belongs_to_the_new_day():
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    message = TelephonyMessage(
        event_id="1",
        call_id="c1",
        kind=EventKind.RINGING,
        occurred_at=late,
        recording_reference="lyd/2",
    )
    ingest(message, at=late)
    assert str(Recording.objects.get().recorded_on) == "2026-11-21"


def test_the_log_of_an_import_is_final(kari):
    place = make.sentral()
    make.call(at=place, external_id="c1", state="ended", source="import", line="116117")
    before = end_state()
    messages = [told("abandoned", 3), told("answered", 2, operator="op1", line="amk")]
    assert ingest(*messages).accepted == 2
    assert end_state() == before
    assert not CallBack.objects.exists()
    assert not Contact.objects.exists()


def test_the_number_of_queries_of_an_event_is_known(
    django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    place = make.sentral()
    ingest(told("ringing", 0, call="warm"), told("abandoned", 0, call="warm"))
    for kind, most in (("ringing", 8), ("answered", 10), ("ended", 8)):
        message = told(kind, 5, line="116117", caller_number="90000001")
        with django_assert_max_num_queries(most):
            calls.ingest(sentral=place, event=message, at=after(600))


def test_when_what_follows_fails_no_event_is_stored(monkeypatch):
    def fails(**_):
        raise OSError("no disk")

    monkeypatch.setattr(callbacks, "follow", fails)
    with pytest.raises(OSError, match="no disk"), transaction.atomic():
        ingest(told("abandoned", 0))
    assert not Call.objects.exists()
    assert not TelephonyEvent.objects.exists()


# ---------------------------------------------------------------- in hand


def test_the_answer_of_a_known_operator_puts_the_call_in_her_hand(kari):
    ingest(told("ringing", 0), told("answered", 7, operator="op1"))
    call, contact = Call.objects.get(), Contact.objects.get()
    assert (call.owner, call.contact, contact.owner) == (kari, contact, kari)
    assert contact.opened_at == call.answered_at == after(7)


@pytest.mark.parametrize("who", ["", "unknown", "elsewhere", "gone"])
def test_the_answer_of_somebody_else_puts_it_in_nobodys_hand(who):
    make.operator(
        "elsewhere",
        operator_code="elsewhere",
        at=make.sentral("NAB", of=make.district()),
    )
    make.user("gone", operator_code="gone").grants.create(
        role="operator",
        sentral=make.sentral(),
        valid_from=make.LONG_AGO,
        valid_to=NOW.date(),
    )
    ingest(told("ringing", 0), told("answered", 7, operator=who))
    (waits,) = queue.waiting_calls(make.sentral().pk, now=after(9))
    assert waits.is_spoken_with
    assert not Contact.objects.exists()


def test_the_desks_claim_stands_when_the_exchange_says_that_a_colleague_answered(
    kari, ola
):
    ingest(told("ringing", 0))
    contact = calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(5))
    ingest(told("answered", 6, operator="op2"))
    contact.refresh_from_db()
    assert contact.owner == kari
    assert Contact.objects.count() == 1
    event = ContactEvent.objects.get(kind=events.Happened.ANSWERED_BY_OTHER)
    assert event.by == ola


def test_until_the_exchange_says_it_the_call_was_answered_when_it_was_claimed(kari):
    ingest(told("ringing", 0))
    calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(9))
    assert Call.objects.get().answered_at == after(9)
    ingest(told("answered", 7, operator="op1"))
    assert Call.objects.get().answered_at == after(7)


def test_an_exchange_that_never_says_answered_makes_no_missed_call_of_a_talk(kari):
    ingest(told("ringing", 0))
    calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(9))
    ingest(told("ended", 300))
    assert Call.objects.get().state == "ended"
    assert not CallBack.objects.exists()


def test_the_exchanges_word_that_the_caller_hung_up_counts_over_the_desks_claim(kari):
    ingest(told("ringing", 0))
    contact = calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(9))
    ingest(told("abandoned", 10))
    assert Call.objects.get().state == "abandoned"
    assert CallBack.objects.get().contact == contact


def test_nobody_answers_before_it_rings_though_the_exchanges_clock_is_ahead(kari):
    ingest(told("ringing", 30))
    calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(9))
    call = Call.objects.get()
    assert call.answered_at == call.ringing_at == after(30)


def test_the_second_to_answer_is_told_who_was_first(kari, ola):
    call = make.call()
    calls.answer(call_id=call.pk, by=kari, at=after(1))
    error = refusal(calls.answer, call_id=call.pk, by=ola, at=after(2))
    assert (error.rule, error.values["owner"]) == (Rule.OWNED_BY_ANOTHER, "Kari")


def test_the_same_person_twice_has_one_contact(kari):
    call = make.call()
    first = calls.answer(call_id=call.pk, by=kari, at=after(1))
    again = calls.answer(call_id=call.pk, by=kari, at=after(20))
    assert first == again
    assert again.heartbeat_at == after(20)
    assert ContactEvent.objects.filter(contact=first).count() == 1


def test_an_abandoned_call_cannot_be_answered(kari):
    call = make.call(state="abandoned", abandoned_at=after(1))
    error = refusal(calls.answer, call_id=call.pk, by=kari, at=after(2))
    assert (error.rule, error.values) == (Rule.CALL_IS_OVER, {"state": "abandoned"})


def test_a_short_talk_may_be_written_down_when_it_is_over(kari):
    ingest(told("ringing", 0), told("answered", 5), told("ended", 20))
    contact = calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(60))
    assert contact.owner == kari
    assert Call.objects.get().answered_at == after(5)


def test_a_colleague_may_take_over_within_the_grace_without_a_reason(kari, ola):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    taken = calls.take_over_contact(contact_id=contact.pk, by=ola, at=after(20))
    assert (taken.owner, Call.objects.get().owner) == (ola, ola)
    event = ContactEvent.objects.get(kind=events.Happened.TAKEN_OVER)
    assert event.data == {"how": "grace", "before": kari.pk}


def test_later_a_reason_is_needed_and_it_stands_in_the_log(kari, ola):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    calls.heartbeat(by=kari, at=after(20))
    late = {"contact_id": contact.pk, "by": ola, "at": after(21)}
    error = refusal(calls.take_over_contact, **late)
    assert (error.rule, error.values["owner"]) == (Rule.TAKE_OVER_NEEDS_REASON, "Kari")
    calls.take_over_contact(**late, reason=" Kari gikk ")
    entry = AuditEntry.objects.get(what="contact_taken_over")
    assert (entry.reason, entry.contact_id, entry.user) == (
        "Kari gikk",
        contact.pk,
        ola,
    )
    assert "Kari gikk" not in str(ContactEvent.objects.values_list("data", flat=True))


def test_the_numbers_of_the_claim_are_dated_settings(kari, ola):
    make.decide("claim.grace_s", 5)
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    taking = {"contact_id": contact.pk, "by": ola}
    assert refusal(calls.take_over_contact, **taking, at=after(6)).rule == (
        Rule.TAKE_OVER_NEEDS_REASON
    )
    assert calls.take_over_contact(**taking, at=after(5)).owner == ola


def test_put_back_it_is_in_nobodys_hand_and_the_queue_shows_it(kari, ola):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    calls.release(contact_id=contact.pk, by=kari, at=after(9))
    (shown,) = queue.ownerless_contacts(make.sentral().pk, now=after(10))
    assert (shown.contact_id, shown.last_owner, shown.since) == (
        contact.pk,
        "Kari",
        after(9),
    )
    (waits,) = queue.waiting_calls(make.sentral().pk, now=after(10))
    again = calls.answer(call_id=waits.id, by=ola, at=after(11))
    assert (again, Call.objects.get().owner) == (contact, ola)


def test_nobody_puts_back_what_a_colleague_has(kari, ola):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    error = refusal(calls.release, contact_id=contact.pk, by=ola, at=after(1))
    assert (error.rule, error.values["owner"]) == (Rule.NOT_YOURS, "Kari")


def test_a_closed_contact_changes_no_hands(kari):
    contact = make.contact(state="closed", closed_at=NOW)
    for act in (calls.release, calls.take_over_contact):
        error = refusal(act, contact_id=contact.pk, by=kari, at=after(1))
        assert error.rule == Rule.CONTACT_IS_CLOSED


def test_a_sign_of_life_is_for_every_contact_in_hand_in_one_statement(
    kari, ola, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    mine = [calls.answer(call_id=make.call().pk, by=kari, at=NOW) for _ in range(3)]
    other = calls.answer(call_id=make.call().pk, by=ola, at=NOW)
    closed = make.contact(owner=kari, state="closed", heartbeat_at=NOW)
    calls.heartbeat(by=kari, at=after(1))  # the settings are read once in a while
    # The statement and the savepoint around it.
    with django_assert_num_queries(3):
        assert calls.heartbeat(by=kari, at=after(15)) == 3
    beats = Contact.objects.in_bulk([c.pk for c in (*mine, other, closed)])
    assert [beats[c.pk].heartbeat_at for c in mine] == [after(15)] * 3
    assert beats[other.pk].heartbeat_at == beats[closed.pk].heartbeat_at == NOW


def test_a_sign_of_life_never_moves_backwards(kari):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=after(30))
    assert calls.heartbeat(by=kari, at=after(10)) == 0
    contact.refresh_from_db()
    assert contact.heartbeat_at == after(30)


def test_after_three_missed_signs_of_life_anybody_may_claim(kari, ola):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    claiming = {"call_id": Call.objects.get().pk, "by": ola}
    assert refusal(calls.answer, **claiming, at=after(45)).rule == Rule.OWNED_BY_ANOTHER
    assert not queue.ownerless_contacts(make.sentral().pk, now=after(45))
    assert queue.ownerless_contacts(make.sentral().pk, now=after(46))[0].is_stale
    assert calls.answer(**claiming, at=after(46)) == contact
    event = ContactEvent.objects.get(kind=events.Happened.TAKEN_OVER)
    assert event.data == {"how": "stale", "before": kari.pk}


def test_a_silent_workstation_is_marked_once_and_told_of(kari):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    assert calls.sweep(at=after(45)).stale == 0
    assert calls.sweep(at=after(50)).stale == 1
    assert calls.sweep(at=after(60)).stale == 0
    event = ContactEvent.objects.get(kind=events.Happened.WENT_STALE)
    assert (event.contact, event.occurred_at) == (contact, after(45))
    calls.heartbeat(by=kari, at=after(70))
    assert calls.sweep(at=after(200)).stale == 1


def test_a_late_sign_of_life_of_an_owner_nobody_replaced_revives_the_claim(kari, ola):
    calls.answer(call_id=make.call().pk, by=kari, at=NOW)
    calls.heartbeat(by=kari, at=after(100))
    assert not queue.ownerless_contacts(make.sentral().pk, now=after(110))
    error = refusal(calls.answer, call_id=Call.objects.get().pk, by=ola, at=after(110))
    assert error.rule == Rule.OWNED_BY_ANOTHER


@pytest.mark.parametrize("act", ["answer", "take_over_contact", "release"])
def test_if_the_trace_cannot_be_written_the_change_of_hands_is_undone(
    act, kari, ola, monkeypatch
):
    call = make.call()
    contact = None
    if act != "answer":
        contact = calls.answer(call_id=call.pk, by=kari, at=NOW)
    before = list(Call.objects.values()), list(Contact.objects.values())

    def fails(**_):
        raise OSError("no disk")

    monkeypatch.setattr(events, "happened", fails)
    arguments = {
        "answer": {"call_id": call.pk, "by": kari},
        "take_over_contact": {"contact_id": contact and contact.pk, "by": ola},
        "release": {"contact_id": contact and contact.pk, "by": kari},
    }[act]
    with pytest.raises(OSError, match="no disk"):
        getattr(calls, act)(**arguments, at=after(5))
    assert (list(Call.objects.values()), list(Contact.objects.values())) == before


def test_if_the_log_cannot_be_written_a_take_over_is_undone(kari, ola, monkeypatch):
    contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)

    def fails(**_):
        raise OSError("no disk")

    monkeypatch.setattr(audit, "log", fails)
    with pytest.raises(OSError, match="no disk"):
        calls.take_over_contact(contact_id=contact.pk, by=ola, at=after(5))
    contact.refresh_from_db()
    assert contact.owner == kari


# ---------------------------------------------------------------- silence


def long_silent(call):
    """A call of which the exchange last spoke three hours ago."""
    past = connection.ops.adapt_datetimefield_value(NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_call SET recorded_at = %s", [past])
        cursor.execute("UPDATE records_telephonyevent SET recorded_at = %s", [past])
    return call


def test_a_call_that_the_exchange_forgot_is_ended_and_the_caller_rung_back():
    ingest(told("ringing", 0))
    long_silent(Call.objects.get())
    assert calls.sweep(at=after(7200)).silent == 0
    assert calls.sweep(at=after(7201)).silent == 1
    assert Call.objects.get().state == "abandoned"
    assert CallBack.objects.get().state == "open"
    assert calls.sweep(at=after(7300)).silent == 0


def test_what_the_exchange_says_later_replaces_the_silence(kari):
    ingest(told("ringing", 0))
    long_silent(Call.objects.get())
    calls.sweep(at=after(7201))
    ingest(told("answered", 9), told("ended", 99), at=after(7300))
    call = Call.objects.get()
    assert (call.state, call.answered_at, call.ended_at) == (
        "ended",
        after(9),
        after(99),
    )
    assert CallBack.objects.get().state == "cancelled"


def test_a_talk_that_somebody_works_with_is_not_ended_by_silence(kari):
    ingest(told("ringing", 0))
    calls.answer(call_id=Call.objects.get().pk, by=kari, at=after(5))
    long_silent(Call.objects.get())
    calls.heartbeat(by=kari, at=after(7200))
    assert calls.sweep(at=after(7210)).silent == 0
    assert calls.sweep(at=after(7260)).silent == 1
    assert Call.objects.get().state == "ended"
    assert not CallBack.objects.exists()


# ---------------------------------------------------------------- the queue


def test_priority_lines_come_first_and_then_the_longest_wait():
    ingest(told("ringing", 0, call="first"))
    ingest(told("ringing", 5, call="second"))
    ingest(told("ringing", 9, call="amk", line="amk"))
    ingest(told("ringing", 8, call="home", line="sykehjem"))
    ingest(told("transferred", 1, call="no ring seen"))
    waits = queue.waiting_calls(make.sentral().pk, now=after(20))
    order = [Call.objects.get(pk=call.id).external_id for call in waits]
    assert order == ["amk", "home", "first", "second", "no ring seen"]
    assert [call.waited_s for call in waits[:4]] == [11, 12, 20, 15]
    assert waits[0].line_text == "AMK"


def test_the_wait_is_never_below_zero_though_the_exchanges_clock_is_ahead():
    ingest(told("ringing", 30))
    assert queue.waiting_calls(make.sentral().pk, now=NOW)[0].waited_s == 0


def test_another_sentrals_queue_is_its_own(kari):
    make.call(at=make.sentral("NAB", of=make.district("nord", "Nord")))
    make.contact(at=make.sentral("NAB"))
    here = make.sentral().pk
    assert queue.waiting_calls(here, now=NOW) == []
    assert queue.ownerless_contacts(here, now=NOW) == []


def test_a_call_in_hand_shows_who_talks_and_since_when(kari):
    ingest(told("ringing", 0, line="politi"), told("answered", 7, operator="op1"))
    (shown,) = queue.calls_in_hand(make.sentral().pk, now=after(20))
    assert (shown.owner_name, shown.since, shown.line_text) == (
        "Kari",
        after(7),
        "Politi",
    )
    assert not shown.is_stale
    assert queue.waiting_calls(make.sentral().pk, now=after(20)) == []


def test_the_number_of_queries_does_not_grow_with_the_queue(
    kari, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    here = make.sentral().pk

    def drawn():
        queue.waiting_calls(here, now=after(60))
        queue.calls_in_hand(here, now=after(60))
        queue.ownerless_contacts(here, now=after(60))

    def more():
        make.call()
        calls.answer(call_id=make.call().pk, by=kari, at=NOW)
        contact = calls.answer(call_id=make.call().pk, by=kari, at=NOW)
        calls.release(contact_id=contact.pk, by=kari, at=after(1))

    more()
    drawn()
    with django_assert_num_queries(4):
        drawn()
    for _ in range(5):
        more()
    with django_assert_num_queries(4):
        drawn()


def test_a_contact_that_somebody_holds_stays_out_of_the_ownerless(kari):
    contacts.open_contact(
        sentral=make.sentral(), channel=Contact.Channel.DOOR, by=kari, at=NOW
    )
    assert queue.ownerless_contacts(make.sentral().pk, now=after(10)) == []
