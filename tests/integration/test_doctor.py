"""The doctor behind the operator."""

from datetime import timedelta

import pytest

from tests import make
from varde.apps.records.models import Approval
from varde.apps.sentral.queries import contact as queries
from varde.apps.sentral.queries import doctor as doctors
from varde.apps.sentral.services import doctor
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LATER = NOW + timedelta(minutes=4)


@pytest.fixture
def house(db):
    return make.house()


def ask(house, contact, question="Kan dette vente?", **more):
    with house.at_work(house.kari):
        return doctor.ask(
            contact_id=contact.pk, question=question, by=house.kari, at=NOW, **more
        )


def answer(house, question, text="Ja, til i morgen", by=None):
    by = by or house.doctor
    with house.at_work(by):
        return doctor.answer(question_id=question.pk, text=text, by=by, at=LATER)


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


# Who is there


def names(house, now=NOW):
    return [
        (row.name, row.post, row.is_reachable)
        for row in doctors.reachable(house.sentral.pk, now=now)
    ]


def test_the_doctors_on_duty_now_are_those_who_can_be_reached_first(house):
    bakvakt = make.user("bakvakt", first_name="Eva", last_name="Bakke")
    busy = make.user("opptatt", first_name="Per", last_name="Opptatt")
    make.duty(busy, "forvakt", at=house.strand, is_reachable=False)
    make.duty(bakvakt, "bakvakt", at=house.elv)
    make.duty(house.doctor, "forvakt", at=house.sentral, phone="90000001")
    make.duty(house.kari, "operator", at=house.sentral)
    make.duty(house.leader, "shift_leader", at=house.sentral)
    assert names(house) == [
        ("lege", "forvakt", True),
        ("Eva Bakke", "bakvakt", True),
        ("Per Opptatt", "forvakt", False),
    ]
    first = doctors.reachable(house.sentral.pk, now=NOW)[0]
    assert (first.user_id, first.phone) == (house.doctor.pk, "90000001")


def test_a_duty_ends_when_the_next_begins(house):
    make.duty(house.doctor, at=house.elv, starts_at=NOW, hours=8)
    assert names(house, NOW) != []
    assert names(house, NOW - timedelta(seconds=1)) == []
    assert names(house, NOW + timedelta(hours=8)) == []


def test_the_doctors_of_other_sentralers_districts_are_not_ours(house):
    far = make.station("fjern", of=make.district("fjern", "Fjernt"))
    make.duty(house.doctor, at=far)
    assert names(house) == []


# Questions


def test_a_question_and_its_answer_are_in_the_record(house):
    contact = house.contact()
    question = ask(house, contact)
    assert [row.id for row in doctors.open_questions(house.sentral.pk)] == [question.pk]
    answer(house, question)
    (shown,) = queries.questions_of(contact)
    assert (shown.question, shown.answer) == ("Kan dette vente?", "Ja, til i morgen")
    assert (shown.asked_by, shown.answered_by) == ("Kari Li", "lege")
    assert shown.answered_at == LATER
    assert doctors.open_questions(house.sentral.pk) == ()
    event = contact.events.get(kind="doctor_answered")
    assert event.data == {"question": question.pk, "seconds": 240}


def test_a_question_may_be_put_to_one_doctor(house):
    question = ask(house, house.contact(), asked_to=house.doctor.pk)
    assert question.asked_to == house.doctor


def test_a_question_is_put_to_a_doctor_of_the_place(house):
    far = make.user("fremmed", roles=["doctor"], at=make.district("fjern", "Fjernt"))
    for user_id in (house.ola.pk, far.pk, 10**6):
        values = refused(
            Rule.FIELD_NOT_VALID, ask, house, house.contact(), asked_to=user_id
        )
        assert values == {"field": "asked_to", "why": "not_found"}


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_an_empty_question_or_answer_is_refused(house, text):
    contact = house.contact()
    refused(Rule.FIELD_NOT_VALID, ask, house, contact, text)
    question = ask(house, contact)
    refused(Rule.FIELD_NOT_VALID, answer, house, question, text)


def test_only_a_doctor_answers_and_only_once(house):
    question = ask(house, house.contact())
    refused(Rule.DOCTOR_NEEDED, answer, house, question, by=house.ola)
    answer(house, question)
    refused(Rule.QUESTION_IS_ANSWERED, answer, house, question, "Nei")
    question.refresh_from_db()
    assert question.answer == "Ja, til i morgen"


def test_a_question_of_a_contact_that_was_closed_meanwhile_is_answered(house):
    contact = house.contact()
    question = ask(house, contact)
    contact.state, contact.closed_at = "closed", NOW
    contact.save()
    answer(house, question)
    refused(Rule.CONTACT_IS_CLOSED, ask, house, contact)


# Approval


def waiting(house, **fields):
    contact = house.contact(
        **{"state": "closed", "closed_at": NOW, "ended_in_advice": True} | fields
    )
    return Approval.objects.create(
        contact=contact, district=contact.district, created_at=NOW
    )


def approve(house, approval, by=None):
    by = by or house.doctor
    with house.at_work(by):
        return doctor.approve(approval_id=approval.pk, by=by, at=LATER)


def send_back(house, approval, comment="Ring pasienten igjen", by=None):
    by = by or house.doctor
    with house.at_work(by):
        return doctor.send_back(
            approval_id=approval.pk, comment=comment, by=by, at=LATER
        )


def listed(house):
    return [row.id for row in doctors.waiting_approvals(house.sentral.pk)]


def test_a_doctor_approves_and_it_leaves_the_list(house):
    approval = waiting(house)
    assert listed(house) == [approval.pk]
    made = approve(house, approval)
    assert (made.state, made.doctor, made.decided_at) == (
        "approved",
        house.doctor,
        LATER,
    )
    assert listed(house) == []
    assert approval.contact.events.filter(kind="approved").count() == 1


def test_a_doctor_sends_back_with_what_must_be_done(house):
    approval = waiting(house)
    refused(Rule.FIELD_NOT_VALID, send_back, house, approval, comment=" ")
    send_back(house, approval)
    (shown,) = doctors.returned(house.sentral.pk)
    assert (shown.contact_id, shown.comment) == (
        approval.contact_id,
        "Ring pasienten igjen",
    )
    assert listed(house) == []


@pytest.mark.parametrize("decide", [approve, send_back])
def test_only_a_doctor_decides_and_only_once(house, decide):
    approval = waiting(house)
    refused(Rule.DOCTOR_NEEDED, decide, house, approval, by=house.kari)
    decide(house, approval)
    refused(Rule.APPROVAL_IS_DECIDED, decide, house, approval)


def test_a_contact_opened_again_is_not_on_the_list(house):
    approval = waiting(house)
    contact = approval.contact
    contact.state, contact.ended_in_advice = "open", None
    contact.save()
    assert listed(house) == []
    refused(Rule.APPROVAL_IS_DECIDED, approve, house, approval)
