"""The result of a test beside the patient: what may be written, and what is kept."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.errors import Rule, RuleBroken
from varde.domain.point_of_care import (
    LONGEST_TEXT,
    Choice,
    PointOfCare,
    ResultKind,
    ResultPart,
)


def number(low="0.3", high="60", *, decimals=1, unit="mmol/L", code="glucose"):
    return ResultPart(
        code=code, words="Glukose", kind=ResultKind.NUMBER, unit=unit,
        low=Decimal(low), high=Decimal(high), decimals=decimals,
    )  # fmt: skip


CHOICE = ResultPart(
    code="nitrite", words="Nitritt", kind=ResultKind.CHOICE,
    choices=(Choice("negative", "Negativ"), Choice("positive", "Positiv")),
)  # fmt: skip
TEXT = ResultPart(code="ecg", words="EKG", kind=ResultKind.TEXT)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("   ", ""),
        ("5,6", "5.6"),
        (" 5.6 ", "5.6"),
        ("6", "6"),
        ("06", "6"),
        ("0,3", "0.3"),
        ("60", "60"),
        ("60,0", "60.0"),
        ("<0,6", "<0.6"),
        ("> 33,3", ">33.3"),
    ],
)
def test_a_number_is_kept_with_a_point_and_as_the_instrument_said(typed, stored):
    assert number().stored(typed) == stored


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("0,2", Rule.RESULT_OUT_OF_RANGE),
        ("60,1", Rule.RESULT_OUT_OF_RANGE),
        ("65 0", Rule.RESULT_NOT_A_NUMBER),
        ("<", Rule.RESULT_NOT_A_NUMBER),
        ("-5", Rule.RESULT_NOT_A_NUMBER),
        ("5,66", Rule.RESULT_NOT_A_NUMBER),
        ("fem", Rule.RESULT_NOT_A_NUMBER),
        ("٥", Rule.RESULT_NOT_A_NUMBER),
        ("5 mmol/L", Rule.RESULT_NOT_A_NUMBER),
        ("1234567", Rule.RESULT_NOT_A_NUMBER),
    ],
)
def test_a_slip_of_the_finger_is_caught(typed, rule):
    with pytest.raises(RuleBroken) as caught:
        number().stored(typed)
    assert caught.value.rule is rule
    assert caught.value.values["part"] == "Glukose"


def test_the_refusal_tells_the_range_as_it_is_read():
    with pytest.raises(RuleBroken) as caught:
        number().stored("65,0")
    told = caught.value.values
    assert (told["low"], told["high"], told["unit"]) == ("0,3", "60", "mmol/L")


@given(st.decimals("0.3", "60", places=1))
def test_every_number_within_the_range_is_kept_as_it_is(value):
    kept = number().stored(str(value).replace(".", ","))
    assert Decimal(kept) == value


@given(st.text(max_size=12))
def test_whatever_is_typed_is_kept_within_the_range_or_refused(typed):
    try:
        kept = number().stored(typed)
    except RuleBroken:
        return
    assert kept == "" or Decimal("0.3") <= Decimal(kept.lstrip("<>")) <= 60


def test_a_choice_is_one_of_the_list():
    assert CHOICE.stored("positive") == "positive"
    assert CHOICE.stored("") == ""
    with pytest.raises(RuleBroken) as caught:
        CHOICE.stored("kanskje")
    assert caught.value.rule is Rule.RESULT_NOT_A_CHOICE


def test_a_text_has_an_end():
    assert TEXT.stored(" Sinus  82 ") == "Sinus 82"
    assert len(TEXT.stored("x" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(RuleBroken) as caught:
        TEXT.stored("x" * (LONGEST_TEXT + 1))
    assert caught.value.rule is Rule.RESULT_TOO_LONG


@pytest.mark.parametrize(
    ("part", "stored", "shown"),
    [
        (number(), "<0.6", "<0,6 mmol/L"),
        (number(unit="", low="4", high="10"), "6.5", "6,5"),
        (CHOICE, "negative", "Negativ"),
        (CHOICE, "gone", "gone"),
        (TEXT, "Sinus 82", "Sinus 82"),
    ],
)
def test_a_value_is_shown_as_it_is_read(part, stored, shown):
    assert part.shown(stored) == shown


def test_a_test_of_several_parts_keeps_those_that_were_read():
    strip = PointOfCare(code="urine", words="Urin", source="x", parts=(CHOICE, TEXT))
    kept = strip.stored({"nitrite": "positive", "ecg": " ", "other": "1"})
    assert kept == {"nitrite": "positive"}
    assert strip.shown(kept | {"ecg": "Blakket"}) == "Nitritt: Positiv, EKG: Blakket"
    with pytest.raises(RuleBroken) as caught:
        strip.stored({"nitrite": ""})
    assert caught.value.rule is Rule.RESULT_IS_EMPTY


def test_a_test_of_one_part_does_not_repeat_its_name():
    one = PointOfCare(code="g", words="Glukose", source="x", parts=(number(),))
    assert one.shown({"glucose": "5.6"}) == "5,6 mmol/L"
    assert one.shown({}) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ResultKind.NUMBER, "low": Decimal(5), "high": Decimal(5)},
        {"kind": ResultKind.NUMBER},
        {"kind": ResultKind.CHOICE},
        {"kind": ResultKind.TEXT, "choices": (Choice("a", "A"),)},
    ],
)
def test_a_part_that_is_not_whole_cannot_be(wrong):
    with pytest.raises(ValueError, match="x:"):
        ResultPart(code="x", words="X", **wrong)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"source": " ", "parts": (TEXT,)}, "source"),
        ({"source": "x", "parts": ()}, "parts"),
        ({"source": "x", "parts": (TEXT, TEXT)}, "parts"),
    ],
)
def test_a_test_without_a_source_or_parts_cannot_be(values, told):
    with pytest.raises(ValueError, match=told):
        PointOfCare(code="x", words="X", **values)
