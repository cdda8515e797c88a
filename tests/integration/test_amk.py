"""The hand-over to 113: called, acknowledged, called off, alarmed."""

from datetime import timedelta

import pytest

from tests import make
from varde.apps.records.models import AmkHandover, DatedSetting, Outcome
from varde.apps.sentral.services import amk, outcomes, triage
from varde.domain.errors import Rule, RuleBroken


RED_AT = make.NOW + timedelta(minutes=1)
LATER = RED_AT + timedelta(seconds=30)


@pytest.fixture
def house(db):
    return make.house()


@pytest.fixture
def contact(house):
    """Red, with its clock running."""
    contact = house.contact()
    triage.assess(
        contact_id=contact.pk,
        axis="phone",
        complaint="",
        criteria=[],
        hastegrad="akutt",
        red_flags_ruled_out=None,
        reason_lowered="",
        by=house.kari,
        at=RED_AT,
    )
    return contact


def called(house, contact, mode="conference", at=LATER):
    with house.at_work(house.kari):
        return amk.called(contact_id=contact.pk, mode=mode, by=house.kari, at=at)


def acknowledge(house, contact, number="AMK-7", said="Bil er på vei", at=LATER):
    with house.at_work(house.kari):
        return amk.acknowledge(
            contact_id=contact.pk,
            mission_number=number,
            said=said,
            by=house.kari,
            at=at,
        )


def not_needed(house, contact, reason="Feil person", at=LATER):
    with house.at_work(house.kari):
        return amk.not_needed(
            contact_id=contact.pk, reason=reason, by=house.kari, at=at
        )


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


def test_a_call_to_113_gives_the_contact_its_outcome(house, contact):
    row = called(house, contact)
    assert (row.called_at, row.mode, row.called_by) == (
        LATER,
        "conference",
        house.kari,
    )
    outcome = Outcome.objects.get(contact=contact)
    assert (outcome.kind, outcome.state, outcome.owner) == ("amk", "open", house.kari)


def test_a_second_call_keeps_the_time_of_the_first_and_one_outcome(house, contact):
    called(house, contact)
    row = called(house, contact, mode="transfer", at=LATER + timedelta(seconds=9))
    assert (row.called_at, row.mode) == (LATER, "transfer")
    assert Outcome.objects.filter(contact=contact).count() == 1


def test_a_call_that_comes_before_red_starts_the_clock(house):
    contact = house.contact()
    row = called(house, contact)
    assert (row.started_at, row.called_at) == (LATER, LATER)


def test_an_unknown_way_is_refused(house, contact):
    values = refused(Rule.FIELD_NOT_VALID, called, house, contact, mode="due")
    assert values == {"field": "mode", "why": "not_a_choice"}


def test_amk_acknowledges_with_its_mission_number(house, contact):
    called(house, contact)
    row = acknowledge(house, contact, number=" AMK-7 ")
    row.refresh_from_db()
    assert (row.mission_number, row.said) == ("AMK-7", "Bil er på vei")
    assert row.acknowledged_at == LATER
    outcome = Outcome.objects.get(contact=contact)
    assert (outcome.state, outcome.settled_at) == ("done", LATER)
    event = contact.events.get(kind="amk_acknowledged")
    assert event.data == {"seconds": 30}


def test_an_acknowledgement_needs_a_call_and_a_number(house, contact):
    refused(Rule.AMK_NOT_CALLED, acknowledge, house, contact)
    called(house, contact)
    refused(Rule.AMK_MISSION_NUMBER_NEEDED, acknowledge, house, contact, number=" ")
    refused(Rule.FIELD_NOT_VALID, acknowledge, house, contact, number="9" * 41)
    refused(Rule.AMK_NOT_CALLED, acknowledge, house, house.contact())


def test_what_is_acknowledged_stays_so(house, contact):
    called(house, contact)
    acknowledge(house, contact)
    refused(Rule.AMK_ALREADY_ACKNOWLEDGED, acknowledge, house, contact)
    refused(Rule.AMK_ALREADY_ACKNOWLEDGED, called, house, contact)
    refused(Rule.AMK_ALREADY_ACKNOWLEDGED, not_needed, house, contact)


