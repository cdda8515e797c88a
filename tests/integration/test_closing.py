"""The end of a contact: what must be settled, what follows, and opening it again."""

from datetime import timedelta

import pytest

from tests import make
from varde.apps.records.models import (
    Approval,
    AuditEntry,
    CallBack,
    ClaimLine,
    DatedSetting,
    FastlegeNote,
)
from varde.apps.sentral.queries import codes
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.queries.codes import CodesMissing
from varde.apps.sentral.services import (
    amk,
    callbacks,
    closing,
    contacts,
    doctor,
    outcomes,
)
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LATER = NOW + timedelta(minutes=6)


@pytest.fixture
def house(db):
    return make.house()


def ready(house, *kinds, **fields):
    """A contact with nothing open: judged, with outcomes and a reason."""
    contact = house.contact(
        **{"hastegrad_phone": "vanlig", "reason_code": "R74"} | fields
    )
    for kind in kinds or ("advice",):
        outcomes.add(contact_id=contact.pk, kind=kind, by=house.kari, at=NOW)
    return contact


def close(house, contact, by=None, at=LATER):
    by = by or house.kari
    with house.at_work(by):
        return closing.close(contact_id=contact.pk, by=by, at=at)


def reopen(house, contact, reason="Pasienten ringte tilbake", by=None):
    by = by or house.ola
    with house.at_work(by):
        return closing.reopen(contact_id=contact.pk, reason=reason, by=by, at=LATER)


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


def open_kinds(contact):
    contact.refresh_from_db()
    return [item.kind for item in queries.open_items_of(contact)]


def test_a_contact_closes_and_leaves_its_owners_hand(house):
    contact = ready(house)
    close(house, contact)
    contact.refresh_from_db()
    assert (contact.state, contact.closed_at, contact.closed_by) == (
        "closed",
        LATER,
        house.kari,
    )
    assert (contact.owner, contact.claimed_at, contact.heartbeat_at) == (
        None,
        None,
        None,
    )
    event = contact.events.get(kind="closed")
    assert event.data == {"ended_in_advice": True, "seconds": 360}
    refused(Rule.CONTACT_IS_CLOSED, close, house, contact)


def test_a_new_contact_lists_all_that_is_open(house):
    contact = house.contact(fastlege=make.fastlege())
    assert open_kinds(contact) == [
        "hastegrad_not_set",
        "outcome_not_given",
        "reason_not_coded",
        "consent_not_asked",
    ]
    values = refused(Rule.CONTACT_HAS_OPEN_ITEMS, close, house, contact)
    assert values["items"] == ", ".join(open_kinds(contact))
    contact.refresh_from_db()
    assert contact.state == "open"


def settle_113(house, contact):
    amk.not_needed(contact_id=contact.pk, reason="Feil", by=house.kari, at=NOW)


def answer_question(house, contact):
    question = contact.questions.get()
    doctor.answer(question_id=question.pk, text="Ja", by=house.doctor, at=NOW)


def look(house, contact):
    contacts.second_look(contact_id=contact.pk, by=house.ola, at=NOW)


def ask_doctor(house, contact):
    doctor.ask(contact_id=contact.pk, question="?", by=house.kari, at=NOW)
    answer_question(house, contact)


def open_113(house):
    contact = ready(house)
    amk.start(contact, by=house.kari, at=NOW)
    return contact


def open_question(house):
    contact = ready(house)
    doctor.ask(contact_id=contact.pk, question="?", by=house.kari, at=NOW)
    return contact


@pytest.mark.parametrize(
    ("begin", "item", "settle"),
    [
        (open_113, "amk_not_acknowledged", settle_113),
        (open_question, "question_not_answered", answer_question),
        (
            lambda house: ready(house, repeat_no=2),
            "second_look_not_taken",
            look,
        ),
        (
            lambda house: ready(house, repeat_no=2),
            "second_look_not_taken",
            ask_doctor,
        ),
        (lambda house: ready(house, repeat_no=3), "doctor_not_asked", ask_doctor),
        (lambda house: ready(house, repeat_no=7), "doctor_not_asked", ask_doctor),
        (
            lambda house: ready(house, reason_code="A99"),
            "general_code_not_confirmed",
            lambda house, contact: closing.set_reason(
                contact_id=contact.pk,
                code="A99",
                deliberate=True,
                by=house.kari,
                at=NOW,
            ),
        ),
        (
            lambda house: ready(house, fastlege=make.fastlege()),
            "consent_not_asked",
            lambda house, contact: contacts.save_fields(
                contact_id=contact.pk,
                fields={"consent_fastlege": "no"},
                by=house.kari,
                at=NOW,
            ),
        ),
    ],
)
def test_what_is_open_stops_the_closing_until_it_is_settled(house, begin, item, settle):
    contact = begin(house)
    assert open_kinds(contact) == [item]
    values = refused(Rule.CONTACT_HAS_OPEN_ITEMS, close, house, contact)
    assert values == {"items": item}
    settle(house, contact)
    assert open_kinds(contact) == []
    close(house, contact)


