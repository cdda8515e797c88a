"""Help between sentraler: consent, the sealed copy, take-over, return, drill, and the door.

Two sentraler in one database, each with its own row about the other, stand for two
installations; `test_help_two_servers.py` has two real ones.
"""

import json
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import audit, kept, ratelimit
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    Contact,
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    Partner,
)
from varde.apps.sentral.queries import parts
from varde.apps.sentral.services import callbacks, calls
from varde.apps.sentral.services.help import (
    agreements,
    asking,
    exchange,
    foreign,
    holding,
    takeovers,
)
from varde.apps.sentral.services.help.told import Message
from varde.domain.call import EventKind
from varde.domain.errors import Rule, RuleBroken
from varde.engines.help import sealing
from varde.engines.telephony import signature


pytestmark = pytest.mark.django_db
SECRET = "s" * 40
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _shared_secret():
    make.settings()
    for name in ("help_refused:127.0.0.1", "telephony_messages"):
        ratelimit.clear(name)
    for code in ("HEL", "BOD", "OSL"):
        ratelimit.clear(f"help_messages:{code}")
    with override_settings(HELP_SECRETS=dict.fromkeys(["HEL", "BOD", "OSL"], SECRET)):
        yield


def hear(partner, message, *, at):
    """What the door does with a message that was well signed."""
    return exchange.receive(partner.pk, Message.model_validate(message), at=at)


class Pair:
    """HEL and BOD, with a clock of their own and a network between them."""

    def __init__(self):
        self.now = timezone.now()
        self.hel = make.sentral("HEL")
        self.bod = make.sentral("BOD", of=make.district("ytr", "Ytre distrikt"))
        self.people = {
            place.code: make.user(
                f"o{place.code}", roles=["operator", "shift_leader"], at=place
            )
            for place in (self.hel, self.bod)
        }
        self.of = {
            "HEL": self._partner(self.hel, "BOD"),
            "BOD": self._partner(self.bod, "HEL"),
        }

    def _partner(self, of, code):
        return agreements.make_partner(
            sentral=of,
            code=code,
            name=f"Sentral {code}",
            address="http://127.0.0.1:1",
            by=self.people[of.code],
            at=self.now,
        )

    def propose(self, **more):
        return agreements.propose(
            partner_id=self.of["HEL"].pk,
            **{
                "text": "Vi hjelper hverandre.",
                "our_lines": [],
                "their_lines": [],
                "is_automatic": True,
                "valid_from": timezone.localdate() - DAY,
                "valid_to": None,
                "by": self.people["HEL"],
                "at": self.now,
            }
            | more,
        )

    def agree(self):
        self.propose()
        self.say("HEL")
        theirs = HelpAgreement.objects.get(partner=self.of["BOD"])
        agreements.accept(
            agreement_id=theirs.pk,
            terms_hash=theirs.terms_hash,
            by=self.people["BOD"],
            at=self.now,
        )
        self.say("BOD")
        self.say("HEL")
        return self

    def say(self, code):
        """One message from this one, which comes through at once."""
        self.now += timedelta(seconds=1)
        message = exchange.message_to(self.of[code].pk, at=self.now)
        message = json.loads(json.dumps(message))
        other = self.of["BOD" if code == "HEL" else "HEL"]
        assert hear(other, message, at=self.now)
        return message

    def talk(self, rounds=3):
        for _ in range(rounds):
            self.say("HEL")
            self.say("BOD")
            for takeover in HelpTakeover.objects.filter(side="helper"):
                takeovers.advance(takeover_id=takeover.pk, at=self.now)

    def take_over(self):
        return takeovers.begin(
            partner_id=self.of["BOD"].pk,
            by=self.people["BOD"],
            at=self.now,
            reason="load",
        )

    def lose_hel(self, seconds=20):
        self.now += timedelta(seconds=seconds)
        partner = Partner.objects.get(pk=self.of["BOD"].pk)
        return takeovers.begin_if_gone(partner, at=self.now)

    def missed(self, name, number):
        for kind in ("ringing", "abandoned"):
            calls.ingest(
                sentral=self.hel,
                event=calls.TelephonyMessage(
                    event_id=f"{name}-{kind}",
                    call_id=name,
                    kind=EventKind(kind),
                    occurred_at=self.now,
                    caller_number=number,
                ),
                at=self.now,
            )
        return CallBack.objects.get(call__external_id=name)

    def foreign(self, name, number, *kinds):
        foreign.ingest(
            partner=self.of["BOD"],
            events=[
                calls.TelephonyMessage(
                    event_id=f"{name}-{kind}",
                    call_id=name,
                    kind=EventKind(kind),
                    occurred_at=self.now,
                    caller_number=number,
                )
                for kind in kinds
            ],
            at=self.now,
        )

    def at_bod(self, number):
        return CallBack.objects.get(sentral=self.bod, number=number)

    def reach(self, callback, code="BOD"):
        by = self.people[code]
        contact = callbacks.take(callback_id=callback.pk, by=by, at=self.now)
        callbacks.attempt(callback_id=callback.pk, was_reached=True, by=by, at=self.now)
        Contact.objects.filter(pk=contact.pk).update(
            state="closed", closed_at=self.now, closed_by=by
        )


