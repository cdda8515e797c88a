"""The number of a paper form, and the times that stand on it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.errors import Rule, RuleBroken
from varde.domain.paper_form import (
    FormKind,
    TrueTime,
    form_number,
    in_order,
    read_number,
)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
places = st.from_regex(r"\A[a-z0-9]([a-z0-9_-]{0,9}[a-z0-9])?\Z")
numbers = st.builds(
    form_number, places, st.sampled_from(FormKind), st.integers(1, 999_999_999)
)


@given(number=numbers)
def test_a_number_is_read_as_it_was_given(number):
    assert read_number(number) == number
    assert read_number(f"  {number.lower().replace('-', ' - ')} ") == number


@given(number=numbers, data=st.data())
def test_one_wrong_digit_is_always_found(number, data):
    digits = [i for i, sign in enumerate(number) if sign.isdigit()]
    at = data.draw(st.sampled_from(digits))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    with pytest.raises(RuleBroken) as refusal:
        read_number(number[:at] + wrong + number[at + 1 :])
    assert refusal.value.rule is Rule.PAPER_FORM_NUMBER_WRONG


@given(number=numbers, data=st.data())
def test_two_neighbours_that_changed_places_are_always_found(number, data):
    pairs = [
        i
        for i in range(len(number) - 1)
        if number[i : i + 2].isdigit() and number[i] != number[i + 1]
    ]
    if not pairs:
        return
    at = data.draw(st.sampled_from(pairs))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    with pytest.raises(RuleBroken):
        read_number(swapped)


@pytest.mark.parametrize(
    "text",
    ["", "12", "HEL-T00012", "HEL-X00012-4", "HÆL-T00012-0", "-T00012-4", "A" * 99],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(RuleBroken) as refusal:
        read_number(text)
    assert refusal.value.rule is Rule.PAPER_FORM_NUMBER_WRONG


@pytest.mark.parametrize("serial", [0, -1, 1_000_000_000])
def test_a_serial_outside_its_range_is_our_fault(serial):
    with pytest.raises(ValueError, match="serial"):
        form_number("HEL", FormKind.PHONE, serial)


minutes = st.none() | st.integers(-100, 100)


@given(offsets=st.lists(minutes, max_size=6))
def test_times_are_in_order_when_those_written_rise_and_none_is_ahead(offsets):
    times = [
        TrueTime(field=f"f{n}", at=None if m is None else NOON + timedelta(minutes=m))
        for n, m in enumerate(offsets)
    ]
    written = [m for m in offsets if m is not None]
    is_true = written == sorted(written) and all(m <= 0 for m in written)
    if is_true:
        in_order(times, now=NOON)
        return
    with pytest.raises(RuleBroken) as refusal:
        in_order(times, now=NOON)
    assert refusal.value.rule in {
        Rule.TRUE_TIME_IN_FUTURE,
        Rule.TRUE_TIME_OUT_OF_ORDER,
    }


def test_the_refusal_names_the_time_before_it():
    times = [
        TrueTime(field="rang_at", at=NOON - timedelta(minutes=1)),
        TrueTime(field="judged_at", at=None),
        TrueTime(field="closed_at", at=NOON - timedelta(minutes=2)),
    ]
    with pytest.raises(RuleBroken) as refusal:
        in_order(times, now=NOON)
    assert refusal.value.values == {
        "field": "closed_at",
        "former": "rang_at",
        "not_before": "2026-01-02T11:59:00+00:00",
    }


def test_what_is_needed_must_be_written():
    with pytest.raises(RuleBroken) as refusal:
        in_order([TrueTime(field="rang_at", at=None, is_needed=True)], now=NOON)
    assert refusal.value.rule is Rule.TRUE_TIME_MISSING
