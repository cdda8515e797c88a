"""A contact from its beginning: opening it, and saving what is written."""

import pytest

from tests import make
from tests.contact_acts import LATER, kinds, last_event, save
from varde.apps.records.models import (
    AuditEntry,
    CallBack,
    Contact,
    ContactEvent,
)
from varde.apps.sentral.services import contacts
from varde.domain.errors import Rule, RuleBroken


@pytest.fixture
def house(db):
    return make.house()


# Opening


def test_a_contact_opens_in_the_hand_of_the_one_who_answered(house):
    call = make.call(at=house.sentral, caller_number="+4790000001")
    with house.at_work(house.kari):
        contact = contacts.open_contact(
            sentral=house.sentral,
            channel="phone",
            by=house.kari,
            at=make.NOW,
            call=call,
        )
    contact.refresh_from_db()
    assert (contact.owner, contact.heartbeat_at) == (house.kari, make.NOW)
    assert contact.district == house.inner
    assert contact.callback_number == "+4790000001"
    assert list(contact.calls.all()) == [call]
    assert contact.recorded_at > contact.opened_at
    assert last_event(contact).data == {
        "channel": "phone",
        "call": call.pk,
        "callback": None,
    }


def test_a_callback_gives_its_number_and_is_tied_to_the_contact(house):
    callback = CallBack.objects.create(
        district=house.inner,
        sentral=house.sentral,
        kind="missed",
        number="90000002",
        created_at=make.NOW,
        due_at=make.NOW,
    )
    contact = contacts.open_contact(
        sentral=house.sentral,
        channel="phone",
        by=house.kari,
        at=make.NOW,
        callback=callback,
    )
    assert contact.callback_number == "90000002"
    assert list(contact.callbacks.all()) == [callback]


# Saving


def test_only_the_fields_that_changed_are_saved_and_named(house):
    contact = house.contact(caller_name="Siv")
    with house.at_work(house.kari):
        save(contact, house.kari, caller_name="Siv", narrative="Vondt i magen")
    contact.refresh_from_db()
    assert contact.narrative == "Vondt i magen"
    assert last_event(contact).kind == "fields_saved"
    assert last_event(contact).data == {"fields": ["narrative"]}


def test_a_field_saved_with_the_value_it_has_leaves_no_trace(house):
    contact = house.contact(caller_name="Siv", interpreter_needed=False)
    before = kinds(contact)
    save(contact, house.kari, caller_name=" Siv ", interpreter_needed="no")
    assert kinds(contact) == before


def test_no_event_holds_what_was_written(house):
    contact = house.contact()
    secret = "Hemmelig sykdom"
    save(contact, house.kari, narrative=secret, caller_name=secret, whereabouts=secret)
    patient = make.patient(of=house.inner, given_name=secret)
    contacts.choose_patient(
        contact_id=contact.pk, patient_id=patient.pk, by=house.kari, at=LATER
    )
    told = str(list(ContactEvent.objects.values_list("data", flat=True)))
    assert secret not in told


def test_the_last_writer_wins_and_the_log_has_both(house):
    contact = house.contact()
    AuditEntry.objects.all().delete()
    save(contact, house.kari, narrative="Først")
    save(contact, house.ola, narrative="Sist")
    contact.refresh_from_db()
    assert contact.narrative == "Sist"
    changes = AuditEntry.objects.filter(table="records_contact", kind="change")
    assert [entry.data["narrative"] for entry in changes.order_by("pk")] == [
        ["", "Først"],
        ["Først", "Sist"],
    ]


@pytest.mark.parametrize(
    ("field", "text", "stored"),
    [
        ("interpreter_needed", "yes", True),
        ("interpreter_needed", "no", False),
        ("interpreter_needed", "unknown", None),
        ("consent_fastlege", "", None),
        ("callback_number", "+47 900 00 001", "+4790000001"),
        ("callback_number", "", ""),
        ("caller_relation", "mor", "mor"),
        ("is_elsewhere", "yes", True),
        ("channel", "police", "police"),
        ("narrative", "a\r\nb", "a\nb"),
        ("narrative", "x" * 20_000, "x" * 20_000),
        ("municipality", "1824", "1824"),
        ("municipality", "", None),
    ],
)
def test_what_is_typed_is_stored(house, field, text, stored):
    contact = house.contact(municipality=house.bodo)
    save(contact, house.kari, **{field: text})
    column = "municipality_id" if field == "municipality" else field
    assert getattr(Contact.objects.get(pk=contact.pk), column) == stored


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("caller_relation", "x" * 31, "too_long"),
        ("narrative", "x" * 20_001, "too_long"),
        ("narrative", "a\x00b", "control_characters"),
        ("narrative", "a\ud800b", "control_characters"),
        ("interpreter_needed", "maybe", "not_yes_no_unknown"),
        ("is_elsewhere", "unknown", "not_yes_no_unknown"),
        ("callback_number", "ring meg", "not_a_phone_number"),
        ("callback_number", "9" * 21, "too_long"),
        ("channel", "pigeon", "not_a_choice"),
        ("channel", "", "not_a_choice"),
        ("municipality", "9999", "not_found"),
        ("municipality", "Vefsn", "not_found"),
        ("place", "1' OR 1=1", "not_found"),
        ("place", "9" * 30, "not_found"),
        ("fastlege", "0", "not_found"),
        ("narrative", "", None),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_saved(house, field, text, why):
    contact = house.contact()
    before = kinds(contact)
    if why is None:  # the twin: an empty text is no fault
        save(contact, house.kari, **{field: text})
        return
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, caller_name="Siv", **{field: text})
    assert refusal.value.rule is Rule.FIELD_NOT_VALID
    assert refusal.value.values == {"field": field, "why": why}
    contact.refresh_from_db()
    assert contact.caller_name == ""
    assert kinds(contact) == before


@pytest.mark.parametrize("field", ["owner", "state", "district", "pk", "x" * 100])
def test_fields_that_are_not_for_typing_are_refused(house, field):
    contact = house.contact()
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, **{field: "1"})
    assert refusal.value.rule is Rule.FIELD_UNKNOWN


def test_a_closed_contact_takes_no_more_text(house):
    contact = house.contact(state="closed", closed_at=make.NOW)
    with pytest.raises(RuleBroken) as refusal:
        save(contact, house.kari, narrative="Mer")
    assert refusal.value.rule is Rule.CONTACT_IS_CLOSED