def test_it_is_called_off_with_a_reason_and_its_outcome_with_it(house, contact):
    called(house, contact)
    refused(Rule.AMK_STAND_DOWN_NEEDS_REASON, not_needed, house, contact, reason=" ")
    row = not_needed(house, contact)
    assert (row.not_needed_by, row.not_needed_reason) == (house.kari, "Feil person")
    outcome = Outcome.objects.get(contact=contact)
    assert (outcome.state, outcome.note) == ("cancelled", "Feil person")
    refused(Rule.AMK_STOOD_DOWN, not_needed, house, contact)
    refused(Rule.AMK_NOT_CALLED, not_needed, house, house.contact())


def test_a_call_after_it_was_called_off_is_a_new_hand_over(house, contact):
    not_needed(house, contact)
    again = LATER + timedelta(minutes=5)
    row = called(house, contact, at=again)
    assert (row.started_at, row.not_needed_at, row.called_at) == (again, None, again)
    assert AmkHandover.objects.count() == 1


def test_the_reason_and_what_was_said_are_not_in_the_events(house, contact):
    called(house, contact)
    acknowledge(house, contact, said="Hjertestans i Storgata")
    assert "Storgata" not in str(list(contact.events.values_list("data", flat=True)))


# The alarm


def alarm(house, at):
    with house.at_work(house.kari):
        return amk.alarm_due(at=at)


@pytest.mark.parametrize(("seconds", "alarmed"), [(59, 0), (60, 1), (3600, 1)])
def test_an_unacknowledged_hand_over_alarms_after_the_set_time(
    house, contact, seconds, alarmed
):
    at = RED_AT + timedelta(seconds=seconds)
    assert alarm(house, at) == alarmed
    assert contact.events.filter(kind="amk_alarmed").count() == alarmed
    row = AmkHandover.objects.get()
    assert row.alarmed_at == (at if alarmed else None)


def test_it_alarms_once(house, contact):
    at = RED_AT + timedelta(seconds=60)
    assert [alarm(house, at), alarm(house, at)] == [1, 0]


def test_a_call_that_nobody_has_acknowledged_does_not_silence_it(house, contact):
    called(house, contact)
    assert alarm(house, RED_AT + timedelta(seconds=60)) == 1


def test_what_is_settled_does_not_alarm(house, contact):
    other = house.contact()
    called(house, other, at=RED_AT)
    not_needed(house, other)
    called(house, contact)
    acknowledge(house, contact)
    assert alarm(house, RED_AT + timedelta(hours=1)) == 0


def test_the_time_is_the_districts_setting(house, contact):
    DatedSetting.objects.filter(key="amk.alarm_s").update(value=20)
    assert alarm(house, RED_AT + timedelta(seconds=20)) == 1


def test_a_hand_over_that_starts_anew_alarms_anew(house, contact):
    alarm(house, RED_AT + timedelta(seconds=60))
    not_needed(house, contact)
    again = RED_AT + timedelta(minutes=30)
    outcomes.add(contact_id=contact.pk, kind="amk", by=house.kari, at=again)
    assert alarm(house, again + timedelta(seconds=59)) == 0
    assert alarm(house, again + timedelta(seconds=60)) == 1


def test_one_fault_does_not_silence_the_rest(house, contact, monkeypatch, caplog):
    """In one transaction of the clock, as it is run: the faulty one alone is undone."""
    faulty = house.contact()
    called(house, faulty, at=RED_AT - timedelta(seconds=1))
    happened = amk.events.happened

    def fails_for_one(*, contact, **rest):
        if contact.pk == faulty.pk:
            raise RuntimeError("Kari Nordmann")
        return happened(contact=contact, **rest)

    monkeypatch.setattr(amk.events, "happened", fails_for_one)
    assert alarm(house, RED_AT + timedelta(minutes=2)) == 1
    alarmed = AmkHandover.objects.exclude(alarmed_at=None)
    assert [row.contact_id for row in alarmed] == [contact.pk]
    assert caplog.messages == [f"113 of contact {faulty.pk}: RuntimeError"]
