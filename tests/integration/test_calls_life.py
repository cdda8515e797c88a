"""The whole life of calls, in any order that Hypothesis thinks of, on the real database.

Two operators and an exchange do what they like. After every step it must be true that no
call has two owners, that none is out of sight, that every missed caller is on the list,
and that what was acknowledged is stored once.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import make
from varde.apps.records import kept
from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Call,
    CallBack,
    CallBackAttempt,
    Contact,
    ContactEvent,
    TelephonyEvent,
)
from varde.apps.sentral.queries import queue
from varde.apps.sentral.services import callbacks, calls
from varde.apps.sentral.services.calls import TelephonyMessage
from varde.domain.call import EventKind
from varde.domain.errors import RuleBroken


ON_THE_LINE = {"ringing", "answered", "transferred", "unknown"}
who = st.sampled_from(["kari", "ola"])
which = st.integers(0, 5)
numbers = st.sampled_from(["90000001", "90000002", ""])
late_s = st.integers(0, 20)


class Life(RuleBasedStateMachine):
    """What is done is remembered here, to be compared with what is stored."""

    sentral = None
    people = {}

    def __init__(self):
        super().__init__()
        self.undone_at_the_end = transaction.atomic()
        self.undone_at_the_end.__enter__()
        self.now = timezone.now()
        self.told = []
        self.calls = 0
        self.acknowledged = Counter()
        self.contact_of = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undone_at_the_end.__exit__(None, None, None)

    # ------------------------------------------------------------ the exchange

    @rule(number=numbers, line=st.sampled_from(["116117", "amk"]))
    def it_rings(self, number, line):
        self.calls += 1
        self._tell("ringing", self.calls - 1, caller_number=number, line=line)

    @precondition(lambda self: self.calls)
    @rule(
        which=which, by=st.sampled_from(["code-kari", "code-ola", "?"]), late_s=late_s
    )
    def it_is_answered(self, which, by, late_s):
        self._tell("answered", which % self.calls, operator=by, late_s=late_s)

    @precondition(lambda self: self.calls)
    @rule(which=which, kind=st.sampled_from(["abandoned", "ended"]), late_s=late_s)
    def it_is_over(self, which, kind, late_s):
        self._tell(kind, which % self.calls, late_s=late_s)

    @precondition(lambda self: self.calls)
    @rule(which=which, late_s=late_s)
    def it_is_passed_on(self, which, late_s):
        self._tell("transferred", which % self.calls, late_s=late_s)

    @precondition(lambda self: self.told)
    @rule(which=which)
    def it_tells_once_more(self, which):
        known = self.told[which % len(self.told)]
        done = calls.ingest(sentral=self.sentral, event=known, at=self.now)
        assert done == calls.Ingested(accepted=0, duplicates=1)

    # ------------------------------------------------------------ the desk

    @precondition(lambda self: self.calls)
    @rule(which=which, name=who)
    def answers(self, which, name):
        call = Call.objects.get(external_id=f"c{which % self.calls}")
        contact = self._done(calls.answer, name, call_id=call.pk)
        if contact is not None:
            assert contact.owner == self.people[name]
            assert self.contact_of.setdefault(call.pk, contact.pk) == contact.pk

    @precondition(lambda self: Contact.objects.exists())
    @rule(which=which, name=who, reason=st.sampled_from(["", "pause"]))
    def takes_over(self, which, name, reason):
        contact = self._contact(which)
        before = contact.owner
        taken = self._done(
            calls.take_over_contact, name, contact_id=contact.pk, reason=reason
        )
        if taken is not None and before not in (None, taken.owner):
            self.acknowledged[Happened.TAKEN_OVER] += 1

    @precondition(lambda self: Contact.objects.exists())
    @rule(which=which, name=who)
    def puts_back(self, which, name):
        contact = self._contact(which)
        if self._done(calls.release, name, contact_id=contact.pk) is not None:
            self.acknowledged[Happened.RELEASED] += 1

    @rule(name=who)
    def gives_a_sign_of_life(self, name):
        calls.heartbeat(by=self.people[name], at=self.now)

    @precondition(lambda self: CallBack.objects.exists())
    @rule(which=which, name=who, was_reached=st.booleans())
    def rings_back(self, which, name, was_reached):
        found = list(CallBack.objects.order_by("pk"))
        callback = found[which % len(found)]
        if self._done(callbacks.take, name, callback_id=callback.pk) is None:
            return
        self.acknowledged[Happened.CALLBACK_TAKEN] += 1
        arguments = {"callback_id": callback.pk, "was_reached": was_reached}
        if self._done(callbacks.attempt, name, **arguments) is not None:
            self.acknowledged[Happened.CALLBACK_ATTEMPT] += 1

    # ------------------------------------------------------------ time

    @rule(seconds=st.sampled_from([1, 10, 30, 60, 600]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def the_sweep_comes_by(self):
        calls.sweep(at=self.now)
        callbacks.escalate_due(at=self.now)

    # ------------------------------------------------------------ always true

    @invariant()
    def never_two_owners(self):
        for call in Call.objects.select_related("contact"):
            if call.state in ON_THE_LINE and call.contact is not None:
                assert call.owner_id == call.contact.owner_id

    @invariant()
    def never_none_silently(self):
        ownerless = {
            shown.contact_id
            for shown in queue.ownerless_contacts(self.sentral.pk, now=self.now)
        }
        for contact in Contact.objects.filter(state="open"):
            has_living_owner = contact.owner_id is not None and (
                self.now - contact.heartbeat_at <= timedelta(seconds=45)
            )
            assert has_living_owner != (contact.pk in ownerless)

    @invariant()
    def every_call_on_the_line_is_in_sight_once(self):
        seen = [
            *(shown.id for shown in queue.waiting_calls(self.sentral.pk, now=self.now)),
            *(shown.id for shown in queue.calls_in_hand(self.sentral.pk, now=self.now)),
        ]
        on_the_line = Call.objects.filter(state__in=ON_THE_LINE)
        assert sorted(seen) == sorted(on_the_line.values_list("pk", flat=True))

    @invariant()
    def every_missed_caller_is_on_the_list_or_settled(self):
        for call in Call.objects.select_related("callback"):
            callback = getattr(call, "callback", None)
            if call.state == "abandoned":
                assert callback is not None
                assert callback.state != "cancelled"
            else:
                assert callback is None or callback.state != "open"

    @invariant()
    def what_was_acknowledged_is_stored_once(self):
        stored = set(
            TelephonyEvent.objects.values_list("call__external_id", "event_id")
        )
        assert stored == {(m.call_id, m.event_id) for m in self.told}
        assert TelephonyEvent.objects.count() == len(self.told)
        kinds = Counter(ContactEvent.objects.values_list("kind", flat=True))
        for kind in (Happened.RELEASED, Happened.CALLBACK_TAKEN):
            assert kinds[kind] == self.acknowledged[kind]
        assert kinds[Happened.TAKEN_OVER] >= self.acknowledged[Happened.TAKEN_OVER]
        tries = self.acknowledged[Happened.CALLBACK_ATTEMPT]
        assert CallBackAttempt.objects.count() == tries
        for call_id, contact_id in self.contact_of.items():
            assert Call.objects.get(pk=call_id).contact_id == contact_id

    # ------------------------------------------------------------ how

    def _tell(self, kind, number, *, late_s=0, **fields):
        owners = dict(Contact.objects.values_list("pk", "owner_id"))
        message = TelephonyMessage(
            event_id=f"{kind}-{len(self.told)}",
            call_id=f"c{number}",
            kind=EventKind(kind),
            occurred_at=self.now - timedelta(seconds=late_s),
            **fields,
        )
        done = calls.ingest(sentral=self.sentral, event=message, at=self.now)
        assert done == calls.Ingested(accepted=1, duplicates=0)
        self.told.append(message)
        now = dict(Contact.objects.values_list("pk", "owner_id"))
        for contact, owner in owners.items():
            # The exchange never takes a contact out of anybody's hand.
            assert owner is None or now[contact] == owner

    def _contact(self, which):
        found = list(Contact.objects.select_related("owner").order_by("pk"))
        return found[which % len(found)]

    def _done(self, act, name, **arguments):
        """What the act gives, or None where it is refused and has changed nothing."""
        before = self._all_rows()
        try:
            return act(by=self.people[name], at=self.now, **arguments)
        except RuleBroken:
            assert self._all_rows() == before
            return None

    def _all_rows(self):
        return [
            list(model.objects.order_by("pk").values())
            for model in (Call, CallBack, CallBackAttempt, Contact, ContactEvent)
        ]


@pytest.mark.django_db
def test_whatever_happens_no_call_is_lost_and_none_has_two_owners(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    make.settings()
    Life.sentral = make.sentral()
    Life.people = {
        name: make.operator(name, operator_code=f"code-{name}")
        for name in ("kari", "ola")
    }
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
        ),
    )