@pytest.fixture
def pair():
    return Pair()


@pytest.fixture
def agreed(pair):
    return pair.agree()


def refused(rule):
    return pytest.raises(RuleBroken, match=rule.value)


def test_an_agreement_is_in_force_only_when_both_accepted_the_same_text(pair):
    on = timezone.localdate()
    pair.propose()
    message = pair.say("HEL")
    assert "queue" not in message, "nothing of the queue before the agreement"
    theirs = HelpAgreement.objects.get(partner=pair.of["BOD"])
    assert theirs.we_accepted_at is None
    assert agreements.in_force(pair.of["BOD"], on=on) is None
    with refused(Rule.HELP_NO_AGREEMENT):
        pair.take_over()
    with refused(Rule.HELP_AGREEMENT_NOT_OPEN):
        agreements.accept(
            agreement_id=theirs.pk,
            terms_hash="0" * 64,
            by=pair.people["BOD"],
            at=pair.now,
        )
    agreements.accept(
        agreement_id=theirs.pk,
        terms_hash=theirs.terms_hash,
        by=pair.people["BOD"],
        at=pair.now,
    )
    assert agreements.in_force(pair.of["HEL"], on=on) is None, "it has not heard yet"
    pair.say("BOD")
    ours = agreements.in_force(pair.of["HEL"], on=on)
    assert ours.terms_hash == agreements.in_force(pair.of["BOD"], on=on).terms_hash


def test_a_text_that_was_changed_on_the_way_is_not_taken(pair):
    pair.propose()
    message = exchange.message_to(pair.of["HEL"].pk, at=pair.now)
    message["agreement"]["terms"]["automatic"] = False
    hear(pair.of["BOD"], message, at=pair.now)
    assert not HelpAgreement.objects.filter(partner=pair.of["BOD"]).exists()


