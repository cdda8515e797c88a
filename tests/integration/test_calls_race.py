"""Many reach for one call: real threads, real transactions, real locks."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import Call, CallBack, Contact, TelephonyEvent, User
from varde.apps.records.scope import scoped
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.calls import TelephonyMessage
from varde.domain.call import EventKind
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 1000
THREADS = 10  # the pool of one process has a dozen connections


@pytest.fixture(autouse=True)
def sentral(monkeypatch):
    make.settings()
    # A thread that waits long for its turn should not read settings once more.
    monkeypatch.setattr(kept, "KEPT_S", 600)
    return make.sentral()


def side_by_side(work, items):
    """Run `work` on each item, ten at a time, all let go at the same moment."""
    gate = threading.Barrier(THREADS)
    shares = [items[start::THREADS] for start in range(THREADS)]

    def share(mine):
        gate.wait()
        try:
            return [work(item) for item in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        done = list(pool.map(share, shares))
    return [result for results in done for result in results]


def test_of_a_thousand_racing_claims_one_wins_and_the_others_see_who(sentral):
    names = [f"op{number}" for number in range(CLAIMS)]
    operators = User.objects.bulk_create(User(username=name) for name in names)
    call = make.call()
    districts = [sentral.host_district_id]

    def claim(operator):
        try:
            with scoped(districts=districts, user_id=operator.pk):
                calls.answer(call_id=call.pk, by=operator, at=make.NOW)
        except RuleBroken as error:
            return error.rule, error.values["owner"]
        return operator

    results = side_by_side(claim, operators)
    winners = [result for result in results if isinstance(result, User)]
    seen = {result for result in results if not isinstance(result, User)}
    assert len(winners) == 1
    assert seen == {(Rule.OWNED_BY_ANOTHER, winners[0].username)}
    call.refresh_from_db()
    contact = Contact.objects.get()
    assert (call.owner, contact.owner) == (winners[0], winners[0])


def test_of_racing_take_overs_and_claims_each_leaves_one_owner(sentral):
    operators = User.objects.bulk_create(
        User(username=f"op{number}") for number in range(20)
    )
    pairs = [(make.call().pk, operator) for operator in operators for _ in range(2)]

    def reach(pair):
        call_id, operator = pair
        contact = calls.answer(call_id=call_id, by=operator, at=make.NOW)
        for other in (operators[operator.pk % 20], operator):
            calls.take_over_contact(
                contact_id=contact.pk, by=other, at=make.NOW, reason="bytter"
            )
            calls.heartbeat(by=other, at=make.NOW)
        return contact.pk

    side_by_side(reach, pairs)
    assert Contact.objects.count() == len(pairs)
    for call in Call.objects.select_related("contact"):
        assert call.owner_id == call.contact.owner_id is not None


def test_the_same_events_from_ten_senders_at_once_are_stored_once(sentral):
    story = [("ringing", 0), ("abandoned", 5)]
    messages = [
        TelephonyMessage(
            event_id=kind,
            call_id=f"c{number}",
            kind=EventKind(kind),
            occurred_at=make.NOW.replace(second=second),
            caller_number="90000001",
        )
        for number in range(10)
        for kind, second in story
    ]

    def send(_):
        done = calls.ingest_all(sentral=sentral, events=messages, at=make.NOW)
        return done.accepted

    accepted = side_by_side(send, range(THREADS * 2))
    assert sum(accepted) == len(messages) == TelephonyEvent.objects.count()
    assert CallBack.objects.filter(state="open").count() == 10


def test_claims_and_events_side_by_side_never_lock_each_other_out(sentral):
    """Every order of locks that the desk and the exchange take, until one would hang."""
    kari = make.operator("kari", operator_code="op1")
    ola = make.operator("ola")

    def message(number, kind, second):
        return TelephonyMessage(
            event_id=kind,
            call_id=f"c{number}",
            kind=EventKind(kind),
            occurred_at=make.NOW.replace(second=second),
            caller_number="90000001",
            operator="op1",
        )

    rings = [message(number, "ringing", 0) for number in range(40)]
    calls.ingest_all(sentral=sentral, events=rings, at=make.NOW)
    by_name = {call.external_id: call.pk for call in Call.objects.all()}

    def work(number):
        events = [
            message(n % 40, kind, second)
            for n in (number, number + 1, number + 2)
            for kind, second in (("answered", 3), ("ended", 9))
        ]
        try:
            if number % 2:
                calls.ingest_all(sentral=sentral, events=events, at=make.NOW)
            else:
                calls.answer(call_id=by_name[f"c{number}"], by=ola, at=make.NOW)
            calls.heartbeat(by=ola, at=make.NOW)
            calls.heartbeat(by=kari, at=make.NOW)
        except RuleBroken as error:
            return error.rule
        return None

    refused = {rule for rule in side_by_side(work, range(40)) if rule}
    assert refused <= {Rule.OWNED_BY_ANOTHER}
    assert Contact.objects.count() == Call.objects.count() == 40
    assert not Contact.objects.filter(owner=None).exists()
