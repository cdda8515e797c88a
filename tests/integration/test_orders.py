"""Tests as tasks: ordered, taken, answered, corrected, struck off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import make
from varde.apps.records.models import AuditEntry, ContactEvent, Order, OrderResult
from varde.apps.station.services import doctors, orders
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def nora():
    make.settings()
    make.sentral()
    return make.nurse("nora", first_name="Nora", last_name="Ness")


@pytest.fixture
def attendance(nora):
    return make.attendance(arrived_at=timezone.now(), by=nora)


def order(attendance, *codes, by):
    return orders.place(
        attendance_id=attendance.pk, codes=codes, note="", by=by, at=NOW
    )


def refused(act, **values):
    with pytest.raises(RuleBroken) as caught:
        act(**values)
    return caught.value


def test_tests_are_ordered_together_and_one_that_stands_is_not_ordered_twice(
    attendance, nora
):
    rows = order(attendance, "crp", "hb", "crp", by=nora)
    assert [row.test for row in rows] == ["crp", "hb"]
    told = refused(
        orders.place, attendance_id=attendance.pk, codes=["ecg", "hb"], note="",
        by=nora, at=LATER,
    )  # fmt: skip
    assert (told.rule, told.values["test"]) == (Rule.ORDER_STANDS, "Hb")
    assert Order.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(
            attendance=attendance, district=attendance.district, test="crp",
            ordered_at=NOW, ordered_by=nora,
        )  # fmt: skip


@pytest.mark.parametrize("codes", [[], ["mri"], ["crp", ""]])
def test_only_tests_that_we_have_are_ordered(attendance, nora, codes):
    told = refused(
        orders.place, attendance_id=attendance.pk, codes=codes, note="", by=nora, at=NOW
    )
    assert told.rule is Rule.FIELD_NOT_VALID
    assert not Order.objects.exists()


def test_a_sample_is_taken_by_one_and_the_other_sees_who(attendance, nora):
    (row,) = order(attendance, "crp", by=nora)
    orders.take(order_id=row.pk, by=nora, at=NOW)
    orders.take(order_id=row.pk, by=nora, at=LATER)
    told = refused(orders.take, order_id=row.pk, by=make.nurse("per"), at=LATER)
    assert (told.rule, told.values["owner"]) == (Rule.OWNED_BY_ANOTHER, "Nora Ness")
    row.refresh_from_db()
    assert (row.state, row.taken_by, row.taken_at) == ("taken", nora, NOW)


def test_who_writes_a_result_that_nobody_took_has_taken_it(attendance, nora):
    (row,) = order(attendance, "hb", by=nora)
    result = orders.answer(order_id=row.pk, values={"hb": " 12,4 "}, by=nora, at=LATER)
    row.refresh_from_db()
    assert result.values == {"hb": "12.4"}
    assert (row.state, row.taken_by, row.answered_at) == ("answered", nora, LATER)


def test_a_result_that_cannot_be_is_refused_and_nothing_is_kept(attendance, nora):
    (row,) = order(attendance, "hb", by=nora)
    told = refused(
        orders.answer, order_id=row.pk, values={"hb": "124"}, by=nora, at=NOW
    )
    assert (told.rule, told.values["high"]) == (Rule.RESULT_OUT_OF_RANGE, "26")
    row.refresh_from_db()
    assert (row.state, row.taken_by) == ("ordered", None)
    assert not OrderResult.objects.exists()


def test_a_correction_has_a_reason_keeps_both_and_is_told_anew(attendance, nora):
    lise = make.user("lise", roles=["doctor"], at=attendance.station)
    doctors.take(attendance_id=attendance.pk, by=lise, at=NOW)
    (row,) = order(attendance, "crp", by=lise)
    values = {"order_id": row.pk, "by": nora, "at": NOW}
    assert refused(
        orders.correct, values={"crp": "5"}, why="Feil", **values
    ).rule is Rule.TASK_IS_SETTLED  # fmt: skip
    orders.answer(values={"crp": "142"}, **values)
    orders.seen(attendance_id=attendance.pk, by=lise, at=NOW)
    doctors.finish(attendance_id=attendance.pk, end="treated", note="", by=lise, at=NOW)
    told = refused(orders.correct, values={"crp": "42"}, why=" ", **values)
    assert told.rule is Rule.FIELD_NOT_VALID
    orders.correct(values={"crp": "42"}, why="Tastet feil", **values)
    row.refresh_from_db()
    assert [r.values["crp"] for r in row.results.all()] == ["142", "42"]
    assert (row.seen_at, row.seen_by) == (None, None)
    assert refused(
        orders.answer, values={"crp": "4"}, **values
    ).rule is Rule.ATTENDANCE_IS_OVER  # fmt: skip


def test_a_result_is_given_once_and_then_corrected(attendance, nora):
    (row,) = order(attendance, "crp", by=nora)
    values = {"order_id": row.pk, "values": {"crp": "4"}, "by": nora, "at": NOW}
    orders.answer(**values)
    assert refused(orders.answer, **values).rule is Rule.RESULT_IS_GIVEN
    assert refused(
        orders.cancel, order_id=row.pk, why="x", by=nora, at=NOW
    ).rule is Rule.TASK_IS_SETTLED  # fmt: skip


def test_a_test_is_struck_off_with_a_reason_and_may_be_ordered_again(attendance, nora):
    (row,) = order(attendance, "urine", by=nora)
    told = refused(orders.cancel, order_id=row.pk, why="", by=nora, at=NOW)
    assert told.rule is Rule.FIELD_NOT_VALID
    orders.cancel(order_id=row.pk, why="Får ikke tisset", by=nora, at=NOW)
    assert order(attendance, "urine", by=nora)
    told = refused(
        orders.answer, order_id=row.pk, values={"nitrite": "negative"}, by=nora, at=NOW
    )
    assert told.rule is Rule.TASK_IS_SETTLED


def test_the_log_and_the_events_hold_no_value_and_no_reason(attendance, nora):
    (row,) = order(attendance, "ecg", by=nora)
    orders.answer(order_id=row.pk, values={"ecg": "Hemmelig"}, by=nora, at=NOW)
    orders.correct(
        order_id=row.pk, values={"ecg": "Skjult"}, why="Grunnen", by=nora, at=NOW
    )
    events = ContactEvent.objects.filter(contact=attendance.contact)
    told = str(list(events.values_list("data", flat=True)))
    assert "order_answered" in {event.kind for event in events}
    assert not any(word in told for word in ("Hemmelig", "Skjult", "Grunnen"))


# The nurse's list


def test_the_nurse_sees_what_is_to_be_done_most_urgent_patient_first(
    client, attendance, nora
):
    red = make.attendance(arrived_at=timezone.now(), by=nora)
    red.contact.hastegrad_arrival = "rod"
    red.contact.save(update_fields=["hastegrad_arrival"])
    order(attendance, "crp", by=nora)
    order(red, "ecg", by=nora)
    client.force_login(nora)
    text = client.get("/stasjon/prover/").content.decode()
    assert text.index(red.ticket) < text.index(attendance.ticket)
    assert "EKG" in text
    assert "CRP" in text


def test_the_nurse_takes_answers_and_strikes_off_on_the_list(client, attendance, nora):
    crp, hb = order(attendance, "crp", "hb", by=nora)
    client.force_login(nora)
    assert client.post(f"/stasjon/prover/{crp.pk}/tatt/").status_code == 302
    answer = client.post(f"/stasjon/prover/{crp.pk}/svar/", {"part.crp": "4200"})
    text = answer.content.decode()
    assert "CRP må være fra 0 til 500 mg/L" in text
    assert 'value="4200"' in text
    assert text.count(" data-typed>") == 1
    client.post(f"/stasjon/prover/{crp.pk}/svar/", {"part.crp": "42"})
    strike = client.post(f"/stasjon/prover/{hb.pk}/stryk/", {"why": " "})
    text = strike.content.decode()
    assert f'<details id="strike-{hb.pk}" open>' in text
    assert text.count(" data-typed>") == 1
    client.post(f"/stasjon/prover/{hb.pk}/stryk/", {"why": "Tatt på sykehuset"})
    crp.refresh_from_db()
    hb.refresh_from_db()
    assert (crp.state, hb.state) == ("answered", "cancelled")
    assert "Ingen prøver venter." in client.get("/stasjon/prover/").content.decode()


def test_a_form_goes_back_to_the_page_it_stands_on_and_never_out_of_the_house(
    client, attendance, nora
):
    rows = order(attendance, "crp", "hb", by=nora)
    client.force_login(nora)
    for row, back, there in (
        (rows[0], "/stasjon/lege/7/", "/stasjon/lege/7/"),
        (rows[1], "//ond.example/", "/stasjon/prover/"),
    ):
        done = client.post(f"/stasjon/prover/{row.pk}/tatt/", {"back": back})
        assert done.headers["Location"] == there


def test_the_test_of_another_station_is_not_there(client, nora):
    far = make.station("fjern", of=make.district("fjern", "Fjernt"))
    make.sentral("FJE", of=far.district)
    row = make.attendance(at=far, contact_row=None, by=nora)
    (there,) = orders.place(
        attendance_id=row.pk, codes=["crp"], note="", by=nora, at=NOW
    )
    client.force_login(nora)
    assert client.post(f"/stasjon/prover/{there.pk}/tatt/").status_code == 404
    assert AuditEntry.objects.filter(what="order_taken").count() == 0
    there.refresh_from_db()
    assert there.state == "ordered"