def test_either_may_end_it_and_the_copy_is_gone(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    assert Partner.objects.get(pk=agreed.of["BOD"].pk).copy
    ours = HelpAgreement.objects.get(partner=agreed.of["HEL"])
    agreements.end(agreement_id=ours.pk, by=agreed.people["HEL"], at=agreed.now)
    agreed.say("HEL")
    assert HelpAgreement.objects.get(partner=agreed.of["BOD"]).ended_at
    assert not Partner.objects.get(pk=agreed.of["BOD"].pk).copy
    assert agreed.lose_hel() is None


def test_the_copy_tells_nothing_before_a_take_over(agreed):
    agreed.missed("c1", "90000001")
    message = agreed.say("HEL")
    stored = Partner.objects.get(pk=agreed.of["BOD"].pk).copy
    assert "90000001" not in json.dumps(message) + stored
    assert not CallBack.objects.filter(sentral=agreed.bod).exists()
    opened = sealing.unseal(stored, secret=SECRET, about="queue HEL")
    assert [set(one) for one in opened] == [
        {"key", "kind", "number", "since", "due_at", "line", "hastegrad"}
    ]


@pytest.mark.parametrize(("seconds", "is_on"), [(18, False), (20, True)])
def test_it_takes_over_by_itself_at_the_limit(agreed, seconds, is_on):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    assert bool(agreed.lose_hel(seconds)) is is_on
    assert CallBack.objects.filter(sentral=agreed.bod, origin="HEL").exists() is is_on
    opened = AuditEntry.objects.filter(what="help_copy_opened")
    assert opened.exists() is is_on


def test_one_loss_is_one_take_over(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    assert agreed.lose_hel() is None
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    assert agreed.lose_hel() is None


def test_one_that_lives_keeps_what_is_in_hand_and_leaves_the_rest(agreed):
    mine, waits = agreed.missed("c1", "90000001"), agreed.missed("c2", "90000002")
    callbacks.take(callback_id=mine.pk, by=agreed.people["HEL"], at=agreed.now)
    agreed.say("HEL")
    agreed.take_over()
    assert not CallBack.objects.filter(sentral=agreed.bod).exists(), "not let go yet"
    agreed.say("BOD")
    agreed.say("HEL")  # what it lets go of, it holds from that moment
    with refused(Rule.HELD_BY_PARTNER):
        callbacks.take(callback_id=waits.pk, by=agreed.people["HEL"], at=agreed.now)
    there = CallBack.objects.filter(sentral=agreed.bod)
    assert list(there.values_list("number", flat=True)) == ["90000002"]
    callbacks.attempt(
        callback_id=mine.pk, was_reached=True, by=agreed.people["HEL"], at=agreed.now
    )


def test_what_was_done_comes_back_once_and_the_rest_is_on_the_list(agreed):
    done, left = agreed.missed("c1", "90000001"), agreed.missed("c2", "90000002")
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    agreed.reach(agreed.at_bod("90000001"))
    agreed.foreign("n1", "90000003", "ringing", "abandoned")
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    done.refresh_from_db()
    left.refresh_from_db()
    assert (done.state, done.helped_by) == ("reached", "BOD")
    assert left.state == "open"
    open_here = CallBack.objects.filter(sentral=agreed.hel, state="open")
    assert sorted(open_here.values_list("number", flat=True)) == [
        "90000002",
        "90000003",
    ]
    assert not CallBack.objects.filter(sentral=agreed.bod, state="open").exists()
    takeover.refresh_from_db()
    assert takeover.stage == "ended"
    report = takeover.report
    assert [report[k] for k in ("items", "handled", "open", "lost", "doubled")] == [
        3, 1, 2, 0, 0,
    ]  # fmt: skip
    assert report["people"] == [agreed.people["BOD"].pk]
    assert not takeover.items.exists()
    # The exchange tells once more of the missed call: it stays settled.
    agreed.missed("c1", "90000001")
    callbacks.missed(call=Call.objects.get(external_id="c1"), at=agreed.now)
    done.refresh_from_db()
    assert done.state == "reached"
    callbacks.take(callback_id=left.pk, by=agreed.people["HEL"], at=agreed.now)


def test_what_is_in_hand_is_finished_where_it_is(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    here = agreed.at_bod("90000001")
    contact = callbacks.take(
        callback_id=here.pk, by=agreed.people["BOD"], at=agreed.now
    )
    assert contact.origin == "HEL"
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    takeover.refresh_from_db()
    assert takeover.stage == "returning"
    Contact.objects.filter(pk=contact.pk).update(state="closed", closed_at=agreed.now)
    agreed.talk()
    takeover.refresh_from_db()
    assert takeover.stage == "ended"
    # Nobody was reached: HEL has the one to ring again.
    assert CallBack.objects.get(call__external_id="c1").state == "open"


def test_done_on_both_sides_is_said_and_not_hidden(agreed):
    ours = agreed.missed("c1", "90000001")
    agreed.say("HEL")
    takeover = agreed.lose_hel()  # HEL lives: only the line between them is gone
    agreed.reach(ours, "HEL")
    agreed.reach(agreed.at_bod("90000001"))
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    takeover.refresh_from_db()
    assert takeover.report["doubled"] == 1


def test_a_message_that_is_doubled_or_late_changes_nothing(agreed):
    agreed.missed("c1", "90000001")
    early = exchange.message_to(agreed.of["HEL"].pk, at=agreed.now)
    agreed.missed("c2", "90000002")
    late = agreed.say("HEL")
    before = Partner.objects.get(pk=agreed.of["BOD"].pk).copy
    for message in (early, late):
        assert not hear(agreed.of["BOD"], message, at=agreed.now)
    assert Partner.objects.get(pk=agreed.of["BOD"].pk).copy == before


def test_a_call_that_waited_and_comes_on_the_line_is_not_there_twice(agreed):
    calls.ingest(
        sentral=agreed.hel,
        event=calls.TelephonyMessage(
            event_id="r", call_id="c1", kind=EventKind.RINGING,
            occurred_at=agreed.now, caller_number="90000001",
        ),
        at=agreed.now,
    )  # fmt: skip
    agreed.say("HEL")
    agreed.lose_hel()
    assert agreed.at_bod("90000001").state == "open"
    agreed.foreign("c1", "90000001", "ringing")
    assert agreed.at_bod("90000001").state == "cancelled"
    assert HelpItem.objects.filter(key="call:c1").count() == 1
    call = Call.objects.get(sentral=agreed.bod)
    assert (call.origin, call.external_id) == ("HEL", "HEL:c1")


def test_just_after_a_start_one_waits_for_the_helper(agreed, monkeypatch):
    callback = agreed.missed("c1", "90000001")
    started = timezone.now()
    monkeypatch.setattr(holding, "STARTED_AT", started)
    CallBack.objects.update(created_at=started - DAY)
    Partner.objects.update(heard_at=started - DAY)
    with refused(Rule.HELP_NOT_HEARD):
        callbacks.take(callback_id=callback.pk, by=agreed.people["HEL"], at=started)
    Partner.objects.update(heard_at=started + timedelta(seconds=1))
    callbacks.take(callback_id=callback.pk, by=agreed.people["HEL"], at=started)


def test_a_drill_moves_nobody_counts_nothing_and_ends_by_itself(agreed):
    ours = agreed.missed("c1", "90000001")
    agreed.say("HEL")
    counts = [model.objects.count() for model in (Call, CallBack, Contact)]
    takeover = takeovers.begin(
        partner_id=agreed.of["BOD"].pk,
        by=agreed.people["BOD"],
        at=agreed.now,
        is_drill=True,
    )
    agreed.talk()
    assert HelpTakeover.objects.get(side="owner").is_drill
    callbacks.attempt(
        callback_id=ours.pk, was_reached=False, by=agreed.people["HEL"], at=agreed.now
    )
    item = takeover.items.first()
    takeovers.drill_done(item_id=item.pk, by=agreed.people["BOD"], at=agreed.now)
    agreed.now += timedelta(minutes=15)
    agreed.talk()
    takeover.refresh_from_db()
    assert takeover.stage == "ended"
    assert [takeover.report[k] for k in ("items", "handled", "lost")] == [3, 1, 0]
    assert takeover.report["people"] == [agreed.people["BOD"].pk]
    assert counts == [model.objects.count() for model in (Call, CallBack, Contact)]


def test_the_owner_asks_and_asks_to_have_it_back(agreed):
    agreed.missed("c1", "90000001")
    by = agreed.people["HEL"]
    asked = {"partner_id": agreed.of["HEL"].pk, "by": by, "at": agreed.now}
    with refused(Rule.FIELD_NOT_VALID):
        asking.ask(**asked)
    asking.ask(**asked, reason="other", note="Strømmen er borte")
    agreed.say("HEL")
    assert Partner.objects.get(pk=agreed.of["BOD"].pk).they_ask_at
    takeover = agreed.take_over()
    with refused(Rule.HELP_IS_ON):
        agreed.take_over()
    agreed.talk(1)
    asking.want_back(partner_id=agreed.of["HEL"].pk, by=by, at=agreed.now)
    agreed.talk()
    takeover.refresh_from_db()
    assert takeover.stage == "ended"
    assert CallBack.objects.get(call__external_id="c1").state == "open"


WRITES = {
    "name a partner": lambda p: agreements.make_partner(
        sentral=p.hel, code="OSL", name="x", address="https://x", by=p.maker, at=p.now
    ),
    "propose": lambda p: p.propose(text="Ny tekst"),
    "accept": lambda p: agreements.accept(
        agreement_id=p.open.pk, terms_hash=p.open.terms_hash, by=p.maker, at=p.now
    ),
    "hear of an agreement": lambda p: hear(p.of["BOD"], p.message, at=p.now),
    "end": lambda p: agreements.end(
        agreement_id=HelpAgreement.objects.filter(partner=p.of["HEL"]).first().pk,
        by=p.maker,
        at=p.now,
    ),
    "routes": lambda p: agreements.set_routes(
        partner_id=p.of["HEL"].pk, text="x", by=p.maker, at=p.now
    ),
    "ask": lambda p: asking.ask(
        partner_id=p.of["HEL"].pk, by=p.maker, at=p.now, reason="load"
    ),
    "ask no more": lambda p: asking.ask(
        partner_id=p.of["HEL"].pk, by=p.maker, at=p.now, is_off=True
    ),
    "take over": lambda p: p.take_over(),
    "take over by itself": lambda p: p.lose_hel(),
    "a call without a take-over": lambda p: p.foreign("n1", "90000003", "ringing"),
}
WHILE_HELPED = {
    "want back": lambda p: asking.want_back(
        partner_id=p.of["HEL"].pk, by=p.maker, at=p.now
    ),
    "give back": lambda p: takeovers.give_back(
        takeover_id=p.takeover.pk, by=p.maker, at=p.now
    ),
    "take up": lambda p: hear(p.of["BOD"], p.message, at=p.now),
    "take in a record": lambda p: hear(p.of["HEL"], p.record, at=p.now),
    "end of the help": lambda p: hear(p.of["HEL"], p.ended, at=p.now),
}


@pytest.mark.parametrize("act", WRITES)
def test_what_cannot_be_logged_is_undone(agreed, act, monkeypatch):
    agreed.maker = agreed.people["HEL"]
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    if act in {"accept", "hear of an agreement"}:
        agreed.propose(text="Ny tekst")
        agreed.message = exchange.message_to(agreed.of["HEL"].pk, at=agreed.now)
    if act == "ask no more":
        WRITES["ask"](agreed)
    if act == "accept":
        hear(agreed.of["BOD"], agreed.message, at=agreed.now)
        agreed.open = HelpAgreement.objects.filter(partner=agreed.of["BOD"]).last()
    _undone(WRITES[act], agreed, monkeypatch)


@pytest.mark.parametrize("act", WHILE_HELPED)
def test_what_cannot_be_logged_while_helped_is_undone(agreed, act, monkeypatch):
    agreed.maker = agreed.people["BOD"]
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    agreed.takeover = agreed.take_over()
    agreed.talk(2)
    agreed.reach(agreed.at_bod("90000001"))
    agreed.missed("c2", "90000002")
    agreed.message = exchange.message_to(agreed.of["HEL"].pk, at=agreed.now)
    takeovers.advance(takeover_id=agreed.takeover.pk, at=agreed.now)
    agreed.record = exchange.message_to(agreed.of["BOD"].pk, at=agreed.now)
    if act == "end of the help":
        takeovers.give_back(takeover_id=agreed.takeover.pk, by=None, at=agreed.now)
        agreed.talk()
        HelpTakeover.objects.filter(side="owner").update(stage="active", ended_at=None)
        agreed.now += DAY
        agreed.ended = exchange.message_to(agreed.of["BOD"].pk, at=agreed.now)
    _undone(WHILE_HELPED[act], agreed, monkeypatch)


def test_a_drill_that_cannot_be_logged_is_undone(agreed, monkeypatch):
    agreed.maker = agreed.people["BOD"]
    drill = takeovers.begin(
        partner_id=agreed.of["BOD"].pk, by=agreed.maker, at=agreed.now, is_drill=True
    )
    item = drill.items.first()
    done = {"item_id": item.pk, "by": agreed.maker, "at": agreed.now}
    _undone(lambda _: takeovers.drill_done(**done), agreed, monkeypatch)
    takeovers.drill_done(**done)
    later = agreed.now + timedelta(minutes=15)
    _undone(
        lambda _: takeovers.advance(takeover_id=drill.pk, at=later), agreed, monkeypatch
    )


def _undone(write, pair, monkeypatch):
    """With a log that cannot be written nothing changes; with one that can, it does."""

    def cannot(**_):
        raise OSError("no log")

    before = _state()
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no log"):
        patch.setattr(audit, "log", cannot)
        write(pair)
    assert _state() == before
    write(pair)
    assert _state() != before


def _state():
    return [
        list(model.objects.order_by("pk").values())
        for model in (HelpAgreement, HelpTakeover, HelpItem, CallBack, Call, Partner)
    ]


# The doors.


def post(client, message, *, secret=SECRET, sender="HEL", address="/api/help/messages"):
    body = json.dumps(message).encode()
    return client.post(
        address,
        body,
        content_type="application/json",
        headers={
            "X-Varde-Sentral": sender,
            signature.HEADER: signature.sign(body, secret=secret, t=int(time.time())),
        },
    )


def test_the_door_takes_in_what_is_signed_by_a_partner(agreed, client):
    agreed.missed("c1", "90000001")
    message = exchange.message_to(agreed.of["HEL"].pk, at=agreed.now)
    assert post(client, message).json() == {"is_news": True}
    assert post(client, message).json() == {"is_news": False}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"secret": "t" * 40}, 401),
        ({"sender": "XXX"}, 401),
        ({"sender": "BOD"}, 404),  # signed well, and not by the one it says it is from
    ],
)
def test_the_door_refuses_strangers(agreed, client, more, status):
    message = exchange.message_to(agreed.of["HEL"].pk, at=agreed.now)
    before = Partner.objects.get(pk=agreed.of["BOD"].pk).seen_seq
    assert post(client, message, **more).status_code == status
    assert Partner.objects.get(pk=agreed.of["BOD"].pk).seen_seq == before