def test_a_colleagues_look_is_not_enough_the_third_time(house):
    contact = ready(house, repeat_no=3)
    look(house, contact)
    assert open_kinds(contact) == ["doctor_not_asked"]


def test_an_open_task_with_an_owner_and_a_time_lives_on(house):
    contact = ready(house, "advice", "home_visit")
    assert open_kinds(contact) == ["task_lives_on"]
    close(house, contact)


def test_an_open_task_without_a_time_stops_the_closing(house):
    contact = ready(house, "home_visit", hastegrad_phone="")
    contact.hastegrad_arrival = "gul"
    contact.save()
    assert open_kinds(contact) == ["task_without_due_time"]


def test_a_promise_to_ring_back_lives_on_in_the_list(house):
    contact = ready(house, "advice", "call_back", callback_number="90000001")
    (item,) = queries.open_items_of(contact)
    assert (item.kind, item.detail) == ("task_lives_on", "call_back")
    assert "ring tilbake" in item.words
    close(house, contact)
    assert CallBack.objects.get().state == "open"


def test_the_operators_tasks_are_everybodys_after_the_closing(house):
    contact = ready(house, "other_service", "home_visit")
    close(house, contact)
    for outcome in contact.outcomes.all():
        assert outcome.owner is None
        assert outcome.owner_role in {"operator", "doctor"}


def test_a_contact_in_a_colleagues_hand_is_not_closed_by_others(house):
    contact = ready(house)
    values = refused(Rule.OWNED_BY_ANOTHER, close, house, contact, by=house.ola, at=NOW)
    assert values["owner"] == "Kari Li"
    # After three missed signs of life anybody may.
    close(house, contact, by=house.ola, at=NOW + timedelta(seconds=46))


def test_a_contact_does_not_end_before_it_began(house):
    contact = ready(house)
    values = refused(
        Rule.FIELD_NOT_VALID, close, house, contact, at=NOW - timedelta(seconds=1)
    )
    assert values == {"field": "closed_at", "why": "in_the_past"}


# Ended in advice


@pytest.mark.parametrize(
    ("kinds", "channel", "advice"),
    [
        (["advice"], "phone", True),
        (["advice"], "nursing_home", True),
        (["advice"], "door", False),
        (["advice", "attendance"], "phone", False),
        (["advice", "fastlege"], "phone", False),
        (["home_visit"], "phone", False),
        (["advice", "interpreter"], "phone", True),
    ],
)
def test_what_counts_as_ended_in_advice(house, kinds, channel, advice):
    contact = ready(house, hastegrad_phone="vanlig", language="polsk", channel=channel)
    contact.outcomes.all().delete()
    for kind in kinds:
        more = {"travel_min": 5, "station_id": house.elv.pk}
        outcomes.add(
            contact_id=contact.pk,
            kind=kind,
            by=house.kari,
            at=NOW,
            **(more if kind == "attendance" else {}),
        )
    assert close(house, contact).ended_in_advice is advice


def test_a_cancelled_outcome_does_not_count(house):
    contact = ready(house, "home_visit", "advice")
    visit = contact.outcomes.get(kind="home_visit")
    outcomes.cancel(outcome_id=visit.pk, note="Ikke nødvendig", by=house.kari, at=NOW)
    assert close(house, contact).ended_in_advice is True


def test_somebody_still_to_be_rung_back_has_not_ended_in_advice(house):
    contact = ready(house, "advice", "call_back", callback_number="90000001")
    assert close(house, contact).ended_in_advice is False
    callback = CallBack.objects.get()
    callbacks.attempt(
        callback_id=callback.pk, was_reached=True, note="", by=house.ola, at=LATER
    )
    reopen(house, contact)
    assert close(house, contact, by=house.ola).ended_in_advice is True


# The doctor's list


def test_a_contact_that_ended_in_advice_waits_for_a_doctor(house):
    contact = ready(house)
    close(house, contact)
    approval = Approval.objects.get()
    assert (approval.contact, approval.state) == (contact, "waiting")


def test_not_where_the_district_has_decided_otherwise(house):
    DatedSetting.objects.filter(key="doctor.approves_advice").update(value=False)
    close(house, ready(house))
    assert not Approval.objects.exists()


def test_not_when_it_ended_otherwise_or_a_doctor_closed_it(house):
    close(house, ready(house, "home_visit"))
    by_doctor = ready(house)
    by_doctor.owner = house.doctor
    by_doctor.save()
    close(house, by_doctor, by=house.doctor)
    assert not Approval.objects.exists()