def test_the_exchange_may_name_one_with_whom_we_have_agreed(agreed, client, settings):
    def ring():
        told = {
            "event_id": "e1",
            "sentral": "OLD",
            "call_id": "c9",
            "kind": "ringing",
            "occurred_at": timezone.now().isoformat(),
            "caller_number": "90000009",
        }
        address = "/api/telephony/events"
        return post(client, told, secret=settings.TELEPHONY_SECRET, address=address)

    Partner.objects.filter(pk=agreed.of["BOD"].pk).update(code="OLD")
    HelpAgreement.objects.filter(partner=agreed.of["BOD"]).update(ended_at=agreed.now)
    assert ring().status_code == 404
    HelpAgreement.objects.filter(partner=agreed.of["BOD"]).update(ended_at=None)
    assert ring().json() == {"accepted": 1, "duplicates": 0}
    call = Call.objects.get(external_id="OLD:c9")
    assert (call.origin, call.sentral) == ("OLD", agreed.bod)
    assert call.state == "ringing"


# What may go wrong at three at night.


def test_a_call_that_comes_before_the_take_over_is_answered_and_given_back(agreed):
    """The exchange turns the lines at once; the silence is long enough after 20 s."""
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    agreed.now += timedelta(seconds=3)
    agreed.foreign("n1", "90000003", "ringing")
    early = HelpTakeover.objects.get()
    assert (early.stage, early.lost_at) == ("returning", None)
    assert not CallBack.objects.exclude(sentral=agreed.hel).exists(), "calls alone"
    takeover = agreed.lose_hel()
    assert (takeover.pk, takeover.stage, takeover.is_automatic) == (
        early.pk, "active", True,
    )  # fmt: skip
    assert agreed.at_bod("90000001").state == "open"
    assert set(takeover.items.values_list("key", flat=True)) == {"call:c1", "call:n1"}


def test_a_call_that_comes_after_the_return_is_given_back_as_well(agreed):
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    agreed.foreign("n0", "90000004", "ringing", "abandoned")
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    assert not HelpTakeover.objects.exclude(stage="ended").exists()
    agreed.foreign("n0", "90000004", "ended")  # late word of one that came before
    assert not HelpTakeover.objects.exclude(stage="ended").exists()
    agreed.foreign("n1", "90000003", "ringing")
    agreed.talk()
    assert (
        HelpTakeover.objects.filter(stage="returning").count() == 2
    )  # one on each side
    agreed.foreign("n1", "90000003", "abandoned")
    agreed.talk()
    assert not HelpTakeover.objects.exclude(stage="ended").exists()
    there = CallBack.objects.filter(sentral=agreed.hel, state="open")
    assert set(there.values_list("number", flat=True)) == {"90000003", "90000004"}
    assert not CallBack.objects.filter(sentral=agreed.bod, state="open").exists()


def test_one_that_is_lost_again_in_the_middle_of_the_return_is_helped_again(agreed):
    ours, other = agreed.missed("c1", "90000001"), agreed.missed("c2", "90000002")
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    in_hand = callbacks.take(
        callback_id=agreed.at_bod("90000002").pk,
        by=agreed.people["BOD"],
        at=agreed.now,
    )
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    ours.refresh_from_db()
    assert ours.state == "open"
    again = agreed.lose_hel()
    assert (again.pk, again.stage) == (takeover.pk, "active")
    agreed.reach(agreed.at_bod("90000001"))
    Contact.objects.filter(pk=in_hand.pk).update(
        state="closed", closed_at=agreed.now, closed_by=agreed.people["BOD"]
    )
    takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    ours.refresh_from_db()
    other.refresh_from_db()
    assert (ours.state, ours.helped_by, other.state) == ("reached", "BOD", "open")
    takeover.refresh_from_db()
    assert takeover.stage == "ended"
    assert [takeover.report[k] for k in ("lost", "doubled")] == [0, 0]