def test_closed_again_it_waits_again(house):
    contact = ready(house)
    close(house, contact)
    doctor.send_back(
        approval_id=Approval.objects.get().pk,
        comment="Ring igjen",
        by=house.doctor,
        at=LATER,
    )
    reopen(house, contact)
    close(house, contact, by=house.ola, at=LATER + timedelta(minutes=9))
    approval = Approval.objects.get()
    assert (approval.state, approval.doctor, approval.decided_at) == (
        "waiting",
        None,
        None,
    )
    assert approval.created_at == LATER + timedelta(minutes=9)


# Opening again


def test_a_contact_is_opened_again_in_the_hand_of_the_one_who_did_it(house):
    contact = ready(house)
    close(house, contact)
    reopen(house, contact)
    contact.refresh_from_db()
    assert (contact.state, contact.owner) == ("open", house.ola)
    assert (contact.closed_at, contact.closed_by) == (None, None)
    assert contact.ended_in_advice is None
    event = contact.events.get(kind="reopened")
    assert event.data == {"closed_at": LATER.isoformat(), "closed_by": house.kari.pk}
    entry = AuditEntry.objects.get(what="contact_reopened")
    assert entry.reason == "Pasienten ringte tilbake"


def test_to_open_again_takes_a_reason_and_a_closed_contact(house):
    contact = ready(house)
    refused(Rule.CONTACT_IS_OPEN, reopen, house, contact)
    close(house, contact)
    values = refused(Rule.FIELD_NOT_VALID, reopen, house, contact, reason=" ")
    assert values == {"field": "reason", "why": "empty"}


def test_a_second_closing_gives_a_new_version_of_the_note(house):
    contact = ready(house, fastlege=make.fastlege(), consent_fastlege=True)
    close(house, contact)
    reopen(house, contact)
    close(house, contact, by=house.ola)
    notes = FastlegeNote.objects.order_by("version")
    assert [note.version for note in notes] == [1, 2]
    assert "Erstatter" not in notes[0].text
    assert "Erstatter versjon 1" in notes[1].text


# The reason


def set_reason(house, contact, code, *, deliberate=False):
    with house.at_work(house.kari):
        return closing.set_reason(
            contact_id=contact.pk,
            code=code,
            deliberate=deliberate,
            by=house.kari,
            at=LATER,
        )


def test_a_reason_is_a_code_of_icpc2(house):
    contact = house.contact()
    set_reason(house, contact, "R74")
    contact.refresh_from_db()
    assert (contact.reason_code, contact.reason_is_deliberate) == ("R74", False)
    for unknown in ("Q99", "r74", "", "R74; DROP TABLE"):
        refused(Rule.REASON_CODE_UNKNOWN, set_reason, house, contact, unknown)


@pytest.mark.parametrize("code", ["A99", "A29", "A97"])
def test_a_general_code_is_chosen_deliberately_and_counted(house, code):
    contact = house.contact()
    values = refused(
        Rule.GENERAL_CODE_NEEDS_CONFIRMATION, set_reason, house, contact, code
    )
    assert values == {"code": code}
    set_reason(house, contact, code, deliberate=True)
    contact.refresh_from_db()
    assert contact.reason_is_deliberate
    assert contact.events.filter(kind="reason_set", data__is_general=True).count() == 1


def test_a_code_that_says_something_needs_no_second_key_and_is_not_counted(house):
    contact = house.contact()
    set_reason(house, contact, "R74", deliberate=True)
    contact.refresh_from_db()
    assert not contact.reason_is_deliberate


def test_codes_are_found_by_plain_words_and_by_their_beginning():
    assert codes.search("vondt i halsen")[0].code == "R21"
    assert codes.search("R74")[0].code == "R74"
    assert codes.search("  ") == ()
    assert codes.text_of("R74")
    assert (codes.text_of("Q99"), codes.find("Q99")) == ("", None)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "not set up on this machine"),
        ("{", "it is not JSON"),
        ('{"R74": "x"}', "a list of objects"),
        ('[{"kode": "R74"}]', "a list of objects"),
        ("[]", "it holds no codes"),
    ],
)
def test_a_code_list_that_is_missing_or_wrong_says_what_to_do(
    tmp_path, content, problem
):
    file = tmp_path / "ICPC2.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CodesMissing) as fault:
        codes.read_codes(file)
    assert problem in str(fault.value)
    assert "make setup" in str(fault.value)
    assert str(tmp_path) not in str(fault.value)


def test_what_hangs_on_a_contact_stays_when_it_is_closed(house):
    contact = ready(house)
    ClaimLine.objects.create(
        contact=contact,
        district=contact.district,
        tariff="1bk",
        added_by=house.kari,
        added_at=NOW,
    )
    close(house, contact)
    assert contact.claim_lines.count() == 1