def test_what_is_done_is_told_while_the_help_goes_on(agreed):
    """If the helper is lost as well, nobody is rung again for what it had done."""
    done, waits = agreed.missed("c1", "90000001"), agreed.missed("c2", "90000002")
    agreed.say("HEL")
    agreed.take_over()
    agreed.talk()
    agreed.reach(agreed.at_bod("90000001"))
    agreed.talk()
    done.refresh_from_db()
    assert (done.state, done.helped_by) == ("reached", "BOD")
    assert HelpTakeover.objects.get(side="helper").stage == "active"
    take = {"by": agreed.people["HEL"], "at": agreed.now}
    with refused(Rule.HELD_BY_PARTNER):
        callbacks.take(callback_id=waits.pk, **take)
    Partner.objects.filter(pk=agreed.of["HEL"].pk).update(
        heard_at=timezone.now() - timedelta(seconds=20)
    )
    callbacks.take(callback_id=waits.pk, **take)


def test_who_rings_is_answered_where_it_rings(agreed):
    """A sentral that lives keeps its own lines; when nobody answered, the helper rings."""
    agreed.now = timezone.now()
    told = {"call_id": "c1", "caller_number": "90000001", "occurred_at": agreed.now}

    def tell(kind):
        calls.ingest(
            sentral=agreed.hel,
            event=calls.TelephonyMessage(
                event_id=kind, kind=EventKind(kind), **told
            ),
            at=agreed.now,
        )  # fmt: skip

    agreed.take_over()
    tell("ringing")
    agreed.talk()
    assert not HelpItem.objects.exists()
    tell("abandoned")
    agreed.talk()
    assert agreed.at_bod("90000001").state == "open"


def test_a_drill_never_stands_in_the_way_of_help(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    begun = {"partner_id": agreed.of["BOD"].pk, "by": agreed.people["BOD"]}
    drill = takeovers.begin(**begun, at=agreed.now, is_drill=True)
    agreed.talk(1)
    real = agreed.lose_hel()
    drill.refresh_from_db()
    assert (drill.stage, real.is_drill, real.stage) == ("ended", False, "active")
    agreed.talk(1)
    owner = HelpTakeover.objects.get(side="owner", stage="active")
    assert (owner.name, owner.is_drill) == (real.name, False)
    with refused(Rule.HELP_IS_ON):
        takeovers.begin(**begun, at=agreed.now, is_drill=True)


def test_a_copy_sealed_with_another_secret_does_not_stop_the_help(agreed):
    agreed.missed("c1", "90000001")
    agreed.say("HEL")
    with override_settings(HELP_SECRETS={"HEL": "t" * 40, "BOD": SECRET}):
        takeover = agreed.lose_hel()
        assert (takeover.stage, takeover.is_copy_closed) == ("active", True)
        takeovers.advance(takeover_id=takeover.pk, at=agreed.now)
    assert AuditEntry.objects.filter(what="help_copy_closed").count() == 1
    assert not CallBack.objects.filter(sentral=agreed.bod).exists()


@pytest.mark.parametrize(
    ("answer", "is_on"), [("refused", False), ("silence", True), ("yes", False)]
)
def test_one_that_answers_with_no_is_not_taken_over_by_itself(agreed, answer, is_on):
    agreed.say("HEL")
    agreed.now += timedelta(seconds=19)
    exchange.answered(
        agreed.of["BOD"].pk,
        at=agreed.now,
        was_answered=answer == "yes",
        was_refused=answer == "refused",
    )
    assert bool(agreed.lose_hel(1)) is is_on


def test_a_message_that_is_said_again_is_no_sign_of_life(agreed):
    """Whoever has caught a message cannot keep a dead sentral alive with it."""
    message = agreed.say("HEL")
    agreed.now += timedelta(seconds=15)
    assert not hear(agreed.of["BOD"], message, at=agreed.now)
    assert agreed.lose_hel(5) is not None


@pytest.mark.parametrize("ends", ["HEL", "BOD"])
def test_an_agreement_that_is_ended_gives_back_what_is_helped_with(agreed, ends):
    ours = agreed.missed("c1", "90000001")
    agreed.say("HEL")
    takeover = agreed.take_over()
    agreed.talk()
    row = HelpAgreement.objects.get(partner=agreed.of[ends])
    agreements.end(agreement_id=row.pk, by=agreed.people[ends], at=agreed.now)
    agreed.missed("c2", "90000002")
    agreed.talk(4)
    takeover.refresh_from_db()
    ours.refresh_from_db()
    assert (takeover.stage, ours.state) == ("ended", "open")
    assert not CallBack.objects.filter(sentral=agreed.bod, number="90000002").exists()
    assert not CallBack.objects.filter(sentral=agreed.bod, state="open").exists()


def test_the_line_between_them_is_gone_and_both_take_over(agreed):
    """Both live, and each believes that the other is gone. Nothing is lost or hidden."""
    ours = agreed.missed("c1", "90000001")
    theirs = CallBack.objects.create(
        sentral=agreed.bod, district_id=agreed.bod.host_district_id, kind="promised",
        number="90000005", created_at=agreed.now, due_at=agreed.now,
    )  # fmt: skip
    agreed.say("HEL")
    agreed.say("BOD")
    agreed.now += timedelta(seconds=20)
    both = [
        takeovers.begin_if_gone(
            Partner.objects.get(pk=agreed.of[code].pk), at=agreed.now
        )
        for code in ("HEL", "BOD")
    ]
    agreed.reach(agreed.at_bod("90000001"))  # and HEL's own people ring as well
    agreed.reach(ours, "HEL")
    agreed.talk()
    agreed.talk()
    there = CallBack.objects.get(sentral=agreed.hel, number="90000005")
    assert there.origin == "BOD"
    with refused(Rule.HELD_BY_PARTNER):
        callbacks.take(callback_id=theirs.pk, by=agreed.people["BOD"], at=agreed.now)
    for takeover in both:
        takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk(5)
    for takeover in both:
        takeover.refresh_from_db()
        assert (takeover.stage, takeover.report["lost"]) == ("ended", 0)
    assert [takeover.report["doubled"] for takeover in both] == [0, 1]
    callbacks.take(callback_id=theirs.pk, by=agreed.people["BOD"], at=agreed.now)


def test_both_press_at_the_same_moment_and_all_comes_home(agreed):
    ours = agreed.missed("c1", "90000001")
    agreed.say("HEL")
    agreed.say("BOD")
    begun = [
        takeovers.begin(
            partner_id=agreed.of[code].pk,
            by=agreed.people[code],
            at=agreed.now,
            reason="load",
        )
        for code in ("HEL", "BOD")
    ]
    agreed.talk()
    assert agreed.at_bod("90000001").state == "open"
    for takeover in begun:
        takeovers.give_back(takeover_id=takeover.pk, by=None, at=agreed.now)
    agreed.talk()
    assert not HelpTakeover.objects.exclude(stage="ended").exists()
    ours.refresh_from_db()
    assert ours.state == "open"
    assert CallBack.objects.filter(number="90000001", state="open").count() == 1


def test_one_who_is_helped_does_not_take_over_from_the_helper(agreed):
    agreed.take_over()
    agreed.talk()
    with refused(Rule.HELP_IS_ON):
        takeovers.begin(
            partner_id=agreed.of["HEL"].pk,
            by=agreed.people["HEL"],
            at=agreed.now,
            reason="load",
        )


def test_the_lists_say_who_has_what_and_the_keys_pass_it_by(agreed, client):
    for number in (1, 2):
        agreed.missed(f"c{number}", f"9000000{number}")
    agreed.say("HEL")
    agreed.take_over()
    agreed.talk()
    mine = agreed.missed("c3", "90000003")
    Partner.objects.update(heard_at=timezone.now())
    told = parts.callbacks(agreed.hel, now=timezone.now())
    assert {one.number: one.held and one.held.by for one in told["callbacks"]} == {
        "90000001": "Sentral BOD",
        "90000002": "Sentral BOD",
        "90000003": None,
    }
    assert told["next_callback"] == mine.pk
    client.force_login(agreed.people["HEL"])
    desk = client.get("/sentral/").text
    assert desk.count("hos Sentral BOD") == 2
    assert "Sentral BOD hjelper oss" in desk
    Partner.objects.update(heard_at=timezone.now() - timedelta(minutes=1))
    desk = client.get("/sentral/").text
    assert desk.count("Sentral BOD hadde den, og er borte") == 2
    assert "Det de hadde, kan dere ringe selv." in desk


# How much is asked of the database.


def test_the_queries_do_not_grow_with_those_who_wait(agreed, client):
    def counts():
        kept.forget()
        with CaptureQueriesContext(connection) as seen:
            parts.queue(agreed.bod, now=agreed.now)
            parts.callbacks(agreed.bod, now=agreed.now)
            parts.alarms(agreed.bod, now=agreed.now)
        asked = [len(seen)]
        for address in ("/sentral/hjelp/", f"/sentral/hjelp/overtak/{takeover.pk}/"):
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            asked.append(len(seen))
        return asked

    for number in range(2):
        agreed.missed(f"c{number}", f"9000000{number}")
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    agreed.foreign("n0", "90000050", "ringing")
    client.force_login(agreed.people["BOD"])
    few = counts()
    for number in range(20):
        agreed.foreign(f"n{number + 1}", f"900001{number:02}", "ringing")
        agreed.foreign(f"m{number}", f"900002{number:02}", "ringing", "abandoned")
    assert counts() == few
    assert all(n <= most for n, most in zip(few, (25, 27, 25), strict=True)), few


def test_the_pages_show_who_helps_and_the_routes_and_log_the_look(agreed, client):
    agreed.missed("c1", "90000001")
    agreements.set_routes(
        partner_id=agreed.of["HEL"].pk,
        text="AMK 75 00 00 00",
        by=agreed.people["HEL"],
        at=agreed.now,
    )
    agreed.say("HEL")
    takeover = agreed.lose_hel()
    Partner.objects.update(heard_at=timezone.now() - timedelta(seconds=30))
    client.force_login(agreed.people["BOD"])
    assert "borte siden" in client.get("/sentral/hjelp/").text
    page = client.get(f"/sentral/hjelp/overtak/{takeover.pk}/").text
    assert "AMK 75 00 00 00" in page
    assert "90000001" in page
    assert AuditEntry.objects.filter(what="help_looked").count() == 1
    desk = client.get("/sentral/").text
    assert "fra HEL" in desk
    assert "Sentral HEL sin kø" in desk
    client.force_login(agreed.people["HEL"])
    assert client.get(f"/sentral/hjelp/overtak/{takeover.pk}/").status_code == 404
